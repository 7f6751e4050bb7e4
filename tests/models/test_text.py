"""Sentence encoders: the fast path against the usual library, threads, hostile text and hostile folders."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings_core.errors import BadInputError, MissingExtraError, ModelUnavailableError
from embeddings_core.models.bert_graph import read_safetensors
from embeddings_core.models.onnx_text import batches
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.runtime import ready_torch
from embeddings_core.models.spec import ModelSpec
from embeddings_core.models.text import load_minilm_bfloat16, load_sentence_model, minilm_folder
from embeddings_core.spaces.texts import clean
from tests.awkward import TEXTS

SENTENCES = [
    "The cat sleeps on the warm sofa.",
    "Bank",
    "a",
    "word " * 400,  # more than the 256 tokens that the model reads
    "Ünïcödé, 猫 and emoji 😀",
    *(text for text in map(clean, TEXTS.values()) if text),
    *(f"sentence number {n} of different length {'and more ' * (n % 23)}" for n in range(40)),
]


@pytest.fixture(scope="module")
def usual() -> Any:
    """The library that everybody uses, on the same files."""
    ready_torch()
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(minilm_folder()), device="cpu", local_files_only=True)


@pytest.fixture(scope="module")
def expected(usual: Any) -> np.ndarray:
    return np.asarray(usual.encode(SENTENCES, show_progress_bar=False))


def test_vectors_are_those_of_the_usual_library(expected: np.ndarray) -> None:
    vectors = load_encoder("minilm")(SENTENCES)
    assert vectors.shape == (len(SENTENCES), 384) and vectors.dtype == np.float32
    assert np.einsum("ij,ij->i", vectors, expected).min() >= 0.9999
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_a_text_has_the_same_vector_alone_and_in_company() -> None:
    encoder = load_encoder("minilm")
    together = encoder(SENTENCES)
    for row in (0, 3, 7, len(SENTENCES) - 1):
        np.testing.assert_allclose(encoder([SENTENCES[row]])[0], together[row], atol=2e-6)


@pytest.mark.skipif(find_spec("openvino") is None, reason="the openvino extra is not installed")
def test_bfloat16_stays_near(expected: np.ndarray) -> None:
    vectors = load_encoder("minilm-bfloat16")(SENTENCES)
    lengths = np.linalg.norm(vectors, axis=1)
    assert (np.einsum("ij,ij->i", vectors, expected) / lengths).min() >= 0.999


def test_without_openvino_the_pip_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embeddings_core.models.text.find_spec", lambda name: None)
    row = ModelSpec("x", "MiniLM in bfloat16", "f", "text", 384, load=load_minilm_bfloat16)
    with pytest.raises(MissingExtraError, match=r"pip install -e '\.\[openvino\]'"):
        load_minilm_bfloat16(row)


def test_other_users_of_the_tokenizer_change_nothing() -> None:
    """Without the lock a second thread that truncates differently gives silently wrong vectors."""
    encoder = load_encoder("minilm")
    tokenizer: Any = encoder.inner.tokenizer  # type: ignore[attr-defined]
    texts = [f"the quick brown fox number {n} jumps over the lazy dog again and again" for n in range(60)]
    alone = encoder(texts)
    stop = threading.Event()

    def show_tokens() -> None:
        while not stop.is_set():
            with encoder.lock:
                tokenizer.enable_truncation(4)
                tokenizer.encode("what the panel shows")
                tokenizer.enable_truncation(256)

    panel = threading.Thread(target=show_tokens)
    panel.start()
    try:
        for _ in range(5):
            np.testing.assert_allclose(encoder(texts), alone, atol=1e-6)
    finally:
        stop.set()
        panel.join()


def test_weights_are_read_as_their_own_library_reads_them() -> None:
    from safetensors.numpy import load_file

    path = minilm_folder() / "model.safetensors"
    ours, theirs = read_safetensors(path), load_file(path)
    assert ours.keys() == theirs.keys()
    assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)


def test_batches_hold_every_text_once_within_the_budget() -> None:
    lengths = np.random.default_rng(0).integers(3, 257, 500).tolist()
    groups = batches(lengths, budget=512)
    assert sorted(np.concatenate(groups).tolist()) == list(range(500))
    assert all(len(rows) * max(lengths[row] for row in rows) <= 512 for rows in groups)
    words = batches([3] * 1_000 + [40] * 100, budget=512, short=2_048)
    assert sorted(map(len, words), reverse=True)[:2] == [682, 310] and len(words) == 11
    assert batches([]) == [] and len(batches([5_000], budget=512)) == 1


# --- any other model


def row(checkpoint: str, title: str = "Tiny") -> ModelSpec:
    return ModelSpec(
        f"tiny {checkpoint}", title, "test", "text", 0, load=load_sentence_model, checkpoint=checkpoint
    )


@pytest.fixture(scope="module")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real model of two layers with random weights, saved in the real format."""
    ready_torch()
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
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
