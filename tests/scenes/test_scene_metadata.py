"""The metadata of a scene: on every picture, true to its kind of film, and plain text in the payload."""

from dataclasses import replace

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.export.html import film_html
from embeddings_core.scenes.maps import home_scene
from embeddings_core.scenes.metadata import MEANINGLESS, described, full_metadata, metadata_line
from embeddings_core.scenes.payload import scene_payload
from embeddings_core.scenes.scene import Motion, Points, Scene
from embeddings_core.talks.ready_talk import ready_talk

TWO = Scene(
    id="x",
    points=Points(("cat", "dog")),
    motion=Motion(np.zeros((2, 2, 2), np.float32), ("a", "b"), kind="morph"),
    alt="Two words",
)


def test_a_card_always_names_the_items_and_the_kind_of_film() -> None:
    assert dict(full_metadata(TWO))["Items"] == "2 items: cat, dog" and dict(full_metadata(TWO))[
        "Film"
    ].startswith("morph")
    still = replace(
        TWO,
        metadata=(("Film", "recorded"),),
        motion=replace(TWO.motion, frames=TWO.motion.frames[:1], frame_names=("a",)),
    )
    assert (
        dict(full_metadata(still))["Film"] == "a still picture"
    )  # what the scene is wins over what was written


def test_the_card_is_text_for_those_who_do_not_see_and_a_line_under_exports() -> None:
    told = replace(
        TWO, metadata=(("Model", "MiniLM"), ("Seed", "3"), ("Trust", "0.90: of each"), ("Axes", "a b: c"))
    )
    assert described(told).startswith(
        "Two words. Items: 2 items: cat, dog. Model: MiniLM. Seed: 3. Film: morph"
    )
    assert metadata_line(told) == "2 items · MiniLM · seed 3 · morph · trust 0.90 · a b: c"


@pytest.mark.parametrize("rows", [(("only a name",),), (("a name", 3),)])
def test_a_row_is_a_pair_of_texts(rows: object) -> None:
    with pytest.raises(BadInputError, match="name and a value"):
        replace(TWO, metadata=rows)


def test_the_payload_carries_the_card_as_plain_text() -> None:
    nasty = "</script><img src=x onerror=alert(1)>\x00\ud800"
    sent = scene_payload(replace(TWO, metadata=(("Model", nasty * 40),)))["scene"]["metadata"]
    _, value = next(row for row in sent if row[0] == "Model")
    assert len(value) == 400 and "\x00" not in value and "\ud800" not in value
    page = film_html(replace(TWO, metadata=(("Model", nasty),)))
    assert "onerror=alert(1)>" not in page and "\\u003cimg" in page


def test_every_scene_of_the_ready_talk_says_what_it_is() -> None:
    for scene in (scene for slide in ready_talk() for scene in slide.scenes):
        rows = dict(full_metadata(scene))
        assert rows.keys() >= {"Items", "Model", "Numbers", "Film", "Axes"}, scene.id
        if "UMAP" in rows.get("Picture", ""):
            assert rows.keys() >= {"Seed", "Settings", "Trust"} and rows["Axes"] == MEANINGLESS, scene.id
        assert all(
            value in described(scene) or value.rstrip(".") in described(scene) for value in rows.values()
        )


def test_the_home_film_tells_everything() -> None:
    rows = dict(full_metadata(home_scene()))
    assert set(rows) >= {
        "Items",
        "Model",
        "Numbers",
        "Nearness",
        "Picture",
        "Settings",
        "Seed",
        "Film",
        "Trust",
        "Axes",
    }
    assert rows["Axes"] == "axes mean nothing; nearness does" and rows["Film"].startswith("recorded")
