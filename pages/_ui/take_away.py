"""The panel that makes a file of the picture on the stage: film, picture or stills for paper."""

from zlib import crc32

import streamlit as st

from embeddings_core import jobs
from embeddings_core.durations import time_left
from embeddings_core.errors import EmbeddingsError
from embeddings_core.export.film_files import render
from embeddings_core.export.options import (
    KINDS,
    SIZES,
    ExportOptions,
    Format,
    Mode,
    file_name,
    frame_count,
    has_mp4,
)
from embeddings_core.export.renders import Render, fingerprint, renders
from embeddings_core.scenes.labels import label
from embeddings_core.scenes.scene import Scene
from pages._ui import shell, state

SIZED: tuple[Format, ...] = ("mp4", "gif", "webp", "png")
MODES: dict[str, Mode] = {"Light": "light", "Dark": "dark"}
FILM = "film-under-way"  # the one film of a visit: a new one takes its place, so that memory does not fill with films
FAILED = "Something went wrong on our side, and there is no film; try another kind of file."
SHORTEST, SENTENCE = 2, 200  # seconds; letters


@st.fragment
def panel(scene: Scene, *, key: str, headline: str = "") -> None:
    """Ask what the file shall be, say beforehand what that means, make it, and hand it over."""
    options = asked(scene, key=key, headline=headline)
    wanted = state.asked_for(key)
    if not options.kind.rate:
        st.download_button(
            # a matter of a second: it waits behind no film
            f"Save as {options.kind.ending.upper()}",
            lambda: jobs.within(heavy=True).run(render, scene, options).content,
            file_name(scene, options),
            options.kind.mime, on_click="ignore", key=f"{key}-still",
        )  # fmt: skip
        return
    if options.format == "mp4" and not has_mp4():
        st.text("MP4 needs one more package: pip install -e '.[film]'. GIF and WebP need nothing.")
        return
    under_way: Render | None = state.kept(FILM, lambda: None)
    if wanted or _is_another(under_way, scene, options):
        under_way = begin(scene, options)
    if under_way is not None and not under_way.over:
        _watch(under_way, key)
        return
    st.text(beforehand(scene, options))
    made = None
    if under_way is not None and under_way.picture == fingerprint(scene) and under_way.options == options:
        made = under_way.result
        if under_way.problem is not None:
            known = isinstance(under_way.problem, EmbeddingsError)
            shell.message(str(under_way.problem) if known else FAILED)
    if made is not None:
        st.download_button(
            f"Save the film ({len(made.content) / 1e6:.1f} MB)", made.content, made.name, made.mime, on_click="ignore",
            key=f"{key}-film",
        )  # fmt: skip
    else:
        st.button("Make the film", on_click=state.ask_for, args=(key,), key=f"{key}-make")


def asked(scene: Scene, *, key: str, headline: str) -> ExportOptions:
    """Ask for kind, size, mode, length and the sentence on top."""
    moves = len(scene.motion.frames) > 1
    kinds = [kind for kind in KINDS if moves or not (KINDS[kind].rate or kind.startswith("sheet"))]
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        kind: Format = st.selectbox(
            "File", kinds, format_func=lambda name: KINDS[name].title, key=f"{key}-kind-{moves}", width=250
        )
        ratio = 1.0
        if kind in SIZED:
            size = st.segmented_control(
                "Pixels", list(SIZES), default=next(iter(SIZES)), required=True, key=f"{key}-size"
            )
            ratio = SIZES[str(size)]
        now = "Dark" if st.context.theme.type == "dark" else "Light"
        mode = st.segmented_control("Background", list(MODES), default=now, required=True, key=f"{key}-mode")
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        seconds = 0.0
        if KINDS[kind].rate:
            most = int(KINDS[kind].most / KINDS[kind].rate)
            usual = min(max(round(scene.motion.seconds + 1), SHORTEST), most)
            seconds = st.slider("Seconds", SHORTEST, most, usual, key=f"{key}-seconds-{kind}", width=230)
        # another picture suggests another sentence: then the box begins anew
        box = f"{key}-headline-{crc32(headline.encode('utf-8', 'replace'))}"
        words = st.text_input(
            "Sentence on top", label(headline, length=SENTENCE), max_chars=SENTENCE, key=box
        )
    return ExportOptions(kind, MODES[str(mode)], ratio, float(seconds), str(words or "").strip())


def beforehand(scene: Scene, options: ExportOptions) -> str:
    """Say how many frames a film will have, how many it may have, and about how long it takes."""
    takes = renders().expected(scene, options) * renders().pace
    return (
        f"{frame_count(scene, options):,} frames, {options.kind.rate:.0f} a second; at most {options.kind.most:,} are possible. "
        f"Takes {roughly(takes)}."
    )


def roughly(seconds: float) -> str:
    """Say a time as people do.

    >>> roughly(3), roughly(33), roughly(100)
    ('a few seconds', 'about 35 seconds', 'about 2 minutes')
    """
    if seconds < 8:
        return "a few seconds"
    if seconds < 58:
        return f"about {5 * -(-seconds // 5):.0f} seconds"
    minutes = -(-seconds // 60)
    return "about a minute" if seconds < 75 else f"about {minutes:.0f} minutes"


def _is_another(under_way: Render | None, scene: Scene, options: ExportOptions) -> bool:
    """Tell whether the film under way is of this picture with other options: a slider's value can come after the click."""
    if under_way is None or under_way.over or under_way.stopping:
        return False
    return under_way.options != options and under_way.picture == fingerprint(scene)


def begin(scene: Scene, options: ExportOptions) -> Render:
    """Begin a film; one that this visitor still waits for is given up."""
    before: Render | None = state.kept(FILM, lambda: None)
    if before is not None:
        before.stop()
    begun = renders().begin(scene, options)
    state.put(FILM, begun)
    return begun


@st.fragment(run_every=0.5)
def _watch(under_way: Render, key: str) -> None:
    if under_way.over:
        st.rerun()
    under_way.watch()
    st.progress(under_way.done / max(under_way.total, 1), text=progress_text(under_way))
    st.button("Cancel", on_click=under_way.stop, disabled=under_way.stopping, key=f"{key}-cancel")


def progress_text(under_way: Render) -> str:
    """Say where a film is."""
    if under_way.stopping:
        return "Stopping …"
    if under_way.ahead:
        return under_way.place("film")
    if not under_way.done:
        return "Starting …"
    return f"Frame {under_way.done:,} of {under_way.total:,} · {time_left(under_way.seconds_left())}"
