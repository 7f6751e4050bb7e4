"""What goes with a map: the colours of found groups, its trust, a fresh fit, and what can be taken away."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import streamlit as st

from embeddings_core import jobs
from embeddings_core.analysis.found_groups import FEWEST, MOST, FoundGroups, found_groups, named_by_words
from embeddings_core.export.tables import for_spreadsheets, projector_files, vectors_csv, vectors_npz
from embeddings_core.limits import KEPT_ADDRESS_DAYS
from embeddings_core.maps.methods import Method
from embeddings_core.maps.request import METHODS, MapOptions, MapRequest
from embeddings_core.maps.settings import SMALL, fewest
from embeddings_core.scenes import maps
from embeddings_core.scenes.metadata import metadata, trust_words
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.space import Space
from embeddings_core.talks.own_talk import first_caption
from pages._ui import cache, kept_addresses, own_talk, panels, shell, state, take_away
from pages._ui.panels import filled_when_opened
from pages._ui.stage import film_download

SENTENCE = "sentence"
NEIGHBOURS = 5
FEW = 60  # items whose groups are found before anybody could read that they are looked for
WIDTH = 640  # a panel that keeps its width does not jump while one chooses
REBUILT = "The address of this page rebuilds this picture."


def coloured(scene: Scene, request: MapRequest, *, noun: str) -> Scene:
    """Colour a map without groups by those that are found in the original space; say so where nothing separates."""
    if (
        scene.points.groups is not None
        or scene.points.values is not None
        or not FEWEST <= len(request.fitted) <= MOST
    ):
        return scene
    shown = cache.view(request)
    if scene.points.items[: len(shown.items)] != shown.items or not shown.projection.shows_nearness:
        return scene
    compute = cache.quick if len(request.fitted) <= FEW else cache.once
    found = compute(groups_in, request.fitted, request.space, noun)
    if found is None:
        panels.sentence(f"One colour: no groups stand apart among these {noun}s.", key="one-colour")
    return maps.coloured_by(scene, shown, found)


def groups_in(items: tuple[str, ...], space: Space, noun: str) -> FoundGroups | None:
    """Find the groups of a list."""
    vectors = cache.vectors_of(items, space)
    found = found_groups(vectors)
    if found is None or noun != SENTENCE:
        return found
    return FoundGroups(named_by_words(found.clustering, vectors.items), found.silhouette, found.chance)


def the_map(request: MapRequest, scene: Scene) -> None:
    """Say how far to trust the map, and offer a fresh fit of it.

    Beside another picture (a lens may show one) nothing is said of the map.
    """
    shown = cache.view(request)
    on_stage = shown.id == scene.map_id
    if on_stage and len(shown.items) >= 3 and shown.projection.shows_nearness:
        score = cache.map_trust(request, NEIGHBOURS).score
        told = f"Trust {score:.2f}: {round(100 * score)} of 100 true neighbours are kept in this picture."
        if len(shown.items) < SMALL:
            told += f" Nearest neighbour kept: {cache.nearest_kept(request)} of {len(shown.items)}."
        panels.sentence(told, key="below")
    if on_stage and not shown.settled:
        again = "Compute the map again from what is on it now."
        st.button("Settle everyone anew", on_click=state.refit, help=again)
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


def what_methods_keep(request: MapRequest) -> None:
    """Offer, in the menu of methods, how many items keep their nearest neighbour on the map of each; for small maps."""
    n = len(request.shown)
    if not 3 <= n < SMALL or not jobs.is_warm():
        return
    box, opened = filled_when_opened(st.expander, "What each method keeps", key="methods-keep")
    if not opened:
        return
    counts, notes = [], []
    with box:
        for title, method in METHODS.items():
            other = replace(request, options=as_by(request.options, method).fitting(len(request.fitted)))
            drawn = cache.view(other).projection
            if drawn.method == method and drawn.shows_nearness:
                here = " (this map)" if other.options == request.options.end else ""
                counts.append(f"{title} {cache.nearest_kept(other)}{here}")
            else:
                notes.append(drawn.note or f"{title} needs more items.")
        told = [f"Nearest neighbour kept, of {n}: {', '.join(counts)}."] if counts else []
        st.text(" ".join(dict.fromkeys((*told, *notes))))


def as_by(options: MapOptions, method: Method) -> MapOptions:
    """Return the options of the same map by another method: its numbers are its own, balance and seed are shared.

    >>> as_by(MapOptions("umap", seed=3, neighbours=4, film="from PCA 2-D"), "tsne") == MapOptions("tsne", seed=3)
    True
    """
    end = options.end
    return end if method == end.method else MapOptions(method, end.dimensions, end.balance, end.seed)


def trusted(scene: Scene, request: MapRequest) -> Scene:
    """Return the scene with the trust of the page's map in its metadata, where it shows that map and does not say it yet."""
    if len(request.shown) < 3 or "Trust" in dict(scene.metadata) or cache.view(request).id != scene.map_id:
        return scene
    if not cache.view(request).projection.shows_nearness:
        return scene
    return replace(
        scene, metadata=metadata(scene.metadata, Trust=trust_words(cache.map_trust(request, NEIGHBOURS)))
    )


@lru_cache(maxsize=1)
def _copy_link() -> Callable[..., Any]:
    return panels.component("copy_link", "copy_link", html="<div class='copy-link'></div>", isolated=False)


def link(note: str, *, only_here: str = "") -> None:
    """Offer the address of this picture; a short one where it is long. `note` says what it rebuilds.

    `only_here` says what the picture needs that nobody else has; it stands in a frame over the link.
    """
    query = state.query()
    if only_here:
        shell.message(only_here, kind="note")
    if kept_addresses.too_long(query):
        st.caption(
            f"What you typed makes an address of {len(query):,} characters, more than a link can carry or this server keeps. It is "
            "offered as a file instead: copy its text into the box to see this picture again."
        )
        st.download_button(
            "What you typed (text)", kept_addresses.typed(query), "typed.txt", "text/plain", on_click="ignore", key="typed-file"
        )  # fmt: skip
        return
    kept = kept_addresses.short(query)
    _copy_link()(key="copy-link", data={"kept": kept})
    if kept:
        note = (
            f"{note} It has {len(query):,} characters, so the link is a short one: what you typed is kept on this server until "
            f"{KEPT_ADDRESS_DAYS} days after it was last opened."
        )
    st.caption(note)


def share(
    scene: Scene | Callable[[], Scene],
    *,
    key: str,
    note: str = REBUILT,
    only_here: str = "",
    vectors: Callable[[], EmbeddingSet] | None = None,
) -> None:
    """Offer the picture on the stage: its film, and the vectors behind it where there are any; for the link see there.

    `vectors` is asked for when somebody presses the button, and so is a scene that takes long to make. Nothing is offered where
    the stage is empty.
    """
    if isinstance(scene, Scene) and not scene.points.items:
        return
    popover, opened = filled_when_opened(st.popover, "Share", key=f"{key}-share")
    with popover:
        own_talk.add_button(scene, key=key, vectors=vectors)
    own_talk.remember()
    if not opened:
        return
    scene = scene if isinstance(scene, Scene) else scene()
    with popover, st.container(width=WIDTH):
        link(note, only_here=only_here)
        st.caption("Films and pictures made here show the whole map, not your zoom. Files:")
        with st.container(horizontal=True, gap="small"):
            if vectors is not None:
                csv, archive = (
                    (lambda: for_spreadsheets(vectors_csv(vectors()))),
                    (lambda: vectors_npz(vectors())),
                )
                pair = lambda: projector_files(vectors())  # noqa: E731
                st.download_button("Vectors as CSV", csv, "vectors.csv", "text/csv", on_click="ignore")
                st.download_button("Vectors for NumPy", archive, "vectors.npz", on_click="ignore")
                st.download_button(
                    "Vectors for the Embedding Projector",
                    pair,
                    "projector.zip",
                    "application/zip",
                    on_click="ignore",
                )
            film_download(scene, key=f"{key}-film-file", text="Film (HTML, plays offline)")
        take_away.panel(scene, key=f"{key}-take", headline=first_caption(scene, state.page()[1]))
