"""Sentence models from a stranger's folder, and hostile text: nothing is run, nothing is fetched."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import numpy as np
import pytest

from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.runtime import ready_torch
from embeddings_core.models.sentence_models import load_sentence_model
from embeddings_core.models.spec import ModelSpec


def row(checkpoint: str, title: str = "Tiny") -> ModelSpec:
    return ModelSpec(
        f"tiny {checkpoint}", title, "test", "text", 0, load=load_sentence_model, checkpoint=checkpoint
    )


@pytest.fixture(scope="module")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real model of two layers with random weights, saved in the real format."""
    ready_torch()
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "cat", "dog", "car", "query", "passage", ":"]
    (folder / "vocab.txt").write_text("\n".join(words))
    BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    size = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
    BertModel(BertConfig(vocab_size=len(words), **size)).save_pretrained(folder)
    saved = folder / "saved"
    transformer = Transformer(str(folder))
    SentenceTransformer(modules=[transformer, Pooling(16)], device="cpu").save(str(saved))
    return saved


def test_a_local_folder_opens(tiny_bert: Path) -> None:
    encoder = load_encoder(row(str(tiny_bert)))
    vectors = encoder(["cat", "dog car", "cat"])
    assert vectors.shape == (3, 16) and np.array_equal(vectors[0], vectors[2])


@pytest.mark.parametrize(
    "name", ["../../etc", "/etc", "http://127.0.0.1/x", "one", "a/b/c", "", "a/..", "owner/na me"]
)
def test_a_malformed_name_is_told(name: str) -> None:
    with pytest.raises((BadInputError, ModelUnavailableError)):
        load_encoder(row(name))


def test_a_model_that_is_not_here_is_not_waited_for() -> None:
    with pytest.raises(ModelUnavailableError, match="not on this computer"):
        load_encoder(row("nobody/nothing-of-that-name"))


def test_weights_that_run_code_are_refused(tiny_bert: Path, tmp_path: Path) -> None:
    """A folder with pickled weights only: nothing in them is run."""
    import shutil

    folder, canary = tmp_path / "evil", tmp_path / "canary"
    shutil.copytree(tiny_bert, folder)
    for weights in folder.rglob("*.safetensors"):
        weights.unlink()
    pickled = f"cposix\nsystem\n(S'touch {canary}'\ntR.".encode()
    (folder / "pytorch_model.bin").write_bytes(pickled)
    with pytest.raises(ModelUnavailableError):
        load_encoder(row(str(folder)))
    assert not canary.exists()


def test_a_model_that_brings_its_own_code_is_refused(tiny_bert: Path, tmp_path: Path) -> None:
    import shutil

    folder, canary = tmp_path / "own", tmp_path / "canary"
    shutil.copytree(tiny_bert, folder)
    (folder / "mine.py").write_text(f"open({str(canary)!r}, 'w').close()\nclass Mine: pass\n")
    modules = json.loads((folder / "modules.json").read_text())
    modules[0]["type"] = "mine.Mine"
    (folder / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(ModelUnavailableError):
        load_encoder(row(str(folder)))
    assert not canary.exists()


# --- typed text is text, whatever it looks like


@pytest.fixture(scope="module")
def tiny_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CLIP with random weights: a model that takes pictures as well as texts, saved in the real format."""
    ready_torch()
    from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPProcessor, CLIPTokenizer

    folder = tmp_path_factory.mktemp("clip")
    letters = [chr(code) for code in range(33, 127)]
    words = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({word: row for row, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=77)
    size = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    last = len(words) - 1
    ends = {"bos_token_id": last - 1, "eos_token_id": last, "pad_token_id": last}
    config = CLIPConfig(
        text_config={**size, **ends, "vocab_size": len(words)},
        vision_config={**size, "image_size": 32, "patch_size": 16},
        projection_dim=8,
    )
    CLIPModel(config).save_pretrained(folder)
    pixels = CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    CLIPProcessor(pixels, tokenizer).save_pretrained(folder)
    return folder


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that writes down what it is asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/cat.png", asked
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_address_or_a_path_is_read_as_text(
    tiny_clip: Path, listener: tuple[str, list[str]], tmp_path: Path
) -> None:
    from PIL import Image

    address, asked = listener
    picture = tmp_path / "cat.png"
    Image.new("RGB", (32, 32), "red").save(picture)
    encoder = load_encoder(row(str(tiny_clip)))
    texts = [address, str(picture), "/etc/passwd", "data:image/png;base64,iVBORw0KGgo="]
    vectors = encoder(texts)
    assert vectors.shape == (4, 8) and not asked
    encoder.inner.model.encode([{"text": address}])  # type: ignore[attr-defined]
    assert not asked
    with pytest.raises(Exception, match=r".+"):  # the trap is real: a bare string is fetched
        encoder.inner.model.encode([address])  # type: ignore[attr-defined]
    assert asked == ["/cat.png"]
