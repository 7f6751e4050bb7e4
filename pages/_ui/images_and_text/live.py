"""What of the page is drawn again when somebody types, clicks or chooses."""

from embeddings_core.maps.request import MapOptions
from embeddings_core.maps.settings import best_method
from pages._ui import below, controls, model_menu, state, uploads, waiting
from pages._ui.images_and_text import panels as image_text_panels
from pages._ui.images_and_text.lenses import LENSES
from pages._ui.shell import places
from pages._ui.stage import stage


def map_of_both() -> None:
    """Ask for pictures and captions, draw their map, and what a lens says of it."""
    place = places()
    with place.lenses:
        lens = LENSES[controls.lens(list(LENSES), key=image_text_panels.LENS)]
    answer = place.panel.container(key="answer")
    with place.line:
        typed = image_text_panels.captions()
        pictures = uploads.pictures("joint", notes=answer, first="everyday photographs", beside_text=True)
    image_text_panels.arrived(uploads.newest("joint"))
    with place.settings:
        spec = model_menu.model(
            "image-text",
            key="joint_model",
            default="bridge",
            task="takes its place",
            opens=True,
            notes=answer,
        )
        count = len(pictures.files) + len(typed.items)
        options = controls.map_options(best_method(count)) if lens.on_map else MapOptions("pca")
    with answer:
        image_text_panels.notes(typed, spec)
        waiting.for_engine(options)
        given = image_text_panels.given(pictures, typed.items, spec, options)
        scene = below.trusted(lens.look(given), given.request)
        uploads.manage("joint")
        if given.request.shown:
            below.the_map(given.request, scene)
        image_text_panels.about(spec)
    if lens.on_map:
        with place.settings:
            below.what_methods_keep(given.request)
    with place.picture:
        stage(
            scene,
            key="image-text-map",
            on_click=image_text_panels.look_at(given),
            on_place=state.placed(scene.id),
        )
    with place.share:
        image_text_panels.share(given, scene)
    state.drawn(given.request.options)
    image_text_panels.how_it_works(spec)
