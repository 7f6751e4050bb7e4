"""The README's commands and code are the ones that work."""

import re
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text("utf-8")


def test_each_command_is_one_fenced_line(readme: str) -> None:
    blocks = re.findall(r"```\n(.*?)```", readme, flags=re.S)
    lines = [line for block in blocks for line in block.strip().splitlines()]
    assert sum("streamlit run app.py" in line for line in lines) == 1
    assert sum("pytest" in line for line in lines) == 1
    assert all("-c constraints.txt -e '.[app" in line for line in lines if "pip install" in line)


def test_continuous_integration_runs_the_same_test_command(readme: str, root: Path) -> None:
    [line] = re.findall(r"^python3 .*pytest.*$", readme, flags=re.M)
    script = (root / ".ci" / "run").read_text()
    assert "README.md" in script and re.search(r"\^python3 \.\*pytest", script)
    assert "-c constraints.txt" in line and "'.[app,test]'" in line


def test_the_code_of_the_library_section_runs(
    readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [code] = re.findall(r"```python\n(.*?)```", readme, flags=re.S)
    monkeypatch.chdir(tmp_path)
    Path("glove.6B.50d.txt").write_text("cat 0.1 0.2 0.3\ndog 0.1 0.2 0.4\ncar 0.9 0.1 0.0\n")
    expressions = [line for line in code.splitlines() if line and not line.startswith(("import", "#"))]
    scope: dict[str, object] = {}
    exec("import embeddings_core as ec", scope)
    for line in expressions:
        source, _, told = line.partition("  #")
        if re.match(r"\w+ = ", source):
            exec(source, scope)
        else:
            shown = eval(source, scope)
            assert told.strip() in (
                repr(shown),
                "word2vec, GloVe, fastText (.ftz too), Embedding Projector files",
            )


def test_every_page_is_in_the_table(readme: str) -> None:
    from pages._ui.shell import PAGES

    for entry in PAGES:
        assert f"| {entry.title} |" in readme, entry.title


def test_every_linked_file_exists(readme: str, root: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", readme):
        assert (root / target).exists(), target
