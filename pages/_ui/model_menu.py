"""Which model is used: those on this computer, and those that could be."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec

import streamlit as st

from embeddings_core.models.places import fetch, on_disk
from embeddings_core.models.runtime import find_model, list_models
from embeddings_core.models.spec import Modality, ModelSpec
from pages._ui import panels, state

EXTRAS = {"openvino": "openvino", "use": "tensorflow_hub"}  # what must be importable for an optional group


def has_packages(spec: ModelSpec) -> bool:
    """Tell whether the optional packages of a model are installed."""
    return not spec.extra or find_spec(EXTRAS.get(spec.extra, spec.extra)) is not None


def model(
    *modalities: Modality,
    key: str = "model",
    default: str = "minilm",
    task: str = "reads the sentences",
    label: str = "",
    without: str = "",
    priced: bool = False,
    rows: Sequence[ModelSpec] = (),
    beside: Callable[[], object] | None = None,
) -> ModelSpec:
    """Ask for a model; one that is not here is explained and can be fetched, and the default works until then.

    `without` is the id of a model that makes no sense here; `priced` puts size and licence into the menu; `rows`
    are further rows, `beside` draws what stands beside the menu.
    """
    listed = [spec for modality in modalities for spec in list_models(modality) if spec.id != without]
    listed += rows
    ready = {spec.id: has_packages(spec) and on_disk(spec) for spec in listed}
    rows = sorted(listed, key=lambda spec: not ready[spec.id])  # a stable order within each part
    titles = {
        spec.title if ready[spec.id] else f"{spec.title} (not on this computer{_price(spec, priced)})": spec
        for spec in rows
    }
    _keep_choice(key, titles)
    with st.container(key=f"menu-{key}", horizontal=True, gap="small", width="content"):
        title = st.selectbox(
            label or "Model", list(titles), key=key, bind="query-params", width=330 if beside is None else 270,
            label_visibility="visible" if label else "collapsed",
        )  # fmt: skip
        if beside is not None:
            beside()
    chosen = titles[str(title)]
    if not ready[chosen.id]:
        explain(chosen, f"Until then {find_model(default).title} {task}.", key=key)
        return find_model(default)
    return chosen


def _keep_choice(key: str, titles: dict[str, ModelSpec]) -> None:
    """Keep a choice whose title has changed: a fetched model loses its price, a link comes from another computer."""
    chosen = state.text(key) or str(st.query_params.get(key, ""))
    plain = chosen.partition(" (not on this computer")[0]
    for title, spec in titles.items():
        if chosen not in titles and spec.title == plain:
            state.put(key, title)


def _price(spec: ModelSpec, priced: bool) -> str:
    return f": {spec.megabytes:,.0f} MB, {spec.licence}" if priced else ""


def explain(spec: ModelSpec, until: str, *, key: str) -> None:
    """Say what a model is, what it costs and how to get it; fetch it if asked to."""
    with st.container(key=f"note-{key}", horizontal=True, vertical_alignment="center", gap="small"):
        if not has_packages(spec):
            st.text(
                f"{spec.title} needs optional packages: pip install 'embeddings-visualizer[{spec.extra}]'. {until}"
            )
            return
        st.text(
            f"{spec.title} is not on this computer. It can be fetched once: {_cost(spec)}. {spec.note} {until}"
        )
        size = f" {spec.megabytes:,.0f} MB" if spec.megabytes else ""
        pressed = st.button(f"Download{size}", key=f"download-{key}")
    if pressed:
        with st.container(key=f"fetching-{key}", horizontal=True, vertical_alignment="center", gap="small"):
            bar = st.progress(0.0, f"Fetching{size} …")
            st.button(
                "Stop", key=f"stop-{key}"
            )  # a click ends this run of the page, and with it the download
        fetch(
            spec,
            progress=lambda done, total: bar.progress(
                min(done / total, 1.0) if total else 0.0,
                f"{done / 1e6:,.0f}{f' of {total / 1e6:,.0f}' if total else ''} MB",
            ),
        )
        st.rerun()


def _cost(spec: ModelSpec) -> str:
    """Say what a download costs, as far as it is known."""
    if not spec.megabytes:
        return "size and licence are not known here"
    return f"{spec.megabytes:,.0f} MB, licence {spec.licence}"


def prompts(spec: ModelSpec, query: str) -> None:
    """Show what this model's authors put in front of a query and of a sentence, where they do."""
    if spec.prompt.query or spec.prompt.passage:
        passage = f'"{spec.prompt.passage}…"' if spec.prompt.passage else "the sentences as they are"
        panels.sentence(f'{spec.title} reads "{spec.prompt.query}{query}" and {passage}.', key="prompt")
