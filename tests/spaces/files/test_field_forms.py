"""Text vector files as numpy, pandas and spreadsheets write them: each value written down here, not by our own parser."""

import io

import numpy as np
import pandas as pd
import pytest

from embeddings_core.spaces.files.opener import open_vectors

VECTORS = [[1.5, 2.5], [3.5, 4.5], [5.0, 6.0]]


def read(content: str, *, metadata: str = "") -> tuple[list[str], list[list[float]], str]:
    found = open_vectors(content.encode(), name="v.tsv", metadata=metadata.encode() or None)
    return list(found.items), np.round(found.vectors.astype(float), 4).tolist(), " ".join(found.notes)


@pytest.mark.parametrize("delimiter", ["\t", " ", ","])
@pytest.mark.parametrize("header", ["x", "x y", "made by numpy\ntwo lines, of words"])
def test_the_comments_of_numpy_are_left_out_and_told(delimiter: str, header: str) -> None:
    out = io.StringIO()
    np.savetxt(out, np.array(VECTORS), delimiter=delimiter, header=header)
    items, vectors, notes = read(out.getvalue(), metadata="a\nb\nc\n")
    assert (
        (items, vectors) == (["a", "b", "c"], VECTORS) and "as a comment" in notes
    ) or "as comments" in notes


def test_comments_stand_above_words_sizes_and_titles_and_a_word_may_be_that_sign() -> None:
    body = "cat 1.5 2.5\ndog 3.5 4.5\nsun 5 6\n"
    for above in ("# x\n", "\n# x y\n#\n", "# x\n3 2\n", "# 2\nword a b\n"):
        items, vectors, notes = read(above + body)
        assert (items, vectors) == (["cat", "dog", "sun"], VECTORS) and "begin" in notes, above
    assert read("# 1 2\n" + body)[0] == ["#", "cat", "dog", "sun"]
    assert read("##ing 1 2\n#tag 3 4\n" + body)[0][:2] == ["##ing", "#tag"]
    table = "# by hand\n" + body.replace(" ", ",")
    assert read(table)[:2] == (["cat", "dog", "sun"], VECTORS)
    with pytest.raises(Exception, match="Line 4"):
        read(table.replace("sun,5,6", "sun,5,x").replace("sun", "the sun", 1))


@pytest.mark.parametrize("separator", ["\t", ",", ";", "|"])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("first", [0, 1])
def test_the_numbering_of_a_table_is_no_number_of_a_vector(separator: str, header: bool, first: int) -> None:
    frame = pd.DataFrame(VECTORS, columns=["x", "y"])
    frame.insert(0, "word", ["New York", "ice", "dog"])
    frame.index += first
    items, vectors, notes = read(frame.to_csv(sep=separator, header=header))
    assert (items, vectors) == (["New York", "ice", "dog"], VECTORS) and "Not used: column 1" in notes


@pytest.mark.parametrize("decimal", [".", ","])
def test_the_column_with_the_title_of_names_gives_them_wherever_it_stands(decimal: str) -> None:
    frame = pd.DataFrame(VECTORS, columns=["dim_0", "dim_1"]).assign(word=["1984", "2001", "3"])
    for separator in "\t;|":
        items, vectors, notes = read(frame.to_csv(sep=separator, decimal=decimal, index=False))
        assert (items, vectors) == (
            ["1984", "2001", "3"],
            VECTORS,
        ) and 'Column "word" gives the names' in notes


def test_bars_separate_and_a_size_may_have_a_tab() -> None:
    assert read("cat|0,5|-4,5\ndog|1,2|2,3\n")[:2] == (["cat", "dog"], [[0.5, -4.5], [1.2, 2.3]])
    assert read("3\t2\ncat\t1.5\t2.5\ndog\t3.5\t4.5\nsun\t5\t6\n")[:2] == (["cat", "dog", "sun"], VECTORS)


@pytest.mark.parametrize("separator", [" ", "\t", ",", ";", "|"])
def test_words_that_are_numbers_may_be_numbers_and_that_is_said(separator: str) -> None:
    content = "".join(
        separator.join(row) + "\n" for row in (["1984", "2.5", "1.5"], ["2001.5", "3.5", "4.5"])
    )
    _, vectors, notes = read(content)
    assert vectors[0] == [1984, 2.5, 1.5] and "all of them are taken as the vector, none as a name" in notes
