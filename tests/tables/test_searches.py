"""What is looked for in a table in the background tells its steps, ends when it is to stop, and is kept when it is found."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings_core import jobs
from embeddings_core.errors import JobError
from embeddings_core.jobs.steps import Step, Steps, step_told
from embeddings_core.tables.embedding import bases, given_space
from embeddings_core.tables.groups import dense_groups, dense_steps, group_steps, table_groups
from embeddings_core.tables.health import findings, health_steps
from embeddings_core.tables.large_tables import group_large, large_group_steps
from embeddings_core.tables.opened import Work
from embeddings_core.tables.reading import read_table
from embeddings_core.tables.searches import group_search, health_search
from embeddings_core.tables.table_jobs import TableJob
from embeddings_core.tables.two_spaces import change_steps, row_changes

N = 240
TEXTS = [f"the {('soup', 'train', 'melody')[n % 3]} number {n // 12}" for n in range(N)]
Told = Callable[[int, int], object]


def points() -> np.ndarray:
    chance = np.random.default_rng(0)
    return (np.arange(N)[:, None] % 3 * 9 + chance.normal(0, 1, (N, 2))).astype(np.float32)


def groups(progress: Told, should_stop: Callable[[], bool]) -> object:
    return table_groups(points(), texts=TEXTS, metric="euclidean", progress=progress, should_stop=should_stop)


def alike(progress: Told, should_stop: Callable[[], bool]) -> object:
    return table_groups(np.ones((N, 2), dtype=np.float32), progress=progress, should_stop=should_stop)


def dense(progress: Told, should_stop: Callable[[], bool]) -> object:
    return dense_groups(points(), texts=TEXTS, progress=progress, should_stop=should_stop)


def odd(progress: Told, should_stop: Callable[[], bool]) -> object:
    rows, labels = np.arange(N), [str(n % 3) for n in range(N)]
    return findings(points(), rows=rows, labels=labels, progress=progress, should_stop=should_stop)


def moved(progress: Told, should_stop: Callable[[], bool]) -> object:
    rows, metrics = np.arange(N), ("cosine", "euclidean")
    return row_changes(
        points(), points()[::-1], rows=rows, metrics=metrics, progress=progress, should_stop=should_stop
    )


KINDS = {
    moved: change_steps(N),
    groups: group_steps(N, named=True),
    alike: group_steps(N, named=False),
    dense: dense_steps(N, named=True),
    odd: health_steps(N, labelled=True),
}


@pytest.mark.parametrize("run", KINDS)
def test_steps_are_told_from_nothing_to_the_end(
    run: Callable[[Told, Callable[[], bool]], object],
) -> None:
    told: list[tuple[int, int]] = []
    run(lambda *at: told.append(at), lambda: False)
    done, [total] = [at for at, _ in told], {whole for _, whole in told}
    assert done == sorted(done) and done[0] == 0 and done[-1] == total
    assert total == sum(step.weight for step in KINDS[run])
    assert run is alike or len(set(done)) >= 4


@pytest.mark.parametrize("run", KINDS)
def test_a_stop_ends_it_at_the_next_step(run: Callable[[Told, Callable[[], bool]], object]) -> None:
    told: list[int] = []
    with pytest.raises(JobError, match="stopped"):
        run(lambda done, total: told.append(done), lambda: bool(told))
    assert told == [0]


def test_groups_of_very_many_rows_tell_every_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save(tmp_path / "vectors.npy", points())
    monkeypatch.setattr("embeddings_core.maps.large_map.blocks.__defaults__", (50,))
    told: list[tuple[int, int]] = []
    sample = np.arange(0, N, 4)
    texts = [TEXTS[row] for row in sample]
    source = str(tmp_path / "vectors.npy")
    group_large(source, sample=sample, texts=texts, progress=lambda *at: told.append(at))
    done = [at for at, _ in told]
    assert done == sorted(done) and len(set(done)) == 8 and told[-1] == (done[-1], done[-1])
    assert done[-1] == sum(step.weight for step in large_group_steps(N, sampled=60, named=True))


def test_what_is_skipped_counts_and_nothing_goes_back() -> None:
    told: list[tuple[int, int]] = []
    listed = Step("looking", 6), Step("nothing", 0), Step("naming", 4)
    steps = Steps(listed, progress=lambda *at: told.append(at))
    steps.inside(2, 3)
    steps.inside(1, 3)
    steps.next()
    steps.finish()
    assert told == [(0, 10), (4, 10), (4, 10), (6, 10), (10, 10)]
    assert [step_told(listed, done) for done, _ in told] == ["looking"] * 3 + ["naming"] * 2


def test_what_is_found_is_kept_and_said_on_the_way() -> None:
    lines = "".join(f"{x},{y}\n" for x, y in points().tolist())
    table = read_table(f"length,width\n{lines}".encode(), name="petals.csv")
    space, work, said = given_space(table, bases(table)[0]), Work(), list[str]()
    for job in (
        group_search(table, space, work=work, key="groups", metric="euclidean"),
        health_search(table, space, "", work=work, key="health", metric="euclidean"),
    ):

        def here(job: TableJob[Any] = job) -> bool:  # asked at every step
            said.append(job.told())
            return True

        job.watch("somebody", here=here)
        job.begin()
        found = job.outcome()
        assert work.found[job._key] is found and job.done == job.total > 0
    assert (
        "Finding groups: k-means of 240 rows …" in said and "Finding groups: finer groups in each …" in said
    )
    assert "Looking at all rows: neighbours of 240 rows are looked for …" in said
    jobs.close()
