"""The talk on a page: its slides go to the browser once, and are stepped through there without the server."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from embeddings_core.figures.slides import Slide
from embeddings_core.figures.talk_export import talk_html, talk_script, talk_style
from embeddings_core.figures.talk_scenes import TITLE, ready_talk, ready_talk_json
from pages._ui import panels, shell
from pages._ui.stage import NOTHING, STATIC, components

KEY = "talk"
KEYS = (
    ("→ · space · Page Down", "one step on: the next moment of the film, or the next slide"),
    ("← · Page Up", "one step back"),
    ("↑ ↓", "one key state of the film back or on"),
    ("R", "play this film again"),
    ("Home · End", "first slide, last slide"),
    ("1 to 4", "answer a question; where something lands is answered by a click on the map"),
    ("I", "about this picture: items, model, method, trust, what the axes mean"),
    ("F", "full screen"),
    ("B", "blank the screen; any key brings it back"),
    ("N", "speaker notes and a clock in a second window"),
    ("L", "open this scene live in its page; Esc comes back to the talk"),
    ("D", "light or dark"),
    ("Esc", "leave the talk"),
)
MOUNT = """
export default function (component) {
  const { data, parentElement } = component, host = parentElement.querySelector(".talk-host");
  const slide = (Number(new URLSearchParams(location.search).get("slide")) || 1) - 1;
  const mount = () => {
    if (!globalThis.embeddingStage || !globalThis.embeddingTalk) return false;
    globalThis.embeddingTalk.mount(host, host.__talk ? null : JSON.parse(data.talk), { pages: data.pages, slide });
    return true;
  };
  if (!mount()) for (const name of ["embedding-stage", "embedding-talk"]) globalThis.addEventListener(name, mount, { once: true });
  return () => globalThis.embeddingTalk?.unmount(host);
}
"""


@cache
def player() -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Register the player's code and its place, once a process; see `stage.components` for why these are two."""
    code = st.components.v2.component(
        "embedding_talk_code",
        css=talk_style(),
        js=f"{talk_script()}\nexport default function () {{}}",
        isolate_styles=False,
    )
    place = st.components.v2.component(
        "embedding_talk", html="<div class='talk-host'></div>", js=MOUNT, isolate_styles=False
    )
    return code, place


def ready() -> None:
    """Show the ready talk: it fills the window, and follows the keyboard."""
    stage_code = components()[0]
    player_code, place = player()
    with st.container(key="stage-loader-talk", gap=None):
        stage_code(key="talk-stage-code")
        player_code(key="talk-code")
        # nothing to see: the chart brings Plotly's program into the page
        st.plotly_chart(NOTHING, key="talk-plotly", theme=None, config=STATIC)
    place(key=KEY, data={"talk": ready_talk_json(), "pages": addresses()})


def addresses() -> list[str]:
    """Return the addresses of the pages that a scene can be opened in."""
    return ["./" if entry.path == "app.py" else Path(entry.path).stem for entry in shell.PAGES]


def below() -> None:
    """Show what stands under the talk when it does not fill the window: keys, slides, and the talk as a file."""
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Keys", anchor=False)
        for key, what in KEYS:
            st.text(f"{key}: {what}")
        st.download_button(
            "The whole talk as one file (HTML, plays offline)",
            data=lambda: talk_html(TITLE, ready_talk()),
            file_name=f"{TITLE.removesuffix('?')}.html",
            mime="text/html",
            on_click="ignore",
        )
    with right:
        st.subheader("Slides", anchor=False)
        listed(ready_talk())


def listed(slides: tuple[Slide, ...]) -> None:
    """List the sentences of a talk."""
    for number, slide in enumerate(slides, start=1):
        panels.sentence(f"{number}. {slide.sentence}", key=f"slide-{number}")


def invitation() -> None:
    """Offer the talk: the first thing on the home page."""
    with st.container(key="invitation", border=True):
        st.page_link("pages/present.py", label="**Present: What is an embedding?**")
        st.text("A talk in ten moving pictures. Press an arrow key.")
