"""Scenes are checked at the door, and reach the browser as small, finite, harmless values."""

import base64
import json

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.export.map_html import PARTS as MAP_PARTS
from embeddings_core.folders import STAGE
from embeddings_core.scenes.labels import LABEL_LENGTH, label
from embeddings_core.scenes.payload import PARTS, payload_json, scene_payload, stage_script, stage_style
from embeddings_core.scenes.scene import Link, Scene, unique_keys
from embeddings_core.talks.html import PARTS as TALK_PARTS
from tests.scene_fields import scene_of

DOT, OTHER = "data:image/png;base64,AA==", "data:image/png;base64,AQ=="


def scene(n: int = 3, states: int = 2, dimensions: int = 2, **more: object) -> Scene:
    values = np.arange(states * n * dimensions, dtype=np.float32).reshape(states, n, dimensions)
    settings: dict[str, object] = {
        "id": "a",
        "items": tuple(f"item {i}" for i in range(n)),
        "frames": values,
        "frame_names": tuple(f"frame {k}" for k in range(states)),
        "kind": "recorded",
    }
    return scene_of(**{**settings, **more})


@pytest.mark.parametrize(
    "wrong",
    [
        {"frame_names": ("only one",)},
        {"items": ("a", "b")},
        {"frames": np.zeros((2, 3, 4))},
        {"frames": np.full((2, 3, 2), np.nan)},
        {"frames": np.full((2, 3, 2), np.inf)},
        {"groups": np.zeros(2, int)},
        {"values": np.zeros(4, np.float32)},
        {"keys": ("a",)},
        {"frame_groups": np.zeros((3, 3), int)},
        {"series": (("loss", (1.0,)),)},
        {"times": (0.0,)},
        {"times": (1.0, 1.0)},
        {"selected": 3},
        {"highlighted": (0, -1)},
        {"trails": (7,)},
        {"links": (Link(0, 3),)},
        {"images": ("https://example.org/cat.png",) * 3},
        {"frame_images": ((0, (DOT, DOT)),)},
        {"images": (DOT, "", ""), "frame_images": ((1, (DOT, DOT)),)},
        {"images": (DOT, "", ""), "frame_images": ((3, (DOT, DOT)),)},
        {"images": (DOT, "", ""), "frame_images": ((-3, (DOT, DOT)),)},
        {"images": (DOT, "", ""), "frame_images": ((0, (DOT,)),)},
        {"images": (DOT, "", ""), "frame_images": ((0, (DOT, DOT)), (0, (DOT, DOT)))},
        {"images": (DOT, "", ""), "frame_images": ((0, (DOT, "https://example.org/cat.png")),)},
        {"images": (DOT, "", ""), "frame_images": ((0, (DOT, "")),)},
        {"frames": np.zeros((0, 3, 2)), "frame_names": ()},
    ],
)
def test_what_does_not_fit_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInputError):
        scene(**wrong)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_few_items_are_scenes_too(n: int, dimensions: int) -> None:
    made = scene(n, 1, dimensions)
    assert made.motion.dimensions == dimensions
    assert len(scene_payload(made)["frames"]) == n * dimensions


def test_keys_are_distinct_and_the_first_keeps_its_name() -> None:
    made = scene(5, items=("cat", "cat", "cat #2", "dog", "cat"))
    assert unique_keys(made) == ("cat", "cat #3", "cat #2", "dog", "cat #4")
    assert len(set(unique_keys(scene(4, keys=("a", "a", "a", "a"))))) == 4


def test_a_picture_may_change_with_the_film() -> None:
    made = scene(images=(DOT, "", DOT), frame_images=((2, (DOT, OTHER)),))
    assert made.pictures.at(0) == (DOT, "", DOT) and made.pictures.at(1) == made.pictures.at(-1) == (
        DOT,
        "",
        OTHER,
    )
    assert made.pictures.all == (DOT, DOT, DOT, OTHER)
    plain = scene_payload(made)["scene"]
    assert plain["images"] == [DOT, "", DOT] and plain["frameImages"] == [[2, [DOT, OTHER]]]
    assert json.loads(payload_json(scene_payload(made)))["scene"]["frameImages"] == plain["frameImages"]
    assert scene().pictures.at(0) is None and scene_payload(scene())["scene"]["frameImages"] == []


def test_frames_run_frame_by_frame_item_by_item() -> None:
    """Two frames of two items in 2-D: (x, y) of item 0, of item 1, then the next frame: 0, 1, 2, … 7."""
    payload = scene_payload(scene(2, 2, 2))
    assert payload["frames"].tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert payload["frames"].dtype == np.float32


def test_numbers_survive_the_way_through_json() -> None:
    rng = np.random.default_rng(0)
    made = scene(
        4, 3, 3, frames=rng.normal(size=(3, 4, 3)), groups=np.array([0, -1, 2, 9]), priority=np.ones(4)
    )
    back = json.loads(payload_json(scene_payload(made)))
    frames = np.frombuffer(base64.b64decode(back["frames"]["base64"]), back["frames"]["dtype"])
    np.testing.assert_array_equal(frames.reshape(3, 4, 3), made.motion.frames)
    groups = np.frombuffer(base64.b64decode(back["groups"]["base64"]), back["groups"]["dtype"])
    assert groups.tolist() == [0, -1, 2, 9]
    assert "values" not in back and "frameGroups" not in back


def test_what_is_not_a_number_is_told_as_nothing() -> None:
    made = scene(3, 2, values=np.array([0.5, np.nan, np.inf]), series=(("loss", (float("nan"), 1.0)),))
    payload = scene_payload(made)
    assert np.isfinite(payload["values"]).all()
    assert payload["scene"]["series"] == [["loss", [None, 1.0]]]
    json.loads(payload_json(payload))  # allow_nan is off: it would raise


def test_moments_become_shares_of_the_film() -> None:
    """Epochs 10, 20 and 60 of 50 in all: 0, (20 - 10) / 50 = 0.2, and 1."""
    payload = scene_payload(scene(3, 3, times=(10.0, 20.0, 60.0)))
    assert payload["scene"]["times"] == [0.0, 0.2, 1.0]


def test_links_are_drawn_in_the_order_of_their_rank() -> None:
    made = scene(links=(Link(0, 1, "dashed", 2), Link(0, 2, "neighbour", 0), Link(1, 2, "path", 1)))
    assert [link[2] for link in scene_payload(made)["scene"]["links"]] == ["neighbour", "path", "dashed"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("cat", "cat"),
        ("two\nlines\tand\x00more", "two lines and more"),
        ("a\ud800b", "a b"),
        ("  wide  ", "wide"),
        ("مرحبا 🙂", "مرحبا 🙂"),
        ("line\u2028separator", "line separator"),
        ("x" * 1_000_000, "x" * (LABEL_LENGTH - 1) + "…"),
        ("<b>&$", "<b>&$"),  # harmless as text: the stage never makes HTML of it
        ("", ""),
    ],
)
def test_labels_fit_one_line(typed: str, shown: str) -> None:
    assert label(typed) == shown


def test_json_cannot_leave_its_script_element() -> None:
    words = ("</script><script>x", "<!--", "\u2028\u2029", "]]>", "&amp;", "a\ud800")
    text = payload_json(scene_payload(scene(6, items=words, keys=words)))
    assert not {"<", ">", "&", "\u2028", "\u2029"} & set(text)
    assert json.loads(text)["scene"]["items"][0] == "</script><script>x"


def test_a_film_of_2000_points_and_9_states_fits_in_200_kilobytes() -> None:
    """2,000 × 9 × 2 × 4 bytes are 144,000; the words and the rest have 56,000."""
    rng = np.random.default_rng(0)
    words = tuple(f"word{i:05d}" for i in range(2000))
    payload = scene_payload(
        scene(2000, 9, items=words, frames=rng.normal(size=(9, 2000, 2)), groups=np.arange(2000) % 8)
    )
    arrays = sum(value.nbytes for name, value in payload.items() if name != "scene")
    assert 144_000 < arrays + len(json.dumps(payload["scene"])) < 200_000


def test_the_program_is_all_there() -> None:
    # the talk and the map of a table are played on top of the stage
    assert {path.stem for path in STAGE.glob("*.js")} == {*PARTS, *TALK_PARTS, *MAP_PARTS}
    script = stage_script()
    assert "innerHTML" not in script and "insertAdjacentHTML" not in script and "eval(" not in script
    assert "import " not in script.replace("no file imports", "") and "fetch(" not in script
    assert ".stage" in stage_style() and "url(" not in stage_style()
