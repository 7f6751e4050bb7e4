"""What training for a cut changes: said without such a model, counted where one is on this computer."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings_core.analysis.truncation import everyday_space
from embeddings_core.models.catalogue import MODELS
from embeddings_core.models.minilm import minilm_folder
from embeddings_core.models.recent import forget
from embeddings_core.models.registry import load_encoder, loaded
from embeddings_core.models.runtime import ready_torch
from tests.pages.reading import fine, go_to, said, sent

MODEL = "static-retrieval"


def kept(vectors: np.ndarray, dimensions: int) -> float:
    """Return the share of the 10 nearest that the first numbers still find."""
    near = []
    for each in (vectors, vectors[:, :dimensions]):
        units = each.astype(np.float64) / np.linalg.norm(each, axis=1, keepdims=True)
        near.append(np.argsort(-(units @ units.T) + 9 * np.eye(len(units)), axis=1, kind="stable")[:, :10])
    return float(np.mean([len(set(a) & set(b)) / 10 for a, b in zip(*near, strict=True)]))


def test_without_one_the_lens_says_what_it_changes_and_names_one(root: Path) -> None:
    at = go_to(root, "one_hot", onehot="Fewer bits")
    assert fine(at) and "each beginning becomes a vector of its own" in said(at)
    assert "No model on this computer was trained so. Static retrieval" in said(at)


def test_one_on_this_computer_stands_beside_minilm(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = ready_torch()
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    shutil.copy(minilm_folder() / "tokenizer.json", tmp_path / "tokenizer.json")
    torch.manual_seed(0)
    weights = torch.randn(30522, 64) * torch.logspace(0, -2, 64)  # what matters stands first
    table = StaticEmbedding(Tokenizer.from_file(str(tmp_path / "tokenizer.json")), embedding_weights=weights)
    SentenceTransformer(modules=[table], device="cpu").save_pretrained(
        str(tmp_path / "model"), create_model_card=False
    )
    rows = tuple(
        replace(spec, checkpoint=str(tmp_path / "model")) if spec.id == MODEL else spec for spec in MODELS
    )
    monkeypatch.setattr("embeddings_core.models.catalogue.MODELS", rows)
    forget()
    loaded.pop(MODEL, None)
    at = go_to(root, "one_hot", onehot="Fewer bits")
    assert fine(at) and "No model on this computer" not in said(at)
    own, other = sent(at, "rows")[1]
    words = everyday_space().items[:500]
    assert own["score"].startswith(f"{100 * kept(everyday_space().vectors[:500], 32):.0f}")
    assert other["score"].startswith(f"{100 * kept(load_encoder(MODEL)(words), 32):.0f}")
    assert other["length"] > own["length"] and other["note"] == "32 of 64 numbers; trained to be cut"
    loaded.pop(MODEL, None)
    forget()
