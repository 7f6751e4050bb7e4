"""Whole uploads: the good files go through, each bad one is named, doubles are counted, archives can do no
harm."""

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from embeddings_core.errors import BadInputError
from embeddings_core.pictures.embed import embed_images
from embeddings_core.pictures.files import MEMBERS, open_images, read_picture
from embeddings_core.pictures.samples import digit_pixels, sample_digits, sample_images, sample_photographs
from embeddings_core.spaces.images import open_image
from embeddings_core.spaces.texts import clean_label


def picture(seed: int, *, side: int = 32, kind: str = "PNG") -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind)
    return buffer.getvalue()


def archive(members: dict[str, bytes], *, compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def names(upload: list[tuple[str, bytes]]) -> list[str]:
    return [file.name for file in open_images(upload).files]


def test_good_files_go_through_and_bad_ones_are_named() -> None:
    batch = open_images(
        [
            ("a.png", picture(1)),
            ("empty.png", b""),
            ("cut.jpg", picture(2, kind="JPEG")[:-30]),
            ("mislabelled.png", picture(3, kind="JPEG")),  # a JPEG in truth: by content it is fine
            ("notes.png", b"only text"),
            ("b.webp", picture(4, kind="WEBP")),
        ]
    )
    assert [file.name for file in batch.files] == ["a.png", "mislabelled.png", "b.webp"]
    assert len(batch.problems) == 3
    for name, sentence in zip(("empty.png", "cut.jpg", "notes.png"), batch.problems, strict=True):
        assert sentence.startswith(f'"{name}": ')
        assert sentence.endswith(".")


def test_doubles_share_an_entry_with_a_count() -> None:
    same = picture(1)
    batch = open_images(
        [("a.png", same), ("b.png", picture(2)), ("copy of a.png", same), ("x.zip", archive({"a": same}))]
    )
    assert [(file.name, file.count) for file in batch.files] == [("a.png", 3), ("b.png", 1)]
    assert batch.notes == ("2 copies of the same content share a point.",)


def test_an_archive_is_opened_with_its_folders_as_groups() -> None:
    content = archive(
        {
            "cats/one.png": picture(1),
            "dogs/two.png": picture(2),
            "__MACOSX/cats/._one.png": b"junk",
            "readme.txt": b"hello",
            "inner.zip": archive({"three.png": picture(3)}),
        }
    )
    batch = open_images([("pets.zip", content), ("four.png", picture(4))])
    assert [(file.name, file.group) for file in batch.files] == [
        ("one.png", "cats"),
        ("two.png", "dogs"),
        ("four.png", ""),
    ]
    assert len(batch.problems) == 2
    assert batch.problems[0].startswith('"readme.txt" in "pets.zip": ')
    assert "unpack it first" in batch.problems[1]


@pytest.mark.parametrize(
    "climber", ["../../evil.png", "/etc/evil.png", "..\\evil.png", "C:/evil.png", "a/../../evil.png"]
)
def test_a_climbing_archive_writes_nothing_and_its_good_files_go_through(
    climber: str, tmp_path: Path
) -> None:
    content = archive({climber: picture(1), "good.png": picture(2)})
    path = tmp_path / "inside" / "climb.zip"
    path.parent.mkdir()
    path.write_bytes(content)
    batch = open_images([("climb.zip", path)])
    assert [file.name for file in batch.files] == ["good.png"]
    assert batch.problems == (
        '"evil.png" in "climb.zip": It lies outside the archive\'s own folder and was left out; pack it again.',
    )
    assert [found.name for found in tmp_path.rglob("*")] == ["inside", "climb.zip"]


def test_an_exploding_archive_is_refused_and_the_rest_goes_through() -> None:
    bomb = archive({"zeros.png": bytes(200 * 2**20)}, compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 2**20
    large = archive(
        {f"{n}.bmp": bytes(90 * 2**20) + picture(n, side=600) for n in range(3)},
        compression=zipfile.ZIP_DEFLATED,
    )
    batch = open_images([("bomb.zip", bomb), ("large.zip", large), ("good.png", picture(1))])
    assert [file.name for file in batch.files] == ["good.png"]
    assert batch.problems[0].startswith('"zeros.png" in "bomb.zip": It unpacks to more than 100 times')
    assert batch.problems[1].startswith('"large.zip": The archive unpacks to 273 MB; the limit is 256 MB')


def test_an_archive_that_lies_about_a_size_is_refused() -> None:
    content = bytearray(archive({"a.png": picture(1)}, compression=zipfile.ZIP_DEFLATED))
    central = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, central + 24, 10)  # says 10 bytes
    batch = open_images([("liar.zip", bytes(content)), ("good.png", picture(2))])
    assert [file.name for file in batch.files] == ["good.png"]
    assert len(batch.problems) == 1
    assert '"a.png" in "liar.zip"' in batch.problems[0]


def test_a_damaged_or_crowded_archive_gets_a_sentence() -> None:
    whole = archive({"a.png": picture(1)})
    many = archive({f"{n}.png": b"" for n in range(MEMBERS + 1)})
    batch = open_images([("cut.zip", whole[:-30]), ("many.zip", many), ("none.zip", archive({}))])
    assert batch.files == ()
    assert batch.problems == (
        '"cut.zip": The archive is damaged; pack it again.',
        '"many.zip": The archive holds 1,001 files; the limit is 1,000. Pack it in parts.',
    )


def test_more_than_the_limit() -> None:
    batch = open_images([(f"{n}.png", picture(n, side=8)) for n in range(12)], limit=10)
    assert len(batch.files) == 10
    assert batch.notes[0] == "12 pictures; the limit is 10. The first 10 are used."


def test_names_are_labels_only() -> None:
    assert clean_label("a\u202egnp.exe\x00\ud800") == "agnp.exe"
    assert clean_label("\x00\x01") == "picture"
    assert len(clean_label("x" * 5_000)) == 80
    assert names([("../../etc/passwd", picture(1)), ("<script>.png", picture(2))]) == [
        "passwd",
        "<script>.png",
    ]


def test_a_large_photograph_keeps_a_small_working_copy() -> None:
    from skimage import data

    buffer = io.BytesIO()
    Image.fromarray(data.coffee()).resize((4000, 3000)).save(buffer, "JPEG", quality=92)
    file = read_picture("photo.jpg", buffer.getvalue())
    assert file.size == (4000, 3000)
    assert len(file.content) < 250_000 < len(buffer.getvalue())
    assert open_image(file.content).size == (500, 375)
    small = picture(1)
    assert read_picture("small.png", small).content is small  # small files stay as they are


def test_streams_progress_and_an_empty_upload() -> None:
    seen: list[tuple[int, int]] = []
    batch = open_images(
        ((f"{n}.png", io.BytesIO(picture(n))) for n in range(3)), progress=lambda d, t: seen.append((d, t))
    )
    assert len(batch.files) == 3
    assert seen == [(0, 0), (1, 0), (2, 0)]
    assert open_images([]).files == ()


def test_the_samples_are_real_files_with_sources() -> None:
    photographs, digits = sample_photographs(), sample_digits(5)
    assert len(photographs) >= 20
    assert len(digits) == 50
    assert all(file.name and file.group and file.source for file in (*photographs, *digits))
    assert len({file.digest for file in (*photographs, *digits)}) == len(photographs) + 50
    assert len(sample_images()) == len(photographs) + 30
    images, labels = digit_pixels()
    assert images.shape == (1797, 8, 8)
    assert labels.shape == (1797,)
    assert sum(len(file.thumbnail) for file in sample_images()) < 300_000


def test_pictures_become_an_embedding_set_with_progress() -> None:
    """Ten pictures are encoded eight and two at a time; row i is picture i."""
    from embeddings_core.models.registry import load_encoder

    files = sample_digits(1)
    seen: list[tuple[int, int]] = []
    encoder = load_encoder("pixels")
    found = embed_images(
        files, encoder, model="pixels", progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(8, 10), (10, 10)]
    assert found.items == tuple(file.name for file in files)
    assert found.groups == tuple(f"digit {digit}" for digit in range(10))
    np.testing.assert_array_equal(found.vectors, encoder(files))
    with pytest.raises(BadInputError, match="no pictures"):
        embed_images([], encoder)
    with pytest.raises(BadInputError, match="the limit is 5"):
        embed_images(files, encoder, limit=5)
