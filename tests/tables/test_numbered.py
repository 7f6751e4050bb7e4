"""Columns dim_0, dim_1, ... of one number each: what we write, we read, also where it is opened as a table."""

import numpy as np

from embeddings_core.export.tables import for_spreadsheets, projector_files, vectors_csv
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.tables.reading import read_files

NAMES = ('"double"', '"a" b', "say it", "=1+1", "a,b", "dim_0")
VECTORS = np.random.default_rng(0).normal(size=(6, 384)).astype(np.float32)


def read(name: str, content: bytes | str) -> tuple[dict[str, list[object]], tuple[str, ...]]:
    table = read_files([(name, content.encode() if isinstance(content, str) else content)])
    return {each: table.rows.column(each).to_pylist() for each in table.rows.column_names}, table.notes


def test_our_vectors_opened_as_a_table_are_what_they_were() -> None:
    ours = EmbeddingSet(NAMES, VECTORS, "m")
    for name, content in (
        ("v.csv", vectors_csv(ours).encode()), ("v.csv", for_spreadsheets(vectors_csv(ours))), ("p.zip", projector_files(ours)),
    ):  # fmt: skip
        columns, _ = read(name, content)
        names, vectors = columns.values()
        assert sorted(map(str, names)) == sorted(NAMES) and np.array_equal(
            np.array(vectors, dtype=np.float32), VECTORS
        ), name


def test_such_columns_are_told_and_a_missing_number_is_no_vector() -> None:
    columns, notes = read("a.csv", "text,emb1,emb2,kind\ncat,1,2,x\ndog,3,,y\n")
    assert columns == {"text": ["cat", "dog"], "kind": ["x", "y"], "vector": [[1, 2], None]}
    assert 'The 2 columns "emb1" to "emb2" are the numbers of one vector a row.' in notes


def test_other_numbers_stay_as_they_are() -> None:
    for header in (
        "a,q1,q2",
        "a,dim_0,size",
        "a,dim_2,dim_3",
        "dim_0,a,dim_1",
        "a,dim_1,emb_2",
        "vector,dim_0,dim_1",
    ):
        columns, _ = read(
            "a.csv", f"{header}\nx,1,2\ny,2,3\n" if header[0] != "d" else f"{header}\n1,x,2\n2,y,3\n"
        )
        assert list(columns) == header.split(","), header
    assert list(read("a.csv", "t,dim_0,dim_1\nx,cat,dog\ny,1,bird\n")[0]) == ["t", "dim_0", "dim_1"]
