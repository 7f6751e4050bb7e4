"""What of the page is drawn again when somebody types, clicks or chooses."""

from pages._ui import below, cache, controls, state
from pages._ui.one_hot import panels as one_hot_panels
from pages._ui.one_hot.lenses import LENSES
from pages._ui.shell import places
from pages._ui.stage import stage


def words_and_vectors() -> None:
    """Ask for words, and show their vectors through a lens."""
    place = places()
    with place.line:
        typed = controls.words()
        with controls.examples_menu():
            controls.examples()
    with place.lenses:
        lens = LENSES[controls.lens(list(LENSES), key="onehot")]
    answer = place.panel.container(key="answer")
    with answer:
        items = one_hot_panels.at_most(controls.noted(typed).items)
    with place.settings:
        word = one_hot_panels.word(items)
        options = one_hot_panels.options()
    with answer:
        request = one_hot_panels.request(items, options)
        scene = below.trusted(lens.look(request, word), request)
        one_hot_panels.two_kinds(request, word=word)
    with place.picture:
        stage(
            scene,
            key="one-hot-map",
            on_click=state.choose(scene.points.items, key=one_hot_panels.FOCUS),
        )
    with place.share:
        below.share(scene, key="one-hot", vectors=lambda: cache.view(request).embeddings)
    one_hot_panels.how_it_works(len(items))
