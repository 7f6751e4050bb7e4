"""The index of a search among very many vectors: what it finds against looking at all of them, stopped, damaged, no room."""

from pathlib import Path

import numpy as np
import pytest

from embeddings_core.errors import JobError
from embeddings_core.spaces.vectors import FloatArray, unit
from embeddings_core.tables import search_index
from embeddings_core.tables.embedding import Basis, TableSpace
from embeddings_core.tables.index_jobs import Indexing, needs_index
from embeddings_core.tables.questions import near
from embeddings_core.tables.search_index import make_index, open_index

N, D = 20_000, 48


@pytest.fixture(scope="module")
def vectors() -> FloatArray:
    """Make rows as texts have them: each a mean of some of 2,000 directions, with noise; of different lengths."""
    rng = np.random.default_rng(0)
    topics = rng.normal(size=(2_000, D))
    rows = sum(topics[rng.integers(0, 2_000, N)] * share for share in (0.6, 0.3)) + 0.2 * rng.normal(
        size=(N, D)
    )
    return np.asarray(rows * rng.uniform(0.1, 9.0, (N, 1)), dtype=np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, vectors: FloatArray) -> Path:
    place = tmp_path_factory.mktemp("indexes")
    np.save(place / "vectors.npy", vectors)
    told: list[tuple[int, int]] = []
    make_index(str(place / "vectors.npy"), str(place / "one"), progress=lambda *at: told.append(at))
    assert told == sorted(told) and told[-1] == (N + N // 2, N + N // 2)
    return place


def test_it_finds_what_looking_at_all_rows_finds(folder: Path, vectors: FloatArray) -> None:
    index = open_index(folder / "one")
    assert index is not None and len(index) == N
    rows = np.random.default_rng(1).integers(0, N, 100)
    queries = unit(
        unit(vectors[rows]) + 0.03 * np.random.default_rng(2).normal(size=(100, D)).astype(np.float32)
    )
    scores = queries @ unit(vectors).T
    shared = []
    for query, own in zip(queries, scores, strict=True):
        found, cosines = index.nearest(query * 7, 10, vectors=lambda rows: vectors[rows])
        shared.append(len(set(found.tolist()) & set(np.argsort(-own)[:10].tolist())) / 10)
        np.testing.assert_allclose(cosines, own[found], atol=1e-5)
        assert (np.diff(cosines) <= 0).all()
    assert np.mean(shared) >= 0.95
    assert not len(index.nearest(np.zeros(D, dtype=np.float32), 10, vectors=lambda rows: vectors[rows])[0])
    assert len(set(index.nearest(queries[0], 300, vectors=lambda rows: vectors[rows])[0].tolist())) == 300


def test_stopped_or_damaged_there_is_none(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(JobError):
        make_index(str(folder / "vectors.npy"), str(tmp_path / "two"), should_stop=lambda: True)
    assert not list(tmp_path.iterdir())
    assert open_index(tmp_path / "two") is None
    (tmp_path / "three").mkdir()
    (tmp_path / "three" / "codes.npy").write_bytes(b"no numbers")
    assert open_index(tmp_path / "three") is None


def test_those_opened_longest_ago_make_room(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_index(str(folder / "vectors.npy"), str(folder / "new"))
    monkeypatch.setattr(search_index, "INDEXES_BYTES", 2 * N * D)
    assert open_index(folder / "new") is not None
    assert sorted(each.name for each in folder.iterdir()) == ["new", "vectors.npy"]


def test_a_space_is_searched_through_it_once_it_is_there(
    vectors: FloatArray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = TableSpace(np.arange(N, dtype=np.int64) * 2, vectors, Basis("vector", "v", "minilm"))
    assert not needs_index(space)
    monkeypatch.setattr("embeddings_core.tables.index_jobs.INDEXED_NUMBERS", N)
    assert needs_index(space)
    assert not needs_index(TableSpace(space.rows, vectors, Basis("numbers")))
    exact = near(space, 600, k=8)
    monkeypatch.setattr("embeddings_core.tables.index_jobs.index_folder", lambda key: tmp_path / key)
    from embeddings_core import jobs

    monkeypatch.setattr("embeddings_core.tables.large_tables.large_lane", lambda: jobs)
    job = Indexing(space, "a")
    job.watch("somebody", here=lambda: True)
    job.begin()
    assert len(job.outcome()) == N and space.search is not None and not needs_index(space)
    found = near(space, 600, k=8)
    assert found[0].tolist() == exact[0].tolist() and 600 not in found[0]
    np.testing.assert_allclose(found[1], exact[1], atol=1e-5)
    again = Indexing(
        TableSpace(space.rows, vectors, Basis("vector", "v", "minilm")), "a"
    )  # another start of the server
    again.begin()
    assert len(again.outcome()) == N
