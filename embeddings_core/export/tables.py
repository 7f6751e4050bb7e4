"""Results as files for spreadsheets and programs."""

import csv
import io
from collections.abc import Iterable, Sequence

import numpy as np

from embeddings_core.spaces.embedding_set import EmbeddingSet

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """Return text that a spreadsheet shows instead of running it (OWASP: CSV injection).

    >>> safe_cell("=1+1"), safe_cell("cat")
    ("'=1+1", 'cat')
    """
    flat = text.replace("\t", " ").replace("\n", " ").replace("\r", " ")
    return f"'{flat}" if text.startswith(_FORMULA_STARTS) else flat


def csv_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write rows as CSV; texts are made safe, numbers stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def vectors_csv(embeddings: EmbeddingSet) -> str:
    """Write one line an item: its text, then its numbers with seven significant digits."""
    header = ["item", *(f"dim_{i}" for i in range(embeddings.dimensions))]
    rows = (
        [item, *(f"{value:.7g}" for value in vector)]
        for item, vector in zip(embeddings.items, embeddings.vectors, strict=True)
    )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([safe_cell(str(row[0])), *row[1:]] for row in rows)
    return out.getvalue()


def vectors_npz(embeddings: EmbeddingSet) -> bytes:
    """Pack `items` (text) and `vectors` (n, d) float32 as a NumPy archive without any pickled object."""
    out = io.BytesIO()
    np.savez_compressed(
        out,
        items=np.array(embeddings.items, dtype=np.str_),
        vectors=embeddings.vectors,
        model=np.str_(embeddings.model),
    )
    return out.getvalue()
