"""A LanceDB table opened as a table: rows and vectors come from the disk when asked for. Needs the extra [cluster]."""

import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest

from embeddings_core import jobs
from embeddings_core.errors import BadInputError
from embeddings_core.spaces.vectors import FloatArray
from embeddings_core.tables.embedding import bases, given_space, part_of, row_names
from embeddings_core.tables.filters import Filter, kept, values_of
from embeddings_core.tables.index_jobs import Indexing, needs_index
from embeddings_core.tables.lance_rows import LanceVectors, open_lance
from embeddings_core.tables.large_tables import draw_large, group_large
from embeddings_core.tables.questions import by_meaning, categories, holding, near, ramp
from embeddings_core.tables.space_file import _Held
from embeddings_core.tables.table import Table, texts_at

lancedb = pytest.importorskip("lancedb", reason="needs the extra [cluster]")
pytestmark = pytest.mark.filterwarnings("default")  # of that library
N = 600


def vectors() -> FloatArray:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(6, 8))
    return np.asarray(centres[np.arange(N) % 6] + 0.3 * rng.normal(size=(N, 8)), dtype=np.float32)


def write(folder: Path) -> Path:
    import pyarrow as pa

    texts = [f"thing {n} of {('stone', 'wood', 'glass')[n % 3]}" for n in range(N)]
    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors().ravel()), 8)
    rows = pa.table(
        {
            "text": texts,
            "kind": [("stone", "wood", None)[n % 3] for n in range(N)],
            "size": list(range(N)),
            "row_number": list(range(N)),
            "vector": column,
        }
    ).replace_schema_metadata({"model": "letters", "text": "text", "rows": str(N)})
    store = lancedb.connect(folder)
    table = store.create_table("space", rows.slice(0, 400))
    table.add(rows.slice(400))  # a second part, as a second start writes
    return folder / "space.lance"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Table:
    return open_lance(write(tmp_path_factory.mktemp("store")))


def test_it_is_described_and_read_when_asked_for(table: Table) -> None:
    assert len(table) == N and table.rows.nbytes == 0
    assert [(column.name, column.role) for column in table.columns][:3] == [
        ("text", "text"), ("kind", "label"), ("size", "id"),
    ]  # fmt: skip
    assert table.column("kind").filled == 400 and table.column("vector").dimensions == 8
    assert texts_at(table, "text", [599, 0, 599]) == [
        "thing 599 of glass",
        "thing 0 of stone",
        "thing 599 of glass",
    ]
    assert table.rows.slice(398, 4).column("size").to_pylist() == [398, 399, 400, 401]
    assert pickle.loads(pickle.dumps(table.rows)).take([7]).column("text").to_pylist() == ["thing 7 of wood"]


def test_questions_are_answered_as_of_a_table_in_memory(table: Table) -> None:
    mask = holding(table, "OF STONE")
    assert np.flatnonzero(mask).tolist() == list(range(0, N, 3))
    assert kept(table, [Filter("kind", ("wood",)), Filter("size", low=590)]).nonzero()[0].tolist() == [
        592,
        595,
        598,
    ]
    assert values_of(table, "kind") == ["(empty)", "stone", "wood"]
    assert categories(table, "kind").counts == (200, 200) and categories(table, "kind").groups[2] == -1
    assert (ramp(table, "size").low, ramp(table, "size").high) == pytest.approx((5.99, 593.01))


def test_vectors_are_searched_where_they_are(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    [basis, *_] = bases(table)
    assert (basis.kind, basis.column, basis.model) == ("vector", "vector", "letters")
    space, given = given_space(table, basis), vectors()
    stored = space.vectors
    assert isinstance(stored, LanceVectors) and not stored.indexed
    np.testing.assert_array_equal(stored[np.array([5, 599, 5])], given[[5, 599, 5]])
    np.testing.assert_array_equal(stored[395:405], given[395:405])
    unit = given / np.linalg.norm(given, axis=1, keepdims=True)
    rows, scores = near(space, 450, k=4)
    exact = unit @ unit[450]
    exact[450] = -1
    assert rows.tolist() == np.argsort(-exact)[:4].tolist()
    np.testing.assert_allclose(scores, np.sort(exact)[::-1][:4], atol=1e-5)
    monkeypatch.setattr(
        "embeddings_core.tables.questions.load_encoder", lambda model: lambda texts: given[[33]]
    )
    assert by_meaning(space, "like the 33rd", k=1)[0].tolist() == [33]
    part = part_of(space, np.arange(100, 200))
    assert isinstance(part.vectors, LanceVectors)
    assert near(part, 150, k=1)[0][0] in range(100, 200)
    np.testing.assert_array_equal(part.vectors[:3], given[100:103])
    assert row_names(table, basis)[3] == "thing 3 of stone"


def test_without_an_index_all_rows_are_looked_at_until_one_is_made(
    table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = given_space(table, bases(table)[0])
    told: list[tuple[int, int]] = []
    assert isinstance(space.vectors, LanceVectors)
    exact = space.vectors.nearest(vectors()[450], 6, progress=lambda *at: told.append(at))
    assert told[-1] == (N, N) and not needs_index(space)
    monkeypatch.setattr("embeddings_core.tables.index_jobs.INDEXED_NUMBERS", N)
    assert needs_index(space) and not needs_index(part_of(space, np.arange(100)))
    monkeypatch.setattr("embeddings_core.tables.large_tables.large_lane", lambda: jobs)
    monkeypatch.setattr("embeddings_core.tables.index_jobs.index_folder", lambda key: tmp_path / key)
    job = Indexing(space, "space")
    job.watch("somebody", here=lambda: True)
    job.begin()
    job.outcome()
    assert not needs_index(space)
    rows, scores = near(space, 450, k=5)
    assert rows.tolist() == exact[0][1:].tolist()
    np.testing.assert_allclose(scores, exact[1][1:], atol=1e-5)


def test_maps_and_groups_are_made_from_representatives(table: Table) -> None:
    space = given_space(table, bases(table)[0])
    assert isinstance(space.vectors, LanceVectors)
    drawn = draw_large(pickle.loads(pickle.dumps(space.vectors)), method="pca", count=200)
    assert drawn.frames.shape[1:] == (N, 2) and len(drawn.rows) == 200
    sample = np.arange(0, N, 4)
    found = group_large(space.vectors, sample=sample, texts=texts_at(table, "text", sample))
    assert found.labels.shape == (N,) and len(found.names) > 1


def test_what_is_no_table_is_said(tmp_path: Path) -> None:
    (tmp_path / "broken.lance" / "_versions").mkdir(parents=True)
    with pytest.raises(BadInputError, match=r"broken\.lance is no LanceDB table"):
        open_lance(tmp_path / "broken.lance")


@pytest.mark.parametrize("size", [None, 0, 0.5])
def test_damaged_rows_are_told_and_a_damaged_index_is_done_without(
    tmp_path: Path, size: float | None
) -> None:
    """Cut short, empty or gone, whichever file of it: never what LanceDB says, which names paths."""
    whole = write(tmp_path)
    lancedb.connect(tmp_path).open_table("space").create_index(
        "vector", config=lancedb.index.HnswSq(distance_type="cosine")
    )
    for part in sorted([*whole.glob("data/*.lance"), *whole.glob("_indices/*/*.idx")]):
        hurt = tmp_path / f"{part.stem[-12:]}{part.suffix[1:]}.lance"
        shutil.copytree(whole, hurt)
        file = hurt / part.relative_to(whole)
        if size is None:
            file.unlink()
        else:
            file.write_bytes(file.read_bytes()[: int(size * file.stat().st_size)])
        if part.suffix == ".idx":
            found, _ = LanceVectors(str(hurt), 0, "vector").nearest(vectors()[5], 3)
            assert found[0] == 5
        else:
            with pytest.raises(
                BadInputError, match=f"^{hurt.name} is no LanceDB table, or is damaged; write it again.$"
            ):
                open_lance(hurt).rows.take(np.arange(N))
            with pytest.raises(BadInputError, match="is damaged"):
                _Held(str(hurt), {"model": "letters", "text": "text", "rows": str(N)}).row_numbers()
