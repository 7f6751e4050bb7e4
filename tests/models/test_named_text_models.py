"""Text models by name: what is taken for one, which prompts it has, what the hub says it costs, how much is fetched."""

import http.server
import json
import shutil
import sys
import threading
from dataclasses import replace

import numpy as np
import pytest

from embeddings_core import limits
from embeddings_core.analysis.model_comparison import compare_models, word_spaces
from embeddings_core.errors import BadInputError, ModelUnavailableError, UnknownModelError
from embeddings_core.models import downloads
from embeddings_core.models.contextual import contextual_model
from embeddings_core.models.named_text_models import ask_hub, asked_row, has_layers, row, text_models_here
from embeddings_core.models.registry import find_model, load_encoder, loaded
from embeddings_core.models.runtime import ready_torch
from tests.models.test_sentence_models import tiny_bert


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A bare BERT, and one saved by sentence-transformers with its authors' prompts."""
    ready_torch()
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    place = tmp_path_factory.mktemp("models")
    modules = [Transformer(str(tiny_bert(place / "bare"))), Pooling(16, pooling_mode="cls")]
    model = SentenceTransformer(
        modules=modules, device="cpu", prompts={"query": "ask: ", "passage": "say: "}, default_prompt_name="query"
    )  # fmt: skip
    model.save_pretrained(str(place / "whole"), create_model_card=False)
    return place


@pytest.fixture
def hosted(saved, tmp_path, monkeypatch):
    """The folder that the host names, with copies that a test may change; the hub's cache is empty."""
    for name in ("bare", "whole"):
        shutil.copytree(saved / name, tmp_path / "hosted" / name)
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_MODELS", str(tmp_path / "hosted"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    loaded.clear()
    contextual_model.__globals__["_open"].cache_clear()
    return tmp_path / "hosted"


def test_a_folder_opens_as_it_was_saved(hosted):
    from sentence_transformers import SentenceTransformer

    assert [spec.id for spec in text_models_here()] == ["folder:bare", "folder:whole"]
    texts = ["a cat", "a dog on the sofa"]
    truth = SentenceTransformer(str(hosted / "whole"), device="cpu")
    encoder = load_encoder("folder:whole")
    np.testing.assert_allclose(
        encoder(encoder.prompted(texts, "passage")), truth.encode(texts, prompt="say: "), atol=1e-5
    )
    np.testing.assert_allclose(
        encoder(encoder.prompted(texts, "query")), truth.encode(texts, prompt="ask: "), atol=1e-5
    )
    assert load_encoder("folder:bare")(texts).shape == (2, 16)
    reader = contextual_model("folder:bare")
    assert len(reader.layer_names) == 3 and reader.read(["a cat"])[0].layers.shape == (3, 4, 16)


def test_they_read_word_lists_beside_the_built_in_spaces(hosted):
    words = ("cat", "dog", "bank", "money")
    assert [space.id for space in word_spaces()][-2:] == ["folder:bare", "folder:whole"]
    seen = compare_models(words, ("spelling", "folder:whole"))
    encoder = load_encoder("folder:whole")
    np.testing.assert_allclose(seen.sets[1].vectors, encoder(encoder.prompted(words, "symmetric")), atol=1e-6)
    assert seen.lost == () and seen.titles[1] == find_model("folder:whole").title


def test_what_is_no_text_model_is_not_listed(hosted):
    config = json.loads((hosted / "bare" / "config.json").read_text())
    (hosted / "whole" / "preprocessor_config.json").write_text("{}")
    assert row("folder:whole") is None
    (hosted / "bare" / "config.json").write_text(
        json.dumps({**config, "auto_map": {"AutoModel": "evil.Model"}})
    )
    assert row("folder:bare") is None
    (hosted / "bare" / "config.json").write_text("[" * 100_000)
    assert row("folder:bare") is None
    (hosted / "whole" / "preprocessor_config.json").unlink()
    modules = json.loads((hosted / "whole" / "modules.json").read_text())
    modules[0]["type"] = "evil.Module"
    (hosted / "whole" / "modules.json").write_text(json.dumps(modules))
    assert text_models_here() == ()


def test_only_safetensors_count(hosted):
    (hosted / "bare" / "model.safetensors").rename(hosted / "bare" / "pytorch_model.bin")
    assert row("folder:bare") is None and row("folder:whole") is not None


@pytest.mark.parametrize(
    "id", ["folder:../bare", "folder:/etc", "folder:", "hub:../..", "hub:a", "hub:a/b", "evil:x", ":"]
)
def test_a_forged_id_is_unknown(hosted, id):
    with pytest.raises(UnknownModelError):
        find_model(id)


def test_the_cache_of_the_hub_is_read_at_its_main_branch(hosted, tmp_path):
    home = tmp_path / "hub" / "models--someone--tiny"
    for snapshot in ("old", "new"):
        shutil.copytree(hosted / "whole", home / "snapshots" / snapshot)
    (home / "refs").mkdir()
    (home / "refs" / "main").write_text("old")
    spec = find_model("hub:someone/tiny")
    assert spec.checkpoint.endswith("snapshots/old") and spec.title == "someone/tiny" and has_layers(spec)
    assert spec.prompt.query == "ask: " and spec.prompt.passage == "say: " and downloads.on_disk(spec)
    (home / "refs" / "main").write_text("../../..")
    assert "/snapshots/" in find_model("hub:someone/tiny").checkpoint


def test_few_custom_models_stay_in_memory(hosted):
    shutil.copytree(hosted / "bare", hosted / "third")
    load_encoder("minilm")
    for name in ("bare", "whole", "bare", "third"):
        load_encoder(f"folder:{name}")
    assert tuple(loaded) == ("minilm", "folder:bare", "folder:third") and limits.CUSTOM_MODELS == 2


@pytest.mark.parametrize(
    "name", ["bert", "../x", "a/../b", "/etc/passwd", "a/b/c", "http://x/y", "", "embeddings_core/models"]
)
def test_only_a_name_is_a_name(root, monkeypatch, name):
    monkeypatch.chdir(root)
    with pytest.raises(BadInputError, match="is not the name of a model"):
        asked_row(name)


@pytest.fixture
def hub(monkeypatch):
    """A hub on this computer that answers with what a test puts into `told`."""
    told = {}

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            known = self.path.partition("?")[0].removeprefix("/api/models/") in told
            self.send_response(200 if known else 404)
            self.end_headers()
            self.wfile.write(told.get(self.path.partition("?")[0].removeprefix("/api/models/"), b"no"))

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    yield told
    server.shutdown()
    server.server_close()


def test_the_hub_is_asked_what_a_model_costs(hub):
    files = [
        {"rfilename": "model.safetensors", "size": 90_000_000},
        {"rfilename": "pytorch_model.bin", "size": 5},
    ]
    hub["a/safe"] = json.dumps({"siblings": files, "cardData": {"license": "mit"}}).encode()
    hub["a/old"] = json.dumps({"siblings": files[1:]}).encode()
    hub["a/odd"], hub["a/list"] = b"<html>", b"[1]"
    assert ask_hub("a/safe") == (90.0, "mit", True)
    assert ask_hub("a/old") == (0.0, "not stated", False)
    assert ask_hub("a/odd") is None and ask_hub("a/list") is None and ask_hub("a/none") is None


def test_a_hub_that_does_not_answer_is_no_error(monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    assert ask_hub("a/b") is None
    monkeypatch.setenv("HF_ENDPOINT", "file:///etc")
    assert ask_hub("a/b") is None


def test_a_download_by_name_has_a_limit(hosted, tmp_path, monkeypatch):
    spec = asked_row("someone/huge")
    with pytest.raises(ModelUnavailableError, match=r"6\.0 GB; 5 GB are the limit"):
        downloads.fetch(replace(spec, megabytes=6_000))
    monkeypatch.setattr(downloads, "DOWNLOAD_BYTES", 1_000_000)
    target = tmp_path / "hub" / "models--someone--huge"
    target.mkdir(parents=True)
    write = f"import time; open({str(target / 'part')!r}, 'wb').write(bytes(2_000_000)); time.sleep(60)"
    with pytest.raises(ModelUnavailableError, match="is larger than"):
        downloads.fetch(
            spec,
            answers=lambda _: True,
            command=[sys.executable, "-c", write],
            progress=lambda done, total: None,
        )


def test_without_a_connection_nothing_is_fetched(hosted):
    with pytest.raises(ModelUnavailableError, match="no connection to fetch it"):
        downloads.fetch(asked_row("someone/else"), answers=lambda _: False)
