"""Talk files: what goes in comes out again, and what is broken, foreign, hostile or too much is told in a sentence."""

import base64
import io
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings_core.analysis.questions import Question
from embeddings_core.errors import BadInputError
from embeddings_core.limits import TALK_BYTES, TALK_SCENES
from embeddings_core.pictures.files import ImageFile
from embeddings_core.rebuild import talk_schema
from embeddings_core.scenes.scene import Link, Motion, Pictures, Points, Scene
from embeddings_core.scenes.scene_json import known, parts
from embeddings_core.talks import own_talk, talk_file
from embeddings_core.talks.html import talk_html
from embeddings_core.talks.own_talk import OwnScene, OwnTalk
from embeddings_core.talks.ready_talk import ready_talk
from embeddings_core.talks.slides import Fact, Slide
from embeddings_core.talks.talk_file import (
    draft_of,
    estimated_bytes,
    left_out,
    open_talk,
    read_talk,
    write_talk,
)

STORED = Path(__file__).with_name("talk_v1.json")
SCHEMA = Path(__file__).resolve().parents[2] / "assets" / "talk.schema.json"
NASTY = '</script><script>window.__x=1</script><img src=x onerror="window.__x=2">'


def encoded(kind: str, *, size: int = 8, colour: tuple[int, int, int] = (200, 30, 30)) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(buffer, kind)
    return buffer.getvalue()


def url(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


PNG, WEBP, BLUE = encoded("PNG"), encoded("WEBP"), encoded("PNG", colour=(20, 40, 220))
RICH = Scene(
    id="rich",
    points=Points(
        ("cat", "cat", "Zürich", "犬"),
        keys=("k1", "k2", "k3", "k4"),
        groups=np.array([0, 1, -1, 7]),
        group_names=("pets", "towns"),
        values=np.array([0, 0.25, 0.5, 1], np.float32),
        values_title="low to high",
        sizes=np.array([1, 2, 0.5, 1], np.float32),
        priority=np.array([4, 3, 2, 1], np.float32),
        selected=2,
        highlighted=(1, 3),
    ),
    motion=Motion(
        np.array([[[0, 1, 2], [3, 4, 5], [0.1234567, 7, 8], [9, 1e-7, 2]], [[1, 1, 1]] * 4], np.float32),
        ("start", "end"),
        kind="morph",
        frame_groups=np.array([[0, 1, 2, 3], [3, 2, 1, -1]]),
        trails=(0, 3),
        series=(("loss", (1.5, float("nan"))),),
        times=(0.0, 2.5),
        seconds=3.5,
    ),
    pictures=Pictures(
        (url("png", PNG), "", url("webp", WEBP), url("png", PNG)),
        frame_images=((2, (url("webp", WEBP), url("png", BLUE))),),
    ),
    title="a title",
    alt="what it shows",
    caption="small print",
    links=(
        Link(0, 1, "dashed", 2),
        Link(2, 3, "path", 0),
        Link(1, 3, "arc", 1, 0.5, 0.25, 2, (0.5, 0.125)),
    ),
    metadata=(("Model", "MiniLM"), ("Seed", "0")),
)
GUESS = Question("nearest", "Which is nearest to cat?", ("Zürich", "犬"), 1, "Cosine: 犬 0.5", (2, 3), 0)


def rich_talk() -> OwnTalk:
    slide = Slide(
        RICH, "A caption", "First line\nsecond line", "words?words=cat%2C+%E7%8A%AC&lens=Trust",
        facts=(Fact("a", "0.5", 0.5, 0), Fact("b", "x")),
        facts_title="Facts", aside="aside",
    )  # fmt: skip
    scenes = (
        OwnScene(slide, first=1, last=1, questions=(GUESS,), ask=0),
        *map(own_talk.as_own, ready_talk()),
    )
    return own_talk.added(OwnTalk("Meine Rede"), *scenes)


def same(first: Any, second: Any) -> bool:
    if isinstance(first, np.ndarray):
        scale = float(np.abs(first).max(initial=1e-9))
        return first.shape == second.shape and np.allclose(first, second, atol=1e-5 * scale, equal_nan=True)
    if isinstance(first, tuple):
        return len(first) == len(second) and all(map(same, first, second))
    return bool(first == second or (first != first and second != second))


def record(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(STORED.read_text("utf-8"))
    values.update(changes)
    return values


def read(values: Any) -> talk_file.OpenedTalk:
    return read_talk(json.dumps(values).encode())


def test_what_goes_in_comes_out() -> None:
    talk = rich_talk()
    opened = read_talk(write_talk(talk))
    assert opened.problems == () and opened.talk.title == "Meine Rede"
    assert len(opened.talk.scenes) == len(talk.scenes)
    for before, after in zip(talk.scenes, opened.talk.scenes, strict=True):
        assert (before.first, before.end, before.ask) == (after.first, after.end, after.ask)
        assert before.questions == after.questions
        for field in fields(Slide):
            if field.name not in ("scene", "more"):
                assert getattr(before.slide, field.name) == getattr(after.slide, field.name), field.name
    first, second = (each.scenes[0].slide.scene for each in (talk, opened.talk))
    for field in fields(Scene):
        ours, theirs = getattr(first, field.name), getattr(second, field.name)
        if field.name not in parts():
            assert same(ours, theirs), field.name
        for name in set(parts().get(field.name, ())) - {"autoplay", "loop"}:  # the player decides
            assert same(getattr(ours, name), getattr(theirs, name)), name
    again = write_talk(opened.talk)
    assert write_talk(read_talk(again).talk) == again


def test_the_file_is_for_people_too() -> None:
    text = write_talk(rich_talk()).decode()
    for line in (
        ' "format": "embeddings talk",',
        ' "version": 1,',
        '   "caption": "A caption",',
        '     "items": ["cat","cat","Zürich","犬"],',
    ):
        assert line in text.splitlines()
    assert text.count(base64.b64encode(PNG).decode()) == 1  # each thumbnail once
    assert len(text.encode()) <= estimated_bytes(rich_talk()) + 20_000


def test_the_schema_describes_what_is_written() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(SCHEMA.read_text("utf-8"))
    check = jsonschema.Draft202012Validator(schema)
    check.check_schema(schema)
    assert schema["properties"]["version"]["const"] == talk_file.VERSION
    for content in (write_talk(rich_talk()), STORED.read_bytes()):
        assert [error.message for error in check.iter_errors(json.loads(content))] == []
    for broken in (record(format="x"), record(scenes=[{"caption": "no film"}]), record(version=0)):
        assert list(check.iter_errors(broken))


def test_the_schema_is_made_of_the_types() -> None:
    """Otherwise: `python -m embeddings_core.rebuild.talk_schema`."""
    assert SCHEMA.read_text("utf-8") == talk_schema.written()
    film = talk_schema.talk_schema()["$defs"]["StoredSlide"]["properties"]["films"]["items"]["properties"]
    stored = {*known()} - {"map_id", "question", "autoplay", "loop", "metadata"} | {"about", "dimensions"}
    assert set(film) == stored  # a new field of a scene is in the schema at once
    assert all("description" in film[name] for name in stored - {"dimensions"})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("items", ["a", 7, "c"], "The picture has no usable “items” (in place 2): it should be text."),
        ("items", ["x"] * 10_001, "The picture has 10,001 items; the limit is 10,000."),
        ("kind", "real", "The picture has no usable “kind”: it should be one of recorded, morph or still."),
        ("frames", [[0, 0, 1]], "The picture has no usable “frames”: it should be 3 × 2 numbers a frame."),
        ("sizes", [1, 1, 99], "The picture has no usable “sizes”: it should be a list of numbers from 0 to 20."),
        ("about", [["a", "b"], ["Model"]], "The picture has no usable “about” (in place 2): it should be a list of 2 or "
         "more values."),
        ("seconds", "6", "The picture has no usable “seconds”: it should be a number."),
        ("seconds", 10_000, "The picture has no usable “seconds”: it should be 600 or less."),
        ("links", [[0, 1, "wavy", 0]], "The picture has no usable “style” (in place 1): it should be one of neighbour, dashed, "
         "path or arc."),
        ("frame_names", None, "The picture has no “frame_names”, and cannot be shown without; save it again."),
        ("links", [[0, 7, "path", 0]], "Rows of a scene go from 0 to 2."),
    ],
)  # fmt: skip
def test_a_sentence_says_what_is_wrong_where_and_what_to_do(name: str, value: Any, said: str) -> None:
    broken = record()
    broken["scenes"][0]["films"][0][name] = value
    assert read(broken).problems == (f"Scene 1 was left out. {said}",)


def test_a_talk_of_version_1_opens() -> None:
    opened = read_talk(STORED.read_bytes())
    assert opened.problems == () and opened.talk.title == "Version one"
    first, second = opened.talk.scenes
    assert (
        first.slide.sentence == "Nearest to cat: dog, car"
        and first.slide.page_link == "words?words=cat%2C+dog%2C+car"
    )
    assert first.slide.scene.points.items == ("cat", "dog", "car") and first.slide.scene.links[0] == Link(
        0, 1
    )
    assert (second.first, second.end, len(second.slide.scene.motion.frames)) == (
        1,
        2,
        3,
    ) and second.slide.notes == "Say this."
    assert opened.uploads and opened.uploads[0][0] == "red.png"


def test_a_talk_of_this_version_opens_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chain is walked step by step; every version since the first one has its step."""
    assert set(talk_file.UPGRADES) == set(range(1, talk_file.VERSION))

    def renamed(old: dict[str, Any]) -> dict[str, Any]:
        return {**old, "title": f"{old['title']}, upgraded from {old['version']}"}

    monkeypatch.setattr(talk_file, "VERSION", 3)
    monkeypatch.setattr(talk_file, "UPGRADES", {1: renamed, 2: renamed})
    opened = read_talk(STORED.read_bytes())
    assert (
        opened.talk.title == "Version one, upgraded from 1, upgraded from 2" and len(opened.talk.scenes) == 2
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not JSON"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "not JSON"),
        (STORED.read_bytes()[:-40], "only a part"),
        (b"[" * 400_000, "not JSON"),
        (b"[" * 600_000, "more parts"),
        (b'{"a":' * 100_000, "not JSON"),
        (b"9" * 5_000, "not JSON"),
        (b"null", "lacks the line"),
        (b'{"nbformat": 4, "cells": []}', "lacks the line"),
        (json.dumps(record(version="1")).encode(), "does not say its version"),
        (json.dumps(record(version=True)).encode(), "does not say its version"),
        (json.dumps(record(version=2)).encode(), "newer"),
        (json.dumps(record(scenes=[])).encode(), "no scenes"),
        (json.dumps(record(scenes={"a": 1})).encode(), "a list"),
        (b" " * (TALK_BYTES + 1), "20 MB"),
    ],
)  # fmt: skip
def test_what_is_no_talk_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        read_talk(content)


BREAKS: tuple[tuple[str, Any], ...] = (
    ("frames", [[0, 0, 1, 1]]),
    ("frames", [[0, 0, 1, 1, "2", 2]]),
    ("frames", [[0, 0, 1, 1, True, 2]]),
    ("frames", [[0, 0, 1, 1, float("nan"), 2]]),
    ("frames", [[0, 0, 1, 1, 1e300, 2]]),
    ("frames", [[0, 0, 1, 1, 10**400, 2]]),
    ("frames", [[0, 0, 1, 1, 2, 2], [0, 0]]),
    ("frames", []),
    ("frames", "AAAA"),
    ("frame_names", ["a", "b"]),
    ("items", [1, 2, 3]),
    ("items", ["x"] * 10_001),
    ("kind", "real"),
    ("kind", ["still"]),
    ("groups", [0.5, 0, 0]),
    ("groups", [0, 0]),
    ("groups", [0, 0, 10**6]),
    ("sizes", [1, 1, 1e6]),
    ("selected", 3),
    ("selected", "0"),
    ("highlighted", [-1]),
    ("links", [[0, 1, "wavy", 0]]),
    ("links", [[0, 9, "path", 0]]),
    ("links", [[0, 1]]),
    ("times", [3]),
    ("seconds", -1),
    ("dimensions", 4),
    ("series", [["loss"]]),
    ("about", [["Model"]]),
    ("images", [NASTY]),
    ("frame_images", [[0]]),
    ("frame_images", [["0", []]]),
    ("frame_images", [[0, [7]]]),
)


@pytest.mark.parametrize(("name", "value"), BREAKS, ids=lambda value: str(value)[:24])
def test_a_broken_scene_is_left_out_and_the_others_open(name: str, value: Any) -> None:
    broken = record()
    broken["scenes"][0]["films"][0][name] = value
    if name == "times":
        broken["scenes"][0]["films"][0]["times"] = [3, 3]
    opened = read(broken)
    assert len(opened.talk.scenes) == 1 and opened.talk.scenes[0].slide.notes == "Say this."
    assert len(opened.problems) == 1 and opened.problems[0].startswith("Scene 1 was left out. ")
    assert opened.problems[0].endswith(".") and len(opened.problems[0]) < 300


@pytest.mark.parametrize(
    "scene",
    [None, 7, "x", [], {}, {"films": []}, {"films": [None]}, {"films": {}}, {"films": [{"items": []}]}, {"caption": 3}],
)  # fmt: skip
def test_a_missing_scene_is_told_by_its_number(scene: Any) -> None:
    values = record()
    values["scenes"].insert(1, scene)
    opened = read(values)
    assert len(opened.talk.scenes) == 2
    assert [problem.split(".")[0] for problem in opened.problems] == ["Scene 2 was left out"]


def test_a_range_or_question_that_does_not_exist_is_refused() -> None:
    for change in (
        {"from": 5},
        {"to": 99},
        {"from": "1"},
        {"ask": 0},
        {"stops": [[0, 9]]},
        {"questions": [{}]},
        {"facts": [["a"]]},
    ):
        values = record()
        values["scenes"][1] |= change
        assert len(read(values).talk.scenes) == 1, change


def test_an_unknown_name_does_no_harm() -> None:
    values = record(made_by="a later program")
    values["scenes"][0]["sparkle"] = True
    values["scenes"][0]["films"][0]["glitter"] = [1, 2]
    assert len(read(values).talk.scenes) == 2 and read(values).problems == ()


def test_hostile_text_stays_text() -> None:
    values = record(title=f"{NASTY}\u202e\x00")
    scene = values["scenes"][0]
    scene |= {
        "caption": NASTY + "\ud800",
        "notes": f"{NASTY}\n\x1b[31m",
        "aside": NASTY,
        "facts_title": NASTY,
    }
    scene["films"][0] |= {
        "items": [NASTY, "=1+1", "x" * 9_000],
        "frame_names": [NASTY],
        "alt": NASTY,
        "id": NASTY,
    }
    for page, query in (
        ("javascript:alert(1)", ""),
        ("//evil.example", "a"),
        ("words", "a" * 200_000),
        ("../x", "b"),
        (7, 8),
    ):
        scene |= {"page": page, "query": query}
        opened = read(values)
        link = (
            opened.talk.scenes[0].slide.page_link
            if opened.talk.scenes[0].slide.sentence.startswith("</")
            else ""
        )
        assert link in ("", "words")
    scene |= {"page": "words", "query": "a=1\r\nSet-Cookie: x"}
    opened = read(values)
    assert opened.talk.scenes[0].slide.page_link == "words?a=1Set-Cookie: x"
    assert "\u202e" not in opened.talk.title and "\x00" not in opened.talk.title
    page = talk_html(opened.talk.title, tuple(scene.played for scene in opened.talk.scenes))
    assert page.count("<script") == 5
    assert "<" not in own_talk.own_talk_json(opened.talk).replace(NASTY, "").replace(
        NASTY.replace('"', '\\"'), ""
    )
    assert all("<" not in text for scene in opened.talk.scenes for text in scene.pictures.values())


def test_ten_thousand_scenes_get_an_answer() -> None:
    values = record()
    values["scenes"] = [values["scenes"][0]] * 10_000
    opened = read(values)
    assert len(opened.talk.scenes) == TALK_SCENES
    assert opened.problems == (
        f"The file has 10,000 scenes; the limit is {TALK_SCENES}. The first {TALK_SCENES} were looked at.",
    )


@pytest.mark.parametrize(
    "lie",
    [
        url("png", b"GIF89a" + bytes(60)),
        url("png", PNG[:20]),
        url("jpeg", PNG),
        url("png", b"<svg onload='alert(1)'/>"),
        "data:image/svg+xml;base64," + base64.b64encode(b"<svg/>").decode(),
        "data:text/html;base64,PHNjcmlwdD4=",
        "https://evil.example/x.png",
        "data:image/png;base64,%%%",
        7,
        url("png", encoded("PNG", size=2_000)),
    ],
    ids=range(10),
)  # fmt: skip
def test_an_image_that_lies_is_dropped_with_a_sentence(lie: Any) -> None:
    values = record()
    values["images"] |= {"good": url("png", PNG), "lie": lie}
    values["scenes"][0]["films"][0]["images"] = ["good", "lie", ""]
    opened = read(values)
    assert opened.problems == (
        "Scene 1: 1 picture is missing or not what the file says; a point or the unchanged picture stands there.",
    )
    images = opened.talk.scenes[0].slide.scene.pictures.images
    assert images is not None and images[0].startswith("data:image/png") and images[1:] == ("", "")


def test_a_picture_that_changes_keeps_its_states_and_a_lost_one_stays_as_it_was() -> None:
    values = record()
    film = values["scenes"][0]["films"][0]
    states = len(film["frame_names"])
    values["images"] |= {"own": url("png", PNG), "changed": url("png", BLUE)}
    film["images"] = ["own", "gone", ""]
    names = ["changed", *["lost"] * (states - 1)]
    film["frame_images"] = [[0, names], [1, names], [2, names], [-1, names], [99, names]]
    opened = read(values)
    kept = opened.talk.scenes[0].slide.scene.pictures.frame_images
    assert kept == ((0, (url("png", BLUE), *[url("png", PNG)] * (states - 1))),)
    missing = 1 + (states > 1)  # the second item's own picture, and the states after the first
    assert len(opened.problems) == 1 and opened.problems[0].startswith(f"Scene 1: {missing} picture")
    film["frame_images"] = [[0, names[:-1]]]
    assert "needs one picture a frame" in read(values).problems[0]
    del film["frame_images"]
    assert read(values).talk.scenes[0].slide.scene.pictures.frame_images == ()  # a talk from before


def test_uploaded_pictures_travel_while_there_is_room() -> None:
    small = ImageFile("cat.png", PNG, "d1", (8, 8), url("png", PNG), group="pets")
    large = ImageFile("huge.png", bytes(16 * 2**20), "d2", (8, 8), "")
    talk = rich_talk()
    assert left_out(talk, [small]) == ""
    content = write_talk(talk, uploads=[small, large])
    assert len(content) <= TALK_BYTES
    assert read_talk(content).uploads == (("pets/cat.png", PNG),)
    said = left_out(talk, [small, large])
    assert said.startswith("1 of 2 uploaded pictures is not in the file") and "20 MB" in said


def test_a_draft_is_the_same_file_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    small = ImageFile("cat.png", PNG, "d1", (8, 8), url("png", PNG), group="pets")
    large = ImageFile("huge.png", bytes(4 * 2**20), "d2", (8, 8), "")
    talk = rich_talk()
    assert draft_of(talk, uploads=[small]) == write_talk(talk, uploads=[small])
    assert draft_of(talk, uploads=[small, large]) is None  # as text it has a third more
    size = len(write_talk(talk))
    monkeypatch.setattr(talk_file, "DRAFT_BYTES", size)
    assert draft_of(talk) == write_talk(talk)
    monkeypatch.setattr(talk_file, "DRAFT_BYTES", size - 1)
    assert draft_of(talk) is None


def test_an_upload_that_is_no_data_is_told() -> None:
    opened = read(
        record(
            uploads=[
                {"name": "x.png", "image": "data:image/png;base64,%%%"},
                7,
                {"name": "../y", "image": url("png", PNG)},
            ]
        )
    )
    assert len(opened.problems) == 2 and len(opened.uploads) == 1
    assert read(record(uploads="x")).uploads == ()


def test_a_talk_too_large_for_a_file_is_told() -> None:
    words = tuple("x" * 2_000 for _ in range(10_000))
    scene = Scene(
        id="big",
        points=Points(words),
        motion=Motion(np.zeros((1, 10_000, 2), np.float32), ("",), kind="still"),
    )
    with pytest.raises(BadInputError, match="limit of a file is 20 MB"):
        write_talk(own_talk.added(OwnTalk(), OwnScene(Slide(scene, "x")), OwnScene(Slide(scene, "y"))))


def test_the_worker_opens_it_and_a_bad_file_raises_nothing() -> None:
    assert len(open_talk(STORED.read_bytes()).talk.scenes) == 2
    refused = open_talk(b"nothing")
    assert refused.talk.scenes == () and "no talk" in refused.problems[0]
