"""The images page as its visitors use it: every lens, uploads good and bad, few pictures, forged addresses."""

import io
import struct
import zipfile
import zlib
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from embeddings_core.models import downloads
from embeddings_core.models.registry import load_encoder
from embeddings_core.pictures.embed import embed_images
from embeddings_core.pictures.samples import sample_digits, sample_images, sample_photographs
from embeddings_core.spaces.vectors import unit
from pages._ui import model_menu, own_pictures
from tests.pages.reading import boxes, fine, go_to, opened, ranked, said, sent

LENSES = ("Neighbours", "Clusters", "Two models", "Probe", "Depth", "Numbers")
PNG = "image/png"


def open_images(root: Path, **query: str) -> AppTest:
    return go_to(root, "images", **({"method": "PCA"} | query))


def picture(seed: int, side: int = 40) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def upload(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    return boxes(at)[0].set_value([(name, content, PNG) for name, content in files]).run()


def bomb() -> bytes:
    """Return a PNG of 30,000 × 30,000 pixels in some hundred bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"0" * 99))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("lens", LENSES)
def test_every_lens_opens_on_the_sample_set(root: Path, lens: str) -> None:
    at = open_images(root, look=lens)
    assert fine(at)
    assert ("Trust" in said(at)) and (
        ("over the film" in said(at)) == (lens == "Depth")
    )  # each stage has its own map
    changing = {name for _, names in sent(at, "scene")[0]["frameImages"] for name in names}
    assert len(changing) == (12 if lens == "Probe" else 0)  # every 30 degrees; 360 is the picture itself
    sent_pictures = sent(at, "pictures")[0]
    assert len(sent_pictures) == len({file.thumbnail for file in sample_images()}) + len(changing)
    assert changing <= sent_pictures.keys()


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("count", [1, 2, 4])
def test_few_pictures_are_the_normal_case(root: Path, lens: str, count: int) -> None:
    at = open_images(root, look=lens, **{"images-set": "only mine"})
    assert fine(at) and "There are no pictures yet" in said(at)
    upload(at, *((f"{seed}.png", picture(seed)) for seed in range(count)))
    assert fine(at), said(at)
    assert f"{count} of 200 pictures of your own" in said(at)


def test_own_pictures_are_their_own_set_on_every_page_that_shows_pictures(root: Path) -> None:
    at = open_images(root)
    upload(at, *((f"{seed}.png", picture(seed)) for seed in range(4)))
    names = {f"{seed}.png" for seed in range(4)}
    assert set(sent(at, "scene")[0]["items"]) == names
    at.switch_page("pages/images_and_text.py").run()
    captions = set(at.text_area(key="captions").value.split("\n"))
    assert set(sent(at, "scene")[0]["items"]) - captions == names and fine(at)
    at.segmented_control(key="joint-set").set_value("digits").run()
    assert len(sent(at, "scene")[0]["items"]) > 20  # what is chosen then stays


@pytest.mark.parametrize(
    "model", ["Raw pixels", "Colour histogram", "ResNet50 (not on this computer: 103 MB, BSD-3-Clause)"]
)
@pytest.mark.parametrize("lens", ["Two models", "Depth", "Numbers"])
def test_every_model_can_be_chosen(root: Path, model: str, lens: str) -> None:
    at = open_images(root, look=lens, eyes=model, **{"images-set": "photographs"})
    assert fine(at)
    if "not on" in model:
        assert "can be fetched once: 103 MB, licence BSD-3-Clause" in said(at)


@pytest.mark.parametrize(
    ("link", "chosen"),
    [
        ("Raw pixels (not on this computer: 1 MB, MIT)", "Raw pixels"),
        ("ResNet50", "ResNet50 (not on this computer: 103 MB, BSD-3-Clause)"),
    ],
)  # fmt: skip
def test_a_link_from_another_computer_keeps_its_model(root: Path, link: str, chosen: str) -> None:
    """And so does the menu when a model has arrived: then its title loses the price."""
    at = open_images(root, eyes=link, **{"images-set": "photographs"})
    assert at.selectbox(key="eyes").value == chosen and fine(at)


@pytest.mark.parametrize(
    "name", ["ResNet50", "DINOv2", "Vision Transformer B/16", "CLIP ViT-B/32 (LAION-2B)", "SigLIP"]
)
def test_a_model_that_is_not_here_is_priced_and_fetched_on_request_only(
    root: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Size and licence before, a button, and without a connection a sentence; the bundled network stays."""
    monkeypatch.setattr(model_menu, "fetch", partial(downloads.fetch, answers=lambda address: False))
    at = open_images(root, **{"images-set": "photographs"})
    title = next(option for option in at.selectbox(key="eyes").options if option.startswith(name))
    assert "not on this computer: " in title and " MB, " in title
    at.selectbox(key="eyes").set_value(title).run()
    assert "It can be fetched once: " in said(
        at
    ) and "Until then EfficientNet-Lite0 looks at the pictures" in said(at)
    assert sent(at, "scene") and fine(at)
    next(button for button in at.button if button.label.startswith("Download ")).click().run()
    assert "there is no connection to fetch it" in said(at) and not at.exception


def test_the_gallery_is_brute_force(root: Path) -> None:
    files = sample_digits()
    at = open_images(root, picture=files[7].name, **{"images-set": "digits"})
    vectors = unit(embed_images(files, load_encoder("efficientnet-lite0")).vectors)
    scores = vectors @ vectors[7]
    scores[7] = -2
    expected = np.argsort(-scores, kind="stable")[:7]
    rows = sent(at, "rows")[0]
    assert [row["label"] for row in rows] == [files[row].name for row in expected]
    assert [row["score"] for row in rows] == [f"{scores[row]:.2f}" for row in expected]
    assert [row["image"] for row in rows] == [files[row].thumbnail for row in expected]
    assert all("photo" in row["note"] for row in rows)


def test_an_upload_flies_in_while_the_others_stay(root: Path) -> None:
    at = open_images(root, **{"images-set": "photographs"})
    mirrored = io.BytesIO()
    cat = next(file for file in sample_images() if file.name == "cat")
    Image.open(io.BytesIO(cat.content)).transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(mirrored, "PNG")
    before = sent(at, "scene")[0]["items"]
    upload(at, ("my cat.png", mirrored.getvalue()), ("broken.png", b"\x89PNG nothing"))
    after = sent(at, "scene")[0]["items"]
    assert after == [*before, "my cat.png"]
    assert at.selectbox(key="picture").value == "my cat.png" and ranked(at)[0] == "cat"
    assert '"broken.png": ' in said(at)
    assert not boxes(at)[0].value  # read, and the bytes are let go
    assert any(button.label == "Settle everyone anew" for button in at.button)
    at.run()
    assert sent(at, "scene")[0]["items"] == after
    next(button for button in at.button if button.label == "Dismiss").click().run()
    assert '"broken.png": ' not in said(at)
    next(button for button in at.button if button.label == "Forget them").click().run()
    assert sent(at, "scene")[0]["items"] == before and fine(at)


def test_pictures_of_ones_own_are_a_set_of_their_own_and_the_address_says_that_it_needs_them(
    root: Path,
) -> None:
    at = upload(open_images(root), *((f"{seed}.png", picture(seed)) for seed in range(5)))
    assert sent(at, "scene")[0]["items"] == [f"{seed}.png" for seed in range(5)]
    assert "5-" in str(at.query_params["mine"]) and "2 hours" in said(at) and any(sent(at, "visit"))
    assert "5 pictures of your own, which are here only" in said(opened(at, "Share"))
    next(button for button in at.button if button.label == "Forget them").click().run()
    assert "which are here only" not in said(at)
    assert "mine" not in at.query_params and "somebody's own" not in said(at) and not any(sent(at, "visit"))
    elsewhere = open_images(root, mine="5")
    assert "made with 5 pictures of somebody's own" in said(elsewhere) and fine(elsewhere)
    forged = open_images(root, mine="<b>x</b>")
    assert "somebody's own" not in said(forged) and fine(forged)


def test_own_pictures_come_back_to_the_browser_that_has_the_token(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = upload(open_images(root), *((f"{seed}.png", picture(seed)) for seed in range(4)))
    (token,) = filter(None, sent(at, "visit"))
    monkeypatch.setattr(type(st.context), "cookies", {own_pictures.COOKIE: token})
    again = open_images(root, mine="4", **{"images-set": "only mine"})
    assert sent(again, "scene")[0]["items"] == [f"{seed}.png" for seed in range(4)]
    monkeypatch.setattr(type(st.context), "cookies", {own_pictures.COOKIE: "guessed"})
    assert "somebody's own" in said(open_images(root, mine="4"))


def test_a_folder_becomes_groups_and_another_sample_set_another_map(root: Path) -> None:
    at = open_images(root, **{"images-set": "only mine"})
    files = [
        (f"pets/{kind}/{seed}.png", picture(seed), PNG) for seed, kind in enumerate(("cats", "dogs", "cats"))
    ]
    boxes(at)[1].set_value([*files, ("pets/notes.txt", b"no picture", "text/plain")]).run()
    scene = sent(at, "scene")[0]
    assert scene["items"] == ["0.png", "1.png", "2.png"] and scene["groupNames"] == ["cats", "dogs"]
    assert '"notes.txt": ' in said(at) and fine(at)
    at.segmented_control(key="images-set").set_value("photographs").run()
    assert len(sent(at, "scene")[0]["items"]) == 3 + len(sample_photographs())
    assert not any(button.label == "Settle everyone anew" for button in at.button)  # drawn for all of them


def test_dense_groups_of_the_map_are_those_of_the_method(root: Path) -> None:
    at = open_images(
        root, look="Clusters", **{"picture-groups-by": "density", "images-set": "a mix", "method": "UMAP"}
    )
    scene = sent(at, "scene")[0]
    count = len(scene["groupNames"])
    assert fine(at) and count >= 2
    assert f"{count} dense groups on this map" in said(at)
    rows = sent(at, "rows")[0]
    assert [f"{number} like {row['label']}" for number, row in enumerate(rows, 1)] == scene["groupNames"]
    assert sum(int(row["score"]) for row in rows) <= len(scene["items"])
    counts = [(row["note"].count("digit"), int(row["score"])) for row in rows]
    alone = [score for digits, score in counts if digits == score]
    assert len(alone) >= 2 and sum(alone) >= 15, counts  # half of the digits keep to themselves


def test_hostile_files_are_named_and_the_good_one_goes_through(root: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("../../out.png", picture(5))
        packed.writestr("zeros.png", bytes(60 * 2**20))
        packed.writestr("inside.png", picture(6))
    at = open_images(root, **{"images-set": "only mine"})
    upload(
        at,
        ("bomb.png", bomb()), ("empty.png", b""), ("<script>alert(1)</script>.png", picture(1)), ("cut.png", picture(2)[:-40]),
        ("archive.zip", archive.getvalue()), ("$x$ **bold**\u202e.png", picture(3)), ("copy.png", picture(3)),
    )  # fmt: skip
    assert fine(at)
    assert sent(at, "scene")[0]["items"] == ["script>.png", "inside.png", "$x$ **bold**.png (× 2)"]
    for name in ("bomb.png", "empty.png", "cut.png"):
        assert f'"{name}": ' in said(at)
    assert "more." in said(at)  # five lines are not all shown at once


def test_uploads_are_not_shared_between_visitors(root: Path) -> None:
    first, second = (open_images(root, **{"images-set": "only mine"}) for _ in range(2))
    upload(first, ("mine.png", picture(1)), ("too.png", picture(2)))
    assert sent(first, "scene")[0]["items"] == ["mine.png", "too.png"]
    assert "There are no pictures yet" in said(second.run())
    upload(second, ("other.png", picture(1)))
    assert sent(second, "scene")[0]["items"] == ["other.png"]


def test_an_upload_stays_for_the_other_page(root: Path) -> None:
    at = open_images(root)
    upload(at, ("mine.png", picture(1)))
    at.switch_page("pages/words.py").run()
    at.switch_page("pages/images.py").run()
    assert "mine.png" in sent(at, "scene")[0]["items"]


@pytest.mark.parametrize(
    "query",
    [
        {"look": "Nothing"}, {"eyes": "<script>"}, {"picture": "<img src=x>"}, {"picture": "\x00"}, {"images-set": "../../etc"},
        {"change": "evil", "look": "Probe"}, {"eye": "x", "look": "Two models"}, {"near-pictures": "99999"},
        {"picture-groups-k": "0", "look": "Clusters"}, {"space": "4-D"}, {"pictures-fitted": "x"}, {"fitted": "a\nb"},
        {"pictures-uploaded": "x"}, {"images-turn": "-1"}, {"pictures-owner": "somebody"},
    ],
    ids=str,
)  # fmt: skip
def test_a_forged_url_is_harmless(root: Path, query: dict[str, str]) -> None:
    at = open_images(root, **({"images-set": "photographs"} | query))
    assert fine(at)
    assert sent(at, "scene")
