"""What stands under a map: how far to trust it, a fresh fit, and what can be taken away."""

from collections.abc import Callable

import streamlit as st

from embeddings_core import jobs
from embeddings_core.maps.request import METHODS, MapRequest
from embeddings_core.maps.settings import fewest
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from pages._ui import cache, panels, state
from pages._ui.cards import NEIGHBOURS
from pages._ui.share import REBUILT, share


def the_map(
    request: MapRequest,
    scene: Scene,
    *,
    key: str,
    note: str = REBUILT,
    vectors: Callable[[], EmbeddingSet] | None = None,
) -> None:
    """Say how far to trust the map, offer a fresh fit of it, and what can be taken away.

    Beside another picture (a lens may show one) nothing is said of the map. `note` and `vectors` are those of `share`;
    by default the vectors are those of the map.
    """
    shown = cache.view(request)
    on_stage = shown.id == scene.map_id
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if on_stage and len(shown.items) >= 3 and shown.projection.shows_nearness:
            score = cache.map_trust(request, NEIGHBOURS).score
            panels.sentence(
                f"Trust {score:.2f}: {round(100 * score)} of 100 true neighbours are kept in this picture.",
                key="below",
            )
        if on_stage and not shown.settled:
            again = "Compute the map again from what is on it now."
            st.button("Settle everyone anew", on_click=state.refit, help=again)
        share(scene, key=key, note=note, vectors=vectors or (lambda: shown.embeddings))
    wanted, drawn = state.text(state.METHOD), request.options
    if on_stage and drawn.method == "pca" and wanted in METHODS and jobs.is_warm():
        needed = fewest(METHODS[wanted], drawn.dimensions)
        if len(request.fitted) < needed:
            panels.sentence(
                f"{wanted} needs {needed} items, this map has {len(request.fitted)}: PCA draws it.",
                key="too-few",
            )
    if on_stage and shown.projection.note:
        panels.sentence(shown.projection.note, key="map-note")
