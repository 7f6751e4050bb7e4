"""The lens that makes a static model of MiniLM: a preview at once, all of it on demand, and what it costs and loses."""

import streamlit as st

from embeddings_core.errors import EmbeddingsError
from embeddings_core.maps.request import MapOptions, MapRequest
from embeddings_core.models.recent import recent
from embeddings_core.models.registry import find_model, load_encoder
from embeddings_core.models.static_model import DIMENSIONS, described, zipped
from embeddings_core.models.text_space import TextModel
from embeddings_core.scenes.distillation import distillation_scene
from embeddings_core.scenes.maps import empty_scene
from embeddings_core.training.distillation import (
    SAMPLED,
    TEACHER,
    Distillation,
    DistilledPreview,
    distillation,
    kept_model,
    pieces,
    pieces_of,
    preview,
)
from embeddings_core.training.static_comparison import (
    LEAST,
    MANY,
    TIMED,
    Cost,
    StaticComparison,
    compare_static,
    rounded,
    texts_a_second,
)
from pages._ui import cache, panels, shell, waiting
from pages._ui.panels import Bar, ranking, short
from pages._ui.sentences import panels as sentence_panels
from pages._ui.sentences.panels import Picture
from pages._ui.text_models import Chosen

STATIC, MOST, NAMED = "minilm-static", 300, 5
FLOAT16 = 2  # bytes of a number
HOW = (
    "MiniLM read each word piece once, alone; of its 384 numbers the 256 main directions are kept (PCA), and frequent pieces "
    "weigh less. From then on a sentence is the mean of its pieces: no network runs, and no word hears another."
)


def distil(request: MapRequest, by: Chosen) -> Picture:
    """Compare MiniLM with a static model made of it: the whole one where it was made, else one of these words alone."""
    items = cache.quick(with_pieces, request.shown[:MOST])
    if sentence_panels.needs(len(items), LEAST, "then each has a nearest one to lose"):
        return Picture(empty_scene("too few sentences to compare", alt=""))
    if len(request.shown) > MOST:
        panels.sentence(f"The first {MOST} of {len(request.shown):,} sentences.", key="cut")
    whole = recent(kept_model) is not None
    wanted = MapOptions("tsne").fitting(len(items))
    waiting.for_engine(wanted, key="distil")
    result = cache.once(compared, items, cache.possible(wanted, len(items)), whole)
    panels.sentence(result.sentence, key="distilled")
    _model(items, whole=whole)
    st.caption("Texts a second, measured on this computer")
    costs = (result.network, result.static)
    most = max(cost.texts_a_second for cost in costs)
    bars = [
        Bar(cost.title, rounded(cost.texts_a_second), cost.texts_a_second / most, f"{cost.megabytes:.0f} MB of numbers")
        for cost in costs
    ]  # fmt: skip
    film = "|".join((str(whole), *items))
    ranking(bars, key="distil-speed", film=film, delay=300, numbered=False)
    _lost(result, film)
    panels.sentence(HOW, key="distil-how")
    return Picture(distillation_scene(result))


def _lost(result: StaticComparison, film: str) -> None:
    """Name the sentences that have another nearest neighbour, with both."""
    if not result.lost:
        panels.sentence("No sentence lost its nearest neighbour.", key="distil-none")
        return
    st.caption("MiniLM's nearest neighbour, and its place in the static model")
    first, second = result.comparison.first[:, 0].tolist(), result.comparison.second[:, 0].tolist()
    n = len(result.items)
    bars = [
        Bar(
            short(result.items[row]), f"number {place}", (n - place) / (n - 1),
            f'"{short(result.items[first[row]], characters=40)}"; nearer is "{short(result.items[second[row]], characters=40)}"',
        )
        for row, place in ((row, int(result.places[row])) for row in result.lost[:NAMED])
    ]  # fmt: skip
    ranking(bars, key="distil-lost", film=film, delay=900, numbered=False)
    if len(result.lost) > NAMED:
        st.caption(f"… and {len(result.lost) - NAMED} more.")


def _model(items: tuple[str, ...], *, whole: bool) -> None:
    """Say which static model is on screen; make the whole one, or give it away."""
    count = len(pieces().names)
    folder = kept_model()
    if whole and folder is not None:
        with st.container(key="distilled-model", horizontal=True, vertical_alignment="center", gap="small"):
            seconds = described(folder).get("seconds")
            took = f" in {seconds:.0f} seconds" if isinstance(seconds, int | float) else ""
            st.text(
                f"Made here of all {count:,} word pieces{took}; on the menu of models it is {find_model(STATIC).title}."
            )
            st.download_button(
                "Download (ZIP, 16 MB)", lambda: zipped(folder), "minilm-static.zip", "application/zip",
                on_click="ignore", type="tertiary",
                help="A folder that model2vec and sentence-transformers open: safetensors, tokenizer, description.",
            )  # fmt: skip
        return
    run = distillation()
    if run is not None and not run.over:
        _watch(run)
        return
    if run is not None and run.problem is not None:
        if not isinstance(run.problem, EmbeddingsError):
            raise run.problem
        shell.message(str(run.problem))
    with st.container(key="distilled-model", horizontal=True, vertical_alignment="center", gap="small"):
        own = len(cache.quick(pieces_of, items))
        st.text(
            f"A preview: only the {own} word pieces of these sentences were read, along the main directions of {SAMPLED:,} "
            "others."
        )
        st.button(
            f"Distil all {count:,} pieces", key="distil-all", on_click=_begin,
            help="About 15 seconds on two idle processor cores; nothing is downloaded, and it is kept on this computer.",
        )  # fmt: skip


def _begin() -> None:
    distillation(begin=True)


@st.fragment(run_every=0.5)
def _watch(run: Distillation) -> None:
    if run.over:
        st.rerun()
    with st.container(key="distilling"):
        st.progress(run.done / max(run.total, 1), text=progress_text(run))


def progress_text(run: Distillation) -> str:
    """Say where a distillation is."""
    if not run.done:
        return "Opening the model …"
    return f"{run.done:,} of {run.total:,} word pieces read; the picture is still the preview."


def with_pieces(items: tuple[str, ...]) -> tuple[str, ...]:
    """Return the texts of which at least one word piece is known."""
    return tuple(item for item in items if len(pieces_of((item,))))


def compared(items: tuple[str, ...], options: MapOptions, whole: bool) -> StaticComparison:
    """Read the sentences with both models, map them, and time both on the first of them."""
    spaces = TextModel(TEACHER), TextModel(STATIC) if whole else DistilledPreview()
    sets = [cache.vectors_of(items, space) for space in spaces]
    maps = [cache.fit(items, options, space) for space in spaces]
    some = items[:TIMED]
    table = load_encoder(STATIC) if whole else preview(some)
    size = len(pieces().names) * DIMENSIONS * FLOAT16 / 1e6
    costs = (
        Cost(
            "MiniLM",
            texts_a_second(load_encoder(TEACHER), some, at_once=TIMED),
            find_model(TEACHER).megabytes,
        ),
        Cost("Static model", texts_a_second(table, some, at_once=MANY), size),
    )
    return compare_static(*sets, costs=costs, maps=(maps[0], maps[1]), whole=whole)
