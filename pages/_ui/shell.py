"""The frame around every page: settings, sidebar, claim, and errors told as sentences."""

import logging
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec
from zlib import crc32

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitInvalidLayoutContextError

from embeddings_core.errors import EmbeddingsError, of_the_disk
from embeddings_core.folders import ASSETS
from embeddings_core.logs import told
from embeddings_core.turns import VISITS
from pages._ui import kept_addresses, state, warm_up
from pages._ui.history import steps

P = ParamSpec("P")
LOG = logging.getLogger("embeddings_visualizer")
_TOLD = "messages-told"  # which part of the page is being drawn, and how often each message stands in it


@dataclass(frozen=True)
class Entry:
    """One page as the sidebar and the home page name it."""

    group: str
    path: str
    title: str
    invitation: str

    @property
    def address(self) -> str:
        """The page's address within the application."""
        return "./" if self.path == "app.py" else Path(self.path).stem


PAGES: tuple[Entry, ...] = (
    Entry("Start", "app.py", "Home", "What an embedding is, in one moving picture."),
    Entry(
        "Learn",
        "pages/one_hot.py",
        "One-hot to dense",
        "From vectors that know nothing to vectors that know who is alike.",
    ),
    Entry("Learn", "pages/learning.py", "Learning", "Train word vectors on a text and watch meaning appear."),
    Entry(
        "Learn",
        "pages/sentences.py",
        "Sentences",
        "A sentence is more than the sum of its words: search, race, take apart.",
    ),
    Entry(
        "Learn",
        "pages/context.py",
        "Context",
        "One word, many meanings: follow it through the layers of a model and see them part.",
    ),
    Entry(
        "Explore",
        "pages/data.py",
        "Your data",
        "Drop a table: see its map, search it by meaning, find what stands out, copies and odd ones.",
    ),
    Entry(
        "Explore", "pages/words.py", "Words", "Type words, watch them take their place, see who is nearest."
    ),
    Entry(
        "Explore",
        "pages/images.py",
        "Images",
        "Drop in pictures and see them find each other; see what a network sees in them.",
    ),
    Entry(
        "Explore",
        "pages/images_and_text.py",
        "Images and text",
        "Pictures and captions in one space: search by words, name without training, close the gap.",
    ),
    Entry(
        "Present",
        "pages/present.py",
        "Present",
        "The whole story as a talk in moving pictures, and your own talk from any picture here.",
    ),
)


@contextmanager
def page(title: str, *, claim: str, tab: str = "") -> Iterator[None]:
    """Set a page up, run its body, and turn what goes wrong into a sentence; what was typed stays."""
    with VISITS.turn():
        st.set_page_config(
            page_title=tab or f"{title} · Embeddings",
            page_icon=str(ASSETS / "favicon.png"),
            layout="wide",
            initial_sidebar_state="auto",
        )
        st.html(ASSETS / "app.css")
        state.stand_on(next((entry.address for entry in PAGES if entry.title == title), "./"), claim)
        state.put(_TOLD, ("page", Counter()))
        gone = kept_addresses.reopen()
        state.accept_former_values()
        warm_up.begin()
        _sidebar()
        steps(state.visit())
        with st.container(key="heading"):
            st.title(title, anchor=False)
            st.text(claim)
        if gone:
            message(gone, kind="note")
        with errors_told():
            yield


@st.fragment
def live(draw: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Draw what changes most: a change of a widget in it draws this alone, not the page around it.

    What `draw` is given stays as it was when the page was drawn, so it reads its own widgets and the state anew. It may
    write into containers of the page; what it draws there belongs to it. Where it drew nothing in one of them when the page
    was drawn, Streamlit keeps no place for it there: the whole page is drawn anew.
    """
    with VISITS.turn():
        state.put(_TOLD, ("live", Counter()))
        with errors_told():
            try:
                draw(*args, **kwargs)
            except StreamlitInvalidLayoutContextError:
                st.rerun()


@contextmanager
def errors_told() -> Iterator[None]:
    """Say in a sentence what goes wrong inside; what nobody expected gets a code that stands in the log too."""
    try:
        yield
    except EmbeddingsError as error:
        message(str(error))
    except Exception as error:
        code = uuid.uuid4().hex[:6]
        LOG.error("Unexpected error %s on page %s: %s", code, state.page()[0], told(error))
        message(
            of_the_disk(error)
            or f"Something went wrong on our side (code {code}). What you typed is still here; please try again."
        )


@dataclass(frozen=True)
class Places:
    """Where the parts of a page with a stage stand; the first screen holds no others.

    `line` is what is typed, with its button and the examples, `settings` and `share` are the menus at its end, `lenses` the
    row below it. Below are `picture`, the stage, and `panel`, the answer beside it. The panel comes before the stage in the
    page, as it does by the Tab key: from what is typed to the answer.
    """

    line: DeltaGenerator
    lenses: DeltaGenerator
    settings: DeltaGenerator
    share: DeltaGenerator
    panel: DeltaGenerator
    picture: DeltaGenerator


def places() -> Places:
    """Open the places of a page with a stage (assets/app.css gives them their sizes)."""
    with st.container(key="above", gap=None):
        with _row("first-row"):
            line = _row("line")
            with _row("menus"):
                settings = st.popover("Settings", key="settings")
                share = st.container(key="share", width="content")
        lenses = _row("lenses")
    panel, picture = sides()
    return Places(line, lenses, settings, share, panel, picture)


def _row(key: str) -> DeltaGenerator:
    return st.container(key=key, horizontal=True, vertical_alignment="center", gap="small", wrap=False)


def sides() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Open the panel and the place of the stage beside it, in the order of the Tab key."""
    with st.container(key="sides"):
        return st.container(key="panel-side"), st.container(key="picture-side", gap="small")


def message(text: str, *, kind: str = "problem") -> None:
    """Show one sentence in a calm frame; the text is shown as it is, never as markup."""
    part, told = state.kept(_TOLD, _none_told)
    told[text] += 1  # two equal messages are two containers
    digest = crc32(text.encode("utf-8", "replace"))
    with st.container(key=f"{kind}-{digest}-{part}-{told[text]}", border=True):
        st.text(text)


def _none_told() -> tuple[str, Counter[str]]:
    return "page", Counter()


def entries() -> Iterator[tuple[str, list[Entry]]]:
    """Yield each group with its pages, in the order of the table."""
    for group in dict.fromkeys(entry.group for entry in PAGES):
        yield group, [entry for entry in PAGES if entry.group == group]


def _sidebar() -> None:
    with st.sidebar:
        for group, listed in entries():
            st.caption(group)
            for entry in listed:
                st.page_link(entry.path, label=entry.title)
