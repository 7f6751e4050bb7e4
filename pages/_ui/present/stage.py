"""The talk on a page: its slides go to the browser once, and are stepped through there without the server."""

from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from embeddings_core.talks.html import talk_html, talk_script, talk_style
from embeddings_core.talks.own_talk import OwnTalk, own_talk_json
from embeddings_core.talks.ready_talk import SLIDES, TITLE, ready_talk, ready_talk_json
from embeddings_core.talks.slides import Slide
from pages._ui import own_talk, panels, shell, state
from pages._ui.present import slide_files
from pages._ui.stage import components, plotly

KEY = "talk"
WHICH, READY, OWN = "which", "The ready talk", "Your own talk"
KEYS = (
    ("→ · space · Page Down", "one step on: the next moment of the film, or the next slide"),
    ("← · Page Up", "one step back"),
    ("↑ ↓", "one key state of the film back or on"),
    ("R", "play this film again"),
    ("Home · End", "first slide, last slide"),
    ("1 to 4", "answer a question; where something lands: click on the map, or ↑, arrows and Enter"),
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
  const { data, parentElement, setTriggerValue } = component, host = parentElement.querySelector(".talk-host");
  const known = globalThis.embeddingScenes ??= {}, events = ["embedding-stage", "embedding-talk", "embedding-scenes"];
  const asked = (Number(new URLSearchParams(location.search).get("slide")) || 1) - 1;
  host.__report = (at) => { if (at !== data.chosen) setTriggerValue("shown", at); };
  const onShown = (at) => {
    clearTimeout(host.__shown);
    host.__shown = setTimeout(() => host.__report(at), 500);
  };
  const found = (scene) => (typeof scene === "string" ? known[scene] : scene);
  const mount = () => {
    const { embeddingStage, embeddingTalk } = globalThis;
    if (!embeddingStage || !embeddingTalk) return;
    if (host.__told !== data.talk) {
      const talk = JSON.parse(data.talk);
      for (const slide of talk.slides) [slide.names, slide.scenes] = [slide.scenes, slide.scenes.map(found)];
      if (talk.slides.some(({ scenes }) => scenes.includes(undefined))) return; // a picture is still on its way
      host.__told = data.talk;
      if (host.__talk) host.__talk.refresh(talk, host.__turn === data.turn ? undefined : data.chosen);
      else {
        const own = data.chosen === null ? {} : { onShown, slide: data.chosen };
        embeddingTalk.mount(host, talk, { pages: data.pages, presenting: data.presenting, slide: asked, ...own });
      }
    }
    if (data.chosen !== null && host.__turn !== data.turn) host.__talk.turn(data.chosen);
    host.__turn = data.turn;
  };
  mount();
  for (const name of events) globalThis.removeEventListener(name, host.__mount);
  host.__mount = mount;
  for (const name of events) globalThis.addEventListener(name, mount);
  return () => {
    clearTimeout(host.__shown);
    for (const name of events) globalThis.removeEventListener(name, host.__mount);
    globalThis.embeddingTalk?.unmount(host);
    delete host.__told;
  };
}
"""
SCENE = """
export default function ({ data }) {
  const known = globalThis.embeddingScenes ??= {};
  if (data.name in known) return;
  known[data.name] = JSON.parse(data.scene);
  globalThis.dispatchEvent(new Event("embedding-scenes"));
}
"""


@cache
def player() -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    """Register the player's code, its place, and what holds one picture of an own talk, once a process.

    See `stage.components` for why these are several: what is large goes to the browser once.
    """
    code = st.components.v2.component(
        "embedding_talk_code",
        css=talk_style(),
        js=f"{talk_script()}\nexport default function () {{}}",
        isolate_styles=False,
    )
    place = st.components.v2.component(
        "embedding_talk", html="<div class='talk-host'></div>", js=MOUNT, isolate_styles=False
    )
    return code, place, st.components.v2.component("embedding_talk_scene", js=SCENE)


def loaded(talk: OwnTalk | None = None) -> None:
    """Bring into the page, out of sight, what the player needs: its code, Plotly's program, and each picture of a talk."""
    stage_code = components()[0]
    player_code, _, picture = player()
    with st.container(key="stage-loader-talk", gap=None):
        stage_code(key="talk-stage-code")
        player_code(key="talk-code")
        plotly(key="talk-plotly")
        pictures = {
            name: text for scene in (talk.scenes if talk else ()) for name, text in scene.pictures.items()
        }
        for name, text in pictures.items():
            picture(key=f"talk-scene-{name}", data={"name": name, "scene": text})


def ready() -> None:
    """Show the ready talk: it fills the window, and follows the keyboard."""
    loaded()
    talk = {"talk": ready_talk_json(), "pages": addresses(), "presenting": True, "chosen": None, "turn": ""}
    player()[1](key=KEY, data=talk)


def own(talk: OwnTalk, *, chosen: int, turn: int, on_shown: Callable[[int], object]) -> None:
    """Show an own talk in the page, at the scene that is being edited; F or its button lets it fill the window.

    The player goes to slide `chosen` whenever `turn` changes; `on_shown` gets the slide to which the keys have led.
    What it needs is brought by `loaded`, before or after.
    """

    def shown() -> None:
        if isinstance(at := state.triggered(f"{KEY}-own", "shown"), int):
            on_shown(at)

    data = {
        "talk": own_talk_json(talk),
        "pages": addresses(),
        "presenting": False,
        "chosen": chosen,
        "turn": turn,
    }
    player()[1](key=f"{KEY}-own", data=data, on_shown_change=shown)


def addresses() -> list[str]:
    """Return the addresses of the pages that a scene can be opened in."""
    return [entry.address for entry in shell.PAGES]


def which() -> str:
    """Ask which talk: the ready one, or the visitor's own; that is where one begins who has one."""
    state.default(WHICH, OWN if own_talk.talk().scenes else READY)
    return str(
        st.segmented_control(
            "Which talk",
            [READY, OWN],
            key=WHICH,
            required=True,
            bind="query-params",
            label_visibility="collapsed",
        )
    )


def below() -> None:
    """Show what stands under the talk when it does not fill the window: keys, slides, and the talk as a file."""
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Keys", anchor=False)
        keys()
        st.download_button(
            "Download the talk (HTML, plays offline)",
            data=lambda: talk_html(TITLE, ready_talk(), font=typeface()),
            file_name=f"{TITLE.removesuffix('?')}.html",
            mime="text/html",
            on_click="ignore",
        )
    with right:
        st.subheader("Slides", anchor=False)
        listed(ready_talk())
        slide_files.offer(ready_talk())


@lru_cache(maxsize=1)
def typeface() -> bytes:
    """Return the typeface of the app's pages, which Streamlit brings along (Source Sans, SIL Open Font License)."""
    files = sorted(Path(st.__file__).parent.glob("static/static/media/SourceSansVF-Upright*.woff2"))
    return files[0].read_bytes() if files else b""


def keys() -> None:
    """List what each key does while a talk is on."""
    for key, what in KEYS:
        st.text(f"{key}: {what}")


def listed(slides: tuple[Slide, ...]) -> None:
    """List the sentences of a talk."""
    for number, slide in enumerate(slides, start=1):
        panels.sentence(f"{number}. {slide.sentence}", key=f"slide-{number}")


def invitation() -> None:
    """Offer the talk: the first thing on the home page."""
    with st.container(key="invitation", border=True):
        st.page_link(
            "pages/present.py", label="**Present: What is an embedding?**", query_params={WHICH: READY}
        )
        st.text(f"A talk in {len(SLIDES)} moving pictures. Press an arrow key.")
