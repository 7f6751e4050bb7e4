"""Vector files from the field that were once read wrongly or refused, each with its right values."""

import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.export.tables import projector_files, vectors_csv, vectors_npz
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.files import uploads
from embeddings_core.spaces.files.opener import open_vectors
from embeddings_core.spaces.files.uploads import read_vector_uploads
from embeddings_core.spaces.files.word_vectors import WordVectors
from embeddings_core.spaces.static_words import WordShelf

THREE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]


class Here:
    """Stands for the worker."""

    def run(self, function, *given, **wishes):
        return function(*given, **wishes)


LINES = "cat 1 2 3\ndog 4 5 6\ncar 7 8 9\n"


def zipped(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


@pytest.mark.parametrize("header", ["3 3\n", ""], ids=["header", "no header"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_marks_encodings_and_line_ends_change_no_word_and_no_number(
    header: str, encoding: str, end: str
) -> None:
    text = (header + LINES.replace("cat", "猫")).replace("\n", end)
    if encoding == "utf-16-le":
        text = "\ufeff" + text
    space = open_vectors(text.encode(encoding))
    assert space.items == ("猫", "dog", "car") and space.vectors.tolist() == THREE and space.notes == ()


@pytest.mark.parametrize("between", [" ", "\t", ", ", ";"])
def test_numbers_with_names_beside_them_lose_no_column(between: str) -> None:
    content = "".join(between.join(map(str, row)) + "\n" for row in THREE).encode()
    space = open_vectors(content, metadata=b"cat\ndog\ncar\n")
    assert space.items == ("cat", "dog", "car") and space.vectors.tolist() == THREE
    assert open_vectors(content).items == ("row 1", "row 2", "row 3")


def test_a_first_column_of_different_whole_numbers_names_the_rows_and_that_is_said() -> None:
    space = open_vectors(b"10 0.5 1.5\n11 0.25 2.5\n")
    assert space.items == ("10", "11") and space.vectors.tolist() == [[0.5, 1.5], [0.25, 2.5]]
    assert "different whole numbers" in space.notes[0]


def test_a_phrase_can_be_the_first_word_without_a_header() -> None:
    space = open_vectors(b"New York 1 2 3\ncat 4 5 6\nApollo 11 7 8 9\n")
    assert space.items == ("New York", "cat", "Apollo 11") and space.vectors.tolist() == THREE
    assert "1 words end with a number" in space.notes[0] and 'line 3: "Apollo 11"' in space.notes[0]


def test_the_projectors_iris_opens_though_its_names_end_with_an_empty_line() -> None:
    names = "".join(f"{kind}\n" for kind in ("setosa", "versicolor", "virginica") for _ in range(50)) + "\n"
    rows = np.arange(600, dtype=np.float32).reshape(150, 4)
    tensors = "".join("\t".join(map(str, row)) + "\n" for row in rows.tolist())
    space = open_vectors(tensors.encode(), metadata=names.encode())
    assert len(space) == 150 and np.array_equal(space.vectors, rows)
    assert space.items[0] == "setosa" and space.items[149] == "virginica"
    assert any("Empty lines" in note for note in space.notes)
    raw = open_vectors(rows.tobytes(), metadata=names.encode())
    assert (
        np.array_equal(raw.vectors, rows)
        and raw.items == space.items
        and "Bare numbers of 32 bits" in raw.notes[0]
    )
    with pytest.raises(BadInputError, match="600 bare numbers of 32 bits"):
        open_vectors(rows.tobytes())


def test_one_column_of_names_can_have_a_title() -> None:
    space = open_vectors(b"1\t2\n3\t4\n", metadata=b"word\ncat\ndog\n")
    assert space.items == ("cat", "dog") and '"word"' in space.notes[-1]
    assert open_vectors(b"1\t2\n3\t4\n5\t6\n", metadata=b"word\ncat\ndog\n").items == ("word", "cat", "dog")
    with pytest.raises(BadInputError, match="3 names for 5"):
        open_vectors(b"1\t2\n" * 5, metadata=b"word\ncat\ndog\n")


def test_columns_give_names_and_groups() -> None:
    names = b'word\tkind\tsize\n"New ""York"""\tplace\t1\ncat\tanimal\t2\ndog\tanimal\t3\noslo\tplace\t4\n'
    tensors = b"1\t2\n3\t4\n5\t6\n7\t8\n"
    space = open_vectors(tensors, metadata=names)
    assert space.items == ('New "York"', "cat", "dog", "oslo")
    assert space.groups == ("place", "animal", "animal", "place")
    other = open_vectors(tensors, metadata=names, name_column="size", group_column="word")
    assert other.items == ("1", "2", "3", "4") and other.groups is not None and other.groups[1] == "cat"
    with pytest.raises(BadInputError, match="no column"):
        open_vectors(tensors, metadata=names, name_column="nothing")


def test_quoted_cells_lose_their_quotation_marks() -> None:
    table = b'item,dim_0,dim_1\n"New York, N.Y.",1,2\n"say ""hi""",3,4\n'
    space = open_vectors(table)
    assert space.items == ("New York, N.Y.", 'say "hi"') and space.vectors.tolist() == [[1, 2], [3, 4]]
    assert open_vectors(b'"New York" 1 2\n"cat" 3 4\n').items == ("New York", "cat")
    assert open_vectors(b'" 1 2\n"" 3 4\ncat 5 6\n').items == ('"', '""', "cat")


def test_tables_of_other_programs() -> None:
    numbered = open_vectors(b",word,0,1\n0,cat,0.5,1\n1,dog,2,3\n")
    assert numbered.items == ("cat", "dog") and numbered.vectors.tolist() == [[0.5, 1], [2, 3]]
    assert open_vectors(b",0,1,2\ncat,1,2,3\ndog,4,5,6\n").items == ("cat", "dog")
    german = open_vectors("Wort;x;y\nHöhle;0,5;1,25\nBär;2,5;3\n".encode())
    assert german.vectors.tolist() == [[0.5, 1.25], [2.5, 3]] and "decimal comma" in german.notes[0]
    iris = open_vectors(b"a,b,species\n" + b"1,2,setosa\n3,4,setosa\n" * 3)
    assert iris.groups == ("setosa",) * 6 and iris.items[0] == "row 1" and len(iris) == 6


def test_rows_with_missing_or_infinite_numbers_are_left_out_and_counted() -> None:
    for content in (
        b"cat 1 2\ndog nan 1\ncar 1 1e39\nbus 3 4\n",
        b"w,a,b\ncat,1,2\ndog,,1\ncar,1,inf\nbus,3,4\n",
    ):
        space = open_vectors(content)
        assert space.items == ("cat", "bus") and space.vectors.tolist() == [[1, 2], [3, 4]]
        assert any(
            note.startswith('2 rows have missing or infinite numbers (the first is "dog")')
            for note in space.notes
        )
    table = np.array([[1, 2], [np.nan, 1], [3, 4]])
    out = io.BytesIO()
    np.save(out, table)
    space = open_vectors(out.getvalue(), metadata=b"a\nb\nc\n")
    assert space.items == ("a", "c") and any("1 rows" in note for note in space.notes)


def test_archives_and_files_without_an_ending(tmp_path) -> None:
    for name in ("vectors", "glove.zip"):
        (tmp_path / name).write_bytes(LINES.encode() if name == "vectors" else zipped(glove__txt=LINES))
        assert open_vectors(tmp_path / name).items == ("cat", "dog", "car")
    assert open_vectors(zipped(glove__txt="\ufeff3 3\n" + LINES)).vectors.tolist() == THREE
    pair = zipped(tensors__tsv="1\t2\n3\t4\n", metadata__tsv="cat\ndog\n")
    assert open_vectors(pair).items == ("cat", "dog")
    two = open_vectors(zipped(a__txt=LINES, b__txt=LINES))
    assert 'holds 2 files of vectors; "a.txt" was read' in two.notes[-1]
    with pytest.raises(BadInputError, match="holds no file of vectors"):
        open_vectors(zipped(notes__txt="nothing here\n"))


@pytest.fixture
def here(monkeypatch):
    """The worker, in this process."""

    monkeypatch.setattr(uploads.jobs, "within", lambda timeout, **_: Here())


@pytest.mark.parametrize(
    ("vectors", "names"),
    [("x.tsv", "x_labels.tsv"), ("vecs.tsv", "meta.tsv"), ("vectors.tsv", "metadata.tsv"), ("my-tensors.tsv", "my-metadata.tsv"),
     ("iris_tensors.tsv", "iris_labels.txt"), ("one.tsv", "another.tsv")],
)  # fmt: skip
def test_names_find_their_numbers_whatever_the_pair_is_called(vectors, names, here, tmp_path) -> None:
    files = [(names, b"cat\ndog\n"), (vectors, b"1\t2\n3\t4\n")]
    ((_, space),) = read_vector_uploads(files).spaces
    assert space.items == ("cat", "dog") and space.model == vectors
    if "one" not in vectors:
        for name, content in files:
            (tmp_path / name).write_bytes(content)
        assert open_vectors(tmp_path / vectors).items == ("cat", "dog")


def test_two_pairs_stay_two_pairs(here) -> None:
    batch = read_vector_uploads(
        [
            ("a.tsv", b"1\t2\n3\t4\n"),
            ("b_labels.tsv", b"x\ny\nz\n"),
            ("b.tsv", b"1\t2\n3\t4\n5\t6\n"),
            ("a_labels.tsv", b"v\nw\n"),
        ]
    )
    assert [space.items for _, space in batch.spaces] == [("v", "w"), ("x", "y", "z")] and not batch.problems
    batch = read_vector_uploads(
        [("a.tsv", b"1\t2\n"), ("b.tsv", b"1\t2\n"), ("c_labels.tsv", b"x\n"), ("d_labels.tsv", b"y\n")]
    )
    assert [space.items for _, space in batch.spaces] == [
        ("row 1",)
    ] * 2 and '"c_labels.tsv"' in batch.problems[0]


@pytest.mark.parametrize(
    ("typed", "word"),
    [("new york", "New_York"), ("New York", "New_York"), ("NEW_YORK", "New_York"), ("cafe\u0301", "café"), ("CAFÉ", "café"),
     ("ﬁne", "fine"), ("Straße", "STRASSE"), ("lower", "lower"), ("Lower", "lower"), ("ice_cream", "ice cream"),
     ("paris", "Paris"), ("PARIS", "Paris"), ("iphone", "iPhone")],
)  # fmt: skip
def test_words_are_found_whatever_their_case_blanks_and_form(typed, word) -> None:
    items = ("New_York", "café", "fine", "STRASSE", "lower", "ice cream", "Paris", "iPhone")
    space = WordVectors(items, np.eye(8))
    assert space.spelled(typed) == word and space.look_up([typed])[0].argmax() == items.index(word)
    covered = WordShelf()
    kept = covered.keep_file("x", space)
    assert kept.coverage((typed, "lion")).taken == (((typed, word),) if typed != word else ())
    assert kept.coverage((typed, "lion")).missing == ("lion",)


def test_what_we_write_we_read() -> None:
    items = ("cat", "-5 °C", "=1+1", "'=2", "''@x", "a, b", 'say "hi"', "שלום", "'tis", "New York", "42")
    vectors = np.random.default_rng(3).normal(size=(len(items), 5)).astype(np.float32)
    words = EmbeddingSet(items, vectors, "mine", tuple("ab" * 5 + "a"))
    for content in (
        vectors_csv(words).encode(), vectors_csv(words).encode("utf-8-sig"), gzip.compress(vectors_csv(words).encode()),
        vectors_npz(words), projector_files(words),
    ):  # fmt: skip
        again = open_vectors(content)
        assert again.items == items and np.array_equal(again.vectors, vectors)
    assert open_vectors(projector_files(words)).groups == words.groups
    with zipfile.ZipFile(io.BytesIO(projector_files(words))) as archive:
        assert archive.namelist() == ["vectors.tsv", "metadata.tsv", "projector_config.json"]


def test_a_number_that_only_this_language_knows_is_none() -> None:
    with pytest.raises(BadInputError, match="Line 2"):
        open_vectors(b"cat 1 2\ndog 1_0 2\ncar 3 4\n")


@pytest.mark.parametrize("between", [" ", "\t", ",", ";"])
@pytest.mark.parametrize("first", ["", "own "], ids=["numbers", "words"])
def test_a_row_that_is_left_out_takes_its_own_name_with_it_and_no_other(between: str, first: str) -> None:
    lead = first.replace(" ", between)
    content = "".join(f"{lead}{between.join(row)}\n" for row in (("1", "2"), ("nan", "4"), ("5", "6")))
    space = open_vectors(content.encode(), metadata=b"cat\ndog\ncar\n")
    assert space.items == ("cat", "car") and space.vectors.tolist() == [[1, 2], [5, 6]]
    assert sum('the first is "dog"' in note for note in space.notes) == 1
    first_two = open_vectors(content.replace("nan", "3").encode(), metadata=b"cat\ndog\ncar\n", limit=2)
    assert first_two.items == ("cat", "dog")
    alone = open_vectors(content.encode(), metadata=b"cat\ndog\ncar\nhen\nfox\n") if first else None
    assert alone is None or (len(alone) == 1 and any("was not used" in note for note in alone.notes))


def test_names_beside_numbers_between_commas_on_disk_are_taken(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"1,2,3\n4,5,6\n7,8,9\n")
    (tmp_path / "x_labels.csv").write_bytes(b"cat\ndog\ncar\n")
    space = open_vectors(tmp_path / "x.csv")
    assert space.items == ("cat", "dog", "car") and space.vectors.tolist() == THREE
    assert not any("numbered" in note or "itself" in note for note in space.notes)


def test_different_whole_numbers_are_no_words_where_another_file_names_the_rows() -> None:
    space = open_vectors(b"1 2.5 3.5\n2 5.5 6.5\n4 8.5 9.5\n", metadata=b"cat\ndog\ncar\n")
    assert space.items == ("cat", "dog", "car") and space.vectors[:, 0].tolist() == [1, 2, 4]


@pytest.mark.parametrize(
    "items", [("1", "2", "3"), ("2020", "2021"), ("nan", "null", "NA"), ("-5", "3"), ("7",)]
)
def test_words_that_are_numbers_come_back_as_words(items: tuple[str, ...]) -> None:
    vectors = np.random.default_rng(4).normal(size=(len(items), 3)).astype(np.float32)
    words = EmbeddingSet(items, vectors, "mine")
    for content in (vectors_csv(words).encode("utf-8-sig"), vectors_npz(words), projector_files(words)):
        again = open_vectors(content)
        assert again.items == items and np.array_equal(again.vectors, vectors)


def test_a_description_in_an_archive_is_no_file_of_vectors() -> None:
    text = "This archive holds vectors.\nThey were made in 2014\n"
    space = open_vectors(zipped(LICENSE=text, README__md=text, a__json='{"shape": [3, 3]}', glove__txt=LINES))
    assert space.items == ("cat", "dog", "car") and space.notes == ()
    ours = open_vectors(projector_files(EmbeddingSet(("a", "b"), np.eye(2, dtype=np.float32), "mine")))
    assert not any("files of vectors" in note for note in ours.notes)
    with pytest.raises(BadInputError, match="unpack it once"):
        open_vectors(zipped(glove__txt__gz=gzip.compress(LINES.encode())))


def test_names_with_many_columns_of_numbers_stay_with_the_numbers_called_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uploads.jobs, "within", lambda *_, **__: Here())
    names = b"name\ta\tb\tc\td\te\nx\t1\t2\t3\t4\t5\ny\t1\t2\t3\t4\t5\n"
    batch = read_vector_uploads([("x_metadata.tsv", names), ("x.tsv", b"1\t2\n3\t4\n")])
    assert [(space.model, space.items) for _, space in batch.spaces] == [("x.tsv", ("x", "y"))]
    alone = read_vector_uploads([("x_metadata.tsv", names), ("other.tsv", b"1\t2\n3\t4\n")])
    assert [space.dimensions for _, space in alone.spaces] == [5, 2]


def test_bare_numbers_take_the_reading_of_their_names_that_fits() -> None:
    rows = np.arange(600, dtype=np.float32).reshape(150, 4)
    names = "".join(f"n{row}\n" for row in range(150))
    for lead in ("name\n", ""):
        space = open_vectors(rows.tobytes(), metadata=(lead + names + "\n").encode())
        assert np.array_equal(space.vectors, rows) and space.items[149] == "n149"
    with pytest.raises(BadInputError, match="600 bare numbers of 32 bits, but 7 names make no table"):
        open_vectors(rows.tobytes(), metadata=b"a\nb\nc\nd\ne\nf\ng\n")


@pytest.mark.parametrize("cell", ["", "nan", "-inf", "NA", "<NA>", "#NUM!", "1.#IND", "-1.#QNAN", "1.#INF"])
def test_whatever_a_program_writes_for_a_missing_number_leaves_out_one_row(cell: str) -> None:
    for content, names in (
        (f"a\t1\t2\nb\t{cell}\t3\nc\t4\t5\n", None),
        (f"1\t2\n{cell}\t3\n4\t5\n", b"a\nb\nc\n"),
    ):
        space = open_vectors(content.encode(), metadata=names)
        assert space.items == ("a", "c") and space.vectors.tolist() == [[1, 2], [4, 5]]
        assert any(
            note.startswith('1 rows have missing or infinite numbers (the first is "b")')
            for note in space.notes
        )


@pytest.mark.parametrize("words", [("New York", "cat"), ("say hi", "Rome", "a b")])
def test_titles_between_tabs_stand_over_phrases_too(words: tuple[str, ...]) -> None:
    space = open_vectors(("word\td0\td1\n" + "".join(f"{word}\t1\t2\n" for word in words)).encode())
    assert space.items == words and space.vectors.tolist() == [[1, 2]] * len(words)
    assert space.notes == ("Line 1 is taken as a line of titles.",)


@pytest.mark.parametrize("between", [" ", "\t", ",", ";"])
def test_a_first_row_of_missing_numbers_is_left_out_and_counted_and_no_line_of_titles(between: str) -> None:
    lines = "".join(
        f"{between.join(row)}\n" for row in (("cat", "NA", "NA"), ("dog", "1", "2"), ("car", "3", "4"))
    )
    space = open_vectors(lines.encode())
    assert space.items == ("dog", "car") and any('the first is "cat"' in note for note in space.notes)


@pytest.mark.parametrize(
    "words", [("🙂", "🚗", "❤️"), ("/c/en/cat", "/c/en/dog"), ("#one", "#two", "@three"), ("cat", "dog")]
)
def test_a_file_whose_words_begin_with_signs_has_first_words_too(words: tuple[str, ...]) -> None:
    space = open_vectors(
        "".join(f"{word} {row} 1\n" for row, word in enumerate((*words, "</s>", ","))).encode()
    )
    assert space.first_words(10)[: len(words)] == words and "," not in space.first_words(10)
    assert space.first_words(2) == words[:2]


@pytest.mark.parametrize("first", [b"\xff\xfe", b"\xfe\xff", b"\xef\xbb", b"\r\r", b"\x1f\x8a"])
def test_bare_numbers_whose_bytes_look_like_marks_or_line_ends_of_a_text_are_what_they_are(
    first: bytes,
) -> None:
    content = (first + b"\x0d\x3f" + b"\x01\x0d\x0d\x3f" * 5) * 2
    truth = np.frombuffer(content, dtype="<f4").reshape(2, 6)
    if not np.isfinite(truth).all() or np.abs(truth).max() > 1e30:
        content = content.replace(first + b"\x0d\x3f", b"\x01" + first + b"\x3f")
        truth = np.frombuffer(content, dtype="<f4").reshape(2, 6)
    assert np.array_equal(open_vectors(content, metadata=b"cat\ndog\n").vectors, truth)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("words", [("cat", "dog"), ("nan", "inf"), ("NA", "null")])
def test_cells_that_all_stand_in_quotation_marks_between_tabs_are_read(
    words: tuple[str, ...], end: str
) -> None:
    rows = [[word, f"{row}.5", f"{row}.25"] for row, word in enumerate(words)]
    table = end.join("\t".join(f'"{cell}"' for cell in row) for row in rows) + end
    space = open_vectors(table.encode())
    assert space.items == words and space.vectors.tolist() == [[0.5, 0.25], [1.5, 1.25]]


@pytest.mark.parametrize("separator", [" ", "\t", ",", ";"])
def test_words_that_are_written_like_missing_numbers_are_words_where_all_are(separator: str) -> None:
    words = ("nan", "inf", "null", "NA", "none")
    lines = [separator.join((word, f"{row}.5", "2")) for row, word in enumerate(words)]
    space = open_vectors("\n".join(lines).encode())
    assert space.items == words and space.vectors[:, 0].tolist() == [0.5, 1.5, 2.5, 3.5, 4.5]


@pytest.mark.parametrize("separator", [",", ";", "\t", " "])
@pytest.mark.parametrize("titled", [True, False])
def test_a_line_with_a_number_too_few_is_named_in_a_short_file_too(separator: str, titled: bool) -> None:
    lines = [["cat", "1.5", "2"], ["dog", "3"], ["sea", "4", "5"]]
    lines = [["word", "x", "y"], *lines] if titled else lines
    content = "".join(separator.join(line) + "\n" for line in lines).encode()
    with pytest.raises(BadInputError, match=f"Line {3 if titled else 2} has"):
        open_vectors(content)
