"""The bundled MiniLM against the usual library: the same vectors, alone and in batches, in many threads."""

import sys
import threading
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

from embeddings_core.errors import MissingExtraError
from embeddings_core.models.minilm import batches, load_minilm_bfloat16, minilm_folder
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.runtime import ready_torch
from embeddings_core.models.spec import ModelSpec
from embeddings_core.spaces.texts import clean
from tests.awkward import TEXTS

SENTENCES = [
    "The cat sleeps on the warm sofa.",
    "Bank",
    "a",
    "word " * 400,  # more than the 256 tokens that the model reads
    "Ünïcödé, 猫 and emoji 😀",
    *(text for text in map(clean, TEXTS.values()) if text),
    *(f"sentence number {n} of different length {'and more ' * (n % 23)}" for n in range(40)),
]


@pytest.fixture(scope="module")
def usual() -> Any:
    """The library that everybody uses, on the same files."""
    ready_torch()
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(minilm_folder()), device="cpu", local_files_only=True)


@pytest.fixture(scope="module")
def expected(usual: Any) -> np.ndarray:
    return np.asarray(usual.encode(SENTENCES, show_progress_bar=False))


def test_vectors_are_those_of_the_usual_library(expected: np.ndarray) -> None:
    vectors = load_encoder("minilm")(SENTENCES)
    assert vectors.shape == (len(SENTENCES), 384) and vectors.dtype == np.float32
    assert np.einsum("ij,ij->i", vectors, expected).min() >= 0.9999
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_a_text_has_the_same_vector_alone_and_in_company() -> None:
    encoder = load_encoder("minilm")
    together = encoder(SENTENCES)
    for row in (0, 3, 7, len(SENTENCES) - 1):
        np.testing.assert_allclose(encoder([SENTENCES[row]])[0], together[row], atol=2e-6)


@pytest.mark.skipif(find_spec("openvino") is None, reason="the openvino extra is not installed")
def test_bfloat16_stays_near(expected: np.ndarray) -> None:
    vectors = load_encoder("minilm-bfloat16")(SENTENCES)
    lengths = np.linalg.norm(vectors, axis=1)
    assert (np.einsum("ij,ij->i", vectors, expected) / lengths).min() >= 0.999


def test_without_openvino_the_pip_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    row = ModelSpec("x", "MiniLM in bfloat16", "f", "text", 384, load=load_minilm_bfloat16)
    with pytest.raises(MissingExtraError, match=r"pip install -e '\.\[openvino\]'"):
        load_minilm_bfloat16(row)


def test_other_users_of_the_tokenizer_change_nothing() -> None:
    """Without the lock a second thread that truncates differently gives silently wrong vectors."""
    encoder = load_encoder("minilm")
    tokenizer: Any = encoder.inner.tokenizer  # type: ignore[attr-defined]
    texts = [f"the quick brown fox number {n} jumps over the lazy dog again and again" for n in range(60)]
    alone = encoder(texts)
    stop = threading.Event()

    def show_tokens() -> None:
        while not stop.is_set():
            with encoder.lock:
                tokenizer.enable_truncation(4)
                tokenizer.encode("what the panel shows")
                tokenizer.enable_truncation(256)

    panel = threading.Thread(target=show_tokens)
    panel.start()
    try:
        for _ in range(5):
            np.testing.assert_allclose(encoder(texts), alone, atol=1e-6)
    finally:
        stop.set()
        panel.join()


def test_batches_hold_every_text_once_within_the_budget() -> None:
    lengths = np.random.default_rng(0).integers(3, 257, 500).tolist()
    groups = batches(lengths, budget=512)
    assert sorted(np.concatenate(groups).tolist()) == list(range(500))
    assert all(len(rows) * max(lengths[row] for row in rows) <= 512 for rows in groups)
    words = batches([3] * 1_000 + [40] * 100, budget=512, short=2_048)
    assert sorted(map(len, words), reverse=True)[:2] == [682, 310] and len(words) == 11
    assert batches([]) == [] and len(batches([5_000], budget=512)) == 1
