"""Which model is used: those on this computer, and those that could be."""

from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from embeddings_core.errors import MissingExtraError, has_extra
from embeddings_core.models.downloads import fetch, on_disk
from embeddings_core.models.endpoint import ID, endpoint_row
from embeddings_core.models.recent import recent
from embeddings_core.models.registry import find_model, list_models
from embeddings_core.models.sources import InstalledPackage
from embeddings_core.models.spec import Modality, ModelSpec
from embeddings_core.models.static_model import MadeHere
from pages._ui import controls, other_models, panels, state

ABSENT = " (not on this computer"


def has_packages(spec: ModelSpec) -> bool:
    """Tell whether the optional packages of a model are installed."""
    return not spec.extra or recent(has_extra, spec.extra)


def model(
    *modalities: Modality,
    key: str = "model",
    default: str = "minilm",
    task: str = "reads the sentences",
    label: str = "",
    without: str = "",
    priced: bool = False,
    opens: bool = False,
    rows: Sequence[ModelSpec] = (),
    beside: Callable[[], object] | None = None,
    notes: DeltaGenerator | None = None,
) -> ModelSpec:
    """Ask for a model; one that is not here is explained and can be fetched, and the default works until then.

    `without` is the id of a model that makes no sense here; `priced` puts size and licence into the menu; `opens`
    offers to open any model of the libraries for pictures by its name; `rows` are further rows, `beside` draws what
    stands below the menu. In `notes`, by default where the menu is, stands what is to be said of a model.
    """
    if opened := other_models.wanted(key):
        state.put(key, opened)
    asked = controls.wanted(key).partition(ABSENT)[0]
    listed = [spec for modality in modalities for spec in list_models(modality)]
    listed += other_models.listed(modalities, asked) if {"image", "image-text"} & set(modalities) else []
    listed = [spec for spec in (*listed, *rows) if spec.id != without]
    ready = {spec.id: has_packages(spec) and recent(on_disk, spec) for spec in listed}
    rows = sorted(listed, key=lambda spec: not ready[spec.id])  # a stable order within each part
    titles = {
        spec.title if ready[spec.id] else f"{spec.title}{ABSENT}{_price(spec, priced)})": spec
        for spec in rows
    }
    _keep_choice(key, titles)
    title = st.selectbox(label or "Model", list(titles), key=key, bind="query-params")
    if opens:
        other_models.ask(modalities, key=key)
    if beside is not None:
        beside()
    chosen = titles[str(title)]
    with notes or st.container():
        if opens:
            other_models.unknown(modalities, asked, [spec.title for spec in listed])
        if not ready[chosen.id]:
            explain(chosen, f"Until then {find_model(default).title} {task}.", key=key)
            return find_model(default)
        if chosen.id.startswith(ID):
            st.text(chosen.note)  # where the texts go
    return chosen


def endpoint_rows() -> tuple[ModelSpec, ...]:
    """Return the row of the operator's own endpoint, where one is named: for menus of models that read texts."""
    row = recent(endpoint_row)
    return () if row is None else (row,)


def _keep_choice(key: str, titles: dict[str, ModelSpec]) -> None:
    """Keep a choice whose title has changed: a fetched model loses its price, a link comes from another computer."""
    chosen = controls.wanted(key)
    plain = chosen.partition(ABSENT)[0]
    for title, spec in titles.items():
        if chosen not in titles and spec.title == plain:
            state.put(key, title)


def _price(spec: ModelSpec, priced: bool) -> str:
    if spec.refused:
        return ": not offered"
    return f": {spec.size}, {spec.licence}" if priced and not spec.custom else ""


def explain(spec: ModelSpec, until: str, *, key: str) -> None:
    """Say what a model is, what it costs and how to get it; fetch it if asked to."""
    begun = f"fetch-begun-{key}"
    with st.container(key=f"note-{key}", horizontal=True, vertical_alignment="center", gap="small"):
        if isinstance(spec.source, InstalledPackage | MadeHere):
            st.text(f"{spec.source.absent(spec)} {spec.note} {until}")
            return
        if not has_packages(spec):
            st.text(f"{MissingExtraError(spec.title, spec.extra)}. {until}")
            return
        if spec.refused:
            st.text(f"{spec.title} is not offered. {spec.refused} {spec.note} {until}")
            return
        stopped = "The download was stopped; nothing of it is used. " if state.text(begun) == spec.id else ""
        st.text(
            f"{stopped}{spec.title} is not on this computer. It can be fetched once: {_cost(spec)}. {spec.note} {until}"
        )
        size = f" {spec.size}" if spec.megabytes else ""
        agreed = not spec.terms or st.checkbox(
            f"I agree to [its licence]({spec.terms})", key=f"terms-{key}-{spec.id}"
        )
        pressed = st.button(f"Download{size}", key=f"download-{key}", disabled=not agreed)
    if pressed:
        state.put(begun, spec.id)  # stays where this run does not come to its end
        with st.container(key=f"fetching-{key}", horizontal=True, vertical_alignment="center", gap="small"):
            bar = st.progress(0.0, f"Fetching{size} …")
            # a click ends this run of the page, and with it the download
            st.button("Stop", key=f"stop-{key}")
        fetch(
            spec,
            progress=lambda done, total: _arrived(bar, done, total),
        )
        state.put(begun, "")
        st.rerun()


def _arrived(bar: DeltaGenerator, done: int, total: int) -> None:
    """Show how far a download is, and end it where the visitor clicked something meanwhile.

    In a part of the page that is drawn by itself Streamlit lets a click wait until that part is whole.
    """
    bar.progress(
        min(done / total, 1.0) if total else 0.0,
        f"{done / 1e6:,.0f}{f' of {total / 1e6:,.0f}' if total else ''} MB",
    )
    context = get_script_run_ctx()
    asked = getattr(getattr(context, "script_requests", None), "_state", None)
    if getattr(asked, "name", "") == "RERUN":
        st.rerun()


def _cost(spec: ModelSpec) -> str:
    """Say what a download costs, as far as it is known."""
    if not spec.megabytes:
        return "size and licence are not known here"
    return f"{spec.size}, licence {spec.licence or 'not stated by its library'}"


def prompts(spec: ModelSpec, query: str) -> None:
    """Show what this model's authors put in front of a query and of a sentence, where they do."""
    if spec.prompt.query or spec.prompt.passage:
        passage = f'"{spec.prompt.passage}…"' if spec.prompt.passage else "the sentences as they are"
        panels.sentence(f'{spec.title} reads "{spec.prompt.query}{query}" and {passage}.', key="prompt")
