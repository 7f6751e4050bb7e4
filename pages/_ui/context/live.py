"""What of the page is drawn again when somebody types, clicks or chooses."""

from pages._ui import controls, text_models
from pages._ui.below import share
from pages._ui.context import panels as context_panels
from pages._ui.context.lenses import LENSES
from pages._ui.shell import places


def words_in_context() -> None:
    """Ask for sentences and a word, and show what a lens sees in the layers."""
    place = places()
    answer = place.panel.container(key="answer")
    with place.line:
        said = context_panels.spoken(answer)
    with place.lenses:
        lens = LENSES[controls.lens(list(LENSES), key=context_panels.LENS)]
    with place.settings:
        spec = text_models.of_layers(answer)
    with answer:
        picture = lens.look(said, spec)
    with place.picture:
        picture.show()
    with place.share:
        share(picture.scene, key="context")
    context_panels.how_it_works(spec)
