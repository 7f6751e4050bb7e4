"""The panel that makes files: what it says beforehand, a film from options to file, cancel, and its worker."""

import io
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from embeddings_core.errors import BadInputError, JobError
from embeddings_core.export.options import ExportOptions
from embeddings_core.export.renders import Render, Renders, fingerprint, renders
from embeddings_core.scenes.scene import Motion, Points, Scene
from embeddings_core.talks.ready_talk import ready_talk
from pages._ui import take_away
from tests.pages.reading import go_to, opened, said

SCENE = Scene(
    id="x",
    points=Points(tuple("abcdef")),
    motion=Motion(
        np.random.default_rng(0).normal(size=(3, 6, 2)), ("one", "two", "three"), kind="recorded", seconds=2.0
    ),
)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 180
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    assert true()


def ended(render: Render) -> Render:
    until(lambda: render.over)
    return render


def test_a_film_is_written_in_a_worker_of_its_own_and_can_be_cancelled() -> None:
    studio = Renders()
    try:
        made = ended(studio.begin(SCENE, ExportOptions("webp", seconds=2.0)))
        assert made.result is not None and (made.done, made.total) == (50, 50)
        with Image.open(io.BytesIO(made.result.content)) as picture:
            assert picture.format == "WEBP" and picture.size == (1280, 720)
        assert studio.pace != 2.0 and made.seconds_left() == 0
        long = studio.begin(SCENE, ExportOptions("gif", ratio=1.5, seconds=18.0))
        until(lambda: long.done > 0)
        waits = studio.begin(SCENE, ExportOptions("gif", seconds=2.0))
        until(lambda: waits.ahead == 1)
        assert re.fullmatch(
            "One film comes before yours: (a moment|about [0-9]+ (seconds|minutes)).",
            take_away.progress_text(waits),
        )
        assert "s left" in take_away.progress_text(long)
        long.stop()
        assert isinstance(ended(long).problem, JobError) and long.result is None and long.done < long.total
        assert ended(waits).result is not None  # the worker goes on with the next
    finally:
        studio.jobs.close()


def test_a_film_belongs_to_the_picture_as_it_looked() -> None:
    assert fingerprint(SCENE) == fingerprint(replace(SCENE))
    other = (
        replace(SCENE, points=replace(SCENE.points, selected=1)),
        replace(SCENE, points=replace(SCENE.points, values=np.ones(6))),
        replace(SCENE, points=replace(SCENE.points, groups=np.arange(6))),
        replace(SCENE, id="z"),
    )
    assert len({fingerprint(scene) for scene in (SCENE, *other)}) == 5


def test_too_long_a_film_never_begins() -> None:
    with pytest.raises(BadInputError, match="300"):
        Renders().begin(SCENE, ExportOptions("gif", seconds=60.0))


def test_it_says_beforehand_how_many_and_how_long() -> None:
    said = take_away.beforehand(SCENE, ExportOptions("mp4", seconds=10.0))
    assert said.startswith("300 frames, 30 a second; at most 900 are possible. Takes ")
    assert [take_away.roughly(seconds) for seconds in (2, 31, 66, 170)] == [
        "a few seconds", "about 35 seconds", "about a minute", "about 3 minutes",
    ]  # fmt: skip


def test_from_options_to_file_on_a_page(root: Path) -> None:
    at = opened(go_to(root, "one_hot"), "Share")
    assert not at.exception
    at.selectbox(key="one-hot-take-kind-True").set_value("gif").run()
    at.slider(key="one-hot-take-seconds-gif").set_value(2).run()
    headline = next(box for box in at.text_input if box.label == "Sentence on top")
    assert headline.value.startswith("One-hot vectors know no similarity")  # what the page claims
    assert "33 frames, 17 a second; at most 300 are possible." in said(at)
    headline.set_value(
        "Equal distances become meaning"
    )  # the click comes with the change, before anything is drawn
    at.button(key="one-hot-take-make").click().run()
    assert at.session_state[take_away.FILM].options.headline == "Equal distances become meaning"
    ended(at.session_state[take_away.FILM])
    at.run()
    labels = [button.proto.label for button in at.get("download_button")]
    assert any(label.startswith("Save the film (") for label in labels), labels
    at.selectbox(key="one-hot-take-kind-True").set_value("svg").run()
    assert "Save as SVG" in [button.proto.label for button in at.get("download_button")]
    assert not at.exception
    renders().jobs.close()


@pytest.mark.parametrize("page", ["sentences", "learning", "context"])
def test_every_page_with_a_stage_has_the_panel(root: Path, page: str) -> None:
    at = opened(go_to(root, page), "Share")
    assert not at.exception
    assert [box for box in at.selectbox if box.label == "File"]


def test_each_slide_of_the_talk_is_a_file(root: Path) -> None:
    at = go_to(root, "present")
    assert not at.exception
    slides = at.selectbox(key="slide-file")
    assert len(slides.options) == len(ready_talk()) == 11
    assert slides.options[0].startswith("1. An embedding is")
    slides.set_value(4).run()
    assert next(box for box in at.text_input if box.label == "Sentence on top").value.startswith("king")
    assert [box for box in at.selectbox if box.label == "Which of its pictures"]
    assert not at.exception


def test_a_still_map_offers_pictures_only(root: Path) -> None:
    kinds = [name for name in take_away.KINDS if name in ("png", "svg")]
    at = AppTest.from_function(_still)
    at.run(timeout=60)
    assert not at.exception
    assert at.selectbox[0].options == [take_away.KINDS[kind].title for kind in kinds]


def _still() -> None:
    import numpy as np

    from embeddings_core.scenes.scene import Motion, Points, Scene
    from pages._ui.take_away import panel

    panel(
        Scene(id="y", points=Points(("a", "b")), motion=Motion(np.eye(2)[None], ("now",), kind="still")),
        key="still",
        headline="long " * 500,
    )


def test_a_visitor_who_is_gone_keeps_nobody_waiting() -> None:
    studio = Renders()
    try:
        left = studio.begin(
            replace(SCENE, motion=replace(SCENE.motion, seconds=9.0)),
            ExportOptions("gif", ratio=1.5, seconds=18.0),
        )
        until(lambda: left.done > 0)
        left._seen -= 60
        waits = studio.begin(SCENE, ExportOptions("gif", seconds=2.0))
        assert isinstance(ended(left).problem, JobError)
        assert ended(waits).result is not None
    finally:
        studio.jobs.close()
