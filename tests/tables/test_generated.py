"""Generated tables and lists: each is read as the generator wrote it, or refused in a sentence that names the line.

The truth is what the generator wrote; the writers are the standard library's and pyarrow's, and no reader of ours is asked.
"""

import csv
import io
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.texts import split_words
from embeddings_core.tables.reading import read_table
from embeddings_core.tables.table import numbers_of, texts_of

CELLS = (
    "good food, and cheap", 'she said "no"', "over\ntwo lines", "Größe, naïve", "漢字かな", "שָׁלוֹם", "नमस्ते", "👩\u200d👧 family",
    "cafe\u0301", "a;b", "a\tb", "a|b", "-5 °C", "=1+1", "@home", "it's", "'tis", "New York, N.Y.", "1,000", "1.000,5 kg",
    "#", "NULL is a word",
    "x" * 300, "C++", "50 %", "(no)", "e.g. this", "“quoted”", "back\\slash", "line\u2028separator",
)  # fmt: skip
KINDS = ("red", "green", "blue")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32")


@st.composite
def tables(draw: Any) -> tuple[str, bytes, list[tuple[str, float, str]]]:
    """Draw (name, content, true rows) of a table with a text, a number and a label."""
    texts = draw(st.lists(st.sampled_from(CELLS), min_size=4, max_size=12, unique=True))
    numbers = draw(
        st.lists(
            st.integers(-9_999, 9_999) | st.floats(-1e4, 1e4, width=32),
            min_size=len(texts),
            max_size=len(texts),
        )
    )
    rows = [
        (text, number, KINDS[row % 3]) for row, (text, number) in enumerate(zip(texts, numbers, strict=True))
    ]
    header = ("review", "stars", "kind")
    form = draw(st.sampled_from(["csv", "csv", "csv", "jsonl", "json", "parquet"]))
    if form == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        columns = list(zip(*rows, strict=True))
        out = io.BytesIO()
        pq.write_table(
            pa.table(
                [pa.array(columns[0]), pa.array(columns[1], pa.float64()), pa.array(columns[2])], names=header
            ),
            out,
        )
        return "a.parquet", out.getvalue(), rows
    if form != "csv":
        objects = [dict(zip(header, row, strict=True)) for row in rows]
        ascii_only = draw(st.booleans())
        if form == "jsonl":
            text = "\n".join(json.dumps(each, ensure_ascii=ascii_only) for each in objects)
        else:
            text = json.dumps(objects, ensure_ascii=ascii_only)
        return f"a.{form}", text.encode(draw(st.sampled_from(("utf-8", "utf-8-sig")))), rows
    delimiter = draw(st.sampled_from(",;\t|"))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC, csv.QUOTE_ALL]))
    written = io.StringIO()
    writer = csv.writer(
        written, delimiter=delimiter, quoting=quoting, lineterminator=draw(st.sampled_from(["\n", "\r\n"]))
    )
    writer.writerows([header, *rows])
    name = draw(st.sampled_from(["a.csv", "a.txt", "a.tsv"]))
    return name, written.getvalue().encode(draw(st.sampled_from(ENCODINGS))), rows


REFUSED: list[str] = []


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(tables())
def read_as_written(drawn: tuple[str, bytes, list[tuple[str, float, str]]]) -> None:
    name, content, rows = drawn
    try:
        table = read_table(content, name=name)
    except BadInputError as error:
        assert "ine " in str(error), error
        REFUSED.append(str(error))
        return
    told = (name, content[:200], table.notes)
    assert texts_of(table, "review") == [text for text, _, _ in rows], told
    assert texts_of(table, "kind") == [kind for _, _, kind in rows], told
    assert numbers_of(table, "stars") == pytest.approx([number for _, number, _ in rows], rel=1e-6), told


def test_a_table_is_read_as_written_or_refused_by_its_line() -> None:
    REFUSED.clear()
    read_as_written()
    assert len(REFUSED) <= 6, REFUSED[:3]  # to refuse everything is no way to read


ITEMS = (
    *(each for each in CELLS if not set(each) & set('\n\t|"“”\u2028') and len(each) < 100 and each != "it's"),
    *("ice cream", "Washington, D.C.", "2,000", "covid19", "Dr. Smith", "cat", "Cat", "猫"),
)
PLACES = (
    "Washington, D.C.",
    "New York, N.Y.",
    "Paris",
    "Oslo",
    "Berlin, Germany",
    "Rome",
    "Höfn",
    "Lima",
    "Quito",
)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.data(), st.sampled_from(["\n", "\r\n", "\r", "; ", '", "']), st.sampled_from(["NFC", "NFD"]))
def test_a_list_is_split_where_it_was_joined(data: Any, between: str, form: Any) -> None:
    """Lines, semicolons, or quotation marks with commas between them; whatever the Unicode form.

    Lines may hold places with commas, or texts without: "cat, dog" on a line is two items.
    """
    pool = data.draw(st.sampled_from([PLACES, ITEMS]))
    if pool is ITEMS and between.strip() == "":
        pool = tuple(item for item in ITEMS if not set(item) & set(",;"))
    if between == "; ":
        pool = tuple(item for item in pool if ";" not in item)
    items = data.draw(st.lists(st.sampled_from(pool), min_size=3, max_size=8, unique=True))
    if pool is PLACES and between.strip() == "":
        items = [*items, "Madrid", "Cairo", "Accra", "Tunis"]  # most lines are one place
    text = unicodedata.normalize(form, between.join(items))
    found = split_words(f'"{text}"' if '"' in between else text)
    assert list(found.items) == list(dict.fromkeys(unicodedata.normalize("NFC", item) for item in items)), (
        text
    )
