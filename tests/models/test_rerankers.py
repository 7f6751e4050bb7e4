"""A cross-encoder of the real format, tiny: its scores are those of plain transformers, and it joins the rank race."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.models.catalogue import MODELS
from embeddings_core.models.catalogue.rerankers import RERANKERS
from embeddings_core.models.minilm import minilm_folder
from embeddings_core.models.recent import forget
from embeddings_core.models.registry import find_model, load_encoder, loaded
from embeddings_core.models.rerankers import Reranker
from embeddings_core.models.runtime import ready_torch
from embeddings_core.spaces.datasets import SENTENCES
from tests.pages.reading import bars, fine, go_to, said

QUERY = "a pet is resting on the couch"
ROW = RERANKERS[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch = ready_torch()
    from transformers import BertConfig, BertForSequenceClassification

    place = tmp_path_factory.mktemp("reranker") / "model"
    place.mkdir()
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        shutil.copy(minilm_folder() / name, place / name)
    torch.manual_seed(0)
    size = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 8}
    config = BertConfig(
        vocab_size=30522, max_position_embeddings=64, num_labels=1, initializer_range=0.5, **size
    )
    BertForSequenceClassification(config).save_pretrained(place)
    return place


def expected(folder: Path) -> np.ndarray:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    network = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    given = tokenizer(
        [QUERY] * len(SENTENCES.items), list(SENTENCES.items), return_tensors="pt", padding=True
    )
    with torch.inference_mode():
        return torch.sigmoid(network(**given).logits[:, 0]).numpy()


def test_the_score_is_that_of_plain_transformers(folder: Path) -> None:
    spec = replace(ROW, id="tiny-reranker", checkpoint=str(folder))
    reranker = load_encoder(spec).inner
    assert isinstance(reranker, Reranker)
    np.testing.assert_allclose(reranker.score(QUERY, SENTENCES.items), expected(folder), atol=1e-5)
    with pytest.raises(BadInputError, match="has no vector"):
        reranker(["a text"])


def test_a_row_is_not_here_and_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(ModelUnavailableError, match="not on this computer"):
        load_encoder(replace(ROW, id="reranker-gone", checkpoint="nobody/gone"))


def test_where_it_is_on_disk_it_runs_last(root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = go_to(root, "sentences", study="Rank race", query=QUERY)
    assert fine(at) and f"{ROW.title} is not on this computer" in said(at)
    before = [row["label"] for row in bars(at)]
    rows = tuple(replace(spec, checkpoint=str(folder)) if spec.id == ROW.id else spec for spec in MODELS)
    monkeypatch.setattr("embeddings_core.models.catalogue.MODELS", rows)
    forget()
    at = go_to(root, "sentences", study="Rank race", query=QUERY)
    assert fine(at) and "not on this computer" not in said(at)
    assert [row["label"] for row in bars(at)] == [*before, "MiniLM cross-encoder, 2019"]
    scores = expected(folder)
    last = bars(at)[-1]
    assert last["note"] == SENTENCES.items[int(scores.argmax())] and last["score"] == f"{scores.max():.2f}"
    many = "\n".join(f"sentence number {row}" for row in range(101))
    at = go_to(root, "sentences", study="Rank race", query=QUERY, sentences=many)
    assert fine(at) and "cross-encoder" not in str(bars(at))
    loaded.pop(ROW.id, None)
    forget()
    assert find_model(ROW.id).modality == "reranker"
