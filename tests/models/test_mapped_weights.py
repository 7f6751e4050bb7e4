"""Weights mapped from their file: the numbers that were saved, not copied; anything else is refused."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from embeddings_core.models.mapped_weights import mapped_weights
from embeddings_core.models.minilm import MiniLM
from embeddings_core.models.registry import load_encoder

TENSORS = {
    "a.weight": np.arange(12_000, dtype=np.float32).reshape(30, 400),
    "b": np.array([0.5], dtype=np.float32),
}


def test_the_numbers_are_those_of_the_file_before_and_after_their_memory_is_let_go(tmp_path: Path) -> None:
    save_file(TENSORS, tmp_path / "some.safetensors", metadata={"format": "np"})
    mapped = mapped_weights(tmp_path / "some.safetensors")
    assert set(mapped.tensors) == set(TENSORS)
    for _ in range(2):
        for name, tensor in TENSORS.items():
            found = mapped.tensors[name]
            assert np.array_equal(found, tensor) and found.dtype == np.float32
            assert not found.flags.owndata and not found.flags.writeable
        mapped.let_go()


def test_what_is_cut_short_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "some.safetensors"
    save_file(TENSORS, path)
    whole = path.read_bytes()
    for content in (whole[:-1], whole[:40], whole[:4], b"\xff" * 64):
        path.write_bytes(content)
        with pytest.raises(ValueError):
            mapped_weights(path)
    save_file({"a": np.zeros(4, dtype=np.float16), "b": np.ones(3, dtype=np.float32)}, path)
    assert list(mapped_weights(path).tensors) == ["b"]


def test_minilm_reads_its_table_of_words_in_place() -> None:
    inner = load_encoder("minilm").inner
    assert isinstance(inner, MiniLM)
    assert not inner.words.flags.owndata and not inner.words.flags.writeable
