"""A scene as the browser takes it, in the app and in an exported file: plain values and a few flat arrays."""

import base64
import json
from typing import Any

import numpy as np

from embeddings_core.folders import STAGE
from embeddings_core.scenes.labels import TEXT_LENGTH, label
from embeddings_core.scenes.large import LargeScene, is_large, kept_states, large_scene, large_values
from embeddings_core.scenes.links import drawn
from embeddings_core.scenes.metadata import full_metadata, metadata
from embeddings_core.scenes.scene import Motion, Points, Scene, unique_keys
from embeddings_core.scenes.scene_json import browser_values, columns

PARTS = (
    "values",
    "maths",
    "elements",
    "colours",
    "symbols",
    "words",
    "film",
    "large_film",
    "grid",
    "clock",
    "view",
    "camera",
    "screen",
    "gpu",
    "raster",
    "density",
    "density_raster",
    "density_gpu",
    "renderers",
    "points",
    "placing",
    "spreading",
    "names",
    "regions",
    "labels",
    "links",
    "trails",
    "thumbnails",
    "marks",
    "aim",
    "lasso",
    "plot",
    "flat_plot",
    "controls",
    "card",
    "svg",
    "save",
    "transition",
    "legend",
    "input",
    "player",
    "loop",
    "stage",
    "mount",
)
NOT_SENT = ("map_id",)  # of the page


def stage_script() -> str:
    """Return the stage's JavaScript: the parts in order, one text without imports."""
    return "\n".join((STAGE / f"{part}.js").read_text("utf-8") for part in PARTS)


def stage_style() -> str:
    """Return the stage's style sheet."""
    return (STAGE / "stage.css").read_text("utf-8")


def scene_payload(scene: Scene | LargeScene, *, compact: bool = True) -> dict[str, Any]:
    """Return what the stage needs: "scene" holds plain values, every other entry is one flat array.

    Names are those of the fields of `Scene` and its parts in camelCase, links are lists (`links.drawn`). Arrays are float32
    (frames, values, sizes, priority) or int16 (groups, finer, frameGroups); frames run frame by frame, item by item,
    coordinate by coordinate. The values fit JSON: labels are cut, numbers finite. A map of very many points is sent in a few
    bytes a point, as `large.py` says; without `compact` a `Scene` is sent as one of few.
    """
    if isinstance(scene, LargeScene):
        return large_payload(scene)
    if compact and is_large(scene):
        return large_payload(large_scene(scene))
    values = browser_values(scene)
    arrays = {name: values.pop(name) for name in columns()}
    keys = unique_keys(scene)
    values |= {
        "keys": None if keys == values["items"] else keys,
        "metadata": [[label(name), label(value, length=TEXT_LENGTH)] for name, value in full_metadata(scene)],
    }
    plain = {camel(name): listed(value) for name, value in values.items() if name not in NOT_SENT}
    return {"scene": plain, **{camel(name): array for name, array in arrays.items() if array is not None}}


def large_payload(scene: LargeScene) -> dict[str, Any]:
    """Return the payload of a map of very many points: the plain values of a scene without any, and the arrays of `large.py`."""
    held = kept_states(len(scene.frames), scene.count, taken=2 * scene.count)
    large, arrays = large_values(scene, states=held)
    shell = Scene(
        scene.id,
        Points((), group_names=scene.group_names, values_title=scene.values_title),
        Motion(
            np.zeros((len(held), 0, 2), np.float32), tuple(scene.frame_names[state] for state in held), kind=scene.kind,
            series=tuple((name, tuple(curve[state] for state in held)) for name, curve in scene.series),
            times=None if scene.times is None or len(held) < 2 else tuple(scene.times[state] for state in held),
            seconds=scene.seconds, autoplay=scene.autoplay, loop=scene.loop,
        ),
        title=scene.title, alt=scene.alt, caption=scene.caption,
        metadata=metadata(scene.metadata, Items=dict(scene.metadata).get("Items") or f"{scene.count:,} points"),
    )  # fmt: skip
    links = [drawn(link) for link in sorted(scene.links, key=lambda link: link.rank)]
    plain = {**scene_payload(shell)["scene"], "selected": scene.selected, "links": links, "large": large}
    return {"scene": plain, **arrays}


def camel(name: str) -> str:
    """Return a name as JavaScript writes it.

    >>> camel("frame_names")
    'frameNames'
    """
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def listed(value: Any) -> Any:
    """Return plain values as JSON has them: lists in place of tuples."""
    return [listed(each) for each in value] if isinstance(value, tuple | list) else value


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
