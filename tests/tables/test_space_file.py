"""A table embedded into LanceDB: what is written, what a second start does, and a worker that dies. Needs the extra [cluster]."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.vectors import FloatArray
from embeddings_core.tables import space_file
from embeddings_core.tables.lance_rows import open_lance
from embeddings_core.tables.space_file import embed_file

lancedb = pytest.importorskip("lancedb", reason="needs the extra [cluster]")
pytestmark = pytest.mark.filterwarnings("default")  # of the libraries of the cluster


class Letters:
    """An encoder that counts letters; the one that reads "row 151" ends its process, once, where `once` is a folder."""

    def __init__(self, once: str = "") -> None:
        self.once = once

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        if self.once and any("row 151" in item for item in items):
            mark = Path(self.once, "died")
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return np.array([[item.count(letter) for letter in "0123456789"] for item in items], dtype=np.float32)


class Make:
    def __init__(self, once: str = "") -> None:
        self.once = once

    def __call__(self) -> Letters:
        return Letters(self.once)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    monkeypatch.setattr(space_file, "PART", 40)
    texts = [f"this is row {n}" if n % 10 else None for n in range(200)]
    pq.write_table(
        pa.table({"review": texts, "stars": list(range(200))}), tmp_path / "big.parquet", row_group_size=90
    )
    return tmp_path / "big.parquet"


def held(path: Path) -> dict[int, list[float]]:
    rows = lancedb.connect(path.parent).open_table(path.stem).to_arrow()
    numbers = rows.column("row_number").to_pylist()
    assert len(set(numbers)) == len(numbers) and rows.column("stars").to_pylist() == numbers
    return dict(zip(numbers, rows.column("vector").to_pylist(), strict=True))


def whole(path: Path) -> None:
    found = held(path)
    assert sorted(found) == [n for n in range(200) if n % 10]
    assert found[199] == Letters()(["this is row 199"])[0].tolist()


def test_a_second_start_goes_on(source: Path, tmp_path: Path) -> None:
    out, told = tmp_path / "space.lance", []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done >= 80:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        embed_file(str(source), str(out), text="review", encoder=Make(), progress=stop)
    assert told == [(0, 200), (40, 200), (80, 200)]
    before = len(held(out))
    again = embed_file(str(source), str(out), text="review", encoder=Make())
    assert (again.rows, again.fresh, again.empty) == (180, 180 - before, 20)
    whole(out)
    assert embed_file(str(source), str(out), text="review", encoder=Make()).fresh == 0


def test_the_index_is_made_at_the_end_and_by_a_second_start_where_the_first_did_not_come_to_it(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(space_file, "INDEXED", 100)
    out, told = tmp_path / "space.lance", []
    embed_file(str(source), str(out), text="review", encoder=Make(), indexing=told.append)
    assert told == sorted(told) and told

    def indexed() -> set[str]:
        table = lancedb.connect(out.parent).open_table(out.stem)
        return {column for index in table.list_indices() for column in index.columns}

    def kind() -> str:
        found = lancedb.connect(out.parent).open_table(out.stem).index_stats("vector_idx")
        assert found is not None
        return str(found.index_type)

    assert indexed() == {"vector", "row_number"} and kind() == "IVF_HNSW_SQ"  # of 10 numbers each
    table = lancedb.connect(out.parent).open_table(out.stem)
    table.drop_index("vector_idx")
    assert embed_file(str(source), str(out), text="review", encoder=Make()).fresh == 0
    assert indexed() == {"vector", "row_number"}
    assert open_lance(out).rows.vectors("vector").indexed


def test_what_does_not_fit_is_said(source: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "space.lance")
    for wanted, arguments in {
        'no column "text"; it has "review", "stars"': (str(source), out, "text", "minilm"),
        "Cannot read": (str(tmp_path / "nothing.parquet"), out, "review", "minilm"),
        "ends in .lance": (str(source), str(tmp_path / "space.csv"), "review", "minilm"),
        "looks at pictures": (str(source), out, "review", "pixels"),
    }.items():
        path, to, text, model = arguments
        with pytest.raises(BadInputError, match=wanted):
            embed_file(path, to, text=text, model=model, encoder=Make())
    embed_file(str(source), out, text="review", encoder=Make())
    with pytest.raises(BadInputError, match="vectors of the model minilm, and glove-50 is asked for"):
        embed_file(str(source), out, text="review", model="glove-50", encoder=Make())


def test_a_worker_that_is_killed_costs_its_part(source: Path, tmp_path: Path) -> None:
    ray = pytest.importorskip("ray", reason="needs the extra [cluster]")
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    )
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        out = tmp_path / "space.lance"
        done = embed_file(str(source), str(out), text="review", engine="ray", encoder=Make(str(tmp_path)))
        assert (tmp_path / "died").exists() and (done.rows, done.empty) == (180, 20)
        whole(out)
    finally:
        ray.shutdown()
