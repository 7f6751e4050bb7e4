"""Cells that a number, a date or a dialect would silently make into something else."""

import datetime
import io
import json
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook
from PIL import Image

from embeddings_core.errors import BadInputError
from embeddings_core.tables.packed import has_pictures
from embeddings_core.tables.reading import read_files, read_table
from embeddings_core.tables.table import texts_of, vectors_of

LONG = [1760000000000000001, 1760000000000000002, 1760000000000000003]  # ids as social networks give them


def parquet(**columns: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


def saved(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "id,text\n" + "".join(f"{each},some words\n" for each in LONG)),
        ("a.jsonl", "".join(json.dumps({"id": each, "text": "some words"}) + "\n" for each in LONG)),
        ("a.parquet", parquet(id=LONG, text=["some words"] * 3)),
    ],
)
def test_long_whole_numbers_keep_all_their_digits(name: str, content: str | bytes) -> None:
    table = read_table(content.encode() if isinstance(content, str) else content, name=name)
    assert texts_of(table, "id") == [str(each) for each in LONG]
    assert any("too many digits" in note for note in table.notes)


def test_whole_numbers_that_are_exact_stay_numbers() -> None:
    table = read_table(b"id,text\n9007199254740991,a b\n100000000000000000,c d\n-5,e f\n,g h\n")
    assert table.column("id").kind == "number" and not table.notes
    assert texts_of(table, "id")[0] == "9007199254740991"
    whole = read_table(parquet(id=[2**60, 1, None]), name="a.parquet")
    assert whole.column("id").kind == "number"


def test_moments_that_no_calendar_writes_are_left_out_and_told() -> None:
    moments = pa.array([0, 10**15, -(10**15), None], pa.timestamp("ms"))
    table = read_table(parquet(when=moments, text=list("abcd")), name="a.parquet")
    assert texts_of(table, "when") == ["1970-01-01", "", "", ""]
    assert table.notes == ('2 cells of "when" are dates outside the years 1 to 9999 (the first in row 2).',)


def test_times_of_day_and_lengths_of_time_have_no_quotation_marks() -> None:
    table = read_table(
        parquet(at=[datetime.time(3, 4)] * 2, long=[datetime.timedelta(hours=1)] * 2), name="a.parquet"
    )
    assert [texts_of(table, name)[0] for name in table.names] == ["03:04:00", "1:00:00"]


def test_a_file_without_real_numbers_is_refused() -> None:
    with pytest.raises(BadInputError, match="no real numbers"):
        read_table(saved(np.ones((5, 4), dtype=np.complex64)), name="v.npy")


def cells(text: str) -> dict[str, list[str]]:
    table = read_table(text.encode())
    return {name: texts_of(table, name) for name in table.names}


def test_a_file_of_one_column_keeps_its_commas() -> None:
    assert cells("text\nhello world\nsecond, with a comma\n") == {
        "text": ["hello world", "second, with a comma"]
    }
    assert cells("price\n1,5\n2,75\n3,25\n") == {"price": ["1.5", "2.75", "3.25"]}


ABOVE = (
    "\n\n", ";;\n", "Report 2024\n\n", "Report 2024;;\nmade by me;;\n;;\n", ";;\nReport 2024;;\n\n", "Report 2024\n",
    "Report 2024;;\nmade by me;;\n",
)  # fmt: skip


@pytest.mark.parametrize("above", ABOVE)
def test_a_title_above_a_table_is_no_header(above: str) -> None:
    said = {"text": ["foo", "bar"], "label": ["a", "b"], "n": ["1", "2"]}
    lines = f"{above}text;label;n\nfoo;a;1\nbar;b;2\n"
    assert cells(lines) == said
    book = read_table(workbook([line.split(";") for line in lines.splitlines()]), name="a.xlsx")
    assert {name: texts_of(book, name) for name in book.names} == said
    told = f'"Report 2024", is left out (down to row {above.count(chr(10))})'
    assert (told in " ".join(book.notes)) is ("Report" in above)


def workbook(rows: list[list[str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([cell or None for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_lines_above_a_table_in_two_columns_are_left_out_too() -> None:
    lines = [["shop", "Bonn"], ["day", "2 May"], [""], list("abcd"), list("1234"), list("5678")]
    for content, name in (
        (workbook(lines), "a.xlsx"),
        ("\n".join(map(",".join, lines)).encode(), "a.csv"),
    ):
        assert read_table(content, name=name).names == ("a", "b", "c", "d")


@pytest.mark.parametrize("lines", ["a;b;c\n;;\n1;2;3\n4;5;6", "a;;\n1;2;3\n4;5;6", "a;b\n1;\n;2\n3;4"])
def test_an_empty_row_does_not_make_a_header_a_title(lines: str) -> None:
    rows = [line.split(";") for line in lines.splitlines()]
    for table in (read_table(lines.encode()), read_table(workbook(rows), name="a.xlsx")):
        assert table.names[0] == "a"


def test_names_of_rows_as_r_writes_them_do_not_push_the_columns() -> None:
    found = cells('"text","label"\n"7","foo","a"\n"9","bar","b"\n')
    assert found == {"column 1": ["7", "9"], "text": ["foo", "bar"], "label": ["a", "b"]}
    assert cells("text,label\nfoo,a,\nbar,b,\n") == {"text": ["foo", "bar"], "label": ["a", "b"]}


def test_bare_numbers_have_the_shape_that_their_configuration_or_name_tells() -> None:
    numbers = np.arange(12, dtype="<f4").reshape(3, 4)
    told = json.dumps({"embeddings": [{"tensorShape": [3, 4], "tensorPath": "a/t.bytes"}]}).encode()
    wrong = json.dumps({"embeddings": [{"tensorShape": [4, 4]}, 7]}).encode()
    for files in (
        [("t.bytes", numbers.tobytes()), ("projector_config.json", told)],
        [("some_3_4d_tensors.bytes", numbers.tobytes()), ("projector_config.json", wrong)],
        [("v_3x4.bytes", numbers.tobytes()), ("metadata.tsv", b"name\tkind\na\tx\nb\ty\nc\tx\n")],
    ):
        table = read_files(files)
        vector = table.of_role("vector")[0]
        assert np.array_equal(vectors_of(table, vector.name)[1], numbers)
    assert texts_of(table, "name") == ["a", "b", "c"]
    with pytest.raises(BadInputError, match="projector_config"):
        read_files([("t.bytes", numbers.tobytes())])


def test_the_projectors_files_are_one_archive_too() -> None:
    sprite, out = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (8, 4)).save(sprite, "PNG")
    numbers = np.arange(8, dtype="<f4").reshape(2, 4)
    told = {"tensorShape": [2, 4], "tensorPath": "t.bytes", "sprite": {"singleImageDim": [4, 4]}}
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a/t.bytes", numbers.tobytes())
        archive.writestr("a/metadata.tsv", "name\tkind\none\tx\ntwo\ty\n")
        archive.writestr("a/sprite.png", sprite.getvalue())
        archive.writestr("a/projector_config.json", json.dumps({"embeddings": [told]}))
    assert not has_pictures(out.getvalue())
    table = read_files([("p.zip", out.getvalue())])
    assert [(column.role, column.filled) for column in table.columns[-2:]] == [("vector", 2), ("picture", 2)]
    assert texts_of(table, "name") == ["one", "two"]
