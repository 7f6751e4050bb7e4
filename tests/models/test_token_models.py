"""Late interaction by a model that was trained for it: a tiny one of the real format, and the library's own score."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from embeddings_core.analysis import late_interaction as analysis
from embeddings_core.errors import ModelUnavailableError
from embeddings_core.models.catalogue.tokens import TOKEN_MODELS
from embeddings_core.models.locked_encoder import LockedEncoder
from embeddings_core.models.minilm import minilm_folder
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.runtime import ready_torch

QUERY = "a pet on the couch"
TEXTS = ("The cat sleeps, on the sofa.", "Stock markets fell.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A ColBERT of two layers, saved by sentence-transformers: marks, a query filled up with [MASK], punctuation left out."""
    torch = ready_torch()
    from sentence_transformers import MultiVectorEncoder
    from sentence_transformers.base.modules import Dense, Normalize, Transformer
    from sentence_transformers.multi_vector_encoder.modules import MultiVectorMask
    from transformers import BertConfig, BertModel

    place = tmp_path_factory.mktemp("tokens")
    (bare := place / "bare").mkdir()
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        shutil.copy(minilm_folder() / name, bare / name)
    torch.manual_seed(0)
    size = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 8}
    BertModel(BertConfig(vocab_size=30522, max_position_embeddings=64, **size)).save_pretrained(bare)
    model = MultiVectorEncoder(
        modules=[
            Transformer(str(bare), query_expansion={"strategy": "fixed", "length": 16}),
            Dense(
                16, 8, bias=False, module_input_name="token_embeddings", module_output_name="token_embeddings"
            ),
            MultiVectorMask([",", "."]),
            Normalize(module_input_name="token_embeddings"),
        ],
        device="cpu",
        prompts={"query": "ask: ", "document": "say: "},
    )
    model.save_pretrained(str(place / "saved"), create_model_card=False)
    return place / "saved"


def test_the_score_is_the_librarys_own(folder, monkeypatch):
    spec = replace(TOKEN_MODELS[0], checkpoint=str(folder))
    encoder = LockedEncoder(spec.load(spec), spec)
    monkeypatch.setattr(analysis, "find_model", lambda _: spec)
    monkeypatch.setattr(analysis, "load_encoder", lambda _: encoder)
    query, texts = analysis.read_tokens(QUERY, TEXTS, model=spec.id)
    assert len(query.tokens) == 16 and query.tokens.count("[MASK]") >= 5  # filled up, and that counts
    assert "," not in texts[0].tokens and "cat" in texts[0].tokens and query.vectors.shape == (16, 8)
    result = analysis.late_interaction(query, texts, single=np.zeros(2, np.float32))
    library = encoder.inner.model
    expected = library.similarity(library.encode_query([QUERY]), library.encode_document(list(TEXTS)))[0]
    np.testing.assert_allclose(result.scores * 16, expected.numpy(), rtol=1e-4)
    one = encoder(list(TEXTS))
    assert one.shape == (2, 8) and np.allclose(np.linalg.norm(one, axis=1), 1, atol=1e-5)


def test_rows_are_not_here_and_say_so(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    for spec in TOKEN_MODELS:
        with pytest.raises(ModelUnavailableError, match="not on this computer"):
            load_encoder(replace(spec, id=f"{spec.id}-gone", checkpoint=f"nobody/{spec.id}-gone"))
