"""Downloads of word vectors: progress, stop, no connection, a broken one."""

import sys
import time

import pytest

from embeddings_core.errors import ModelUnavailableError
from embeddings_core.models.downloads import fetch, on_disk
from embeddings_core.models.registry import find_model

ARRIVES = (
    "import os, pathlib; f = pathlib.Path(os.environ['GENSIM_DATA_DIR']) / 'glove-wiki-gigaword-100'; f.mkdir();"
    "(f / 'glove-wiki-gigaword-100.gz').write_bytes(b'x' * 1000)"
)


@pytest.fixture
def glove(tmp_path, monkeypatch):
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path))
    return find_model("glove-100")


def test_what_arrives_is_here_and_progress_ends_at_the_whole(glove):
    seen = []
    assert not on_disk(glove)
    fetch(
        glove,
        progress=lambda *step: seen.append(step),
        answers=lambda address: True,
        command=[sys.executable, "-c", ARRIVES],
    )
    assert on_disk(glove) and seen[-1] == (134_000_000, 134_000_000)


def test_no_connection_is_said_without_starting_anything(glove):
    with pytest.raises(ModelUnavailableError, match="no connection"):
        fetch(glove, answers=lambda address: False, command=["/nonexistent"])


@pytest.mark.parametrize("program", ["raise SystemExit(1)", "pass"])
def test_a_broken_download_is_said(glove, program):
    with pytest.raises(ModelUnavailableError, match="did not arrive"):
        fetch(glove, answers=lambda address: True, command=[sys.executable, "-c", program])


def test_progress_can_stop_it(glove):
    def stop(done, total):
        raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        fetch(
            glove,
            progress=stop,
            answers=lambda address: True,
            command=[sys.executable, "-c", "import time; time.sleep(60)"],
        )
    assert time.monotonic() - start < 20
