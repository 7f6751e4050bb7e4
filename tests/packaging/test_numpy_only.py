"""The library alone needs numpy; a call that needs more says which extra brings it."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from embeddings_core.errors import OPTIONAL, MissingExtraError, requires


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, object]:
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]


def test_numpy_is_enough_and_the_rest_names_its_extra(root: Path, tmp_path: Path) -> None:
    (tmp_path / "vectors.txt").write_text("cat 0.1 0.2 0.3\ndog 0.1 0.2 0.4\ncar 0.9 0.1 0.0\n")
    script = Path(__file__).with_name("numpy_only.py")
    done = subprocess.run(
        [sys.executable, str(script), "vectors.txt"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(root), "HOME": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    extras = [re.findall(r"pip install .*\[(\w+)\]'$", line) for line in done.stdout.splitlines()]
    assert extras == [
        ["maps"],
        ["maps"],
        ["models"],
        ["models"],
        ["models"],
        ["models"],
        ["models"],
        ["vectors"],
        ["app"],
    ]


def test_only_numpy_is_always_installed(project: dict[str, list[str]]) -> None:
    assert [re.split(r"[>=<[]", each)[0] for each in project["dependencies"]] == ["numpy"]


def test_each_optional_module_is_brought_by_the_extra_it_names(
    project: dict[str, dict[str, list[str]]],
) -> None:
    packages = {
        "umap": "umap-learn",
        "sklearn": "scikit-learn",
        "PIL": "pillow",
        "skimage": "scikit-image",
        "open_clip": "open_clip_torch",
        "tensorflow_hub": "tensorflow-hub",
        "python_calamine": "python-calamine",
    }
    for module, (_, extra) in OPTIONAL.items():
        brought = [re.split(r"[>=<[]", each)[0] for each in project["optional-dependencies"][extra]]
        assert packages.get(module, module) in brought, module


def test_what_is_missing_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    requires("PIL", "umap")
    monkeypatch.setitem(OPTIONAL, "no_such_module", ("A feature", "app"))
    with pytest.raises(MissingExtraError, match=r"^A feature needs packages .*\[app\]'$"):
        requires("no_such_module")


def test_the_constraints_hold_one_plain_version_each(root: Path) -> None:
    """No address, no path of a machine, no hash: the file serves any index, and CPU builds of torch."""
    lines = [line for line in (root / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert all(re.match(r"^[a-z0-9.-]+==[0-9][a-z0-9.]*( ; .+)?$", line) for line in lines)
    assert "torch==2.13.0" in lines and "torchvision==0.28.0" in lines
