"""Results as files for spreadsheets and programs."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence

import numpy as np

from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.files.metadata import CONFIGURATION, GROUP, without_marks
from embeddings_core.spaces.texts import guarded


def safe_cell(text: str) -> str:
    """Return text on one line that a spreadsheet shows instead of running it; what opens our tables undoes the guard.

    >>> safe_cell("=1+1"), safe_cell("cat")
    ("'=1+1", 'cat')
    """
    return guarded(text).replace("\t", " ").replace("\n", " ").replace("\r", " ")


def for_spreadsheets(table: str) -> bytes:
    """Return a table as bytes with a byte order mark, without which spreadsheets garble all but plain letters."""
    return table.encode("utf-8-sig")


def csv_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write rows as CSV; texts and names of columns are made safe, numbers stay numbers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([safe_cell(name) for name in header])
    for row in rows:
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()


def vectors_csv(embeddings: EmbeddingSet) -> str:
    """Write one line an item: its text, then its numbers with nine significant digits, which give them back exactly."""
    header = ["item", *(f"dim_{i}" for i in range(embeddings.dimensions))]
    rows = (
        [item, *(f"{value:.9g}" for value in vector)]
        for item, vector in zip(embeddings.items, embeddings.vectors.tolist(), strict=True)
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


def projector_files(embeddings: EmbeddingSet) -> bytes:
    """Pack a zip archive for the TensorFlow Embedding Projector: vectors.tsv, metadata.tsv and its configuration.

    The two tables are what its "Load" takes; the configuration is for a folder that it serves. Names stand on one line, and
    a spreadsheet runs none of them; what opens our files undoes that. A name that would be read without its quotation marks,
    here or as a table, stands between further ones.
    """

    def flat(text: str) -> str:
        return guarded(" ".join(text.split())) or "(empty)"

    vectors = "".join(
        "\t".join(f"{value:.9g}" for value in row) + "\n" for row in embeddings.vectors.tolist()
    )
    rows: list[tuple[str, ...]] = [(flat(item),) for item in embeddings.items]
    if embeddings.groups is not None:  # two columns have a line of titles, one column has none
        pairs = zip(embeddings.items, embeddings.groups, strict=True)
        rows = [("name", GROUP), *((flat(item), flat(group)) for item, group in pairs)]
    read, _ = without_marks(rows)
    names = [
        "\t".join(
            cell if cell == as_read and not cell.startswith('"') else '"' + cell.replace('"', '""') + '"'
            for cell, as_read in zip(*both, strict=True)
        )
        for both in zip(rows, read, strict=True)
    ]
    described = {
        "embeddings": [
            {
                "tensorName": embeddings.model,
                "tensorShape": [len(embeddings), embeddings.dimensions],
                "tensorPath": "vectors.tsv",
                "metadataPath": "metadata.tsv",
            }
        ]
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vectors.tsv", vectors)
        archive.writestr("metadata.tsv", "\n".join(names) + "\n")
        archive.writestr(CONFIGURATION, json.dumps(described, ensure_ascii=False, indent=1))
    return out.getvalue()
