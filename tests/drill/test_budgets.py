"""Every store that grows with visits has a budget of bytes, kept in one place, shown by `doctor`, and kept to."""

import ast
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from embeddings_core import doctor, limits
from embeddings_core.models import registry
from embeddings_core.training import runs as training_runs

ROOT = Path(__file__).resolve().parents[2]
ONE_THING = {  # limits of one file, request or picture: nothing of them stays
    "FILE_BYTES", "UNPACKED_BYTES", "TABLE_BYTES", "TABLE_UNPACKED_BYTES", "EXPLORED_PICTURES_BYTES", "LARGE_MAP_BYTES",
    "STORED_FILE_BYTES", "ENDPOINT_BYTES", "KEPT_ADDRESS_BYTES", "TALK_BYTES", "DOWNLOAD_BYTES", "VECTOR_LINE_BYTES", "CACHE_BYTES",
}  # fmt: skip
# What is remembered by number and not by bytes: at most so many KB of each, which are small together.
BY_NUMBER = {
    "scenes/labels.py": 4_096 * 1, "analysis/clustering.py": 4_096 * 1, "models/unigram.py": 20_000 // 2,
    "spaces/vectors.py": 64 * 40, "maps/small_maps.py": 64, "tables/questions.py": 64 * 20, "tables/explanation.py": 64 * 10,
    "models/libraries.py": 8,
    "models/named_image_models.py": 64, "tables/lance_rows.py": 16 * 100,
}  # fmt: skip
IN_A_WORKER = {
    "export/raster_renderer.py",
    "export/text_rendering.py",
    "export/thumbnails.py",
}  # goes with its process


def test_every_limit_of_bytes_is_a_budget_or_one_of_a_single_thing() -> None:
    constants = {name for name in vars(limits) if name.endswith("_BYTES")}
    tree = ast.parse((ROOT / "embeddings_core/limits.py").read_text("utf-8"))
    (table,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "BUDGETS"
    )
    named = {node.id for node in ast.walk(table) if isinstance(node, ast.Name) and node.id.isupper()}
    assert constants == (named | ONE_THING) and not (named & (ONE_THING - {"CACHE_BYTES"}))


def test_doctor_shows_every_budget() -> None:
    shown = dict(doctor._budgets())
    assert shown == {name: f"{size / 2**20:,.0f} MB" for name, size in limits.BUDGETS.items()}
    assert {name.removeprefix("remembered: ") for name in shown if "remembered" in name} == set(
        limits.CACHE_BYTES
    )


def test_each_remembered_result_is_under_a_budget_and_what_is_counted_by_number_is_small() -> None:
    """A cache of more than a handful of results either counts bytes or stands in the table above."""
    by_number = set()
    for file in (*(ROOT / "embeddings_core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")):
        source = file.read_text("utf-8")
        name = file.relative_to(ROOT).as_posix().removeprefix("embeddings_core/")
        for size in re.findall(r"lru_cache\((?:maxsize=)?(\w+)\)", source):
            if not size.isdigit() or int(size) > 4:
                by_number.add(name)
        for budget in re.findall(r"^@remember\((.*)\)", source, re.M):
            assert re.fullmatch(r'CACHE_BYTES\["[a-z ]+"\]', budget), name
        assert "st.cache_data" not in source and "st.cache_resource" not in source, name
    assert by_number == set(BY_NUMBER) | IN_A_WORKER
    assert sum(BY_NUMBER.values()) < 64 * 1024


def test_trainings_keep_to_their_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Run:
        over, size = True, 10

        def __init__(self, config: object, jobs: object) -> None:
            pass

    monkeypatch.setattr(training_runs, "TrainingRun", Run)
    monkeypatch.setattr(training_runs, "TRAININGS_BYTES", 35)
    runs = training_runs.TrainingRuns()
    for config in range(6):
        runs.of(cast(Any, config))
    assert list(cast(Any, runs._runs)) == [3, 4, 5]


def test_downloaded_models_keep_to_their_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    def model(megabytes: float, *, bundled: bool = False) -> Any:
        return SimpleNamespace(spec=SimpleNamespace(megabytes=megabytes, bundled=bundled, custom=False))

    held = {"own": model(9e9, bundled=True), "old": model(30), "middle": model(30), "new": model(60)}
    monkeypatch.setattr(registry, "loaded", held)
    monkeypatch.setattr(registry, "MODELS_BYTES", 100e6)
    registry._make_room("new")
    assert list(held) == ["own", "middle", "new"]
    monkeypatch.setattr(registry, "MODELS_BYTES", 1)
    registry._make_room("new")
    assert list(held) == ["own", "new"]


def test_what_is_found_in_a_table_counts() -> None:
    from embeddings_core.tables.opened import Work

    work = Work()
    work.found["groups"] = np.zeros(1_000)
    assert 8_000 <= work.size < 9_000
    work.found["groups"] = np.zeros(2_000)
    assert 16_000 <= work.size < 17_000
