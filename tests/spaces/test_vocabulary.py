"""The bundled word space: true to the live model, small, quick to open."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embeddings_core.analysis.neighbours import nearest
from embeddings_core.errors import ModelUnavailableError
from embeddings_core.maps.home_film import HOME_FILM
from embeddings_core.models.registry import load_encoder
from embeddings_core.rebuild.vocabulary import quantise, save_arrays, stem, vocabulary_words
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import percentile
from embeddings_core.spaces.vocabulary import (
    VOCABULARY,
    load_vocabulary,
    reference_scores,
    spelled,
    vocabulary_rows,
)


def test_the_words_are_those_of_the_model() -> None:
    space = load_vocabulary()
    assert space.items == vocabulary_words() and len(space) == 21_358 and space.dimensions == 384
    assert space.items[:3] == ("the", "and", "was")  # common words first
    assert space is load_vocabulary()  # one copy a process
    np.testing.assert_allclose(np.linalg.norm(space.vectors, axis=1), 1.0, atol=1e-6)


def test_vectors_and_neighbours_agree_with_the_live_model() -> None:
    """The top 10 of 200 words, by the 8-bit rows and by the live vectors of all that come near.

    The rows are at most 0.005 off in any cosine, so the true top 10 are among the first 30 by the stored rows.
    """
    space = load_vocabulary()
    queries = np.random.default_rng(0).choice(len(space), 200, replace=False)
    stored = [nearest(space, int(row), k=30) for row in queries]
    near = np.unique(np.concatenate([queries, *(found.rows for found in stored)]))
    exact = EmbeddingSet(
        tuple(space.items[row] for row in near), load_encoder("minilm")(space.take(near).items)
    )
    cosines = np.einsum("ij,ij->i", space.vectors[near], exact.vectors)
    assert len(near) > 2_000 and cosines.min() >= 0.995
    kept = [
        len(set(found.items[:10]) & set(nearest(exact, int(row)).items))
        for found, row in zip(stored, np.searchsorted(near, queries), strict=True)
    ]
    assert np.mean(kept) / 10 >= 0.98


def test_files_are_small() -> None:
    assert VOCABULARY.stat().st_size + HOME_FILM.stat().st_size <= 12 * 2**20


def test_opening_it_is_quick_and_needs_numpy_only() -> None:
    code = (
        "import time, sys; from embeddings_core.spaces.vocabulary import load_vocabulary\n"
        "from embeddings_core.maps.home_film import load_home_film\n"
        "start = time.process_time(); load_vocabulary(); print(time.process_time() - start)\n"
        "load_home_film(); print([m for m in ('torch', 'onnxruntime', 'scipy', 'umap', 'pandas') if m in sys.modules])"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split("\n")
    assert out[1] == "[]"
    assert float(out[0]) < 1.0  # the usual time is 0.05; a busy machine needs room


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("king", ("kings", "monarch", "kingdom", "queen", "throne")),
        ("cat", ("cats", "kitty", "kitten", "pet", "animal")),
    ],
)
def test_neighbours_make_sense(word: str, near: tuple[str, ...]) -> None:
    assert nearest(load_vocabulary(), word, k=5).items == near


def test_words_are_looked_up_in_any_case() -> None:
    assert spelled("King") == spelled(" king ") == "king" and not {"blorft", ""} & set(vocabulary_rows())
    assert load_vocabulary().items[vocabulary_rows()["king"]] == "king"


def test_the_reference_distribution_tells_what_is_usual() -> None:
    assert len(reference_scores()) == 20_000 and np.all(np.diff(reference_scores()) >= 0)
    space = load_vocabulary()
    cosine = space.vectors[space.row("cat")] @ space.vectors[space.row("kitten")]
    assert percentile([cosine], reference_scores())[0] > 99.9


def test_eight_bits_by_hand() -> None:
    """Row (0.5, −1, 0.25) is scaled by 127: 63.5 → 64 (to even), −127, 31.75 → 32."""
    assert quantise(np.array([[0.5, -1.0, 0.25]], dtype=np.float32)).tolist() == [[64, -127, 32]]


def test_forms_of_a_word_share_a_stem() -> None:
    assert stem("dogs") == stem("dog") and stem("painter") == stem("painting") and stem("gas") == "gas"


def test_the_same_arrays_are_the_same_file(tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        save_arrays(tmp_path / name, x=np.arange(5))
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    with np.load(tmp_path / "a.npz", allow_pickle=False) as stored:
        assert stored["x"].tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 damaged"])
def test_a_missing_or_damaged_file_is_told(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "vocabulary.npz"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr("embeddings_core.spaces.vocabulary.VOCABULARY", path)
    with pytest.raises(ModelUnavailableError, match=r"rebuild\.vocabulary"):
        load_vocabulary.__wrapped__()
