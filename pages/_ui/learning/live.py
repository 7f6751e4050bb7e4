"""What of the page is drawn again when somebody types, clicks or chooses."""

from pages._ui import controls, state
from pages._ui.below import share
from pages._ui.learning import controls as learning_controls
from pages._ui.learning import panels as learning_panels
from pages._ui.learning.lenses import LENSES
from pages._ui.shell import places
from pages._ui.stage import stage


def training_and_map() -> None:
    """Ask what to train, and show the training through a lens."""
    place = places()
    answer = place.panel.container(key="answer")
    config = learning_controls.config(place, answer)
    with place.lenses:
        lens = LENSES[controls.lens(list(LENSES), key="learn")]
    with answer:
        taught = learning_panels.taught(config)
    with place.settings:
        taught = learning_controls.words_on_the_map(taught)
    with answer:
        scene = lens(taught)
        learning_panels.about(taught)
    with place.picture:
        stage(scene, key="learning-map", on_click=state.choose(scene.points.items, key="pin"))
    with place.share:
        share(scene, key="learning", vectors=lambda: taught.training.final)
    learning_panels.how_it_works(taught)
