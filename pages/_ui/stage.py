"""The stage on a page: one animated map that stays alive while scenes change under it.

How the code reaches the browser: Streamlit finds a declared asset folder only in a package whose import
name is the project's name, which an editable install of this project is not. So the code is a component of
its own that draws nothing and whose message never changes: Streamlit sends it once, and a hash after that.
So do thumbnails: a third component holds them by name, and the map's message holds the scene with their
names alone. The places of a map of very many points go the same way: colours change over them without sending them again.
All use the public interface only, and work under AppTest.
"""

import base64
import binascii
import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import streamlit as st

from embeddings_core.export.html import film_html
from embeddings_core.scenes.labels import label
from embeddings_core.scenes.large import LargeScene
from embeddings_core.scenes.payload import scene_payload, stage_script, stage_style
from embeddings_core.scenes.scene import Scene, unique_keys
from embeddings_core.spaces.vectors import IntArray
from pages._ui import state

if TYPE_CHECKING:
    import plotly.graph_objects as go

MOUNT = """
export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const host = parentElement.querySelector(".stage-host");
  const film = () => document.querySelector(`.st-key-${data.film} button`);
  const options = {
    onClick: (click) => setTriggerValue("clicked", click),
    onSelect: data.select ? (chosen) => setTriggerValue("selected", chosen) : undefined,
    hides: data.select,
    saveFilm: data.film ? () => film()?.click() : null,
  };
  const whole = () => (data.held ? { ...data, ...globalThis.embeddingPlaces?.[data.held] } : pictured());
  const pictured = () => {
    const { images, frameImages } = data.scene, known = globalThis.embeddingPictures ?? {};
    if (!images) return data;
    const all = (names) => names.map((name) => known[name] ?? "");
    const changing = frameImages.map(([row, names]) => [row, all(names)]);
    return { ...data, scene: { ...data.scene, images: all(images), frameImages: changing } };
  };
  const ready = () => !data.held || globalThis.embeddingPlaces?.[data.held];
  const mount = () => ready() && globalThis.embeddingStage?.mount(host, whole(), options);
  if (!mount()) globalThis.addEventListener("embedding-stage", mount, { once: true });
  globalThis.removeEventListener("embedding-pictures", host.picturesCame);
  globalThis.removeEventListener("embedding-places", host.placesCame);
  host.picturesCame = () => { if (data.scene.images) mount(); };
  host.placesCame = (event) => { if (data.held && event.detail === data.held) mount(); };
  globalThis.addEventListener("embedding-pictures", host.picturesCame);
  globalThis.addEventListener("embedding-places", host.placesCame);
  return () => {
    globalThis.removeEventListener("embedding-pictures", host.picturesCame);
    globalThis.removeEventListener("embedding-places", host.placesCame);
    globalThis.embeddingStage?.unmount(host);
  };
}
"""
ENTER = """
// Enter shows the words that are typed, Shift and Enter begins a line; where Enter begins a line, Control and Enter shows:
// the box is left, since Streamlit takes its text over then, and no longer lies on the map
if (!globalThis.embeddingEnter) {
  globalThis.embeddingEnter = true;
  document.addEventListener("keydown", (event) => {
    const box = event.target;
    const shows = event.ctrlKey || event.metaKey ? ".st-key-typed textarea" : ".st-key-words textarea";
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !box.matches?.(shows)) return;
    event.preventDefault();
    box.blur();
  }, true);
}
// in the search of the rows Enter goes to the next hit once nothing is typed any more, and "/" goes to the box
if (!globalThis.embeddingHits) {
  globalThis.embeddingHits = true;
  const within = ".st-key-search-data input";
  let searched = "";
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches?.(within)) searched = target.value;
  }, true);
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "Enter" && !event.shiftKey && target.matches?.(within)) {
      const again = target.value.trim() && target.value === searched;
      searched = target.value;
      if (!again) return;
      event.preventDefault();
      if (!document.querySelector("[data-test-script-state='running']")) document.querySelector(".st-key-next-row button")?.click();
    } else if (key === "/" && !target.isContentEditable && !target.matches?.("input, textarea, select")) {
      const box = document.querySelector(within);
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    }
  }, true);
}
"""
PICTURES = """
export default function ({ data }) {
  const known = globalThis.embeddingPictures ??= {};
  const fresh = Object.keys(data.pictures).some((name) => !(name in known));
  Object.assign(known, data.pictures);
  if (fresh) globalThis.dispatchEvent(new Event("embedding-pictures"));
}
"""
PLACES = """
export default function ({ data, parentElement }) {
  const known = globalThis.embeddingPlaces ??= {}, { name, ...columns } = data, before = parentElement.placesName;
  if (before && before !== name) delete known[before];
  parentElement.placesName = name;
  if (known[name]) return;
  const arrays = Object.entries(columns).map(([column, table]) => [column, table.getChild("v").toArray()]);
  known[name] = Object.fromEntries(arrays);
  globalThis.dispatchEvent(new CustomEvent("embedding-places", { detail: name }));
}
"""
HELD = ("places", "names")  # arrays of a map of very many points that stay while its colours change


@dataclass(frozen=True)
class StageEvent:
    """What the visitor just did: the row that was clicked and the key state shown then; None when nothing.

    `point` is the place that was clicked on a map that asks for one.
    """

    clicked: int | None = None
    frame: int | None = None
    point: tuple[float, float] | None = None


@cache
def components() -> tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any], Callable[..., Any]]:
    """Register the code, the thumbnails, the places of many points and the map, once a process."""
    code = st.components.v2.component(
        "embedding_stage_code",
        css=stage_style(),
        js=f"{stage_script()}\n{ENTER}\nexport default function () {{}}",
        isolate_styles=False,
    )
    stage_map = st.components.v2.component(
        "embedding_stage", html="<div class='stage-host'></div>", js=MOUNT, isolate_styles=False
    )
    thumbnails = st.components.v2.component("embedding_stage_pictures", js=PICTURES)
    return code, thumbnails, st.components.v2.component("embedding_stage_places", js=PLACES), stage_map


def load_stage() -> None:
    """Bring the stage's code and Plotly's program into the page, out of sight: once, for every stage on it."""
    with st.container(key="stage-loader-page", gap=None):
        components()[0](key="stage-code")
        plotly(key="stage-plotly")


def plotly(key: str) -> None:
    """Bring Plotly's program into the page: a chart with nothing to see in it."""
    st.plotly_chart(_nothing(), key=key, theme=None, config={"staticPlot": True, "displayModeBar": False})


@cache
def _nothing() -> "go.Figure":
    """Return the chart, which Plotly checks when it is made."""
    import plotly.graph_objects as go

    return go.Figure({"data": [{"type": "scatter"}], "layout": {"height": 10, "template": "none"}})


def named(images: tuple[str, ...]) -> tuple[list[str], dict[str, str]]:
    """Give every data: URL a short name that its content decides; return the names and the URLs by name."""
    names = [hashlib.blake2b(image.encode(), digest_size=9).hexdigest() if image else "" for image in images]
    return names, {name: image for name, image in zip(names, images, strict=True) if image}


def stage(
    scene: Scene | LargeScene,
    key: str = "stage",
    *,
    height: int | None = None,
    on_click: Callable[[int], object] | None = None,
    on_place: Callable[[tuple[float, float]], object] | None = None,
    on_select: Callable[[IntArray], object] | None = None,
) -> StageEvent:
    """Show a scene on the stage named `key`: the same `scene.id` restyles, another one moves on from there.

    The page calls `load_stage` before. `height` is in pixels, with the controls; by default the page's style sheet
    decides (the stage fills the first screen). A click makes one
    rerun and is reported in that rerun only, as a row of this scene; `on_click` gets the row before
    that rerun begins, so that it can change the widgets above the map; so does `on_place` with the place on a
    scene that asks for one. With `on_select` points can be encircled on the stage; it gets their rows (rows,).
    """

    def clicked() -> None:
        did = event(state.triggered(key, "clicked"), scene)
        if on_click is not None and did.clicked is not None:
            on_click(did.clicked)
        if on_place is not None and did.point is not None:
            on_place(did.point)

    def encircled() -> None:
        if on_select is not None and (rows := selected(state.triggered(key, "selected"), scene)) is not None:
            on_select(rows)

    _, thumbnails, places, stage_map = components()
    arrays = scene_payload(scene)
    film = f"{key}-film" if len(arrays["scene"]["frameNames"]) > 1 else None
    pictures: dict[str, str] = {}
    if isinstance(scene, Scene) and scene.pictures.images is not None:
        arrays["scene"]["images"], pictures = named(scene.pictures.images)
        changing = [(row, *named(images)) for row, images in scene.pictures.frame_images]
        arrays["scene"]["frameImages"] = [[row, names] for row, names, _ in changing]
        for _, _, more in changing:
            pictures |= more
    held = {name: arrays.pop(name) for name in HELD if name in arrays}
    data = {"scene": arrays.pop("scene"), "height": height, "film": film, "select": on_select is not None}
    if held:
        data["held"] = hashlib.blake2b(b"".join(map(memoryview, held.values())), digest_size=9).hexdigest()
    data |= {name: pa.table({"v": values}) for name, values in arrays.items()}
    click = stage_map(key=key, data=data, on_clicked_change=clicked, on_selected_change=encircled).clicked
    if film or pictures or held:
        with st.container(key=f"stage-loader-{key}", gap=None):
            if film:
                film_download(scene, key=film)
            if held:
                tables = {name: pa.table({"v": values}) for name, values in held.items()}
                places(key=f"{key}-places", data={"name": data["held"], **tables})
            if pictures:
                thumbnails(key=f"{key}-pictures", data={"pictures": dict(sorted(pictures.items()))})
    return event(click, scene)


def event(click: Any, scene: Scene | LargeScene) -> StageEvent:
    """Read a click from the browser; a click on an earlier scene counts where its item is still there."""
    if not isinstance(click, dict):
        return StageEvent()
    asks = isinstance(scene, Scene) and scene.question
    if asks and click.get("id") == scene.id:
        return StageEvent(point=place(click.get("point")))
    if not isinstance(row := click.get("row"), int):
        return StageEvent()
    if click.get("id") != scene.id:
        if isinstance(scene, LargeScene):
            return StageEvent()
        keys = {name: at for at, name in enumerate(unique_keys(scene))}
        row = keys.get(str(click.get("key")), -1)
    frame = click.get("frame")
    n, frames = counts(scene)
    if not 0 <= row < n:
        return StageEvent()
    shown = frame if isinstance(frame, int) and 0 <= frame < frames else None
    return StageEvent(clicked=row, frame=shown)


def counts(scene: Scene | LargeScene) -> tuple[int, int]:
    """Return how many points and how many key states a scene has."""
    frames = scene.frames if isinstance(scene, LargeScene) else scene.motion.frames
    return frames.shape[1], len(frames)


def selected(told: Any, scene: Scene | LargeScene) -> IntArray | None:
    """Read which points were encircled, as their rows; None where that is no answer to this scene.

    Of few points the browser tells the rows, of very many one bit each, in base64: a million are 170 kB.
    """
    if not isinstance(told, dict) or told.get("id") != scene.id:
        return None
    n, _ = counts(scene)
    if isinstance(bits := told.get("bits"), str):
        try:
            packed = np.frombuffer(base64.b64decode(bits, validate=True), dtype=np.uint8)
        except binascii.Error:
            return None
        if len(packed) != (n + 7) // 8:
            return None
        return np.flatnonzero(np.unpackbits(packed, count=n, bitorder="little"))
    if not isinstance(rows := told.get("rows"), list):
        return None
    return np.array([row for row in rows if isinstance(row, int) and 0 <= row < n], dtype=np.int64)


def place(point: Any) -> tuple[float, float] | None:
    """Read a place on a flat map from the browser; None where it is none."""
    if not isinstance(point, list) or len(point) != 2:
        return None
    known = all(isinstance(value, int | float) and math.isfinite(value) for value in point)
    return (float(point[0]), float(point[1])) if known else None


def film_download(scene: Scene | LargeScene, key: str | None = None, *, text: str = "Film (HTML)") -> None:
    """Show a button that saves the film as one file; the file is only made when it is pressed."""
    words = "".join(letter for letter in label(scene.title) if letter.isalnum() or letter in " -_").strip()
    st.download_button(
        text,
        data=lambda: film_html(scene),
        file_name=f"{words[:60] or 'embedding film'}.html",
        mime="text/html",
        on_click="ignore",
        key=key,
    )
