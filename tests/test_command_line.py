"""The command line: short, aligned answers; errors are one sentence and code 2."""

import base64
import errno
import gzip
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from embeddings_core.__main__ import main


def test_neighbours_are_ranked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["neighbours", "king", "-k", "5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "nearest to king, by cosine, among 21,358 words"
    assert [line.split()[0] for line in lines[1:]] == ["kings", "monarch", "kingdom", "queen", "throne"]
    told = [re.search(r"0\.\d{3}   (\S.*)$", line) for line in lines[1:]]
    assert all(found and "for a nearest word" in found[1] for found in told)
    assert len({found.start() for found in told if found}) == 1  # aligned


def test_a_misspelled_word_is_read_and_corrected(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["neighbours", "quenn", "-k", "2", "--metric", "euclidean"]) == 0
    out = capsys.readouterr().out
    assert "Spelled alike: queen" in out


def test_nonsense_has_nothing_close(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["neighbours", "asdfqwer", "-k", "3"]) == 0
    assert "Nothing is close to asdfqwer" in capsys.readouterr().out


def test_a_phrase_needs_no_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["neighbours", "ice", "cream", "-k", "3"]) == 0
    assert capsys.readouterr().out.startswith("nearest to ice cream")


def test_an_analogy_is_audited(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analogy", "man", "king", "woman", "-k", "2"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("man is to king as woman is to queen   (king - man + woman)")
    assert "the nearest word of all is king" in out


@pytest.mark.parametrize("suffix", [".npz", ".npy", ".csv"])
def test_a_file_of_words_becomes_vectors(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = tmp_path / "words.txt", tmp_path / f"out{suffix}"
    source.write_text("king\nqueen\nice cream\nking\n", encoding="utf-8")
    assert main(["embed", str(source), "-o", str(out)]) == 0
    told = capsys.readouterr()
    assert (
        told.out == f"3 items × 384 → {out}\n"
        and "3 of 3" in told.err
        and "1 duplicate was merged." in told.err
    )
    if suffix == ".npz":
        with np.load(out, allow_pickle=False) as stored:
            assert stored["items"].tolist() == ["king", "queen", "ice cream"]
            assert stored["vectors"].shape == (3, 384)
    elif suffix == ".npy":
        assert np.load(out, allow_pickle=False).shape == (3, 384)
    else:
        assert len(out.read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["embed", "missing.txt"], "Cannot read missing.txt: No such file or directory."),
        (["embed", "words.txt", "-o", "words.pkl"], 'Cannot write ".pkl" files'),
        (["embed", "empty.txt"], "There is no text in this file"),
        (
            ["embed", "words.txt", "--model", "nothing"],
            'There is no model called "nothing". Known models: minilm',
        ),
        (["embed", "words.txt", "--model", "pixels"], "Raw pixels looks at pictures"),
        (["embed", "words.txt", "-o", "no/such/folder.npz"], "Cannot write no/such/folder.npz"),
        (["neighbours", "king", "--colour"], "there is no option --colour"),
    ],
)
def test_errors_are_one_sentence_and_code_two(
    arguments: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "words.txt").write_text("cat\n")
    (tmp_path / "empty.txt").write_text(" \n\n")
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert (
        f"error: {sentence}" in told.err and told.err.splitlines()[-1].startswith("error: ") and not told.out
    )


@pytest.mark.parametrize("ending", ["npz", "npy", "csv", "html"])
def test_on_a_full_disk_a_file_keeps_what_it_held(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = tmp_path / "things.csv", tmp_path / f"out.{ending}"
    source.write_text("text,x,y\n" + "".join(f"thing {n},{n},{n % 5}\n" for n in range(40)))
    out.write_bytes(b"as before")
    whole = Path.write_bytes

    def full(file: Path, content: bytes) -> int:
        whole(file, content[:1_000])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    # not a limit of the process: what it compiles meanwhile would be cut, too
    monkeypatch.setattr(Path, "write_bytes", full)
    code = main(["map" if ending == "html" else "embed", str(source), "-o", str(out)])
    monkeypatch.undo()
    assert code == 2 and f"error: Cannot write {out}: No space left on device." in capsys.readouterr().err
    assert out.read_bytes() == b"as before" and len([*tmp_path.iterdir()]) == 2


def test_bad_numbers_are_told_by_the_parser(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["neighbours", "king", "-k", "0"])
    assert stopped.value.code == 2 and "not a number of 1 or more" in capsys.readouterr().err


def test_doctor_tells_what_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "minilm" in out and "bundled" in out and "word space" in out and "thread layer" in out
    assert f"{np.__version__}" in out and re.search(r"compiled code +\d+ files", out)
    assert re.search(r"worker +ready", out)
    assert re.search(r"maps of tables, on disk +256 MB", out) and re.search(r"maps of tables +/", out)


def test_the_module_runs_in_any_terminal() -> None:
    """A terminal that knows ASCII only still gets its answer."""
    done = subprocess.run(
        [sys.executable, "-m", "embeddings_core", "neighbours", "king", "-k", "1"],
        capture_output=True,
        env={"PYTHONIOENCODING": "ascii", "PATH": "", "HOME": "/tmp"},
        cwd=Path(__file__).resolve().parents[1],
    )
    assert done.returncode == 0 and b"kings" in done.stdout and not done.stderr


def test_the_app_is_started_from_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command becomes the server, so that who stops the command stops the server."""
    became: list[tuple[str, list[str], Path]] = []

    def become(program: str, command: list[str]) -> None:
        became.append((program, command, Path.cwd()))
        raise SystemExit(0)

    monkeypatch.chdir(Path.cwd())  # undone afterwards
    monkeypatch.setattr("embeddings_core.serving.os.execv", become)
    with pytest.raises(SystemExit):
        main(["app", "--server.port", "8600"])
    [(program, command, folder)] = became
    assert program == sys.executable
    assert command[1:] == ["-m", "streamlit", "run", "app.py", "--server.port", "8600"]
    assert (folder / "app.py").is_file() and (folder / ".streamlit" / "config.toml").is_file()


def test_a_table_becomes_one_offline_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, out = tmp_path / "things.csv", tmp_path / "map.html"
    rows = "".join(f'thing {n},{"ab"[n % 2]},"[{n % 2}, {n / 40}, 1]"\n' for n in range(40))
    source.write_text(f"name,kind,v\n{rows}", "utf-8")
    assert main(["map", str(source), "--label", "kind", "-o", str(out), "--method", "pca"]) == 0
    page = out.read_text("utf-8")
    assert capsys.readouterr().out.strip() == f"40 rows → {out} ({len(page) / 2**20:.1f} MB)"
    [data] = re.findall(r'id="packed">"([^"]*)"', page)
    content = gzip.decompress(base64.b64decode(data))
    assert b'"thing 39"' in content and b'"values":["a","b"]' in content
    assert "default-src &#x27;none&#x27;" in page and "unsafe-eval" not in page
    assert main(["map", str(source), "--label", "colour", "-o", str(out)]) == 2
    assert 'no column "colour"; it has "name", "kind", "v"' in capsys.readouterr().err
    assert main(["open", str(tmp_path / "nothing.csv")]) == 2
    assert "Cannot read" in capsys.readouterr().err
