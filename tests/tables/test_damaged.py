"""Files of every kind with some bits turned, cut off, or with nothing but zeros from a place on: read, or refused in a sentence."""

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable

import numpy as np
import pytest

from embeddings_core.errors import EmbeddingsError
from embeddings_core.spaces.files.opener import open_vectors
from embeddings_core.tables.reading import read_files

pytest.importorskip("pyarrow")
VECTORS = np.random.default_rng(0).normal(size=(40, 4)).astype(np.float32)
ROWS = [{"text": f"hello {row}", "n": row} for row in range(40)]
CSV = "text,n\n" + "".join(f"{row['text']},{row['n']}\n" for row in ROWS)


def written(write: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    write(out)
    return out.getvalue()


def workbook(out: io.BytesIO) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in [["text", "n"], *(list(row.values()) for row in ROWS)]:
        book.active.append(row)
    book.save(out)


def parquet(out: io.BytesIO, compression: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    vectors = pa.FixedSizeListArray.from_arrays(pa.array(VECTORS.ravel()), 4)
    pq.write_table(pa.Table.from_pylist(ROWS).append_column("v", vectors), out, compression=compression)


def packed(out: io.BytesIO) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", CSV)


def tensors(out: io.BytesIO) -> None:
    from safetensors.numpy import save

    out.write(save({"embedding": VECTORS}))


KINDS: dict[str, Callable[[io.BytesIO], object]] = {
    "a.npy": lambda out: np.save(out, VECTORS),
    "a.npz": lambda out: np.savez(out, vectors=VECTORS),
    "b.npz": lambda out: np.savez_compressed(out, vectors=VECTORS),
    "a.xlsx": workbook,
    "a.parquet": lambda out: parquet(out, "snappy"),
    "b.parquet": lambda out: parquet(out, "zstd"),
    "a.zip": packed,
    "a.safetensors": tensors,
    "a.txt.gz": lambda out: out.write(gzip.compress(b"".join(b"w%d 1 2 3.5\n" % row for row in range(40)))),
    "a.jsonl": lambda out: out.write("\n".join(map(json.dumps, ROWS)).encode()),
    "a.json": lambda out: out.write(json.dumps(ROWS).encode()),
}


def damaged(whole: bytes, chance: random.Random) -> bytes:
    """Hurt a file; most often near one of its ends, where it says what it is."""
    size, kind = len(whole), chance.random()
    at = chance.choice(
        [
            chance.randrange(size),
            chance.randrange(min(200, size)),
            size - 1 - chance.randrange(min(300, size)),
        ]
    )
    if kind < 0.6:
        return whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]
    return whole[:at] + (
        b"" if kind < 0.75 else bytes(size - at) if kind < 0.9 else whole[at + chance.randrange(1, 20) :]
    )


@pytest.mark.parametrize("name", KINDS)
def test_a_damaged_file_is_read_or_refused_in_a_sentence(name: str) -> None:
    whole, chance = written(KINDS[name]), random.Random(name)
    assert len(open_vectors(whole, name=name) if name == "a.txt.gz" else read_files([(name, whole)])) == 40
    for _ in range(100):
        content = damaged(whole, chance)
        for read in (lambda: read_files([(name, content)]), lambda: open_vectors(content, name=name)):  # noqa: B023
            try:
                read()
            except EmbeddingsError as error:
                assert str(error).endswith((".", ")")) and "/tmp" not in str(error)


def test_text_that_is_no_utf8_is_read_and_told() -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    cells = pa.array([b"caf\xe9", b"tea", None], pa.binary()).view(pa.string())
    table = read_files(
        [("a.parquet", written(lambda out: pq.write_table(pa.table({"drink": cells, "n": [1, 2, 3]}), out)))]
    )
    assert table.rows.column("drink").to_pylist() == ["caf\ufffd", "tea", None]
    assert (
        '1 cell of "drink" is no text in UTF-8: a sign stands for what cannot be read (row 1).' in table.notes
    )
