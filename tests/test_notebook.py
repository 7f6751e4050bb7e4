"""The example notebook runs from its first cell to its last, and says what the library says."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

NOTEBOOK = "examples.ipynb"


def test_the_notebook_runs_as_it_is(root: Path, tmp_path: Path) -> None:
    """In a process of its own: a kernel leaves sockets open, and here every warning is an error."""
    shutil.copy(root / NOTEBOOK, tmp_path)
    program = Path(sys.executable).with_name("jupyter-execute")
    done = subprocess.run(
        [str(program), "--timeout=120", "--inplace", NOTEBOOK],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    outputs = [
        output
        for cell in nbformat.read(tmp_path / NOTEBOOK, as_version=4).cells
        for output in cell.get("outputs", [])
    ]
    shown = "\n".join(output.data["text/plain"] for output in outputs if "data" in output)
    for said in (
        "(21358, 384)",
        "('queen', True)",
        "['cat', 'dog', 'lion', 'tiger']",
        "('recorded', (11, 2)",
        "([0, 4], [2, 2])",
    ):
        assert said in shown, said
    widgets = [
        output for output in outputs if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
    ]
    assert len(widgets) == 1  # the map


def test_the_notebook_is_kept_without_what_it_printed(root: Path) -> None:
    kept = nbformat.read(root / NOTEBOOK, as_version=4)
    assert not any(cell.get("outputs") for cell in kept.cells)
