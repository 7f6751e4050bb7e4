"""A small page for the stage's tests: the URL, or a line of text like one, chooses the scene; buttons change it."""

import base64
import io
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from embeddings_core.scenes.large import LargeScene
from embeddings_core.scenes.scene import Link, Motion, Pictures, Points, Scene
from pages._ui.stage import load_stage, stage

st.set_page_config(layout="wide")
line = st.text_input("scene")
ask = dict(parse_qsl(line)) if line else st.query_params
name = "".join(letter if letter.isalnum() else "-" for letter in line)
case = ask.get("case", "digits")
dimensions = int(ask.get("d", "2"))
count = int(ask.get("n", "400"))
WORDS = [
    "cat",
    "dog",
    "lion",
    "tiger",
    "horse",
    "wolf",
    "paris",
    "london",
    "rome",
    "berlin",
    "tokyo",
    "madrid",
    "apple",
    "pear",
    "plum",
    "cherry",
    "grape",
    "lemon",
    "red",
    "blue",
    "green",
    "yellow",
    "black",
    "white",
    "king",
    "queen",
    "prince",
    "duke",
    "car",
    "truck",
    "train",
    "plane",
]


@st.cache_data(max_entries=8)
def digits(count: int, dimensions: int) -> tuple[np.ndarray, np.ndarray]:
    """PCA of scikit-learn's digits on a window of components that turns: real data, nine key states."""
    from sklearn.datasets import load_digits

    pixels, labels = load_digits(return_X_y=True)
    pixels, labels = pixels[:count] - pixels[:count].mean(0), labels[:count]
    _, _, axes = np.linalg.svd(pixels, full_matrices=False)
    scores = pixels @ axes[: dimensions * 2].T
    turns = np.linspace(0, np.pi / 2, 9)
    frames = [np.cos(t) * scores[:, dimensions:] + np.sin(t) * scores[:, :dimensions] for t in turns]
    return np.stack(frames).astype("f4"), labels


@st.cache_data(max_entries=8)
def word_map(dimensions: int) -> np.ndarray:
    """The first principal components of letter counts: real, small, quick."""
    counts = np.array(
        [[word.count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"] for word in WORDS], dtype=float
    )
    counts -= counts.mean(0)
    left, values, _ = np.linalg.svd(counts, full_matrices=False)
    scores = left * values
    return np.stack([scores[:, 3 : 3 + dimensions], scores[:, :dimensions]]).astype("f4")


def picture(shade: int) -> str:
    from PIL import Image

    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[..., 0], pixels[..., 1], pixels[..., 2] = (
        shade,
        np.arange(64)[None] * 4,
        np.arange(48)[:, None] * 5,
    )
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


if st.session_state.get("line") != line:  # another scene starts afresh
    st.session_state.update(line=line, selected=None, clicks=0)
selected = st.session_state.get("selected")
bar = st.columns(6)
bar[0].button("rerun")
st.session_state["reruns"] = st.session_state.get("reruns", 0) + 1
added = bar[1].toggle("add a word", key=f"add {line}")
second = bar[2].toggle("another map", key=f"another {line}")
deep = bar[3].toggle("3-D", key=f"deep {line}") or dimensions == 3
linked = bar[4].toggle("links", key=f"links {line}")
if bar[5].toggle("gone", key=f"gone {line}"):
    st.stop()

if case == "digits":
    frames, labels = digits(count, 3 if deep else 2)
    names = ("start", *(f"step {k * 10} of 80" for k in range(1, 8)), "end")
    scene = Scene(
        id=f"digits {count} {deep}",
        points=Points(
            tuple(f"{digit} #{i}" for i, digit in enumerate(labels)),
            groups=labels,
            group_names=tuple(f"digit {k}" for k in range(10)),
            selected=selected,
        ),
        motion=Motion(
            frames,
            names,
            kind="recorded",
            series=(("trust", tuple(np.linspace(0.4, 0.93, 9) ** 2)),),
            seconds=float(ask.get("seconds", "6")),
            autoplay=ask.get("autoplay", "1") == "1",
        ),
        title="Digits",
        alt="Hand-written digits",
    )
elif case == "words":
    items = list(WORDS) + (["zebra"] if added else [])
    frames = word_map(3 if deep else 2)
    if added:
        frames = np.concatenate([frames, frames[:, :2].mean(1, keepdims=True) + 0.4], axis=1)
    frames = frames[:1] if second else frames[1:]
    links = tuple(
        Link(0, row, style, rank)
        for rank, (row, style) in enumerate([(1, "neighbour"), (2, "neighbour"), (5, "dashed"), (7, "path")])
    )
    scene = Scene(
        id=f"words {added} {second} {deep}",
        points=Points(tuple(items), selected=0 if linked else selected),
        motion=Motion(frames, ("PCA",), kind="still"),
        title="Words",
        links=links if linked else (),
    )
elif case == "morph":
    frames = word_map(3 if deep else 2)
    frames = np.stack([frames[0], frames[1], frames[0] * 0.5])
    scene = Scene(
        id=f"morph {deep}",
        points=Points(
            tuple(WORDS),
            values=None if ask.get("fg") else np.linspace(0, 1, len(WORDS)).astype("f4"),
            values_title="kept neighbours",
            selected=selected,
        ),
        motion=Motion(
            frames,
            ("letters", "PCA", "half"),
            kind="morph",
            frame_groups=np.arange(len(WORDS)) % np.array([[3], [2], [1]]) if ask.get("fg") else None,
            trails=(0, 1, 2),
            seconds=float(ask.get("seconds", "6")),
        ),
    )
elif case == "many":
    rng = np.random.default_rng(0)
    group = rng.integers(0, 6, count)
    start, end = rng.normal(size=(count, 2)), rng.normal(size=(6, 2))[group] * 4 + rng.normal(size=(count, 2))
    scene = LargeScene(
        f"many {count}",
        np.stack([start, end]).astype("f4"),
        frame_names=("start", "end"),
        kind="morph",
        groups=np.where(group == selected, -1, group) if added else group,
        group_names=tuple(f"group {k}" for k in range(6)),
        autoplay=False,
        seconds=2,
    )
elif case == "images":
    frames = word_map(3 if deep else 2)[1:]
    scene = Scene(
        id=f"images {deep}",
        points=Points(tuple(WORDS), groups=np.arange(len(WORDS)) % 4, selected=selected),
        motion=Motion(frames, ("PCA",), kind="still"),
        pictures=Pictures(tuple(picture(i * 7) for i in range(len(WORDS)))),
    )
elif case == "evil":
    items = (
        '<img src=x onerror="window.__x=1">',
        "</script><script>window.__x=2</script>",
        "$\\href{javascript:1}{x}$",
        "مرحبا 🙂",
        "a" * 5000,
    )
    scene = Scene(
        id="evil",
        points=Points(items, groups=np.arange(5), group_names=items, selected=0),
        motion=Motion(
            np.random.default_rng(0).normal(size=(2, 5, 2)), ("<b>one</b>", "two"), kind="morph", seconds=1
        ),
        title="<svg onload=window.__x=3>",
    )
else:
    n = int(case)
    scene = Scene(
        id=f"few {n}",
        points=Points(tuple(WORDS[:n])),
        motion=Motion(np.zeros((1, n, 2)) + np.arange(n)[None, :, None] * 0.0, ("PCA",), kind="still"),
    )

load_stage()
keep = partial(st.session_state.__setitem__, f"chosen {line}") if case == "many" else None
event = stage(scene, key=f"map-{name}", height=int(ask.get("height", "600")), on_select=keep)
if ask.get("second") and isinstance(scene, Scene):
    below = stage(replace(scene, id=f"{scene.id} again"), key=f"second-{name}", height=420)
    st.text(f"second clicked {below.clicked}")
if event.clicked is not None:
    st.session_state["selected"] = event.clicked
    st.session_state["clicks"] += 1
    if ask.get("follow") == "1":
        st.rerun()
if case == "many":
    chosen = st.session_state.get(f"chosen {line}", np.array([], int))
    st.text(f"encircled {len(chosen)}, the rows sum up to {int(chosen.sum())}")
st.text(
    f"clicked {event.clicked} frame {event.frame} clicks {st.session_state['clicks']} reruns {st.session_state['reruns']}"
)
