"""BGE M3's word weights and vectors of tokens: a tiny checkpoint of the real format, against its formulas in plain torch."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings_core.analysis.late_interaction import late_interaction, read_tokens
from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.models import catalogue
from embeddings_core.models.bge_m3 import MULTIPLE, SPARSE, M3WordWeights
from embeddings_core.models.catalogue import MODELS
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.recent import forget
from embeddings_core.models.registry import find_model, load_encoder, loaded
from embeddings_core.models.runtime import ready_torch
from embeddings_core.spaces.datasets import SENTENCES
from tests.pages.reading import bars, fine, go_to, said

QUERY = "a pet on the couch, a pet"
TEXTS = ("The cat sleeps on the couch.", "Stocks fell.", "a pet a pet a couch")
IDS = ("bge-m3", "bge-m3-tokens", "bge-m3-words")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """XLM-RoBERTa of two layers with its pieces, the first token's state as the one vector, and two layers in files beside it."""
    torch = ready_torch()
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import XLMRobertaConfig, XLMRobertaModel, XLMRobertaTokenizer

    place = tmp_path_factory.mktemp("m3")
    (bare := place / "bare").mkdir()
    letters = "abcdefghijklmnopqrstuvwxyzTS,."
    words = ["▁a", "▁pet", "▁on", "▁the", "▁couch", "▁cat", "▁The", "▁sleeps", "▁"]
    pieces = [(mark, 0.0) for mark in ("<s>", "<pad>", "</s>", "<unk>")]
    pieces += [(word, -2.0) for word in words] + [(letter, -5.0) for letter in letters] + [("<mask>", 0.0)]
    XLMRobertaTokenizer(vocab=pieces).save_pretrained(bare)
    torch.manual_seed(0)
    size = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 8}
    config = XLMRobertaConfig(
        vocab_size=len(pieces), max_position_embeddings=66, initializer_range=0.5, pad_token_id=1, **size
    )
    XLMRobertaModel(config).save_pretrained(bare)
    modules = [Transformer(str(bare)), Pooling(16, pooling_mode="cls"), Normalize()]
    SentenceTransformer(modules=modules, device="cpu").save(str(place / "saved"))
    for name, outputs in ((SPARSE, 1), (MULTIPLE, 12)):
        torch.save(torch.nn.Linear(16, outputs).state_dict(), place / "saved" / name)
    return place / "saved"


@pytest.fixture
def rows(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The catalogue with its rows pointing at the tiny checkpoint."""
    monkeypatch.setattr(
        catalogue,
        "MODELS",
        tuple(replace(spec, checkpoint=str(folder)) if spec.id in IDS else spec for spec in MODELS),
    )
    forget()
    yield
    for id in IDS:
        loaded.pop(id, None)
    forget()


def plain(folder: Path, text: str) -> tuple[list[int], np.ndarray, dict[int, float]]:
    """One text by plain torch, without a batch: its pieces, vectors of tokens, weights by number of piece."""
    torch = ready_torch()
    from transformers import AutoModel, AutoTokenizer

    given = AutoTokenizer.from_pretrained(folder)(text, return_tensors="pt")
    heads = {name: torch.load(folder / name, weights_only=True) for name in (SPARSE, MULTIPLE)}
    with torch.inference_mode():
        state = AutoModel.from_pretrained(folder).eval()(**given).last_hidden_state[0]
        weights = torch.relu(torch.nn.functional.linear(state, **heads[SPARSE]))[:, 0]
        vectors = torch.nn.functional.linear(state[1:], **heads[MULTIPLE])
        vectors = torch.nn.functional.normalize(vectors, dim=-1)
    ids = given["input_ids"][0].tolist()
    largest: dict[int, float] = {}
    for piece, weight in zip(ids, weights.tolist(), strict=True):
        if piece > 3 and weight > 0:
            largest[piece] = max(largest.get(piece, 0.0), weight)
    return ids, vectors.numpy(), largest


def test_word_weights_are_those_of_the_formula(rows: None, folder: Path) -> None:
    encoder = load_encoder("bge-m3-words").inner
    assert isinstance(encoder, M3WordWeights) and encoder.dense is load_encoder("bge-m3")  # opened once
    asked, *read = [plain(folder, text)[2] for text in (QUERY, *TEXTS)]
    found = encoder.weights((QUERY, *TEXTS))
    for mine, right in zip(found, (asked, *read), strict=True):
        assert len(mine) == len(right) > 0
        names = encoder.names(list(right))
        assert [mine[name] for name in names] == pytest.approx(list(right.values()), abs=1e-5)
    assert not {"<s>", "</s>", "<pad>", "<unk>"} & set().union(*found)
    scores = [sum(weight * each.get(piece, 0.0) for piece, weight in asked.items()) for each in read]
    np.testing.assert_allclose(encoder.score(QUERY, TEXTS), scores, atol=1e-4)
    with pytest.raises(BadInputError, match="no map"):
        encoder(["a"])


def test_vectors_of_tokens_are_those_of_the_formula(rows: None, folder: Path) -> None:
    query, texts = read_tokens(QUERY, TEXTS, model="bge-m3-tokens")
    for mine, text in zip((query, *texts), (QUERY, *TEXTS), strict=True):
        ids, vectors, _ = plain(folder, text)
        assert len(mine.tokens) == len(ids) - 1 and mine.tokens[-1] == "</s>"
        np.testing.assert_allclose(mine.vectors, vectors, atol=1e-5)
    result = late_interaction(query, texts, single=np.zeros(3, np.float32))
    asked = plain(folder, QUERY)[1]
    right = [(asked @ plain(folder, text)[1].T).max(axis=1).sum() / len(asked) for text in TEXTS]
    np.testing.assert_allclose(result.scores, right, atol=1e-5)
    one = load_encoder("bge-m3-tokens")(list(TEXTS))
    assert one.shape == (3, 12) and np.allclose(np.linalg.norm(one, axis=1), 1, atol=1e-5)


def test_a_layer_that_is_missing_or_foreign_is_told(rows: None, folder: Path, tmp_path: Path) -> None:
    torch = ready_torch()
    for id, name in (("bge-m3-words", SPARSE), ("bge-m3-tokens", MULTIPLE)):
        spec = replace(find_model(id), checkpoint=str(tmp_path))
        with pytest.raises(ModelUnavailableError, match="no such file"):
            load_encoder(spec)
        for wrong, said_of in (
            ({"bias": torch.zeros(1)}, "no linear layer"),
            (torch.nn.Linear(5, 1).state_dict(), "does not fit"),
        ):
            torch.save(wrong, tmp_path / name)
            with pytest.raises(ModelUnavailableError, match=said_of):
                load_encoder(spec)


def test_rows_are_not_here_until_their_layer_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    snapshot = tmp_path / "models--BAAI--bge-m3" / "snapshots" / "one"
    snapshot.mkdir(parents=True)
    (snapshot / "pytorch_model.bin").touch()
    assert [on_disk(find_model(id)) for id in IDS] == [True, False, False]
    (snapshot / SPARSE).touch()
    assert [on_disk(find_model(id)) for id in IDS] == [True, False, True]
    wanted = find_model("bge-m3-words").source.download(find_model("bge-m3-words"))  # type: ignore[union-attr]
    assert {SPARSE, "*.bin", "*.model"} <= set(wanted)


def test_its_word_weights_run_in_the_race_and_its_tokens_are_offered(root: Path, rows: None) -> None:
    at = go_to(root, "sentences", study="Rank race", query="a pet on the couch")
    assert fine(at) and "BGE M3, word weights, learned: " in said(at)
    labels = [row["label"] for row in bars(at)]
    assert labels[2] == "BGE M3, word weights, 2024" and labels[1].startswith("TF-IDF")
    encoder = load_encoder("bge-m3-words").inner
    assert isinstance(encoder, M3WordWeights)
    scores = encoder.score("a pet on the couch", SENTENCES.items)
    assert bars(at)[2]["score"] == f"{scores.max():.2f}"
    title = "BGE M3, vectors of tokens"
    at = go_to(
        root, "sentences", study="Late interaction", query="a pet on the couch", **{"token-model": title}
    )
    assert fine(at) and "The mark </s> that ends a text looks for a token too." in said(at)
