"""Drafts of own talks in the visitor's own browser: they outlive a reload, a closed page and a restart of the server.

The browser is sent the talk's file on the page where it changed; on others only its digest, and it asks where it lacks
the file. What it still has of earlier visits it offers without the server; only "Open it" sends a draft back, to be read
like an uploaded file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from uuid import uuid4

import streamlit as st

from embeddings_core.limits import DRAFT_BYTES
from embeddings_core.talks.own_talk import OwnTalk
from embeddings_core.talks.talk_file import draft_of, shown_in
from pages._ui import own_pictures, shell, state
from pages._ui.panels import component, short

NAME, WRITTEN, OPENED = "own-talk-draft-name", "own-talk-draft-written", "own-talk-draft-opened"
SENT = "own-talk-draft-sent"  # which draft was sent last, and on which page
LIMIT = f"The browser keeps drafts of up to {DRAFT_BYTES // 2**20} MB"
KEEPER, OFFER = "own-talk-draft", "own-talk-offer"
_component = component("own_talk_draft", "draft", html="<div class='draft'></div>", isolated=False)


@dataclass(frozen=True, eq=False)
class Draft:
    """What was written of which talk and uploads; `text` is None where it is too large, `note` tells what is not in it."""

    talk: OwnTalk
    uploads: tuple[str, ...]
    text: str | None
    digest: str
    note: str = ""


def name() -> str:
    """Return what this visit's draft is called: two visits in one browser do not overwrite each other's."""
    return state.kept(NAME, lambda: uuid4().hex)


def digest(content: bytes) -> str:
    """Return a short name for what a draft says."""
    return blake2b(content, digest_size=12).hexdigest()


def written(talk: OwnTalk) -> Draft:
    """Return the draft of a talk, written anew only after a change."""
    own = shown_in(talk, own_pictures.own().files.values())
    digests = tuple(file.digest for file in own)
    before = state.held(WRITTEN)
    if isinstance(before, Draft) and before.talk is talk and before.uploads == digests:
        return before
    content, note = draft_of(talk, uploads=own), ""
    if content is None and own and (content := draft_of(talk)) is not None:
        note = f"{LIMIT}: the uploaded pictures are not in the draft, and its scenes play all the same."
    if content is None:
        note = f"{LIMIT}, and this talk is larger: it stays until this page is reloaded or closed; save it to keep it."
    fresh = Draft(talk, digests, None if content is None else content.decode(), digest(content or b""), note)
    state.put(WRITTEN, fresh)
    return fresh


def keep(talk: OwnTalk, *, seen: bool = False) -> None:
    """Have the browser keep this talk; where it is `seen`, it says so in a sentence."""
    now = written(talk)
    if seen and now.note:
        shell.message(now.note, kind="note")
    data = {
        "name": name(),
        "digest": now.digest,
        "scenes": len(talk.scenes),
        "about": about(talk),
        "edited": seen,
        "talk": now.text if now.text is None or sent_here(now.digest) else "",
        "opened": sorted(state.kept(OPENED, set)),
    }
    with st.container(key="draft-kept" if seen else "stage-loader-draft"):
        _component(key=KEEPER, data=data, on_asked_change=lambda: state.put(SENT, ("", "")))


def about(talk: OwnTalk) -> str:
    """Say in a few words which talk this is: its title, and how it begins."""
    if not talk.scenes:
        return ""
    return f'"{short(talk.title)}", beginning with "{short(talk.scenes[0].slide.sentence)}"'


def sent_here(what: str) -> bool:
    """Tell whether this draft goes out on this page: a page that it was sent on before repeats it, which costs nothing."""
    address, _ = state.page()
    if state.kept(SENT, lambda: ("", ""))[0] != what:
        state.put(SENT, (what, address))
    return bool(state.held(SENT) == (what, address))


def offer(on_open: Callable[[], object], *, resume: bool = False) -> bytes | None:
    """Let the browser offer the drafts of earlier visits; return the one that was just to be opened.

    `on_open` is called before that rerun begins. With `resume` the draft that this tab was editing opens by itself: a
    reload stays in the visitor's talk.
    """
    with st.container(key="draft-offer"):
        text = _component(key=OFFER, data={"name": name(), "resume": resume}, on_opened_change=on_open).opened
    return text.encode("utf-8", "replace") if isinstance(text, str) else None


def opened(content: bytes) -> None:
    """Remember that all of this draft is in the talk now: the talk's own draft takes its place."""
    state.put(OPENED, {*state.kept(OPENED, set), digest(content)})
