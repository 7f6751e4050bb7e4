"""The page of images and text as its visitors use it: search both ways, compare, name, close the gap."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from embeddings_core.models.image_text import encode_images, encode_texts
from embeddings_core.models.registry import load_encoder
from embeddings_core.pictures.caption_examples import CAPTION_LISTS, LABELS, every_caption
from embeddings_core.pictures.files import read_picture
from embeddings_core.pictures.image_text_space import ImageTextSpace
from embeddings_core.pictures.samples import everyday_photographs, sample_photographs
from embeddings_core.pictures.zero_shot import zero_shot
from tests.awkward import TEXTS
from tests.pages.reading import boxes, fine, go_to, ranked, said, sent

SENDABLE = {name: text for name, text in TEXTS.items() if text == text.encode("utf-8", "replace").decode()}
LENSES = ("Find", "Retrieval matrix", "What is it?", "Modality gap")
PLAIN = CAPTION_LISTS["plain names"].items


def open_page(root: Path, **query: str) -> AppTest:
    return go_to(root, "images_and_text", **({"method": "PCA"} | query))


@pytest.fixture(scope="module")
def truth() -> tuple[np.ndarray, tuple[str, ...]]:
    """Cosines of the everyday photographs (rows) with the plain captions (columns), by the plain product."""
    bridge, files = load_encoder("bridge"), everyday_photographs()
    return encode_images(bridge, files) @ encode_texts(bridge, PLAIN).T, tuple(file.name for file in files)


@pytest.mark.parametrize("lens", LENSES)
def test_every_lens_opens_on_the_live_example(root: Path, lens: str) -> None:
    at = open_page(root, match=lens)
    assert fine(at) and "a cup of coffee" in at.text_area[0].value
    assert "1,000 things it knows" in said(at) and "CLIP" in said(at)


def test_words_find_pictures_as_brute_force_does(
    root: Path, truth: tuple[np.ndarray, tuple[str, ...]]
) -> None:
    scores, names = truth
    at = open_page(root, caption="a rocket taking off")
    column = scores[:, PLAIN.index("a rocket taking off")]
    rows = sent(at, "rows")[0]
    assert [row["label"] for row in rows] == [names[i] for i in np.argsort(-column)[:7]]
    assert [row["score"] for row in rows] == [f"{column[i]:.2f}" for i in np.argsort(-column)[:7]]
    assert rows[0]["label"] == "rocket launch" and all(
        row["image"].startswith("data:image/webp") for row in rows
    )
    assert rows[0]["note"] == "very close, even for a nearest picture"
    assert rows[-1]["note"] == "not close: 90 of 100 captions have a nearer picture"


def test_a_picture_finds_words_as_brute_force_does(
    root: Path, truth: tuple[np.ndarray, tuple[str, ...]]
) -> None:
    scores, names = truth
    at = open_page(root, ask="picture → words", joint_picture="flower")
    row = scores[names.index("flower")]
    assert ranked(at) == [PLAIN[i] for i in np.argsort(-row)[:7]] and ranked(at)[0] == "a flower"
    assert "the network sees here:" in said(at)
    notes = [row["note"] for row in sent(at, "rows")[0]]
    assert notes[0].endswith(" a nearest caption") and notes[-1].endswith(" pictures have a nearer caption")


@pytest.mark.parametrize(
    ("asked", "axis", "kinds"),
    [("picture", 1, ("caption", "picture")), ("caption", 0, ("picture", "caption"))],
)
def test_the_scale_counts_those_who_ask(asked: str, axis: int, kinds: tuple[str, str]) -> None:
    space = ImageTextSpace("bridge")
    bridge = load_encoder("bridge")
    scores = encode_images(bridge, sample_photographs()) @ encode_texts(bridge, every_caption()).T
    found = space.reference() if asked == "picture" else space.nearest_pictures()
    assert (found.noun, found.whose) == kinds
    assert np.allclose(found.nearest, np.sort(scores.max(axis=axis)), atol=1e-5)


def test_shares_are_the_core_s(root: Path) -> None:
    at = open_page(root, match="What is it?", joint_picture="cat", temperature="0.1", template="this is a {}")
    cat = next(file for file in everyday_photographs() if file.name == "cat")
    expected = zero_shot(load_encoder("bridge"), [cat], LABELS, template="this is a {}", temperature=0.1)
    shown = {row["label"]: row["length"] for row in sent(at, "rows")[0]}
    assert shown == pytest.approx(dict(zip(LABELS, expected.shares[0].tolist(), strict=True)), abs=1e-4)
    assert 'Read as "this is a cat"' in said(at)


def test_a_click_on_the_list_or_the_map_looks_from_there(root: Path) -> None:
    from pages._ui.images_and_text import panels as image_text_panels

    class Fake:
        pictures = type("P", (), {"names": ("x", "y")})
        captions = ("a", "b")

    put: dict[str, object] = {}
    before, image_text_panels.state.put_all = image_text_panels.state.put_all, put.update
    try:
        look = image_text_panels.look_at(Fake())  # type: ignore[arg-type]
        look(1)
        assert put == {"ask": "picture → words", "joint_picture": "y"}
        look(2)
        assert put["ask"] == "words → pictures" and put["caption"] == "a"
        look(9)  # a label, or a centre: nothing to look from
        assert put["caption"] == "a"
    finally:
        image_text_panels.state.put_all = before


def test_a_caption_enters_while_the_others_stay(root: Path) -> None:
    at = open_page(root)
    at.text_input(key="new_caption").set_value("a warm drink").run()
    assert at.text_area[0].value.endswith("\na warm drink")
    assert (
        at.selectbox(key="caption").value == "a warm drink" and at.text_input(key="new_caption").value == ""
    )
    assert any(button.label == "Settle everyone anew" for button in at.button)
    assert ranked(at)[0] == "cup of coffee" and fine(at)
    stage = sent(at, "scene")[0]
    assert stage["items"][stage["selected"]] == "a warm drink"


@pytest.mark.parametrize("title", CAPTION_LISTS)
def test_an_example_is_one_click(visit: AppTest, title: str) -> None:
    at = visit
    at.button(key=f"captions-{title}").click().run()
    assert at.text_area[0].value.splitlines() == list(CAPTION_LISTS[title].items) and fine(at)


@pytest.fixture(scope="module")
def visit(root: Path) -> AppTest:
    """One visitor who tries many things, one after the other."""
    return open_page(root)


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("captions", ["", "a cat", "a cat\na dog"], ids=["none", "one", "two"])
@pytest.mark.parametrize("pictures", ["everyday photographs", "only mine"])
def test_little_is_the_normal_case(visit: AppTest, lens: str, captions: str, pictures: str) -> None:
    at = visit
    at.segmented_control(key="match").set_value(lens)
    at.text_area[0].set_value(captions)
    at.segmented_control(key="joint-set").set_value(pictures).run()
    assert fine(at)
    if pictures == "only mine":
        assert "Add a picture" in said(at)


def test_a_picture_of_ones_own_flies_in_and_is_asked_for_its_words(root: Path) -> None:
    at = open_page(root)
    before = sent(at, "scene")[0]["items"]
    cup, content = next(file for file in everyday_photographs() if file.name == "cup of coffee"), io.BytesIO()
    picture = Image.open(io.BytesIO(cup.content)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    picture.save(content, "PNG")
    files = [("my cup.png", content.getvalue(), "image/png"), ("empty.png", b"", "image/png")]
    boxes(at)[0].set_value(files).run()
    scene = sent(at, "scene")[0]
    n = len(everyday_photographs())
    assert scene["items"] == [*before[:n], "my cup.png", *before[n:]]
    assert scene["items"][scene["selected"]] == "my cup.png" and ranked(at)[0] == "a cup of coffee"
    assert '"empty.png": ' in said(at) and "placed among" in scene["frameNames"][0]
    assert read_picture("my cup.png", content.getvalue()).thumbnail in json.dumps(sent(at, "pictures")[0])
    assert any(button.label == "Settle everyone anew" for button in at.button)
    at.segmented_control(key="ask").set_value("words → pictures").run()
    assert "my cup.png" in ranked(at)[:2]
    for lens in LENSES[1:]:
        at.segmented_control(key="match").set_value(lens).run()
        assert fine(at)
    next(button for button in at.button if button.label == "Forget them").click().run()
    assert fine(at) and "my cup.png" not in sent(at, "scene")[0]["items"]


@pytest.mark.parametrize("picture", ["one", "two"])
def test_one_or_two_pictures_of_ones_own(root: Path, picture: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from embeddings_core.pictures import collection

    few = everyday_photographs()[: {"one": 1, "two": 2}[picture]]
    monkeypatch.setitem(collection.SETS, "everyday photographs", lambda: few)
    for lens in LENSES:
        at = open_page(root, match=lens, captions="a cat")
        assert fine(at) and len(sent(at, "scene")[0]["items"]) >= len(few) + 1


@pytest.mark.parametrize("text", SENDABLE.values(), ids=SENDABLE.keys())
def test_awkward_text_gets_a_picture_or_a_sentence(visit: AppTest, text: str) -> None:
    visit.segmented_control(key="match").set_value("Find")
    visit.segmented_control(key="joint-set").set_value("everyday photographs")
    visit.text_area[0].set_value(text[:4_000]).run()
    assert fine(visit)


@pytest.mark.parametrize(
    "name", ["script", "markdown", "emoji", "address", "path", "separators only", "duplicates"]
)
def test_awkward_labels_and_templates(visit: AppTest, name: str) -> None:
    at = visit
    at.segmented_control(key="match").set_value("What is it?").run()
    at.text_input(key="labels").set_value(TEXTS[name]).run()
    assert fine(at)
    at.text_input(key="template").set_value(TEXTS[name][:200]).run()
    assert fine(at) and "The template needs {} once" in said(at)


def test_a_long_caption_is_cut_and_the_page_says_so(root: Path) -> None:
    at = open_page(root, captions="a cat\n" + "word " * 390)
    assert "One caption is longer than this model reads (256 tokens" in said(at) and fine(at)
    assert "One text is longer" not in said(at)  # it is said once


def test_captions_that_the_bridge_does_not_read_are_said(root: Path) -> None:
    at = go_to(
        root, "images_and_text", captions="ein Hund im Schnee\n🦊\n🛶\na red kite", match="Retrieval matrix"
    )
    assert "🦊 and 🛶 are the same to this model" in said(at) and fine(at)
    assert "This model reads ein Hund im Schnee in small pieces" in said(at)


def test_a_model_that_is_not_here_is_explained_and_the_bridge_stays(root: Path) -> None:
    at = open_page(root)
    clip = next(
        title for title in at.selectbox(key="joint_model").options if title.startswith("CLIP ViT-B/32 (LAION")
    )
    at.selectbox(key="joint_model").set_value(clip).run()
    if "not on this computer" in clip:
        assert "605 MB, licence MIT" in said(at) and ranked(at)[0] == "cup of coffee"
    assert fine(at)


@pytest.mark.parametrize(
    "query",
    [
        {"match": "Nothing"}, {"ask": "evil"}, {"caption": "<img src=x>"}, {"joint_picture": "../../etc/passwd"},
        {"joint_picture": "x", "match": "What is it?"}, {"joint_model": "<script>"}, {"temperature": "abc", "match": "What is it?"},
        {"temperature": "-1", "match": "What is it?"}, {"template": "{}{}", "match": "What is it?"},
        {"template": "\x1f{}", "match": "What is it?"}, {"labels": "", "match": "What is it?"},
        {"gap_space": "9-D", "match": "Modality gap"},
        {"joint-set": "none"}, {"fitted": "\x00\n\x1fabc"}, {"captions": "\x1f" + "0" * 32},
        {"captions": "\n".join(map(str, range(300)))},
    ],
    ids=lambda query: str(query)[:60],
)  # fmt: skip
def test_a_forged_url_is_harmless(root: Path, query: dict[str, str]) -> None:
    assert fine(open_page(root, **query))


@pytest.mark.parametrize(("method", "space"), [("UMAP", "2-D"), ("UMAP", "3-D"), ("t-SNE", "2-D")])
def test_every_map_is_drawn(root: Path, method: str, space: str) -> None:
    at = open_page(root, method=method, space=space)
    assert fine(at) and "Trust" in said(at)
    scene = sent(at, "scene")[0]
    assert scene["kind"] == "recorded" and len(scene["frameNames"]) > 1
    assert sum(bool(image) for image in scene["images"]) == len(everyday_photographs())


def test_the_gap_is_the_core_s_and_compared_with_chance(root: Path) -> None:
    from embeddings_core.pictures.modality_gap import gap_by_chance, modality_gap

    bridge = load_encoder("bridge")
    images, texts = encode_images(bridge, everyday_photographs()), encode_texts(bridge, PLAIN)
    at = open_page(root, match="Modality gap")
    found, chance = modality_gap(images, texts).distance, gap_by_chance(images, texts)
    assert f"The two centres lie {found:.2f} apart" in said(at) and f"would be {chance:.2f} apart" in said(at)
    scene = sent(at, "scene")[0]
    assert scene["kind"] == "morph" and scene["series"][0][1][0] == pytest.approx(found, abs=1e-3)
    assert scene["series"][0][1][-1] == 0
