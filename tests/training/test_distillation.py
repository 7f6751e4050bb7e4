"""A static model made of MiniLM: each step in plain numpy, the folder opened by model2vec itself, the preview, the job."""

import json
import time
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.maps.projection import project
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.registry import find_model, load_encoder, loaded
from embeddings_core.models.runtime import ready_torch
from embeddings_core.models.static_model import (
    described,
    distilled_folder,
    is_whole,
    open_static_model,
    zipped,
)
from embeddings_core.spaces.datasets import SENTENCES
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.training import distillation as core
from embeddings_core.training.static_comparison import Cost, compare_static, rounded, texts_a_second

MOST = 2_200  # of the vocabulary: single characters, then the commonest words
TEXTS = ("the people of the city", "he was the first", "It was not in the world.", "🎉", "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("distilled") / "model"
    told: list[tuple[int, int]] = []
    seconds = core.distil(folder, most=MOST, progress=lambda done, total: told.append((done, total)))
    assert (
        seconds > 0 and told[-1] == (MOST, MOST) and [done for done, _ in told] == sorted(d for d, _ in told)
    )
    return folder


def test_the_pieces_are_those_that_stand_for_text() -> None:
    known = core.pieces()
    assert len(known.names) == 29_525 and known.names[:4] == ("[PAD]", "[UNK]", "!", '"')
    assert not any("[unused" in name or name in core.AROUND for name in known.names)
    assert (np.diff(known.numbers) > 0).all()


def test_a_piece_is_the_mean_of_the_last_layer() -> None:
    row = core.pieces().names.index("bank")
    read = core.outputs(core.pieces().numbers[[row]])[0]
    encoder = load_encoder("minilm")
    ids = encoder.inner.tokenizer.encode("bank").ids
    (states,) = encoder.inner.run.ask(["5.down.out"], np.array([ids]), np.ones((1, 3), dtype=np.int64))
    np.testing.assert_allclose(read, states[0].mean(axis=0), atol=1e-5)
    np.testing.assert_allclose(read / np.linalg.norm(read), encoder(["bank"])[0], atol=1e-5)


def test_a_frequent_piece_weighs_less() -> None:
    weights = core.frequency_weights(5)
    share = np.array([1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6])
    np.testing.assert_allclose(weights, 1e-4 / (1e-4 + share / share.sum()), rtol=1e-6)


def test_the_table_is_that_of_plain_numpy(folder: Path) -> None:
    read = core.outputs(core.pieces().numbers[:MOST]).astype(np.float64)
    centred = read - read.mean(axis=0)
    _, sizes, axes = np.linalg.svd(centred, full_matrices=False)
    rank = np.arange(2, MOST + 2)
    weights = 1e-4 / (1e-4 + 1 / rank / (1 / rank).sum())
    wanted = centred @ axes[:256].T * weights[:, None]
    table = open_static_model(folder).vectors
    np.testing.assert_allclose(
        table @ table[:50].T, wanted @ wanted[:50].T, atol=2e-2
    )  # float16; signs are free
    kept = (sizes[:256] ** 2).sum() / (sizes**2).sum()
    assert described(folder)["explained_variance"] == pytest.approx(kept, abs=1e-3)


def test_a_text_is_the_mean_of_its_pieces(folder: Path) -> None:
    model = open_static_model(folder)
    vectors = model(TEXTS)
    for text, vector in zip(TEXTS[:2], vectors, strict=False):
        rows = [core.pieces().names.index(word) for word in text.split()]
        mean = model.vectors[rows].mean(axis=0)
        np.testing.assert_allclose(vector, mean / np.linalg.norm(mean), atol=1e-5)
    assert not vectors[3:].any()  # nothing of it is known
    assert model([]).shape == (0, 256)
    many = [TEXTS[row % 3] for row in range(2_500)]
    np.testing.assert_array_equal(model(many)[1_500:1_503], model([TEXTS[0], TEXTS[1], TEXTS[2]]))


def test_model2vec_and_sentence_transformers_open_the_folder(folder: Path, tmp_path: Path) -> None:
    model2vec = pytest.importorskip("model2vec")
    theirs = model2vec.StaticModel.from_pretrained(folder)
    assert theirs.dim == 256 and theirs.normalize and list(theirs.tokens) == list(core.pieces().names[:MOST])
    ours = open_static_model(folder)
    np.testing.assert_allclose(ours(TEXTS), theirs.encode(list(TEXTS)), atol=2e-3)
    ready_torch()
    from sentence_transformers import SentenceTransformer

    library = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    np.testing.assert_allclose(library.encode(list(TEXTS[:3])), ours(TEXTS[:3]), atol=2e-3)
    theirs.save_pretrained(tmp_path / "again")  # and what model2vec writes is read here
    np.testing.assert_allclose(open_static_model(tmp_path / "again")(TEXTS), ours(TEXTS), atol=1e-6)


def test_the_archive_holds_the_folder(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(BytesIO(zipped(folder))) as file:
        file.extractall(tmp_path)
    unpacked = tmp_path / "minilm-static"
    assert {path.name for path in unpacked.iterdir()} == {
        "README.md", "config.json", "model.safetensors", "modules.json", "tokenizer.json",
    }  # fmt: skip
    assert json.loads((unpacked / "config.json").read_text())["model_type"] == "model2vec"
    np.testing.assert_array_equal(open_static_model(unpacked)(TEXTS), open_static_model(folder)(TEXTS))


def test_files_that_do_not_fit_are_refused(folder: Path, tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    for name in ("tokenizer.json", "config.json", "modules.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    for wrong in (np.zeros((5, 4), np.float16), np.full((MOST, 4), np.nan, np.float16)):
        save_file({"embeddings": wrong}, tmp_path / "model.safetensors")
        with pytest.raises(ModelUnavailableError, match="do not fit each other"):
            open_static_model(tmp_path)


def test_a_whole_folder_is_left_alone_and_a_broken_one_made_anew(folder: Path, tmp_path: Path) -> None:
    assert core.distil(folder, most=MOST) == 0
    broken = tmp_path / "model"
    broken.mkdir()
    (broken / "config.json").write_text("{}")
    assert core.distil(broken, most=300) > 0 and is_whole(broken)
    assert not [path for path in tmp_path.iterdir() if path != broken]  # nothing half made is left


def test_a_preview_is_the_static_model_of_its_own_words() -> None:
    texts = SENTENCES.items[:6]
    found = core.preview(texts)(texts)
    names, along = core.pieces().names, core.sampled_directions()
    tokenizer = load_encoder("minilm").inner.tokenizer
    for text, vector in zip(texts, found, strict=True):
        rows = [names.index(piece) for piece in tokenizer.encode(text, add_special_tokens=False).tokens]
        read = core.outputs(core.pieces().numbers[rows])
        weights = core.frequency_weights(len(names))[rows]
        mean = (((read - along.middle) @ along.axes) * weights[:, None]).mean(axis=0)
        np.testing.assert_allclose(vector, mean / np.linalg.norm(mean), atol=1e-4)
    np.testing.assert_allclose(core.PreviewEncoder()(texts[:2]), found[:2], atol=1e-4)  # whatever the company
    assert not core.preview(["🎉"])(["🎉"]).any()


def test_the_comparison_counts_who_keeps_its_nearest() -> None:
    rng = np.random.default_rng(0)
    items = tuple(f"text {row}" for row in range(9))
    network, static = (EmbeddingSet(items, rng.normal(size=(9, 8)).astype(np.float32)) for _ in range(2))
    maps = tuple(project(each, method="pca") for each in (network, static))
    costs = Cost("MiniLM", 200.0, 91.0), Cost("Static model", 9_000.0, 15.1)
    found = compare_static(network, static, costs=costs, maps=(maps[0], maps[1]), whole=True)
    nearest = []
    for space in (network, static):
        units = space.vectors / np.linalg.norm(space.vectors, axis=1, keepdims=True)
        scores = units @ units.T - 2 * np.eye(9)
        nearest.append(scores.argmax(axis=1))
    lost = tuple(np.flatnonzero(nearest[0] != nearest[1]).tolist())
    assert found.lost == lost and found.comparison.same_nearest == 9 - len(lost) and lost
    assert (
        f"{9 - len(lost)} of 9 sentences keep" in found.sentence
        and "45 times as many texts" in found.sentence
    )
    units = static.vectors / np.linalg.norm(static.vectors, axis=1, keepdims=True)
    for row, place in enumerate(found.places.tolist()):
        order = [other for other in np.argsort(-(units @ units[row])).tolist() if other != row]
        assert order[place - 1] == nearest[0][row]
    assert "15 MB instead of 91" in found.sentence and found.film.kind == "morph"
    few = EmbeddingSet(items[:2], network.vectors[:2])
    with pytest.raises(BadInputError, match="At least 3"):
        compare_static(few, few, costs=costs, maps=(maps[0], maps[1]), whole=True)


def test_speed_is_the_best_of_some_rounds() -> None:
    calls: list[int] = []

    def encode(texts: object) -> np.ndarray:
        calls.append(len(texts))  # type: ignore[arg-type]
        time.sleep(0.01)
        return np.zeros((1, 1), np.float32)

    found = texts_a_second(encode, ["a", "b", "c"], at_once=10)
    assert calls == [1, 10, 10, 10, 10, 10] and 300 < found <= 1_000
    assert [rounded(value) for value in (123_456, 347.0, 3.42)] == ["120,000", "350", "3.4"]


def test_the_job_makes_the_model_in_the_worker_and_the_row_opens_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings_core.models.static_model.cache_folder", lambda: tmp_path)
    spec = find_model("minilm-static")
    assert not on_disk(spec) and core.kept_model() is None
    with pytest.raises(ModelUnavailableError, match="Sentences, Distil"):
        load_encoder("minilm-static")
    core._lane().run(core.distil, distilled_folder(), most=300)
    assert core.kept_model() == distilled_folder() and on_disk(spec)
    assert load_encoder("minilm-static")(["a b c"]).shape == (1, 256)
    loaded.pop("minilm-static")
    core._lane().close()
