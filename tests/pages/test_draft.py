"""Drafts of own talks in the visitor's browser: what is sent there, what comes back, and what is done with it."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1 import AppTest

from embeddings_core.talks.own_talk import OwnTalk, as_own
from embeddings_core.talks.ready_talk import ready_talk
from embeddings_core.talks.talk_file import read_talk
from pages._ui import draft
from tests.pages.reading import boxes, fine, go_to, said, sent

STORED = Path(__file__).resolve().parents[1] / "talks" / "talk_v1.json"
OWN = {"which": "Your own talk"}


def captions(at: AppTest) -> list[str]:
    talk: OwnTalk = at.session_state["own-talk"]
    return [scene.slide.sentence for scene in talk.scenes]


def press(at: AppTest, key: str) -> AppTest:
    next(button for button in at.button if button.key == key).click().run()
    assert fine(at)
    return at


def kept(at: AppTest) -> list[dict[str, Any]]:
    """What the browser was told to keep; [] where it was told nothing."""
    found = [json.loads(element.proto.json) for element in at.get("bidi_component") if element.proto.json]
    return [data for data in found if isinstance(data, dict) and {"digest", "talk", "opened"} <= data.keys()]


def offers(at: AppTest, key: str = "own-talk-offer") -> list[Any]:
    return [each for each in at.get("bidi_component") if key in each.proto.id]


def open_draft(at: AppTest, text: Any) -> AppTest:
    """What a press on "Open it" does."""
    return report(at, "own-talk-offer", "opened", text)


def report(at: AppTest, key: str, event: str, value: Any) -> AppTest:
    """What a component's script tells."""
    (element,) = offers(at, key)
    states = at._tree.get_widget_states()
    trigger = WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{element.proto.id}__events")
    trigger.json_trigger_value = json.dumps([{"event": event, "value": value}])
    states.widgets.append(trigger)
    at._run(states)
    assert fine(at)
    return at


def test_a_changed_talk_is_sent_to_the_browser_as_its_file(root: Path) -> None:
    at = go_to(root, "words", words="cat, dog, car", method="PCA")
    assert kept(at) == []  # nothing was made, nothing is sent
    at = press(at, "words-add-to-talk")
    (first,) = kept(at)
    assert first["scenes"] == 1 and first["opened"] == [] and first["edited"] is False
    assert first["about"] == f'"My talk", beginning with "{captions(at)[0]}"'
    assert [scene.slide.sentence for scene in read_talk(first["talk"].encode()).talk.scenes] == captions(at)
    assert kept(at.run()) == [first]  # the same message, which Streamlit does not send again
    at.switch_page("pages/present.py").run()
    here = first | {"edited": True}  # on the page where it is edited
    assert kept(at) == [here | {"talk": ""}]  # the browser has it already
    assert kept(report(at, "own-talk-draft", "asked", "1")) == [here]  # or says that it has not
    (second,) = kept(press(at, "scene-duplicate"))
    assert second["scenes"] == 2 and second["digest"] != first["digest"] and second["name"] == first["name"]
    at = press(press(at, "talk-undo"), "talk-undo")
    assert [(data["scenes"], data["name"]) for data in kept(at)] == [
        (0, first["name"])
    ]  # the browser forgets it


@pytest.mark.parametrize("which", [OWN, {}])
def test_who_comes_without_a_talk_may_open_a_draft(root: Path, which: dict[str, str]) -> None:
    at = go_to(root, "present", **which)
    text = STORED.read_text("utf-8")
    assert len(offers(at)) == 1 and kept(at) == [] and "own-talk-draft-written" not in at.session_state
    at = open_draft(at, text)
    assert captions(at) == ["Nearest to cat: dog, car", "Pictures find each other."]
    assert "Scene 1 of 2" in said(at) and at.segmented_control(key="which").value == "Your own talk"
    (data,) = kept(at)
    assert data["opened"] == [draft.digest(text.encode())]  # the new draft takes the place of the old one
    assert captions(press(at, "talk-undo")) == []


def test_a_draft_is_offered_beside_a_talk_but_not_opened_over_it_unasked(root: Path) -> None:
    at = press(go_to(root, "present", **OWN), "start-from-ready")
    before = captions(at)
    assert captions(at.run()) == before == [slide.sentence for slide in ready_talk()]
    at = open_draft(at, STORED.read_text("utf-8"))
    assert len(captions(at)) == 2
    assert captions(press(at, "talk-undo")) == before


@pytest.mark.parametrize(
    "text",
    ["", "{", "<img src=x onerror=alert(1)>", '{"format": "embeddings talk"}', "\ud800", "[" * 600_000],
    ids=["nothing", "cut", "markup", "no version", "half a letter", "brackets"],
)
def test_a_broken_draft_is_a_sentence(root: Path, text: str) -> None:
    at = open_draft(go_to(root, "present"), text)
    assert captions(at) == [] and "This " in said(at) and "talk" in said(at)
    assert at.segmented_control(key="which").value == "Your own talk" and len(offers(at)) == 1
    assert "own-talk-draft-opened" not in at.session_state


@pytest.mark.parametrize("value", [7, {"a": 1}, None, ["x"]])
def test_what_is_no_text_is_no_draft(root: Path, value: object) -> None:
    at = open_draft(go_to(root, "present", **OWN), value)
    assert captions(at) == [] and "Your talk is empty" in said(at)


def test_the_good_scenes_of_a_draft_open(root: Path) -> None:
    values = json.loads(STORED.read_text("utf-8"))
    values["scenes"].insert(0, {"caption": "<script>"})
    at = open_draft(go_to(root, "present", **OWN), json.dumps(values))
    assert len(captions(at)) == 2 and "Scene 1 was left out. Its picture is missing." in said(at)
    assert kept(at)[0]["opened"] == []  # not all of it is in the talk: the browser keeps the old draft too


def test_a_talk_too_large_for_the_browser_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = press(go_to(root, "present", **OWN), "start-from-ready")
    assert "keeps drafts of up to" not in said(at)
    monkeypatch.setattr("embeddings_core.talks.talk_file.DRAFT_BYTES", 200_000)
    at = press(at, "scene-duplicate")
    (data,) = kept(at)
    assert data["talk"] is None and data["scenes"] == 12 and "and this talk is larger" in said(at)
    assert sent(at, "unsaved") == [True]  # and nothing is lost here
    assert len(captions(at)) == 12 and as_own(ready_talk()[0]).slide.sentence in captions(at)


def test_uploaded_pictures_are_in_the_draft_while_there_is_room(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = go_to(root, "images", method="PCA", **{"images-set": "only mine"})
    boxes(at)[0].set_value([("noise.png", picture(), "image/png")]).run()
    at = press(at, "images-add-to-talk")
    assert len(read_talk(kept(at)[0]["talk"].encode()).uploads) == 1
    at.switch_page("pages/present.py").run()
    assert "keeps drafts of up to" not in said(at)
    monkeypatch.setattr("embeddings_core.talks.talk_file.DRAFT_BYTES", 50_000)
    at = press(at, "scene-duplicate")
    found = read_talk(kept(at)[0]["talk"].encode())
    assert found.uploads == () and len(found.talk.scenes) == 2
    assert "the uploaded pictures are not in the draft" in said(at)


def picture() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.effect_noise((300, 300), 90).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()
