"""Tensors of every kind of number, against torch on the same file."""

import json

import numpy as np
import pytest
import torch
from safetensors.torch import save

from embeddings_core.errors import BadInputError
from embeddings_core.tables.reading import read_table
from embeddings_core.tables.table import vectors_of
from embeddings_core.tables.tensors import tensors

KINDS = (
    torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2, torch.int64, torch.int8,
    torch.uint8, torch.bool,
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_vectors_of_any_kind_of_number_are_those_of_torch(kind: torch.dtype) -> None:
    numbers = torch.from_numpy(np.random.default_rng(0).normal(size=(7, 5)) * 3).to(kind)
    table = read_table(save({"v": numbers}), name="a.safetensors")
    assert np.array_equal(vectors_of(table, "v")[1], numbers.to(torch.float32).numpy())


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2], ids=str)
def test_every_number_of_few_bits_is_what_torch_says(kind: torch.dtype) -> None:
    whole = torch.uint8 if kind.itemsize == 1 else torch.int16
    codes = torch.arange(256**kind.itemsize, dtype=torch.int32).to(whole).view(kind)
    found = tensors(save({"v": codes}))["v"]
    assert np.array_equal(found, codes.to(torch.float32).numpy(), equal_nan=True)


@pytest.mark.parametrize("kind", ["F4", "F8_E8M0", "nonsense"])
def test_a_kind_of_number_that_is_not_read_is_named(kind: str) -> None:
    with pytest.raises(BadInputError, match=f"kind {kind}, which is not read here"):
        read_table(forged({"v": (kind, [2, 2], 0, 4)}, 4), name="a.safetensors")


def forged(told: dict[str, tuple[str, list[int], int, int]], size: int) -> bytes:
    directory = {
        name: {"dtype": kind, "shape": shape, "data_offsets": [start, end]}
        for name, (kind, shape, start, end) in told.items()
    }
    head = json.dumps(directory).encode()
    return len(head).to_bytes(8, "little") + head + bytes(size)


@pytest.mark.parametrize(
    "content",
    [
        forged({"v": ("F32", [2, 2], 0, 16)}, 12),
        forged({"v": ("F32", [2, 3], 0, 16)}, 16),
        forged({"v": ("F32", [-2, -2], 0, 16)}, 16),
        forged({f"v{n}": ("BF16", [2, 4], 0, 16) for n in range(9)}, 16),
        b"\x02" + bytes(7) + b"[]",
        b"\xff" * 8 + b"{}",
        b"",
        b"short",
    ],
    ids=["cut", "another shape", "less than nothing", "over one another", "list", "long", "empty", "short"],
)
def test_what_is_no_file_of_tensors_is_refused(content: bytes) -> None:
    with pytest.raises(BadInputError):
        read_table(content, name="a.safetensors")
