"""Quantised fastText files (.ftz) and classifiers against the vectors that Facebook's own program gives."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.files.fasttext import Quantised
from embeddings_core.spaces.files.opener import open_vectors
from tests.shipped import datapath

DATA = Path(__file__).parents[2] / "data"
TRUTH = json.loads((DATA / "ftz_truth.json").read_text("utf-8"))
FILES = tuple(TRUTH)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("as_bytes", [False, True], ids=["path", "bytes"])
def test_a_quantised_file_gives_the_programs_own_vectors(file: str, as_bytes: bool) -> None:
    space = open_vectors((DATA / file).read_bytes() if as_bytes else DATA / file)
    words, vectors = TRUTH[file]["words"], TRUTH[file]["vectors"]
    assert list(space.items) == words and space.layout == "fastText, quantised"
    for word, expected in vectors.items():
        found, unknown = space.look_up([word])
        if np.any(expected):
            np.testing.assert_allclose(found[0], expected, atol=2e-7, err_msg=word)
        else:  # the program returns zeros for a word without a single known letter group
            assert unknown == (word,)
    assert {"zzgle", "unheard"} - set(words) and any("quantised" in note for note in space.notes)


def test_a_part_is_one_byte_that_names_its_centroid() -> None:
    """Two parts of two numbers: codes (1, 0) are centroid 1 of the first table, 0 of the second, twice as long."""
    tables = (np.array([[0, 0], [1, 2]], np.float32), np.array([[3, 4], [5, 6]], np.float32))
    rows = Quantised(np.array([[1, 0], [0, 1]], np.uint8), tables, np.array([2, 1], np.float32))
    assert rows[[0, 1]].tolist() == [[2, 4, 6, 8], [0, 0, 5, 6]]
    assert rows.after(1)[[0]].tolist() == [[0, 0, 5, 6]] and len(rows.after(1)) == 1


def test_a_classifier_gives_its_word_vectors_and_says_what_they_are() -> None:
    space = open_vectors(datapath("pang_lee_polarity_fasttext.bin"))
    assert len(space) > 1_000 and "the" in space.items and np.isfinite(space.vectors).all()
    assert not any(item.startswith("__label__") for item in space.items)
    assert any("classifier with 2 labels" in note for note in space.notes)


def end_of_numbers(content: bytes) -> int:
    """What follows the input matrix is the classifier's own, which nobody reads."""
    low, high = 100, len(content)
    while low < high:
        middle = (low + high) // 2
        try:
            open_vectors(content[:middle])
            high = middle
        except BadInputError:
            low = middle + 1
    return low


@pytest.mark.parametrize("file", FILES)
def test_a_cut_file_is_told_wherever_it_is_cut(file: str) -> None:
    content = (DATA / file).read_bytes()
    for end in range(60, end_of_numbers(content) - 1, 331):
        with pytest.raises(BadInputError):
            open_vectors(content[:end])


@pytest.mark.parametrize("file", FILES)
def test_absurd_numbers_are_told(file: str) -> None:
    """Every number before the codes, set to something impossible, ends in a sentence or in the same words."""
    content = (DATA / file).read_bytes()
    words = TRUTH[file]["words"]
    header = [*range(8, 72, 4)]
    start = content.rindex(
        words[-1].encode() + b"\0"
    )  # the dictionary's end: labels, pruned groups, the matrix
    behind = range(start + len(words[-1]) + 10, start + 120, 2)
    for place in (*header, *behind):
        for value in (-7, 2**31 - 1):
            changed = bytearray(content)
            changed[place : place + 4] = struct.pack("<i", value)
            try:
                open_vectors(bytes(changed))
            except BadInputError as error:
                assert "fastText" in str(error) or "vectors of" in str(error) or "not a file" in str(error)
