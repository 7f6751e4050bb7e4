"""Reading tables: every form against pandas or pyarrow on the same content, and what bad input is told."""

import csv
import io
import json
import math
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.export.rows import rows_projector
from embeddings_core.limits import CELL_CHARACTERS, TABLE_COLUMNS
from embeddings_core.tables.reading import read_files, read_table
from embeddings_core.tables.table import numbers_of, texts_of, vectors_of, with_roles

FRAME = pd.DataFrame(
    {
        "review": ["Good food, and cheap", 'She said "no"', "over\ntwo lines", "Größe, naïve, 漢字", None],
        "stars": [5, 1, 3, 4, 2],
        "price": [1.5, -2.25, 1e6, None, 0.1],
        "day": pd.to_datetime(["2024-01-31", "2024-02-29", None, "1999-12-31", "2020-05-17"]),
        "country": ["Italy", "Norway", "Italy", "Italy", "Norway"],
    }
)


def as_csv(separator: str, encoding: str, ending: str = "\n") -> bytes:
    return FRAME.to_csv(index=False, sep=separator, lineterminator=ending).encode(encoding)


def as_excel() -> bytes:
    out = io.BytesIO()
    FRAME.to_excel(out, index=False)
    return out.getvalue()


def as_parquet() -> bytes:
    out = io.BytesIO()
    FRAME.to_parquet(out)
    return out.getvalue()


FORMS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "comma": ("a.csv", lambda: as_csv(",", "utf-8")),
    "mark and carriage returns": ("a.csv", lambda: as_csv(",", "utf-8-sig", "\r\n")),
    "semicolon": ("a.csv", lambda: as_csv(";", "utf-8")),
    "pipe": ("a.txt", lambda: as_csv("|", "utf-8")),
    "tab in UTF-16": ("a.tsv", lambda: as_csv("\t", "utf-16")),
    "UTF-16 without a mark": ("a.csv", lambda: as_csv(",", "utf-16-le")),
    "workbook": ("a.xlsx", as_excel),
    "Parquet": ("a.parquet", as_parquet),
    "JSON": ("a.json", lambda: FRAME.to_json(orient="records", date_format="iso").encode()),
    "JSON lines": ("a.jsonl", lambda: FRAME.to_json(orient="records", lines=True, date_format="iso").encode()),
    "JSON columns": ("a.json", lambda: FRAME.to_json(date_format="iso").encode()),
    "JSON split": ("a.json", lambda: json.dumps({"data": json.loads(FRAME.to_json(orient="records", date_format="iso"))}).encode()),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_what_pandas_holds(form: str) -> None:
    name, made = FORMS[form]
    table = read_table(made(), name=name)
    assert table.names == tuple(FRAME.columns)
    assert [column.role for column in table.columns] == ["text", "number", "number", "date", "label"]
    assert texts_of(table, "review") == FRAME["review"].fillna("").tolist()
    assert texts_of(table, "country") == FRAME["country"].tolist()
    np.testing.assert_allclose(numbers_of(table, "price"), FRAME["price"].to_numpy())
    np.testing.assert_allclose(numbers_of(table, "stars"), FRAME["stars"].to_numpy())
    expected = FRAME["day"].astype("datetime64[s]").to_numpy()
    seconds = numbers_of(table, "day")
    assert np.isnan(seconds[2])
    np.testing.assert_allclose(np.delete(seconds, 2), np.delete(expected.astype("int64"), 2))


def test_a_german_spreadsheet() -> None:
    content = 'Preis;Text;Datum\r\n1.234,50;"Guten; Tag";31.12.2020\r\n-7,5;Hallo Welt;01.02.2021\r\n'
    expected = pd.read_csv(
        io.StringIO(content), sep=";", decimal=",", thousands=".", parse_dates=["Datum"], dayfirst=True
    )
    table = read_table(content.encode("cp1252"))
    np.testing.assert_allclose(numbers_of(table, "Preis"), expected["Preis"])
    assert texts_of(table, "Text") == expected["Text"].tolist()
    assert texts_of(table, "Datum") == [str(day.date()) for day in expected["Datum"]]


def test_windows_letters_are_read_and_told() -> None:
    table = read_table("text\nGrüße aus Köln an alle\nWärme für Bäume und Büsche\n".encode("cp1252"))
    assert texts_of(table, "text")[0] == "Grüße aus Köln an alle"
    assert "Windows-1252" in table.notes[0]


def test_what_the_csv_module_reads_is_read_alike() -> None:
    rng = np.random.default_rng(0)
    signs = list("ab \"',;\n\t")
    rows = [["first", "second", "third"]] + [
        ["x" + "".join(rng.choice(signs, size=rng.integers(0, 12))) + "y" for _ in range(3)]
        for _ in range(200)
    ]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    table = read_table(out.getvalue().encode())
    found = [texts_of(table, name) for name in table.names]
    assert [list(row) for row in zip(*found, strict=True)] == rows[1:]


def test_numbers_keep_their_names() -> None:
    table = read_table(b"zip,code,mixed\n01234,007,1\n99999,100,n/a\n12345,200,3\n")
    assert texts_of(table, "zip") == ["01234", "99999", "12345"]
    assert texts_of(table, "code") == ["007", "100", "200"]
    assert table.column("mixed").kind == "number"


def test_a_text_among_numbers_is_counted_with_its_row() -> None:
    lines = "\n".join(str(number) if number != 17 else "many" for number in range(40))
    table = read_table(
        f"text,count\n{lines}".replace("\n", "\nsome words,").encode().replace(b"some words,text", b"text")
    )
    assert table.column("count").kind == "number"
    assert table.notes == ('1 cell of "count" is no number (row 18: "many").',)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b"text,label\n", "header (2 columns) but no row"),
        (bytes(range(32)) * 20, "no text"),
        (b"PK\x03\x04" + bytes(200), "damaged"),
        (b"PAR1" + bytes(200), "damaged"),
        (",".join(f"c{n}" for n in range(1_500)).encode() + b"\n" + b"1," * 1_499 + b"1\n", "1,500 columns"),
    ],
    ids=["empty", "blank", "header only", "binary", "broken workbook", "broken Parquet", "too many columns"],
)
def test_bad_files_are_refused_in_a_sentence(content: bytes, said: str) -> None:
    with pytest.raises(BadInputError, match=said.replace("(", r"\(").replace(")", r"\)")):
        read_table(content, name="a.csv")


def test_one_row_and_many_columns_are_fine() -> None:
    assert len(read_table(b"text,label\nhello there,a\n")) == 1
    wide = read_table(
        (",".join(f"c{n}" for n in range(300)) + "\n" + ",".join("1.5" for _ in range(300)) + "\n").encode()
    )
    assert len(wide.columns) == 300


@pytest.mark.parametrize("count", [TABLE_COLUMNS + 1, 300_000])
def test_more_columns_than_the_limit_are_refused(count: int) -> None:
    line = ",".join(f"c{n}" for n in range(count))
    with pytest.raises(BadInputError, match=f"{count:,} columns.*{TABLE_COLUMNS:,}"):
        read_table(f"{line}\n{line}\n".encode())


def test_ragged_lines_and_open_quotes_are_told_by_line() -> None:
    table = read_table(b'text,label\nall well,a\nshort\ntoo,long,by,three\n"never closed,b\nlast line,c\n')
    assert texts_of(table, "text") == ["all well", "short", "too", '"never closed', "last line"]
    assert texts_of(table, "label") == ["a", "", "long", "b", "c"]
    told = " ".join(table.notes)
    assert "line 3" in told and "line 4" in told and "Line 5: a quotation mark" in told


def test_a_long_file_whose_last_line_is_broken_keeps_the_rest() -> None:
    body = "".join(f"text number {n},{n}\n" for n in range(50_000))
    table = read_table(f'text,n\n{body}"broken'.encode())
    assert len(table) == 50_001
    assert any("line 50,002" in note for note in table.notes)


def test_a_huge_cell_is_cut_and_told() -> None:
    table = read_table(b"text,label\nfirst,a\n" + b"x" * 10_000_000 + b",b\n")
    assert len(texts_of(table, "text")[1]) == CELL_CHARACTERS
    assert any("32,767 characters and was cut (row 2)" in note for note in table.notes)


def test_double_and_missing_names_get_their_own() -> None:
    table = read_table(b"a,a,,a\n1,2,3,4\n5,6,7,8\n")
    assert table.names == ("a", "a (2)", "column 3", "a (3)")


def test_vectors_of_other_lengths_and_with_holes_are_left_out() -> None:
    good = "\n".join(f'w{n},"[{n}, 1.5, 2]"' for n in range(18))
    table = read_table(f'word,v\n{good}\nshort,"[1, 2]"\nhole,"[1, NaN, 2]"\n'.encode())
    rows, vectors = vectors_of(table, "v")
    assert vectors.shape == (18, 3) and rows.tolist() == list(range(18))
    assert "row 19" in table.notes[0] and "row 20" in table.notes[1]


def test_vectors_of_parquet_are_those_of_pyarrow() -> None:
    vectors = np.random.default_rng(0).normal(size=(30, 8)).astype(np.float32)
    out = io.BytesIO()
    pq.write_table(
        pa.table(
            {"name": [f"n{n}" for n in range(30)], "v": pa.array(vectors.tolist(), pa.list_(pa.float32()))}
        ),
        out,
    )
    np.testing.assert_array_equal(vectors_of(read_table(out.getvalue(), name="v.parquet"), "v")[1], vectors)


@pytest.mark.parametrize("beside", [b"alpha\nbeta\ngamma\n", b"name\tgroup\nalpha\tA\nbeta\tB\ngamma\tA\n"])
def test_the_projectors_pair(beside: bytes) -> None:
    tensors = b"1.0\t2.0\t3\n4\t5\t6\n7\t8\t9.5\n"
    table = read_table(tensors, name="tensors.tsv", beside=beside)
    assert vectors_of(table, "vector")[1].tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9.5]]
    assert texts_of(table, table.names[0]) == ["alpha", "beta", "gamma"]


@pytest.mark.parametrize(
    "names", [("Paris, France", "Rome", "a;b", "1,000; 2,000"), ("Paris, France", "Rome, Italy")]
)
@pytest.mark.parametrize("labels", [None, "group"])
def test_names_with_commas_come_back_whole_from_our_own_archive(
    names: tuple[str, ...], labels: str | None
) -> None:
    vectors = np.random.default_rng(1).normal(size=(len(names), 3)).astype(np.float32)
    archive = rows_projector(
        list(names), vectors, labels=None if labels is None else [f"{labels}, x"] * len(names)
    )
    table = read_table(archive, name="table.zip")
    assert texts_of(table, table.names[0]) == list(names) and not any(
        "beyond" in note for note in table.notes
    )
    assert np.array_equal(vectors_of(table, "vector")[1], vectors)


def test_a_file_of_the_server_that_cannot_be_read_is_named_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"^Cannot read gone\.csv: No such file or directory\.$"):
        read_table(tmp_path / "gone.csv")


def test_numpy_files() -> None:
    out = io.BytesIO()
    np.savez(out, vectors=np.eye(4, dtype=np.float32), label=np.array(list("abcd")))
    table = read_table(out.getvalue(), name="a.npz")
    assert vectors_of(table, "vectors")[1].tolist() == np.eye(4).tolist()
    out = io.BytesIO()
    np.save(out, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(BadInputError):
        read_table(out.getvalue(), name="a.npy")


@pytest.mark.parametrize("odd", [None, [1.0], [math.nan, 1.0, 2.0], [None, 1.0, 2.0], [1e300, 1.0, 2.0]])
@pytest.mark.parametrize("row", [0, 4_999])
def test_one_odd_vector_of_a_parquet_file_is_left_out_and_the_others_are_read(odd: object, row: int) -> None:
    """Wherever it stands: vectors are gathered batch by batch, as long as all are alike."""
    numbers = np.random.default_rng(0).normal(size=(5_000, 3)).tolist()
    numbers[row] = odd
    out = io.BytesIO()
    texts = pa.array([f"row {each}" for each in range(5_000)])
    pq.write_table(pa.table([pa.array(numbers), texts], names=["vector", "text"]), out)
    table = read_table(out.getvalue(), name="some.parquet")
    assert table.names == ("vector", "text") and len(table) == 5_000
    filled, vectors = vectors_of(table, "vector")
    wanted = [number for number in range(5_000) if number != row]
    assert filled.tolist() == wanted
    assert np.array_equal(vectors, np.array([numbers[each] for each in wanted], dtype=np.float32))
    assert [f"(row {row + 1:,})" in note for note in table.notes] == ([] if odd is None else [True])


def test_a_parquet_file_of_vectors_alone_is_read_up_to_the_limit() -> None:
    numbers = np.arange(30_000, dtype=np.float64).reshape(10_000, 3)
    out = io.BytesIO()
    cells = pa.FixedSizeListArray.from_arrays(pa.array(numbers.ravel()), 3)
    pq.write_table(pa.table({"vector": cells}), out, row_group_size=3_000)
    table = read_table(out.getvalue(), name="some.parquet", limit=5_000)
    assert np.array_equal(vectors_of(table, "vector")[1], numbers[:5_000].astype(np.float32))
    assert table.notes == ("The table has 10,000 rows, the limit is 5,000; the first 5,000 are used.",)


def test_a_parquet_bomb_is_stopped() -> None:
    out = io.BytesIO()
    cell = pa.DictionaryArray.from_arrays(pa.array(np.zeros(30_000, np.int8)), pa.array(["x" * 20_000]))
    pq.write_table(pa.table({"text": cell}), out, compression="zstd")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(BadInputError, match="unpacks to more than"):
        read_table(out.getvalue(), name="bomb.parquet")


def test_a_workbook_bomb_is_stopped() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(300 * 2**20))
    with pytest.raises(BadInputError, match="unpacks to 300 MB"):
        read_table(out.getvalue(), name="bomb.xlsx")


def test_formulas_links_and_macros_of_a_workbook_are_values_or_nothing() -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["text", "n"],
        ["plain words", 1],
        ['=WEBSERVICE("http://example.invalid")', 2],
        ["=[other.xlsx]Sheet1!A1", 3],
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    table = read_table(out.getvalue(), name="a.xlsm")
    assert texts_of(table, "text") == ["plain words", "", ""]
    assert "2 formulas have no saved value" in table.notes[0]


def test_json_told_by_line() -> None:
    table = read_table(b'{"text": "one thing"}\n{"text": "another"}\n{"text": \n', name="a.jsonl")
    assert len(table) == 2 and "line 3" in table.notes[0]
    with pytest.raises(BadInputError, match="broken"):
        read_table(b'[{"text": "one"},', name="a.json")
    with pytest.raises(BadInputError, match="no table"):
        read_table(b"3", name="a.json")
    with pytest.raises(BadInputError):
        read_table(b"[" * 100_000, name="a.json")


def test_a_hundred_thousand_labels_and_equal_texts() -> None:
    many = read_table(("text,label\n" + "".join(f"the same text,l{n}\n" for n in range(100_000))).encode())
    assert many.column("label").distinct == 100_000
    assert many.column("text").distinct == 1


def test_roles_can_be_changed_as_far_as_the_cells_allow() -> None:
    table = read_table(as_csv(",", "utf-8"))
    assert with_roles(table, {"stars": "label"}).column("stars").role == "label"
    with pytest.raises(BadInputError, match="can not be used as vector"):
        with_roles(table, {"review": "vector"})
    with pytest.raises(BadInputError, match="no column"):
        table.column("nothing")


def test_more_rows_than_the_limit_are_told() -> None:
    content = ("text\n" + "".join(f"some words {n}\n" for n in range(50))).encode()
    table = read_files([("a.csv", content)], limit=20)
    assert len(table) == 20 and "more than 20 rows" in table.notes[-1]


OTHER_LETTERS = {
    "cp932": ("名前", "田中さんはスープが好きです"),
    "gb18030": ("姓名", "这个房间很干净"),
    "cp949": ("이름", "방이 아주 깨끗했어요"),
    "cp1251": ("имя", "номер был очень чистым"),
    "cp1256": ("اسم", "كانت الغرفة نظيفة جدا"),
}


@pytest.mark.parametrize("encoding", OTHER_LETTERS)
def test_letters_of_other_countries_are_read_as_their_spreadsheets_save_them(encoding: str) -> None:
    title, said = OTHER_LETTERS[encoding]
    text = f"{title},n\n" + "".join(f"{said} {n},{n}\n" for n in range(30))
    table = read_table(text.encode(encoding), name="a.csv")
    assert table.names == (title, "n") and texts_of(table, title)[3] == f"{said} 3"
    assert table.notes[0].startswith("The file is not in UTF-8; it was read as ")


def test_thousands_with_points_do_not_make_the_comma_a_delimiter() -> None:
    table = read_table(
        b"name;value\n" + b"".join(b"n%d;%d.%03d,5\n" % (n, n + 1, n) for n in range(20)), name="a.csv"
    )
    assert numbers_of(table, "value")[:2].tolist() == [1000.5, 2001.5]


def test_stray_zero_bytes_are_left_out_and_told() -> None:
    table = read_table(b"text,n\nhe\0llo,1\nbye,2\n", name="a.csv")
    assert texts_of(table, "text") == ["hello", "bye"] and "Zero bytes" in table.notes[0]


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "growing.csv"
    path.write_text("text,n\nhello,1\n")
    read = Path.read_bytes

    def read_and_grow(self: Path) -> bytes:
        content = read(self)
        with self.open("a") as file:
            file.write("bye,2\n")
        return content

    monkeypatch.setattr(Path, "read_bytes", read_and_grow)
    with pytest.raises(BadInputError, match="changed while it was read"):
        read_table(path)
    monkeypatch.undo()
    assert len(read_table(path)) == 2


@pytest.mark.parametrize("fixed", [False, True])
def test_lists_of_parquet_are_vectors_where_they_have_one_length_and_no_hole(fixed: bool) -> None:
    import pyarrow as pa

    from embeddings_core.tables.columnar import from_arrow
    from embeddings_core.tables.typed import Told

    given = [[9.0, 9.0, 9.0], [1.0, 2.0, 3.0], None, [4.0, None, 6.0], [7.0, 8.0, 1e300]]
    if not fixed:
        given[0] = [9.0, 9.0]
    kind = pa.list_(pa.float64(), 3) if fixed else pa.list_(pa.float64())
    cells = pa.chunked_array([pa.array([[5.0, 5.0, 5.0], *given[:2]], kind)[1:], pa.array(given[2:], kind)])
    told = Told()
    read = from_arrow(pa.table({"v": cells}), told).column("v")
    assert read.to_pylist() == [[9.0, 9.0, 9.0] if fixed else None, [1.0, 2.0, 3.0], None, None, None]


def test_a_header_narrower_than_the_lines_below_loses_no_column() -> None:
    """As scikit-learn saves its examples: how many rows, how many columns, the classes; then all the numbers."""
    rows = [[row + place / 10 for place in range(6)] for row in range(8)]
    text = "8,5,bad,good\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    table = read_table(text.encode(), name="breast.csv")
    assert table.names == ("8", "5", "bad", "good", "column 5", "column 6")
    assert table.rows.column("column 6").to_pylist() == [row[5] for row in rows]
    assert table.notes == (
        "The header names 4 columns, 8 lines have more: those are called column 5 to column 6.",
    )


def test_cells_between_blanks() -> None:
    """As numpy.savetxt and R's write.table save; padded with blanks so that columns stand below each other."""
    padded = "Chins Situps  Jumps\n" + "".join(
        f"{row:5d} {row * 30:6d} {row * row:6d} \n" for row in range(2, 9)
    )
    table = read_table(padded.encode(), name="gym.csv")
    assert table.names == ("Chins", "Situps", "Jumps") and not table.notes
    assert table.rows.column("Jumps").to_pylist() == [row * row for row in range(2, 9)]
    from_r = '"length" "kind of it"\n' + "".join(f'"{row}" {row}.5 "a b {row % 2}"\n' for row in range(1, 7))
    table = read_table(from_r.encode(), name="r.txt")
    assert table.names[1:] == ("length", "kind of it")
    assert table.rows.column("kind of it").to_pylist()[:2] == ["a b 1", "a b 0"]
    said = "we met at noon\nhe was not there\nthe rain had stopped\n"
    assert read_table(said.encode(), name="said.txt").names == ("column 1",)  # words are no cells


def test_comments_above_a_table() -> None:
    """As files of time zones and of genes begin; the last comment may name the columns."""
    body = "".join(f"A{row}\tname {row}\n" for row in range(9))
    table = read_table(f"# who made it, and when\n#\n#code\tname\n{body}".encode(), name="codes.tab")
    assert table.names == ("#code", "name") and len(table) == 9
    assert "# who made it" in table.notes[0] and "(down to line 2)" in table.notes[0]
    table = read_table(f"# from a, b, c\ncode\tname\n{body}".encode(), name="codes.tsv")
    assert table.names == ("code", "name") and len(table) == 9
    numbered = "#,name,points\n" + "".join(f"{row},n{row},{row * 2}\n" for row in range(5))
    assert read_table(numbered.encode(), name="list.csv").names == ("#", "name", "points")
    tags = "".join(f"#tag{row},{row}\n" for row in range(9))
    assert len(read_table(tags.encode(), name="tags.csv")) == 9


def test_dates_that_fit_with_the_day_and_with_the_month_first_are_told() -> None:
    def dates(*cells: str) -> tuple[list[str], tuple[str, ...]]:
        text = "when,n\n" + "".join(f"{cell},{n}\n" for n, cell in enumerate(cells))
        table = read_table(text.encode(), name="d.csv")
        return [f"{each:%Y-%m-%d}" for each in table.rows.column("when").to_pylist()], table.notes

    assert dates("19-Sep-03", "02-Jan-99") == (["2003-09-19", "1999-01-02"], ())
    assert dates("03/04/2021", "05/13/2021") == (["2021-03-04", "2021-05-13"], ())
    assert dates("03/04/2021", "13/05/2021") == (["2021-04-03", "2021-05-13"], ())
    found, notes = dates("03/04/21", "05/06/21")
    assert found == ["2021-03-04", "2021-05-06"]
    assert notes == (
        'The dates of "when" were read with the month first; they fit as well with the day first.',
    )


def test_the_label_that_a_legend_has_room_for_colours_at_first() -> None:
    """As in gapminder: a hundred countries come first, then five continents."""
    text = "country,continent,life\n" + "".join(
        f"land{n % 100},part{n % 5},{40 + n % 37}.5\n" for n in range(400)
    )
    table = read_table(text.encode(), name="lives.csv")
    assert [column.name for column in table.of_role("label")] == ["country", "continent"]
    assert table.label() == "continent" and table.label(but="continent") == "country"
    assert read_table(b"a,b\n1,2\n3,4\n", name="n.csv").label() == ""


@pytest.mark.parametrize("codes", ["A{}X", "T-{}", "{}", "AX"])
def test_names_are_the_text_of_a_table_and_codes_are_not(codes: str) -> None:
    """As in ISO 3166: AD, AE, AF ... stand before the names of the countries."""
    names = [
        "Andorra",
        "United Arab Emirates",
        "Afghanistan",
        "Antigua",
        "Albania",
        "Armenia",
        "Angola",
        "Argentina",
    ]
    letters = (
        ["AD", "AE", "AF", "AG", "AL", "AM", "AO", "AR"]
        if codes == "AX"
        else [codes.format(n * 7) for n in range(8)]
    )
    text = "code,name\n" + "".join(f"{code},{name}\n" for code, name in zip(letters, names, strict=True))
    table = read_table(text.encode(), name="lands.csv")
    assert [column.name for column in table.of_role("text")] == ["name"]


def test_a_table_of_labels_alone_has_a_text_to_draw() -> None:
    """Also where all texts are equal, or three answers come again and again."""
    equal = "text,label\n" + "".join(f"the same,{'ab'[n % 2]}\n" for n in range(9))
    table = read_table(equal.encode(), name="same.csv")
    assert [column.name for column in table.of_role("text")] == ["text"] and table.label() == "label"
    answers = "".join(f"{('yes', 'no', 'maybe')[n % 3]}\n" for n in range(30))
    assert read_table(f"answer\n{answers}".encode(), name="a.csv").of_role("text")
    numbers = "".join(f"{'ab'[n % 2]},{n}.5\n" for n in range(30))
    assert not read_table(f"kind,size\n{numbers}".encode(), name="n.csv").of_role("text")
