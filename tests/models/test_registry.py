"""The registry: a model is found by its id, loaded once, used by one at a time, and what goes wrong is told."""

import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from embeddings_core.errors import BadInputError, MissingExtraError, ModelUnavailableError, UnknownModelError
from embeddings_core.models import libraries
from embeddings_core.models.locked_encoder import CHARACTERS, TEXTS, FairLock, LockedEncoder, slices
from embeddings_core.models.registry import find_model, list_models, load_encoder, loaded
from embeddings_core.models.spec import ModelSpec
from embeddings_core.spaces.vectors import FloatArray


def spec(load: Any, id: str = "test model", **more: Any) -> ModelSpec:
    return ModelSpec(id, "Test model", "test", "text", 2, load=load, **more)


def test_a_model_is_loaded_once_however_many_ask() -> None:
    loads = []

    def slow(_: ModelSpec) -> Any:
        loads.append(1)
        time.sleep(0.1)
        return lambda items: np.ones((len(items), 2))

    row = spec(slow, id="asked by many")
    found: list[LockedEncoder] = []
    askers = [threading.Thread(target=lambda: found.append(load_encoder(row))) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(loads) == 1 and len(found) == 8 and len(set(map(id, found))) == 1
    assert "asked by many" in loaded
    loaded.clear()
    assert load_encoder(row) is not found[0] and len(loads) == 2


def test_one_at_a_time_enters_a_model() -> None:
    inside = 0
    most = 0

    def encode(items: Sequence[str], /) -> FloatArray:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.01)
        inside -= 1
        return np.ones((len(items), 2), dtype=np.float32)

    encoder = LockedEncoder(encode, spec(lambda _: encode))
    workers = [threading.Thread(target=encoder, args=(["a"],)) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert most == 1
    assert encoder([]).shape == (0, 2)


def test_a_word_is_read_between_two_slices_of_a_long_list() -> None:
    reads: list[int] = []
    begun, asked = threading.Event(), threading.Event()

    def encode(items: Sequence[str], /) -> FloatArray:
        reads.append(len(items))
        begun.set()
        if len(items) > 1:
            assert asked.wait(5)
            time.sleep(0.05)  # who asks is at the lock by then
        return np.array([[len(item), float(item[1:])] for item in items], dtype=np.float32)

    encoder = LockedEncoder(encode, spec(lambda _: encode))
    texts = [f"x{n}" for n in range(3 * TEXTS)]
    read: list[FloatArray] = []
    reader = threading.Thread(target=lambda: read.append(encoder(texts)))
    reader.start()
    assert begun.wait(5)
    asked.set()
    encoder(["x1"])
    reader.join()
    assert reads == [TEXTS, 1, TEXTS, TEXTS]  # and not after all of them
    np.testing.assert_array_equal(read[0][:, 1], np.arange(len(texts)))


def test_long_texts_make_small_slices_and_short_lists_stay_in_their_order() -> None:
    assert [rows.tolist() for rows in slices(["a", "ccc", "bb"])] == [[0, 1, 2]]
    long = ["a" * 2_000] * 10 + ["b"] * 300
    found = list(slices(long))
    assert sorted(np.concatenate(found).tolist()) == list(range(310))
    assert all(len(rows) <= TEXTS and sum(len(long[row]) for row in rows) <= CHARACTERS for rows in found)
    assert len(next(slices(["a" * 100_000, "b"]))) == 1  # one that is longer than a slice is read alone
    assert [len(rows) for rows in slices([object()] * 20)] == [16, 4]


def test_who_holds_a_fair_lock_may_take_it_again() -> None:
    lock = FairLock()
    done = threading.Event()

    def other() -> None:
        with lock:
            done.set()

    waiting = threading.Thread(target=other)
    with lock:
        waiting.start()
        time.sleep(0.02)
        with lock:
            assert not done.is_set()
        assert not done.wait(0.05)
    waiting.join(5)
    assert done.is_set()


@pytest.mark.parametrize(
    "error", [OSError("/secret/path is missing"), RuntimeError("shape"), ValueError("x")]
)
def test_what_a_library_raises_becomes_a_sentence(error: Exception) -> None:
    def load(_: ModelSpec) -> Any:
        raise error

    with pytest.raises(ModelUnavailableError, match="Test model could not be opened") as told:
        load_encoder(spec(load, id=f"broken {error}"))
    assert "/secret" not in str(told.value) and told.value.__cause__ is error


def test_our_own_sentences_pass() -> None:
    def load(_: ModelSpec) -> Any:
        raise BadInputError("as it is")

    with pytest.raises(BadInputError, match="as it is"):
        load_encoder(spec(load, id="told"))


def test_unknown_models_are_told() -> None:
    with pytest.raises(UnknownModelError, match="Known models: minilm"):
        load_encoder("nothing")
    assert find_model("minilm").dimensions == 384
    assert set(list_models("text")) < set(list_models()) and list_models("word") is not None


def test_a_model_gets_the_encoders_that_it_is_built_on() -> None:
    """The bridge shares the two loaded models: their weights are in memory once, behind one lock each."""
    bridge = load_encoder("bridge")
    network, language = (load_encoder(part) for part in find_model("bridge").parts)
    assert vars(bridge.inner)["_network"] is network and vars(bridge.inner)["_language"] is language


@pytest.mark.parametrize(
    ("missing", "extra"),
    [
        ("openvino", "openvino"),
        ("tensorflow_hub", "use"),
        ("onnxruntime", "models"),
        ("somebody.else", "models"),
    ],
)
def test_a_loader_whose_package_is_missing_names_the_extra(missing: str, extra: str) -> None:
    def load(_: ModelSpec) -> Any:
        raise ModuleNotFoundError(name=missing)

    with pytest.raises(MissingExtraError, match=rf"Test model needs packages.*\[{extra}\]"):
        load_encoder(spec(load, id=f"needs {missing}"))


@pytest.mark.parametrize(
    "model", ["minilm", "efficientnet-lite0", "bridge", "mpnet", "resnet50", "dinov2", "siglip"]
)
def test_with_numpy_alone_every_family_says_what_to_install(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("torch", "onnxruntime", "onnx", "tokenizers", "safetensors", "timm", "open_clip"):
        monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr("embeddings_core.models.registry.loaded", {})
    with pytest.raises(MissingExtraError, match=r"pip install -e '\.\[models\]'"):
        load_encoder(model)


def test_with_numpy_alone_a_model_by_name_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    libraries.listing.cache_clear()
    with pytest.raises(MissingExtraError, match=r"\[models\]"):
        load_encoder("timm:resnet10t.c3_in1k@host-00000000~missing.pth")
