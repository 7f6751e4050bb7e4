"""A table dropped among word vectors: told from a file of vectors by its first lines."""

import pytest

from embeddings_core.tables.sniffing import is_table

REVIEWS = "review,stars,price\n" + "".join(
    f'"The soup was cold, number {n}",{n % 5},{n / 2}\n' for n in range(20)
)
CELLS = "word,vector\n" + "".join(f'w{n},"[{n}, 1, 0.5]"\n' for n in range(20))
WINES = "grower;alcohol;hue\n" + "".join(f"grower {n % 3};1{n % 4},{n % 7};0,{n % 9}\n" for n in range(20))
NAMES = "name\tkind\n" + "".join(f"n{n}\tk{n % 2}\n" for n in range(20))
VECTORS = (
    "word," + ",".join(f"d{n}" for n in range(5)) + "\n" + "".join(f"w{n},1,0.5,{n},2,3\n" for n in range(20))
)
MANY = (
    "word,"
    + ",".join(f"title {chr(97 + n)}" for n in range(20))
    + "\n"
    + ("w," + ",".join("1" * 20) + "\n") * 9
)
BARE = "".join(f"w{n},1,0.5,{n},2,3\n" for n in range(20))
TENSORS = "".join("\t".join(str(n * k) for k in range(4)) + "\n" for n in range(20))


@pytest.mark.parametrize(
    "text", [REVIEWS, CELLS, WINES, NAMES], ids=["texts", "cells of vectors", "numbers", "names"]
)
def test_tables(text: str) -> None:
    assert is_table("a.csv", text.encode())
    assert not is_table("a.vec", text.encode())


@pytest.mark.parametrize("text", [VECTORS, MANY, BARE, TENSORS, "", "word\n"], ids=range(6))
def test_files_of_vectors(text: str) -> None:
    assert not is_table("a.tsv", text.encode())


def test_what_is_no_text_is_no_table() -> None:
    assert not is_table("a.csv", bytes(range(256)) * 20)
