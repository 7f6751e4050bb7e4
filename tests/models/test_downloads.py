"""Downloads: names, what is on disk, and a real download from a hub that this test is."""

import hashlib
import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.models import recent as recent_module
from embeddings_core.models.catalogue import MODELS
from embeddings_core.models.catalogue.places import GENSIM, HUB, OPEN_CLIP
from embeddings_core.models.download_command import BY_NAME
from embeddings_core.models.download_command import main as download_command
from embeddings_core.models.downloads import fetch, on_disk, reachable
from embeddings_core.models.recent import forget, recent
from embeddings_core.models.sources import (
    OPEN_CLIP_OLDER,
    OPEN_CLIP_WEIGHTS,
    TorchvisionFile,
    WeightsFile,
    check_name,
    gensim_folder,
    hub_folder,
)
from embeddings_core.models.spec import Encoder, ModelSpec, Source
from embeddings_core.models.static_model import MadeHere

FILES = {
    "config.json": b'{"model_type": "bert"}',
    "model.safetensors": b"\0" * 200_000,
    "evil.bin": b"cposix",
}
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def never(spec: ModelSpec) -> Encoder:
    raise AssertionError("a download does not load the model")


def row(checkpoint: str, *, megabytes: float = 0.2, source: Source | None = HUB) -> ModelSpec:
    return ModelSpec(
        "tiny",
        "Tiny",
        "test",
        "text",
        4,
        load=never,
        checkpoint=checkpoint,
        source=source,
        megabytes=megabytes,
    )


class Hub(BaseHTTPRequestHandler):
    """As much of a model hub as a download needs."""

    protocol_version = "HTTP/1.1"
    slow = False

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, *, body: bool) -> None:
        if self.path.startswith("/api/models/owner/tiny/tree/"):
            tree = [{"type": "file", "path": name, "size": len(FILES[name]), "oid": name} for name in FILES]
            return self.send({}, json.dumps(tree).encode(), body)
        if self.path.startswith("/api/models/owner/tiny"):
            names = [{"rfilename": name} for name in FILES]
            return self.send(
                {}, json.dumps({"id": "owner/tiny", "sha": COMMIT, "siblings": names}).encode(), body
            )
        name = self.path.rsplit("/", 1)[-1]
        if self.path.startswith("/owner/tiny/resolve/") and name in FILES:
            if type(self).slow and body:
                time.sleep(20)
            tag = hashlib.sha256(FILES[name]).hexdigest()
            return self.send({"ETag": f'"{tag}"', "X-Repo-Commit": COMMIT}, FILES[name], body)
        self.send_response(404 if self.path != "/" else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None

    def send(self, headers: dict[str, str], content: bytes, body: bool) -> None:
        self.send_response(200)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Hub]]:
    handler = type("ThisHub", (Hub,), {"slow": False})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    yield handler
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_model_is_fetched_into_the_cache_of_the_hub(hub: type[Hub]) -> None:
    spec = row("owner/tiny")
    told: list[tuple[int, int]] = []
    assert not on_disk(spec)
    fetch(spec, progress=lambda done, total: told.append((done, total)))
    assert on_disk(spec) and told[-1] == (200_000, 200_000)
    [snapshot] = (hub_folder() / "models--owner--tiny" / "snapshots").iterdir()
    assert sorted(path.name for path in snapshot.iterdir()) == [
        "config.json",
        "model.safetensors",
    ]  # no pickles
    assert (snapshot / "model.safetensors").read_bytes() == FILES["model.safetensors"]
    assert os.environ["HF_HUB_OFFLINE"] == "1"  # this process stayed offline


@pytest.mark.parametrize("weights", [OPEN_CLIP_WEIGHTS, OPEN_CLIP_OLDER])
def test_of_a_clip_only_one_file_of_weights_is_fetched(
    hub: type[Hub], weights: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its repository holds the same 605 MB for other libraries too; some have only the older kind of file."""
    monkeypatch.setitem(FILES, weights, b"\0" * 100_000)
    spec = replace(row("owner/tiny", megabytes=0.1, source=OPEN_CLIP), modality="image-text")
    fetch(spec)
    [snapshot] = (hub_folder() / "models--owner--tiny" / "snapshots").iterdir()
    assert sorted(path.name for path in snapshot.iterdir()) == sorted(["config.json", weights])
    assert on_disk(spec)


def test_a_download_can_be_stopped(hub: type[Hub]) -> None:
    hub.slow = True

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        fetch(row("owner/tiny"), progress=stop)
    with pytest.raises(ModelUnavailableError, match="did not arrive within 0 minutes"):
        fetch(row("owner/tiny"), seconds=0.1)
    assert time.monotonic() - start < 15


def test_a_model_that_is_not_there_is_told(hub: type[Hub]) -> None:
    with pytest.raises(ModelUnavailableError, match="was not found"):
        fetch(row("owner/other"))


def test_too_little_room_is_told_before(hub: type[Hub]) -> None:
    with pytest.raises(ModelUnavailableError, match=r"1,000,000,000 MB; .* are free"):
        fetch(row("owner/tiny", megabytes=1e9))


def test_without_a_connection_it_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:  # bound and not listening: whoever comes is refused
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{taken.getsockname()[1]}")
        start = time.monotonic()
        assert not reachable()
        with pytest.raises(ModelUnavailableError, match=r"no connection.*Bundled models still work"):
            fetch(row("owner/tiny"))
        assert time.monotonic() - start < 6.5
    monkeypatch.setenv("HF_ENDPOINT", "file:///etc/passwd")
    assert not reachable()


@pytest.mark.parametrize(
    "name", ["", "one", "a/b/c", "../../etc", "/etc/passwd", "a/..b", "http://x/y", "a b/c", "a/b\n"]
)
def test_only_hub_names_are_asked_for(name: str) -> None:
    with pytest.raises(BadInputError, match="owner/model"):
        check_name(name)
    assert check_name("sentence-transformers/all-MiniLM-L6-v2").startswith("sentence")


def test_what_is_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path / "gensim"))
    assert hub_folder() == tmp_path / "hub" and gensim_folder() == tmp_path / "gensim"
    words = row("glove-wiki-gigaword-50", source=GENSIM)
    assert not on_disk(row("owner/tiny")) and not on_disk(words)
    assert not on_disk(row("")) and not on_disk(row("owner/tiny", source=None))
    glove = tmp_path / "gensim" / "glove-wiki-gigaword-50"
    glove.mkdir(parents=True)
    assert not on_disk(words)  # an empty folder: a download that was cut
    (glove / "glove-wiki-gigaword-50.gz").write_bytes(b"")
    snapshot = tmp_path / "hub" / "models--owner--tiny" / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    (snapshot / "config.json").write_text("{}")
    assert on_disk(words) and not on_disk(row("owner/tiny"))  # a download that was cut
    (snapshot / "model.safetensors").write_bytes(b"")
    assert on_disk(row("owner/tiny")) and on_disk(row(str(tmp_path)))


@pytest.mark.parametrize("spec", MODELS, ids=lambda spec: spec.id)
def test_a_row_is_bundled_or_says_what_is_fetched(spec: ModelSpec) -> None:
    asked = spec.source.download(spec) if spec.source is not None else ()
    if isinstance(spec.source, MadeHere):  # made on this computer, neither bundled nor fetched
        assert not spec.bundled and not asked
        return
    assert spec.bundled != bool(asked)  # what an installed package carries is bundled, and nothing fetches it
    if asked:
        kind, name, *_ = asked
        assert kind in ("hub", *BY_NAME) and name == spec.checkpoint


def test_what_has_no_source_is_not_fetched(tmp_path: Path) -> None:
    for source in (None, HUB, WeightsFile(tmp_path / "mine.pth")):
        with pytest.raises(BadInputError, match="not a model that is downloaded"):
            fetch(row("", source=source))


@pytest.mark.parametrize("spec", [spec for spec in MODELS if isinstance(spec.source, TorchvisionFile)])
def test_torchvision_names_its_files_as_we_do(spec: ModelSpec) -> None:
    from embeddings_core.models.vision_torch import torchvision_file, torchvision_weights

    assert spec.source == TorchvisionFile(torchvision_file(torchvision_weights(spec.checkpoint)))


def test_a_menu_asks_the_disk_once_in_a_while_and_sees_a_download_at_once(
    hub: type[Hub], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec, asked = row("owner/tiny"), []

    def ask(spec: ModelSpec) -> bool:
        asked.append(spec)
        return on_disk(spec)

    assert not recent(ask, spec) and not recent(ask, spec) and len(asked) == 1
    fetch(spec)
    assert recent(ask, spec) and recent(ask, spec) and len(asked) == 2
    shutil.rmtree(hub_folder())
    assert recent(ask, spec) and len(asked) == 2
    monkeypatch.setattr("embeddings_core.models.recent.SECONDS", 0.0)
    assert not recent(ask, spec) and len(asked) == 3


def test_an_answer_that_was_asked_for_before_a_download_ended_is_not_kept() -> None:
    """Whoever asks while it arrives gets the old answer; nobody gets it afterwards."""

    def slow() -> bool:
        forget()  # meanwhile a download ends
        return False

    assert not recent(slow)
    assert recent(lambda: True) and not recent(slow) and "slow" not in str(vars(recent_module)["_answers"])


@pytest.mark.parametrize("kind", BY_NAME)
def test_the_download_command_hands_the_name_to_the_library_of_its_kind(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setitem(BY_NAME, kind, asked.append)
    download_command([kind, "name of it"])
    assert asked == ["name of it"]
    with pytest.raises(SystemExit):
        download_command(["elsewhere", "name"])
