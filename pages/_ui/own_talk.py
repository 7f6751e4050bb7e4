"""The visitor's own talk: it lives in the visit, callbacks change it, and every change can be undone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from embeddings_core.limits import TALK_BYTES, TALK_SCENES
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.talks import own_talk
from embeddings_core.talks.own_talk import OwnScene, OwnTalk
from embeddings_core.talks.slides import Slide
from embeddings_core.talks.talk_file import estimated_bytes
from pages._ui import draft, state

TALK, PAST, CHOSEN, CHANGES, TOLD, TURNS = (
    "own-talk",
    "own-talk-past",
    "own-talk-chosen",
    "own-talk-changes",
    "own-talk-told",
    "own-talk-turns",
)
SAVED = "own-talk-saved"
UNDOABLE = 50  # steps that can be taken back
Past = tuple[tuple[str, OwnTalk], ...]
_guard = st.components.v2.component(
    "own_talk_guard",
    js="""
export default function ({ data }) {
  globalThis.onbeforeunload = data.unsaved ? (event) => event.preventDefault() : null;
}
""",
)


def talk() -> OwnTalk:
    """Return this visitor's talk."""
    return state.kept(TALK, OwnTalk)


def past() -> Past:
    """Return the talk before each change, with the change in words; the last one last."""
    return state.kept(PAST, tuple)


def changes() -> int:
    """Return how often the talk was replaced as a whole or taken back: its editor then starts from new boxes."""
    return state.kept(CHANGES, int)


def chosen() -> OwnScene | None:
    """Return the scene that is being edited: the chosen one, or else the first; None in an empty talk."""
    scenes = talk().scenes
    key = state.text(CHOSEN)
    return next((scene for scene in scenes if scene.key == key), scenes[0] if scenes else None)


def choose(key: str) -> None:
    """Edit this scene, and show it on the stage, wherever the keys have led."""
    state.put(CHOSEN, key)
    state.put(TURNS, turns() + 1)


def follow(at: int) -> None:
    """Edit the scene to which the keys have led; the stage stays where it is."""
    if 0 <= at < len(talk().scenes):
        state.put(CHOSEN, talk().scenes[at].key)


def turns() -> int:
    """Return how often a scene was chosen."""
    return state.kept(TURNS, int)


def change(fresh: OwnTalk, what: str) -> None:
    """Put a new talk in place of the old one, and remember the old one."""
    state.put(PAST, (*past(), (what, talk()))[-UNDOABLE:])
    state.put(TALK, fresh)


def undo() -> None:
    """Take the last change back."""
    *before, (_, old) = past() or (("", talk()),)
    state.put(PAST, tuple(before))
    state.put(TALK, replace(old, made=talk().made))  # a key is never used twice
    state.put(CHANGES, changes() + 1)
    state.put(TURNS, turns() + 1)


def full(*scenes: OwnScene) -> bool:
    """Tell, and say in a sentence, whether these scenes have no room in the talk any more."""
    before = talk()
    if len(before.scenes) + len(scenes) > TALK_SCENES:
        state.put(TOLD, f"A talk holds at most {TALK_SCENES} scenes; take one out on the Present page first.")
    elif estimated_bytes(before) + estimated_bytes(OwnTalk(scenes=scenes)) > TALK_BYTES:
        state.put(
            TOLD,
            f"A talk holds at most {TALK_BYTES // 2**20} MB, and this picture is too much; take a large scene out first.",
        )
    else:
        return False
    return True


def add(scene: Scene, vectors: Callable[[], EmbeddingSet] | None = None) -> None:
    """Put the picture on the stage at the end of the talk, with the address that rebuilds it.

    `vectors` are those of its items, for the questions that can be asked before it is shown.
    """
    address, claim = state.page()
    query = state.query()
    slide = Slide(
        scene, own_talk.first_caption(scene, claim), page_link=f"{address}?{query}" if query else address
    )
    asked = own_talk.questions_about(scene, vectors() if vectors else None)
    if put_in(OwnScene(slide, questions=asked), what="adding a scene"):
        state.put(TOLD, f"Scene {len(talk().scenes)} of your talk. It is under Present.")


def put_in(*scenes: OwnScene, what: str, title: str = "") -> bool:
    """Put scenes at the end of the talk, and edit the first of them; tell whether there was room.

    `title` becomes that of the talk.
    """
    if full(*scenes):
        return False
    fresh = own_talk.added(talk(), *scenes)
    change(replace(fresh, title=title or fresh.title), what)
    choose(talk().scenes[-len(scenes)].key)
    return True


def tell() -> None:
    """Say what became of the last addition, once."""
    if text := state.text(TOLD):
        st.toast(text)
        state.put(TOLD, "")


def has(key: str) -> bool:
    """Tell whether a scene is still there: a second click may come after the first has taken it away."""
    return any(scene.key == key for scene in talk().scenes)


def move(key: str, by: int) -> None:
    """Move a scene towards the end or the start."""
    if has(key):
        change(own_talk.moved(talk(), key, by), "moving a scene")
        choose(key)


def duplicate(key: str) -> None:
    """Put a second one of a scene behind it, and edit that one."""
    if not has(key):
        return
    scene = talk().scenes[talk().place(key)]
    if full(scene):
        return
    change(own_talk.duplicated(talk(), key), "duplicating a scene")
    choose(talk().scenes[talk().place(key) + 1].key)


def delete(key: str) -> None:
    """Take a scene out, and edit the one that takes its place."""
    if not has(key):
        return
    at = talk().place(key)
    change(own_talk.removed(talk(), key), "deleting a scene")
    left = talk().scenes
    choose(left[min(at, len(left) - 1)].key if left else "")


def edit(key: str, what: str, **changed: Any) -> None:
    """Change fields of a scene, as `own_talk.edited` takes them."""
    if has(key):
        change(own_talk.edited(talk(), key, **changed), what)


def rename(title: str) -> None:
    """Give the talk another title."""
    change(replace(talk(), title=title.strip() or own_talk.TITLE), "the title")


def replace_all(fresh: OwnTalk, what: str) -> None:
    """Put another talk in place of this one."""
    change(own_talk.added(OwnTalk(fresh.title, made=talk().made), *fresh.scenes), what)
    state.put(CHANGES, changes() + 1)
    choose("")


def saved() -> None:
    """Remember that the talk, as it is now, is in a file."""
    state.put(SAVED, talk())


def guard() -> None:
    """Let the browser ask before a reload or a closed page forgets scenes that are in no file."""
    if past() or changes():
        unsaved = bool(talk().scenes) and state.held(SAVED) is not talk()
        with st.container(key="stage-loader-guard"):
            _guard(key="own-talk-guard", data={"unsaved": unsaved})


def keep_draft(*, seen: bool = False) -> None:
    """Let the browser keep a draft of the talk, once there was one in this visit."""
    if past() or changes():
        draft.keep(talk(), seen=seen)


def add_button(
    scene: Scene | Callable[[], Scene], *, key: str, vectors: Callable[[], EmbeddingSet] | None = None
) -> None:
    """Offer to put the picture on the stage into the visitor's talk; not where a talk itself has opened the page."""
    if state.opened_live():
        return
    if state.asked_for(f"{key}-add"):
        add(scene if isinstance(scene, Scene) else scene(), vectors)
    st.button(
        "Add to talk",
        key=f"{key}-add-to-talk",
        on_click=state.ask_for,
        args=(f"{key}-add",),
        help="Puts this picture and its film into your own talk, which you find under Present.",
    )


def remember() -> None:
    """Say what became of the last addition, and let the browser keep the talk; not where a talk has opened the page."""
    if not state.opened_live():
        tell()
        guard()
        keep_draft()
