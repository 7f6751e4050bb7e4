"""The browser code: types, style and tests by Node.js where it is there, and values held against their twins in Python.

`npm ci` brings what the checks need; without it, and without Node.js, they are skipped and say so.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from embeddings_core.rebuild import stage_values
from embeddings_core.scenes.payload import scene_payload
from tests.stage import twins

ROOT = Path(__file__).parents[2]
NODE = shutil.which("node")
LOCK = ROOT / "package-lock.json"

needs_node = pytest.mark.skipif(NODE is None, reason="needs Node.js 20 or newer")
needs_modules = pytest.mark.skipif(
    NODE is None or not (ROOT / "node_modules" / ".package-lock.json").exists(),
    reason="needs Node.js and the checkers: npm ci",
)


def clean(*command: str) -> None:
    done = subprocess.run([str(NODE), *command], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_modules
def test_types_are_right() -> None:
    clean("node_modules/typescript/bin/tsc")


@needs_modules
def test_style_is_kept() -> None:
    clean("node_modules/eslint/bin/eslint.js", "--max-warnings", "0", ".")
    clean("node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", ".")


@needs_modules
def test_no_name_is_missing_or_left_over() -> None:
    clean("--test", "tests/stage/joined.test.js")


@needs_node
@pytest.mark.parametrize(
    "part",
    [
        "copy_link",
        "draft",
        "drawing",
        "film",
        "hits",
        "legend",
        "many",
        "map",
        "map_widget",
        "maths",
        "placing",
        "regions",
        "talk",
        "view",
        "words",
    ],
)
def test_pure_parts(part: str) -> None:
    clean("--test", f"tests/stage/{part}.test.js")


@pytest.mark.parametrize("path", stage_values.FILES, ids=lambda path: path.name)
def test_what_the_stage_has_from_python_is_up_to_date(path: Path) -> None:
    """Otherwise: `python -m embeddings_core.rebuild.stage_values`."""
    assert path.read_text("utf-8") == stage_values.FILES[path]()


def test_the_type_of_a_scene_is_that_of_its_payload() -> None:
    sent = scene_payload(twins.scenes()["morph"])
    assert [name for name, _ in stage_values.sent()] == list(sent["scene"])


def test_the_values_are_those_that_python_makes() -> None:
    """Otherwise: `python -m tests.stage.twins`, and see whether the stage agrees."""
    same(json.loads(twins.FILE.read_text("utf-8")), json.loads(twins.written()))


def same(stored: object, made: object, where: str = "twins") -> None:
    """Compare values; numbers may differ as much as two machines do."""
    if isinstance(stored, dict) and isinstance(made, dict):
        assert stored.keys() == made.keys(), where
        for name in stored:
            same(stored[name], made[name], f"{where}.{name}")
    elif isinstance(stored, list) and isinstance(made, list):
        assert len(stored) == len(made), where
        for at, pair in enumerate(zip(stored, made, strict=True)):
            same(*pair, f"{where}[{at}]")
    elif isinstance(stored, float) and isinstance(made, float):
        assert made == pytest.approx(stored, rel=1e-4, abs=1e-5), where
    else:
        assert stored == made, where


def test_every_file_says_that_it_is_checked() -> None:
    files = [*(ROOT / "assets").glob("*.js"), *(ROOT / "assets" / "stage").glob("*.js")]
    assert files and all(file.read_text("utf-8").startswith("// @ts-check\n") for file in files)
    skipped = [file.name for file in files if "@ts-nocheck" in file.read_text("utf-8")]
    assert skipped == []


def test_the_lock_names_versions_and_digests_but_no_address() -> None:
    lock = json.loads(LOCK.read_text("utf-8"))
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))
    assert "dependencies" not in wanted  # nothing of it is shipped
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all({"version", "integrity"} <= package.keys() for package in packages.values())
    assert not any("resolved" in package for package in packages.values()) and "://" not in json.dumps(
        [{key: value for key, value in package.items() if key != "funding"} for package in packages.values()]
    )
    for name, version in wanted["devDependencies"].items():
        assert packages[f"node_modules/{name}"]["version"] == version
