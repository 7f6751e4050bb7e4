"""What of the page is drawn again when somebody types, clicks or chooses."""

from embeddings_core.maps.request import MapOptions
from embeddings_core.maps.settings import best_method
from embeddings_core.scenes.given_groups import coloured_by_labels
from pages._ui import below, cache, controls, from_table, state, text_models, waiting
from pages._ui.sentences import panels as sentence_panels
from pages._ui.sentences.lenses import LENSES
from pages._ui.shell import places
from pages._ui.stage import stage


def map_of_sentences() -> None:
    """Ask for sentences, draw their map, and what a lens says of it."""
    place = places()
    with place.line:
        typed = sentence_panels.sentences()
    with place.lenses:
        lens = LENSES[controls.lens(list(LENSES), key=sentence_panels.LENS)]
    answer = place.panel.container(key="answer")
    with place.settings:
        by = text_models.of_sentences(answer)
    with answer:
        items = sentence_panels.in_vocabulary(
            controls.noted(typed, *from_table.notes_of("sentences")).items, by.space
        ).items
    with place.settings:
        options = controls.map_options(best_method(len(items))) if lens.on_map else MapOptions("pca")
    with answer:
        waiting.for_engine(options)
        request = controls.map_request(items, options, by.space)
        picture = lens.look(request, by)
        scene = coloured_by_labels(picture.scene, from_table.labels())
        scene = below.trusted(below.coloured(scene, request, noun="sentence"), request)
        if lens.on_map and items:
            below.the_map(request, scene)
    if lens.on_map and items:
        with place.settings:
            below.what_methods_keep(request)
    with place.picture:
        stage(
            scene, key="sentences-map",
            on_click=state.choose(picture.items, key=picture.key), on_place=state.placed(scene.id),
        )  # fmt: skip
    with place.share:
        on_map = lens.on_map and items
        below.share(
            scene, key="sentences", vectors=(lambda: cache.view(request).embeddings) if on_map else None
        )
    sentence_panels.how_it_works(by.spec)
