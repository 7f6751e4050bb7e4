"""Maps of very many points: what is sent of them."""

import base64
import json
from dataclasses import replace

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.limits import LARGE_MAP
from embeddings_core.scenes.large import LargeScene, kept_states
from embeddings_core.scenes.payload import payload_json, scene_payload
from embeddings_core.scenes.scene import Link, Motion, Points, Scene
from pages._ui.stage import event, selected


def scene(n: int, **more: object) -> LargeScene:
    frames = np.random.default_rng(n).normal(size=(2, n, 2)).astype(np.float32)
    return replace(LargeScene("many", frames, frame_names=("a", "b"), kind="morph"), **more)


def test_places_come_back_within_half_a_step() -> None:
    made = scene(3_000)
    sent = scene_payload(made)
    large = sent["scene"]["large"]
    places = sent["places"].reshape(2, 3_000, 2) * np.array(large["step"]) + np.array(large["low"])
    assert sent["places"].dtype == np.uint16 and large["count"] == 3_000
    assert np.abs(places - made.frames).max() <= max(large["step"]) * 0.51


@pytest.mark.parametrize(
    ("categories", "dtype"), [(254, np.uint8), (255, np.uint8), (256, np.uint16), (40_000, np.uint16)]
)
def test_categories_take_the_bytes_they_need(categories: int, dtype: type) -> None:
    groups = np.arange(-1, categories)
    sent = scene_payload(scene(len(groups), groups=groups))
    none = sent["scene"]["large"]["none"]
    assert sent["codes"].dtype == dtype and sent["codes"][0] == none == np.iinfo(dtype).max
    assert sent["codes"][1:].tolist() == list(range(categories))


def test_values_are_levels_and_what_has_none_says_so() -> None:
    values = np.array([0, 0.5, 1, np.nan, 2], np.float32)
    sent = scene_payload(scene(5, values=values, values_title="stars"))
    assert sent["codes"].tolist() == [0, 127, 254, 255, 254]
    assert sent["scene"]["large"]["levels"] == 255 and sent["scene"]["valuesTitle"] == "stars"


def test_a_million_points_are_less_than_eight_megabytes() -> None:
    n = 1_000_000
    frames = np.zeros((3, n, 2), np.float32)
    sent = scene_payload(LargeScene("m", frames, frame_names=tuple("abc"), groups=np.zeros(n, np.int64)))
    assert sum(array.nbytes for name, array in sent.items() if name != "scene") <= 8_000_000
    assert sent["scene"]["frameNames"] == ["c"] and sent["scene"]["items"] == []
    assert kept_states(9, 500_000, taken=0) == (0, 2, 5, 8)


def test_a_scene_of_very_many_points_is_sent_in_few_bytes_of_its_own_accord() -> None:
    n = LARGE_MAP + 1
    frames = np.random.default_rng(0).normal(size=(1, n, 2))
    many = Scene(
        "s",
        Points(tuple(f"row  {i}\n" for i in range(n)), groups=np.arange(n) % 3, group_names=tuple("abc"), selected=7),
        Motion(frames, ("PCA",), kind="still"),
        links=(Link(7, 9),),
    )  # fmt: skip
    sent = scene_payload(many)
    assert "frames" not in sent and sent["scene"]["selected"] == 7
    assert sent["scene"]["links"] == [[7, 9, "neighbour"]]
    assert sent["names"].tobytes().decode().split("\n")[20] == "row 20"
    read = json.loads(payload_json(sent))
    assert base64.b64decode(read["codes"]["base64"]) == sent["codes"].tobytes()
    assert len(scene_payload(many, compact=False)["frames"]) == 2 * n
    few = replace(many.points, items=many.points.items[:-1], groups=None)
    assert "frames" in scene_payload(
        replace(many, points=few, motion=replace(many.motion, frames=frames[:, :-1]))
    )


def test_what_does_not_fit_is_refused() -> None:
    for wrong in ({"groups": np.zeros(2)}, {"names": ("a",)}, {"selected": 9}, {"links": (Link(0, 9),)}):
        with pytest.raises(BadInputError):
            scene(5, **wrong)


def test_what_was_encircled_comes_back_as_bits() -> None:
    made = scene(1_000)
    rows = np.flatnonzero(np.random.default_rng(1).random(1_000) < 0.3)
    bits = np.zeros(1_000, bool)
    bits[rows] = True
    told = base64.b64encode(np.packbits(bits, bitorder="little").tobytes()).decode()
    found = selected({"id": "many", "bits": told}, made)
    assert found is not None and found.tolist() == rows.tolist()
    for wrong in (
        {"id": "other", "bits": told},
        {"id": "many", "bits": told[:8]},
        {"id": "many", "bits": "!"},
    ):
        assert selected(wrong, made) is None
    assert event({"id": "many", "row": 999, "frame": 1}, made).clicked == 999
    assert event({"id": "many", "row": 1000}, made).clicked is None
