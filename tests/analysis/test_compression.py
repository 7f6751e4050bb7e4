"""Fewer bits and fewer numbers, each figure recomputed in plain numpy."""

import numpy as np
import pytest

from embeddings_core.analysis.compression import (
    Format,
    compression,
    compression_film,
    decoded,
    formats,
    in_hundred,
)
from embeddings_core.analysis.truncation import everyday_space
from embeddings_core.errors import BadInputError
from embeddings_core.spaces.embedding_set import EmbeddingSet

WORDS = ("king", "cat", "music", "war", "bread", "london")


def test_bytes_and_names() -> None:
    assert [form.bytes for form in formats(384)] == [1536, 384, 48, 1024, 256, 32]
    assert formats(50)[-1] == Format(32, 8) and Format(8, 384).title == "int8, 384 numbers"


def test_what_is_read_back_is_within_a_step() -> None:
    vectors = np.random.default_rng(0).normal(size=(200, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    read = decoded(vectors, Format(8, 16))
    step = (vectors.max(axis=0) - vectors.min(axis=0)) / 255
    assert np.abs(read - vectors).max() < step.max()  # half a step, and the length set to 1 again
    signs = decoded(vectors, Format(1, 16))
    differ = ((vectors[0] > 0) != (vectors[1] > 0)).sum()
    assert signs[0] @ signs[1] == pytest.approx(1 - 2 * differ / 16)
    cut = decoded(vectors, Format(32, 4))
    np.testing.assert_allclose(cut[3], vectors[3, :4] / np.linalg.norm(vectors[3, :4]), rtol=1e-5)
    with pytest.raises(BadInputError):
        decoded(vectors, Format(4, 16))


def test_recall_is_that_of_plain_numpy() -> None:
    space = everyday_space()
    found = compression(space.take([space.row(word) for word in WORDS]), space)
    units = space.vectors.astype(np.float64)
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    for row, word in enumerate(WORDS):
        own = space.row(word)
        truth = [other for other in np.argsort(-units @ units[own], kind="stable") if other != own][:10]
        assert found.truth[row].tolist() == truth
        hamming = ((space.vectors > 0) != (space.vectors[own] > 0)).sum(axis=1)
        near = [other for other in np.argsort(hamming, kind="stable") if other != own][:10]
        assert found.recall[2, row] == pytest.approx(len(set(near) & set(truth)) / 10)
        assert {space.items[other] for other in set(truth) - set(near)} == set(found.missing(2, row))
    shares = found.shares
    assert shares[0] == 1 and shares[1] > 0.9 > shares[2] > 0.4 and shares[3] > shares[4] > shares[5]
    assert f"8 bits a number keep {in_hundred(shares[1])} in 100" in found.sentence
    assert found.by_directions > shares[4] and "was not trained to be cut" in found.sentence


def test_the_film_has_a_state_a_format() -> None:
    space = everyday_space()
    film = compression_film(space.take([space.row(word) for word in WORDS]), space)
    assert film.film.frames.shape == (6, 6, 2) and film.film.kind == "recorded" and film.recall[0] == 1
    assert film.film.frame_names[2] == "binary, 384 numbers: 48 bytes a word"
    with pytest.raises(BadInputError):
        compression_film(space.take([0, 1]), space)
    with pytest.raises(BadInputError):
        compression(EmbeddingSet((), np.zeros((0, 384), np.float32)), space)
