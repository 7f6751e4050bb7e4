"""Two hundred generated vector files: each is read as it was written, or refused in a sentence that names the line.

The truth is what the generator wrote, not what a parser made of it.
"""

import csv
import io
import re

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.files.opener import open_vectors

WORDS = (
    "cat", "Dog", "naïve", "cafe\u0301", "猫", "שָׁלוֹם", "नमस्ते", "👩\u200d👧", "New York", "ice cream", "Apollo 11",
    "2019", "3.14", "-5 °C", 'say "hi"', "rock, paper", "a;b", "don't", "'tis", "</s>", "#", "C++", "=1+1", "na",
    "null", "e\u0301te\u0301", "\u00e9t\u00e9", "ﬁne",
    "x" * 60, "a_b", "U.S.A.", "1,000",
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16")
REFUSED: list[str] = []
NUMBERS = st.floats(-1e6, 1e6, width=32).filter(lambda value: value == 0 or abs(value) > 1e-6)


@st.composite
def files(draw):
    """Draw (content, names given beside it or None, true words, true vectors)."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=3, max_size=12, unique=True))
    d = draw(st.integers(2, 6))
    vectors = np.array(
        draw(st.lists(st.lists(NUMBERS, min_size=d, max_size=d), min_size=len(words), max_size=len(words)))
    )
    vectors = vectors.astype(np.float32)
    kind = draw(st.sampled_from(["text", "header", "table", "pair"]))
    end = draw(st.sampled_from(["\n", "\r\n"] + (["\r"] if kind != "table" else [])))
    numbers = [[repr(float(value)) for value in row] for row in vectors]
    names = None
    if kind in ("text", "header"):
        between = draw(st.sampled_from([" ", "\t", "  "]))
        lines = [between.join([word, *row]) for word, row in zip(words, numbers, strict=True)]
        if kind == "header":
            lines.insert(0, f"{len(words)} {d}")
        text = end.join(lines) + draw(st.sampled_from(["", end, end + end]))
    elif kind == "table":
        out = io.StringIO()
        quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC, csv.QUOTE_ALL]))
        writer = csv.writer(out, delimiter=draw(st.sampled_from(",;\t")), lineterminator=end, quoting=quoting)
        writer.writerow(["word", *(f"d{column}" for column in range(d))])
        rows = [[float(value) for value in row] for row in vectors]
        writer.writerows([word, *row] for word, row in zip(words, rows, strict=True))
        text = out.getvalue()
    else:
        between = draw(st.sampled_from([" ", "\t", ", ", ";"]))
        text = end.join(between.join(row) for row in numbers) + end
        title = draw(st.booleans())
        names = (
            ("word\n" if title else "")
            + "".join(f"{word}\n" for word in words)
            + draw(st.sampled_from(["", "\n"]))
        )
        names = names.encode(draw(st.sampled_from(ENCODINGS)))
    return text.encode(draw(st.sampled_from(ENCODINGS))), names, tuple(words), vectors


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(files())
def read_as_written(drawn) -> None:
    content, names, words, vectors = drawn
    try:
        space = open_vectors(content, metadata=names)
    except BadInputError as error:
        assert re.search(r"\b[Ll]ine \d", str(error)), error
        REFUSED.append(str(error))
        return
    assert space.items == words, space.notes
    assert np.array_equal(space.vectors, vectors)


def test_a_file_is_read_as_written_or_refused_by_its_line() -> None:
    REFUSED.clear()
    read_as_written()
    assert len(REFUSED) <= 10, REFUSED[:3]  # of 200: to refuse everything is no way to read


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_a_sentence(content) -> None:
    try:
        open_vectors(content)
    except BadInputError as error:
        assert str(error).endswith(".")
