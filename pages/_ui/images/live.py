"""What of the page is drawn again when somebody types, clicks or chooses."""

from dataclasses import replace

from embeddings_core.maps.request import MapRequest
from embeddings_core.maps.settings import best_method
from pages._ui import below, cache, controls, model_menu, own_pictures, state, uploads, waiting
from pages._ui.images import panels as image_panels
from pages._ui.images.lenses import LENSES
from pages._ui.shell import places
from pages._ui.stage import stage


def map_of_pictures() -> None:
    """Ask for pictures, draw their map, and what a lens says of it."""
    place = places()
    with place.lenses:
        lens = LENSES[controls.lens(list(LENSES), key="look")]
    answer = place.panel.container(key="answer")
    with place.line:
        pictures = uploads.pictures("images", notes=answer)
    image_panels.arrived(uploads.newest("images"), pictures.names)
    with place.settings:
        spec = model_menu.model(
            "image",
            "image-text",
            key="eyes",
            default="efficientnet-lite0",
            task="looks at the pictures",
            priced=True,
            opens=True,
            notes=answer,
        )
        options = controls.map_options(best_method(len(pictures.files)))
    with answer:
        image_panels.enough(pictures)
        pictures = replace(pictures, model=spec.id)
        waiting.for_engine(options)
        keys = pictures.keys
        fitted = own_pictures.standing(keys)
        request = MapRequest(keys, fitted, cache.possible(options, len(fitted)), pictures.space)
        scene = below.trusted(lens.look(request, pictures), request)
        below.the_map(request, scene)
        uploads.manage("images")
    with place.settings:
        below.what_methods_keep(request)
    with place.picture:
        stage(
            scene,
            key="images-map",
            on_click=state.choose(pictures.names, key=image_panels.PICTURE),
            on_place=state.placed(scene.id),
        )
    with place.share:
        image_panels.share(request, pictures, scene)
    state.drawn(request.options)
    image_panels.how_it_works(request, spec)
