"""Archives of pictures with and without a table, tensors, and the Projector's sprite."""

import base64
import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from embeddings_core.errors import BadInputError
from embeddings_core.pictures.archive import embed_archive
from embeddings_core.tables.reading import read_files, read_table
from embeddings_core.tables.table import texts_of, vectors_of
from embeddings_core.tables.uploads import read_upload


def png(shade: int, size: tuple[int, int] = (32, 24)) -> bytes:
    out = io.BytesIO()
    Image.fromarray(np.full((size[1], size[0], 3), shade, np.uint8)).save(out, "PNG")
    return out.getvalue()


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


PICTURES = {
    f"{folder}/{n}.png": png(20 * n + 7 * len(folder)) for n in range(4) for folder in ("cat", "horse")
}


def test_an_archive_of_pictures_is_a_table_with_vectors() -> None:
    table, problem = read_upload(
        [("farm.zip", packed({**PICTURES, "__MACOSX/x.png": b"", "notes.md": b"hello"}))], embed=embed_archive
    )
    assert not problem and table is not None and len(table) == 8
    assert {column.role for column in table.columns} >= {"label", "picture", "vector"}
    assert not any("notes.md" in note for note in table.notes)
    assert set(texts_of(table, "folder")) == {"cat", "horse"}
    assert vectors_of(table, "vector")[1].shape == (8, 1280)


def test_a_table_in_the_archive_joins_by_the_names_of_its_pictures() -> None:
    lines = "path,kind,weight\n" + "".join(f"img/{n}.png,kind {n % 2},{n}\n" for n in (3, 0, 2))
    pictures = {f"img/{n}.png": png(50 * n) for n in range(4)}
    table, problem = read_upload(
        [("farm.zip", packed({**pictures, "farm.csv": lines.encode()}))], embed=embed_archive
    )
    assert not problem and table is not None
    assert texts_of(table, "file") == ["0.png", "1.png", "2.png", "3.png"]
    assert texts_of(table, "weight") == ["0", "", "2", "3"]
    assert any("1 picture" in note and "not named" in note for note in table.notes)


def test_an_archive_of_tables_is_read_like_them() -> None:
    pair = packed({"vectors.tsv": b"1\t2\t3\n4\t5\t6\n", "metadata.tsv": b"name\tkind\na\tx\nb\ty\n"})
    table = read_table(pair, name="pair.zip")
    assert texts_of(table, "name") == ["a", "b"] and vectors_of(table, "vector")[1].tolist() == [
        [1, 2, 3],
        [4, 5, 6],
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 broken", "damaged"), (packed({"a.txt.exe": b"x"}), "no table"),
        (packed({f"{n}.csv": b"a\n1\n" for n in range(3)}), "holds 3 tables"),
        (packed({"a.zip": packed({"a.csv": b"a\n1\n"})}), "no table"),
    ],
)  # fmt: skip
def test_other_archives_are_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        read_table(content, name="a.zip")
    table, problem = read_upload([("a.zip", content)], embed=embed_archive)
    assert table is None and said in problem


def test_pictures_that_cannot_be_read_are_refused() -> None:
    table, problem = read_upload([("a.zip", packed({"a.png": b"no picture"}))], embed=embed_archive)
    assert table is None and "No picture" in problem


def test_tensors_are_columns_of_vectors() -> None:
    from safetensors.numpy import save

    vectors = np.random.default_rng(0).normal(size=(5, 7)).astype(np.float32)
    table = read_table(
        save({"weights": vectors, "label": np.arange(5.0), "other": np.zeros((2, 3))}), name="a.safetensors"
    )
    assert (vectors_of(table, "weights")[1] == vectors).all()
    assert any('"other" has another length' in note for note in table.notes)
    for wrong in (b"", b"nothing", save({"a": vectors})[:40]):
        with pytest.raises(BadInputError):
            read_table(wrong, name="a.safetensors")


def sprite(n: int, across: int, tile: tuple[int, int]) -> bytes:
    sheet = Image.new("L", (across * tile[0], -(-n // across) * tile[1]))
    for row in range(n):
        sheet.paste(20 * row + 10, (row % across * tile[0], row // across * tile[1],
                                    (row % across + 1) * tile[0], (row // across + 1) * tile[1]))  # fmt: skip
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(("across", "tile", "told"), [(3, (8, 8), False), (4, (8, 6), True)])
def test_the_projectors_sprite_is_a_picture_a_row(across: int, tile: tuple[int, int], told: bool) -> None:
    files = [
        ("tensors.tsv", b"".join(b"%d\t1\t2\n" % n for n in range(7))),
        ("metadata.tsv", b"".join(b"name %d\n" % n for n in range(7))),
        ("sprite.png", sprite(7, across, tile)),
    ]  # fmt: skip
    if told:
        settings = {"embeddings": [{"sprite": {"imagePath": "sprite.png", "singleImageDim": list(tile)}}]}
        files.append(("projector_config.json", json.dumps(settings).encode()))
    table = read_files(files)
    for row, cell in enumerate(texts_of(table, "picture")):
        image = Image.open(io.BytesIO(base64.b64decode(cell.partition(",")[2])))
        assert image.size == tile and np.unique(np.asarray(image.convert("L"))).tolist() == [20 * row + 10]
    assert table.of_role("picture") and table.of_role("vector")


def test_a_sprite_that_is_too_small_or_alone_is_refused() -> None:
    rows = ("a.tsv", b"".join(b"%d\t1\t2\n" % n for n in range(50)))
    with pytest.raises(BadInputError, match="no room"):
        read_files([rows, ("s.png", sprite(4, 2, (3, 3)))])
    with pytest.raises(BadInputError, match="alone"):
        read_files([("s.png", sprite(4, 2, (3, 3)))])
    with pytest.raises(BadInputError, match="2 pictures"):
        read_files([rows, ("s.png", b""), ("t.png", b"")])
