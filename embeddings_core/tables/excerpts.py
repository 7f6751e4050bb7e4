"""Excerpts of a table for other pages: labelled sentences, words, sentences that share one, a text to train on, pictures."""

import base64
import io
import re
import unicodedata
import zipfile
from collections import Counter

import numpy as np

from embeddings_core.limits import IMAGES, LABEL_CHARACTERS, TRAINING_CHARACTERS
from embeddings_core.spaces.segmentation import is_long, words_in
from embeddings_core.spaces.texts import clean, clean_label
from embeddings_core.spaces.vectors import IntArray
from embeddings_core.tables.embedding import bases
from embeddings_core.tables.filters import Mask
from embeddings_core.tables.questions import stand_out
from embeddings_core.tables.roles import likely_words
from embeddings_core.tables.table import Column, Table, texts_of

TAKEN = 200  # items that another page takes over: what its film and its ranking can show
WORDS_LONG = 2  # words in most cells of a column of words
CALLED_WORD = re.compile(r"word|term|token|name", re.I)
HEAD = 400  # cells that are looked at
HOLDERS = 2, 60  # sentences that share a word


def text_column(table: Table) -> str:
    """Return the column of text that a map would be made of; "" where there is none."""
    return next((basis.column for basis in bases(table) if basis.kind == "text"), "")


def _evenly(rows: IntArray, most: int) -> IntArray:
    """Return at most so many rows, spread evenly, without chance."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).round().astype(np.int64)]


def sentences_of(table: Table, chosen: Mask) -> tuple[tuple[str, ...], dict[str, str]]:
    """Return the different texts of the chosen rows, and the label of each where the table has labels."""
    column = text_column(table)
    if not column or not chosen.any():
        return (), {}
    cells = texts_of(table, column)
    first = {clean(cells[row]): row for row in reversed(np.flatnonzero(chosen).tolist())}
    rows = np.array(sorted(row for text, row in first.items() if text), dtype=np.int64)
    named = table.label(but=column)
    labels = texts_of(table, named) if named else []
    found = {clean(cells[row]): labels[row] if labels else "" for row in _evenly(rows, TAKEN).tolist()}
    return tuple(found), {text: clean_label(label) for text, label in found.items() if label}


def left_out(table: Table, chosen: Mask, taken: int, column: str) -> str:
    """Say how many of the chosen rows another page does not take of a column, and why; "" where it takes all."""
    cells = texts_of(table, column)
    texts = [clean(cells[row]) for row in np.flatnonzero(chosen).tolist()]
    filled, different = sum(map(bool, texts)), len(set(filter(None, texts)))
    why = [
        f"{len(texts) - filled:,} have no {column}" if filled < len(texts) else "",
        f"{filled - different:,} say the same as another" if different < filled else "",
        f"at most {TAKEN} are taken, spread evenly" if taken < different else "",
    ]
    if not any(why):
        return ""
    return f"{taken:,} of {len(texts):,} rows of {table.title[:60]} are here: {'; '.join(filter(None, why))}."


def words_column(table: Table) -> str:
    """Return the column of words: the one that is taken as text, else one that is called so, else one that is not of codes.

    "" where no column has words in most of its cells.
    """

    def place(column: Column) -> tuple[bool, bool, bool, int]:
        spelled = likely_words(table.rows.column(column.name))[0]
        return column.role != "text", CALLED_WORD.search(column.name) is None, not spelled, -column.distinct

    columns = [each for each in table.columns if each.kind == "text" and each.distinct >= HOLDERS[0]]
    for column in sorted(columns, key=place):
        cells = (clean(cell) for cell in texts_of(table, column.name)[:HEAD])
        head = [cell for cell in cells if cell]
        if head and np.mean([len(cell.split()) <= WORDS_LONG and len(cell) <= 40 for cell in head]) >= 0.9:
            return column.name
    return ""


def words_of(table: Table, chosen: Mask) -> tuple[str, ...]:
    """Return the different words that the chosen rows have in a column of words; none where the table has no such column."""
    column = words_column(table)
    if not column:
        return ()
    cells = texts_of(table, column)
    words = list(dict.fromkeys(filter(None, (clean(cells[row]) for row in np.flatnonzero(chosen).tolist()))))
    return tuple(words[at] for at in _evenly(np.arange(len(words)), TAKEN).tolist()) if len(words) > 1 else ()


def sharing_a_word(table: Table, chosen: Mask, *, word: str = "") -> tuple[str, tuple[str, ...]]:
    """Return a word and sentences of the chosen rows that hold it: the word asked for, else the one that stands out most.

    ("", ()) where no word is in two of them.
    """
    texts = sentences_of(table, chosen)[0]
    holding: dict[str, list[str]] = {}
    spelled: dict[str, Counter[str]] = {}
    for text in texts:
        words = [each for each in dict.fromkeys(words_in(text)) if is_long(each, 4)]
        for each in words:
            spelled.setdefault(each.casefold(), Counter())[each] += 1
        for each in {found.casefold() for found in words}:
            holding.setdefault(each, []).append(text)
    wanted = word.casefold()
    if len(holding.get(wanted, ())) < HOLDERS[0]:
        every = texts_of(table, text_column(table)) if text_column(table) else []
        outstanding = [each.word for each in stand_out(every, chosen, count=20)] if every else []
        often = sorted(holding, key=lambda each: (-len(holding[each]), each))
        rare = [each for each in often if len(holding[each]) <= max(HOLDERS[0], len(texts) // 3)]
        wanted = next(
            (each for each in (*outstanding, *rare, *often) if len(holding.get(each, ())) >= HOLDERS[0]), ""
        )
    if not wanted:
        return "", ()
    return spelled[wanted].most_common(1)[0][0], tuple(holding[wanted][: HOLDERS[1]])


def text_to_learn_from(table: Table, chosen: Mask) -> tuple[str, str]:
    """Return the texts of the chosen rows, a line each, as much as a training reads; and what to say where that is not all."""
    column = text_column(table)
    if not column:
        return "", ""
    cells = texts_of(table, column)
    whole = "\n".join(filter(None, (clean(cells[row]) for row in np.flatnonzero(chosen).tolist())))
    if len(whole) <= TRAINING_CHARACTERS:
        return whole, ""
    many = f"{TRAINING_CHARACTERS:,} of {len(whole):,} characters of {table.title[:60]}"
    told = f"The first {many} are here: a training reads no more."
    return whole[:TRAINING_CHARACTERS], told


def picture_archive(table: Table, chosen: Mask) -> tuple[bytes, str]:
    """Pack the pictures of the chosen rows, at most 200 spread evenly, as a ZIP whose folders are labels.

    Returns b"" where there are none, and what to say where there are more.
    """
    column = next(iter(table.of_role("picture")), None)
    if column is None:
        return b"", ""
    cells = table.rows.column(column.name)
    named = table.label()
    labels = texts_of(table, named) if named else [""] * len(table)
    rows = [
        row
        for row in np.flatnonzero(chosen).tolist()
        if str(cells[row].as_py() or "").startswith("data:image/")
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for row in _evenly(np.array(rows, dtype=np.int64), IMAGES).tolist():
            head, _, body = str(cells[row].as_py()).partition(";base64,")
            folder = "".join(
                sign if unicodedata.category(sign)[0] in "LMN" or sign in " -_" else "_"
                for sign in labels[row]
            )[:LABEL_CHARACTERS].strip()
            name = f"row {row + 1}.{head.removeprefix('data:image/')}"
            archive.writestr(f"{folder}/{name}" if folder else name, base64.b64decode(body))
    told = f"{IMAGES} of {len(rows):,} pictures of {table.title[:60]} are here, spread evenly: the page takes no more."
    return (out.getvalue() if rows else b""), (told if len(rows) > IMAGES else "")
