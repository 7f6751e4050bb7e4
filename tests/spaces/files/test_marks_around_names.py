"""Quotation marks around names, cells over several lines, and files that only came along: nothing is taken or lost silently."""

import csv
import io
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embeddings_core.export.tables import projector_files, vectors_csv
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.files.opener import open_vectors
from embeddings_core.spaces.files.uploads import read_vector_uploads
from embeddings_core.spaces.texts import joined, split_words

THREE = b"1\t2\n3\t4\n5\t6\n"
MARKED = [
    ('"cat"', '"dog"', '"sea"'), ('"cat"', "dog", '"New York"'), ('"', '""', '"""'), ('""""', 'a"b', '"a" "b"'),
    ("'cat'", "'dog'", "'sea'"), ("word, one", "a, b", "c, d"), ("name", "word", "x"), ("=1", "'=1", "-5"),
    ('"a""b"', "x", '"x'), ('"a', 'b"', "c"), ("name;x", "q;r", "s;t"),
    ("1 2 3 4 5 6", "2 3 4 5 6 7", "3 4 5 6 7 8"), ("1", "2", "3"),
]  # fmt: skip


@pytest.mark.parametrize("items", MARKED)
def test_names_come_back_from_our_projector_archive_and_csv(items: tuple[str, ...]) -> None:
    for groups in (None, items, ('"g"', '"g"', "h")):
        space = EmbeddingSet(items, np.arange(6, dtype=np.float32).reshape(3, 2) + 0.5, "m", groups)
        found = open_vectors(projector_files(space))
        assert (found.items, found.groups) == (items, groups)
        assert np.array_equal(found.vectors, space.vectors)
        assert open_vectors(vectors_csv(space).encode()).items == items


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.text("\"',;ab -=1", min_size=1, max_size=6).map(str.strip).filter(bool),
        min_size=2,
        max_size=5,
        unique=True,
    )
)
def test_any_names_come_back(items: list[str]) -> None:
    items = list(dict.fromkeys(" ".join(item.split()) for item in items))
    space = EmbeddingSet(tuple(items), np.full((len(items), 3), 0.5, dtype=np.float32), "m", None)
    assert open_vectors(projector_files(space)).items == space.items
    assert open_vectors(vectors_csv(space).encode()).items == space.items


@pytest.mark.parametrize(
    ("names", "separator"),
    [
        ([["New\nYork"], ["cat"], ["dog"]], "\t"),
        ([["word"], ["New\r\nYork"], ["cat"], ["dog"]], "\t"),
        ([["name", "kind"], ["New\nYork", "x"], ["cat", "y"], ["dog", "x"]], "\t"),
        ([["name", "kind"], ["New\nYork", "x"], ["cat", "y"], ["dog", "x"]], ","),
        ([["name", "kind"], ["New\nYork", "x"], ["cat", "y"], ["dog", "x"]], ";"),
    ],
)
def test_a_cell_of_metadata_over_two_lines_is_one(names: list[list[str]], separator: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(names)
    space = open_vectors(THREE, metadata=out.getvalue().encode())
    assert space.items == ("New York", "cat", "dog")
    assert any("over several lines" in note for note in space.notes)


def test_a_mark_that_is_never_closed_is_a_letter() -> None:
    assert open_vectors(THREE, metadata=b'"a\ncat\n5"\n').items == ('"a', "cat", '5"')
    assert open_vectors(THREE, metadata=b'"cat"\ndog\nsea\n').items == ('"cat"', "dog", "sea")


@pytest.mark.parametrize("table", ["{} 1 2\n{} 3 4\n", "{},1,2\n{},3,4\n", "{}\t1\t2\n{}\t3\t4\n"])
@pytest.mark.parametrize("pair", ["''", "``", "‘’", "“”", "«»", '""'])
def test_marks_around_every_word_are_taken_away_and_the_words_are_on_the_map(table: str, pair: str) -> None:
    space = open_vectors(table.format(*(word.join(pair) for word in ("cat", "dog"))).encode())
    assert space.items == space.first_words(5) == ("cat", "dog")
    assert any("taken away" in note for note in space.notes) or (pair == '""' and "," in table)


def test_words_that_can_only_be_typed_between_quotes_are_on_the_map_too() -> None:
    space = open_vectors(b"'cat' 1 2\n`dog` 3 4\n")
    assert space.first_words(5) == ("'cat'", "`dog`")
    typed = split_words(joined(space.first_words(5)))
    assert typed.items == space.items and not space.look_up(typed.items)[1]


def archive(**files: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as into:
        for name, text in files.items():
            into.writestr(name.replace("_", "."), text)
    return out.getvalue()


README = "This is\nmy file\nof words\n"


def test_a_description_beside_words_names_nothing_and_that_is_said() -> None:
    words = "cat 1 2\ndog 3 4\nsea 5 6\n"
    space = open_vectors(archive(model_vec=words, README_txt=README))
    assert space.items == ("cat", "dog", "sea") and any("README.txt" in note for note in space.notes)
    batch = read_vector_uploads([("model.vec", words.encode()), ("README.txt", README.encode())])
    assert batch.spaces[0][1].items == ("cat", "dog", "sea")
    assert any("README.txt" in note for note in batch.spaces[0][1].notes)
    named = open_vectors(archive(model_vec=words, labels_txt="a\nb\nc\n"))
    assert named.items == ("a", "b", "c") and any("names its rows itself" in note for note in named.notes)


def test_a_description_beside_bare_numbers_names_them_only_where_it_fits_and_that_is_said() -> None:
    fitting = open_vectors(archive(x_tsv=THREE.decode(), README_txt=README))
    assert fitting.items[0] == "This is" and 'The names come from "README.txt".' in fitting.notes
    short = open_vectors(archive(x_tsv=THREE.decode(), README_txt="One\nline\n"))
    assert short.items[0] == "row 1" and any("README.txt" in note for note in short.notes)
    both = open_vectors(archive(x_tsv=THREE.decode(), README_txt=README, labels_tsv="a\nb\nc\n"))
    assert both.items == ("a", "b", "c")


def test_the_configuration_says_which_file_names_the_rows() -> None:
    told = '{"embeddings": [{"tensorPath": "a/foo.tsv", "metadataPath": "bar.tsv"}]}'
    files = {"bar_tsv": "1\t2\n3\t4\n5\t6\n", "foo_tsv": THREE.decode(), "metadata_tsv": "x\ny\nz\n"}
    space = open_vectors(_with_configuration(files, told))
    assert space.items == ("1", "3", "5") and space.vectors.tolist() == [[1, 2], [3, 4], [5, 6]]


def _with_configuration(files: dict[str, str], told: str) -> bytes:
    out = io.BytesIO(archive(**files))
    with zipfile.ZipFile(out, "a") as into:
        into.writestr("projector_config.json", told)
    return out.getvalue()
