"""Where a visitor's own talk is put together: its scenes in order, one of them open to be changed, and the file."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from embeddings_core.limits import CAPTION_CHARACTERS, NOTES_CHARACTERS
from embeddings_core.talks.own_talk import OwnScene, OwnTalk, as_own
from embeddings_core.talks.ready_talk import TITLE, ready_talk
from embeddings_core.talks.slides import Slide
from pages._ui import own_talk, panels, shell, state
from pages._ui.below import WIDTH
from pages._ui.panels import component
from pages._ui.present import files as talk_files
from pages._ui.present import slide_files
from pages._ui.present import stage as talk_stage

_filmstrip = component("filmstrip", "filmstrip", html="<ol aria-label='Scenes of the talk'></ol>")
FILMSTRIP = "filmstrip"
NO_QUESTION = "No"
ASKED = {"nearest": "Which is nearest?", "odd": "Which does not belong?", "land": "Where will it land?"}


def editor() -> None:
    """Show the visitor's talk and all that can be done with it."""
    own_talk.tell()
    talk, scene = own_talk.talk(), own_talk.chosen()
    if scene is None:
        empty()
        own_talk.guard()
        own_talk.keep_draft()
        return
    left, right = st.columns([2, 3], gap="large")
    with left:
        title(talk)
        filmstrip(talk, scene)
        talk_files.save_and_open(talk)
        with st.expander("Keys while you present"):
            talk_stage.keys()
    with right:
        with st.container(key="own-preview"):
            talk_stage.own(
                talk, chosen=talk.place(scene.key), turn=own_talk.turns(), on_shown=own_talk.follow
            )
        steps(talk, scene)
        fields(scene)
    talk_stage.loaded(talk)
    own_talk.guard()


def empty() -> None:
    """Say how a talk begins, and offer the two other ways."""
    panels.sentence(
        "Your talk is empty. On every page, “Add to talk” under the picture puts it in here with its film; "
        "then come back, put the scenes in order and write what you want to say.",
        key="empty-talk",
    )
    with st.container(key="begin", horizontal=True, gap="small", vertical_alignment="center"):
        start()
        undo()
    talk_files.open_file()
    talk_files.told()


def start() -> None:
    """Offer the ready talk as a beginning."""

    def copy() -> None:
        own_talk.put_in(*map(as_own, ready_talk()), what="the ready talk", title=TITLE)

    st.button(f"Start from the ready talk “{TITLE}”", key="start-from-ready", on_click=copy)


def title(talk: OwnTalk) -> None:
    """Ask for the talk's title."""
    key = f"talk-title-{own_talk.changes()}"
    st.text_input(
        "Title of the talk", talk.title, key=key, max_chars=CAPTION_CHARACTERS,
        on_change=lambda: own_talk.rename(state.text(key)),
    )  # fmt: skip


def filmstrip(talk: OwnTalk, scene: OwnScene) -> None:
    """Show the scenes in their order; a click chooses one, dragging moves it."""

    def chosen() -> None:
        own_talk.choose(str(state.triggered(FILMSTRIP, "chosen") or ""))

    def moved() -> None:
        told = state.triggered(FILMSTRIP, "moved")
        if isinstance(told, dict) and isinstance(to := told.get("to"), int):
            key = str(told.get("key"))
            if own_talk.has(key):
                own_talk.move(key, to - own_talk.talk().place(key))

    rows = [
        {"key": each.key, "caption": each.slide.sentence, "about": about(each), "thumbnail": each.thumbnail}
        for each in talk.scenes
    ]
    _filmstrip(
        key=FILMSTRIP,
        data={"scenes": rows, "chosen": scene.key},
        on_chosen_change=chosen,
        on_moved_change=moved,
    )


def about(scene: OwnScene) -> str:
    """Say in a few words what a scene is: its page, its film, and what of it plays."""
    slide = scene.slide
    film = slide.scene
    page = next((entry.title for entry in shell.PAGES if entry.address == slide.page_link.split("?")[0]), "")
    what = (
        f"{len(film.motion.frames)} key states, {film.motion.kind}"
        if len(film.motion.frames) > 1
        else "still picture"
    )
    if (scene.first, scene.end) != (0, len(film.motion.frames) - 1):
        what = f"{scene.first + 1} to {scene.end + 1} of {what}"
    return " · ".join(part for part in (page, what, "guess first" if scene.ask is not None else "") if part)


def steps(talk: OwnTalk, scene: OwnScene) -> None:
    """Offer what can be done with the chosen scene as a whole."""
    at, last = talk.place(scene.key), len(talk.scenes) - 1
    with st.container(key="scene-steps", horizontal=True, gap="small", vertical_alignment="center"):
        st.text(f"Scene {at + 1} of {last + 1}")
        step("Up", own_talk.move, scene.key, -1, disabled=at == 0)
        step("Down", own_talk.move, scene.key, 1, disabled=at == last)
        step("Duplicate", own_talk.duplicate, scene.key)
        step("Delete", own_talk.delete, scene.key)
        undo()


def step(name: str, does: Callable[..., None], *arguments: Any, disabled: bool = False) -> None:
    """Show one button of the chosen scene."""
    st.button(name, key=f"scene-{name.lower()}", on_click=does, args=arguments, disabled=disabled)


def undo() -> None:
    """Offer to take the last change back."""
    past = own_talk.past()
    what = f": {past[-1][0]}" if past else ""
    st.button(f"Undo{what}", key="talk-undo", on_click=own_talk.undo, disabled=not past, type="tertiary")


def fields(scene: OwnScene) -> None:
    """Ask for caption, notes, and the part of the film."""
    key, slide = f"{scene.key}-{own_talk.changes()}", scene.slide
    caption, notes = f"caption-{key}", f"notes-{key}"
    st.text_input(
        "Caption, in large type over the picture", slide.sentence, key=caption, max_chars=CAPTION_CHARACTERS,
        on_change=lambda: own_talk.edit(scene.key, "the caption", sentence=state.text(caption)),
    )  # fmt: skip
    film_range(scene, key=f"range-{key}")
    guess_first(scene, key=f"guess-{key}")
    st.text_area(
        "Notes, for the speaker alone", slide.notes, key=notes, max_chars=NOTES_CHARACTERS, height=110,
        on_change=lambda: own_talk.edit(scene.key, "the notes", notes=state.text(notes)),
    )  # fmt: skip
    with st.container(key="scene-away", horizontal=True, gap="medium", vertical_alignment="center"):
        with st.popover("This scene as a file"), st.container(width=WIDTH):
            slide_files.picture(scene.played, key=f"own-{scene.key}")
        live(slide)


def film_range(scene: OwnScene, *, key: str) -> None:
    """Ask which part of the film plays, where it is one film that waits at its end."""
    film = scene.slide.scene
    if not scene.has_range:
        return

    def changed() -> None:
        first, last = state.pair(key)
        own_talk.edit(scene.key, "the part of the film", first=first - 1, last=last - 1)

    st.slider(
        "Part of the film that plays, from key state to key state", 1, len(film.motion.frames), (scene.first + 1, scene.end + 1),
        key=key, on_change=changed,
    )  # fmt: skip
    names = [film.motion.frame_names[at] or str(at + 1) for at in (scene.first, scene.end)]
    st.text(f"from “{names[0]}” to “{names[1]}”" if names[0] != names[1] else f"only “{names[0]}”")


def guess_first(scene: OwnScene, *, key: str) -> None:
    """Ask whether the hall guesses before the answer is shown, where there is something to ask."""
    if not scene.questions:
        return
    options = {NO_QUESTION: None, **{ASKED[guess.kind]: at for at, guess in enumerate(scene.questions)}}
    now = next((title for title, at in options.items() if at == scene.ask), NO_QUESTION)
    st.segmented_control(
        "Hide the answer first", list(options), default=now, required=True, key=key,
        on_change=lambda: own_talk.edit(scene.key, "the question", ask=options[state.text(key)]),
        help="The hall guesses before the picture shows the answer; the question comes from the real vectors.",
    )  # fmt: skip
    if scene.ask is not None:
        st.text(scene.questions[scene.ask].question)


def live(slide: Slide) -> None:
    """Lead to the page that made this scene, in the state in which it was."""
    address, _, query = slide.page_link.partition("?")
    entry = next((entry for entry in shell.PAGES if entry.address == address), None)
    if entry is not None:
        st.page_link(entry.path, label=f"Open this picture in {entry.title}", query_params=state.pairs(query))
