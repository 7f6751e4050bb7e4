"""A scene as the browser takes it, in the app and in an exported file: plain values and a few flat arrays."""

import base64
import json
import math
import unicodedata
from typing import Any

import numpy as np

from embeddings_core.folders import STAGE
from embeddings_core.scenes.cards import card
from embeddings_core.scenes.scene import Link, Scene, unique_keys

PARTS = (
    "maths",
    "elements",
    "colours",
    "symbols",
    "words",
    "film",
    "clock",
    "view",
    "camera",
    "screen",
    "gpu",
    "raster",
    "renderers",
    "points",
    "labels",
    "links",
    "trails",
    "thumbnails",
    "marks",
    "aim",
    "plot",
    "controls",
    "card",
    "svg",
    "save",
    "transition",
    "legend",
    "input",
    "player",
    "stage",
)
LABEL_LENGTH = 80
CAPTION_LENGTH = 160  # of what is said of a key state, in two lines
TEXT_LENGTH = 400  # of a text that may take more than a line


def stage_script() -> str:
    """Return the stage's JavaScript: the parts in order, one text without imports."""
    return "\n".join((STAGE / f"{part}.js").read_text("utf-8") for part in PARTS)


def stage_style() -> str:
    """Return the stage's style sheet."""
    return (STAGE / "stage.css").read_text("utf-8")


def label(text: str, *, length: int = LABEL_LENGTH) -> str:
    """Return text fit for one line: no control characters, no lone surrogates, at most 80 (or `length`) characters."""
    kept = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter
        for letter in text[: 5 * length]
    )
    kept = " ".join(kept.split())
    return kept if len(kept) <= length else kept[: length - 1] + "…"


def scene_payload(scene: Scene) -> dict[str, Any]:
    """Return what the stage needs: "scene" holds plain values, every other entry is one flat array.

    Arrays are float32 (frames, values, sizes, priority) or int16 (groups, frame_groups); frames run frame by
    frame, item by item, coordinate by coordinate. The values fit JSON: labels are cut, numbers finite.
    """
    items = tuple(label(item) for item in scene.items)
    keys = unique_keys(scene)
    plain: dict[str, Any] = {
        "id": scene.id,
        "kind": scene.kind,
        "title": label(scene.title),
        "caption": label(scene.caption, length=CAPTION_LENGTH),
        "alt": label(scene.alt, length=TEXT_LENGTH),
        "about": [[label(name), label(value, length=TEXT_LENGTH)] for name, value in card(scene)],
        "dimensions": scene.dimensions,
        "names": [label(name, length=CAPTION_LENGTH) for name in scene.frame_names],
        "items": list(items),
        "keys": None if keys == items else list(keys),
        "groupNames": [label(name) for name in scene.group_names],
        "valuesTitle": label(scene.values_title),
        "selected": scene.selected,
        "highlighted": [int(row) for row in scene.highlighted],
        "links": [link_values(link) for link in sorted(scene.links, key=lambda link: link.rank)],
        "trails": [int(row) for row in scene.trails],
        "images": None if scene.images is None else list(scene.images),
        "frameImages": [[int(row), list(pictures)] for row, pictures in scene.frame_images],
        "series": [[label(name), [number(value) for value in values]] for name, values in scene.series],
        "times": relative(scene.times),
        "seconds": float(scene.seconds),
        "autoplay": scene.autoplay,
        "loop": scene.loop,
        "asks": scene.asks,
    }
    arrays = {"frames": np.ascontiguousarray(scene.frames, dtype=np.float32).reshape(-1)}
    for name, values, kind in (
        ("groups", scene.groups, np.int16),
        ("frame_groups", scene.frame_groups, np.int16),
        ("values", scene.values, np.float32),
        ("sizes", scene.sizes, np.float32),
        ("priority", scene.priority, np.float32),
    ):
        if values is not None:
            arrays[name] = np.nan_to_num(np.asarray(values), posinf=1, neginf=0).astype(kind).reshape(-1)
    return {"scene": plain, **arrays}


def link_values(link: Link) -> list[Any]:
    """Return a link as the stage reads it: start, end and style; of an arc also its weight, bend, category, and the
    weights of an arc that changes.
    """
    plain: list[Any] = [int(link.start), int(link.end), link.style]
    if link.style != "arc":
        return plain
    changing = [[round(float(weight), 4) for weight in link.weights]] if link.weights else []
    return [*plain, float(link.weight), float(link.bend), int(link.group), *changing]


def number(value: float) -> float | None:
    """Return a finite number, or None, which JSON can hold."""
    return float(value) if math.isfinite(value) else None


def relative(times: tuple[float, ...] | None) -> list[float] | None:
    """Return moments as shares of the whole film, from 0 to 1."""
    if times is None or len(times) < 2:
        return None
    return [(time - times[0]) / (times[-1] - times[0]) for time in times]


def payload_json(payload: dict[str, Any]) -> str:
    """Write a payload as JSON that may stand inside an HTML script element; arrays become base64."""
    plain = {
        name: {"dtype": str(value.dtype), "base64": base64.b64encode(value.tobytes()).decode()}
        if isinstance(value, np.ndarray)
        else value
        for name, value in payload.items()
    }
    text = json.dumps(plain, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    # ensure_ascii has escaped U+2028 and U+2029; these three could end the script element or open a comment
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
