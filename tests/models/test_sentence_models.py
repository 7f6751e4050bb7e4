"""Every sentence row opens a tiny model in the real format; prompts reach the tokenizer as the authors write
them."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from embeddings_core.errors import MissingExtraError, ModelUnavailableError
from embeddings_core.models.catalogue import SENTENCE_MODELS, STATIC_TEXT_MODELS
from embeddings_core.models.downloads import fetch, on_disk
from embeddings_core.models.embed import embed
from embeddings_core.models.locked_encoder import LockedEncoder
from embeddings_core.models.minilm import minilm_folder
from embeddings_core.models.registry import find_model, load_encoder
from embeddings_core.models.runtime import ready_torch
from embeddings_core.models.sentence_models import load_universal
from embeddings_core.models.sources import tensorflow_hub_folder
from embeddings_core.models.spec import STATIC, ModelSpec

DOWNLOADED = [
    spec for spec in (*SENTENCE_MODELS, *STATIC_TEXT_MODELS) if spec.id != "use" and not spec.refused
]
TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json")


def tiny_bert(folder, *, safe=True):
    ready_torch()
    import torch
    from transformers import BertConfig, BertModel

    folder.mkdir()
    for name in TOKENIZER:
        shutil.copy(minilm_folder() / name, folder / name)
    torch.manual_seed(0)
    network = BertModel(
        BertConfig(
            vocab_size=30522, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=8,
            max_position_embeddings=64,
        )
    )  # fmt: skip
    network.save_pretrained(folder)
    if not safe:
        (folder / "model.safetensors").unlink()
        torch.save(network.state_dict(), folder / "pytorch_model.bin")
    return folder


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A folder for each real format: a sentence-transformers BERT, a bare BERT, weights saved the old way, other networks
    with the layers that their authors put on top, and static embeddings in both layouts."""
    ready_torch()
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer

    place = tmp_path_factory.mktemp("models")
    bare = tiny_bert(place / "bare")
    network = Transformer(str(bare))
    model = SentenceTransformer(
        modules=[network, Pooling(16, pooling_mode="mean"), Normalize()], device="cpu"
    )
    model.save_pretrained(str(place / "sentence"), create_model_card=False)
    old = place / "old"
    shutil.copytree(place / "sentence", old)
    next(old.rglob("model.safetensors")).unlink()
    shutil.copy(tiny_bert(place / "pickled", safe=False) / "pytorch_model.bin", old / "pytorch_model.bin")
    folders = {"sentence": place / "sentence", "bare": bare, "old": old}
    for name, network in other_networks().items():
        inside = place / f"{name}-bare"
        inside.mkdir()
        for file in TOKENIZER[:1]:
            shutil.copy(minilm_folder() / file, inside / file)
        names = {"unk": "[UNK]", "pad": "[PAD]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
        told = {"tokenizer_class": "PreTrainedTokenizerFast", **{f"{k}_token": v for k, v in names.items()}}
        (inside / "tokenizer_config.json").write_text(json.dumps({**told, "model_max_length": 60}))
        network.save_pretrained(inside)
        if name in FOREIGN:  # a program of the authors beside the weights, which must not be asked for
            told = json.loads((inside / "config.json").read_text())
            told["auto_map"] = {"AutoConfig": "evil.Config", "AutoModel": "evil.Model"}
            (inside / "config.json").write_text(json.dumps(told))
            (inside / "evil.py").write_text("raise SystemExit('a program of a model ran')")
        modules = [Transformer(str(inside)), Pooling(16, pooling_mode=POOLINGS.get(name, "mean"))]
        modules += (
            [Dense(16, 12)] if name == "distilbert" else [Dense(16, 16, bias=False)] * (name == "gemma")
        )
        modules += [] if name == "distilbert" else [Normalize()]
        SentenceTransformer(modules=modules, device="cpu").save_pretrained(
            str(place / name), create_model_card=False
        )
        folders[name] = place / name
        for file in inside.glob("*.py"):
            shutil.copy(file, place / name / file.name)
    return folders | static_embeddings(place)


def static_embeddings(place):
    """Write a table of word pieces as sentence-transformers lays it out, and as model2vec does."""
    from safetensors.numpy import save_file
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    table = np.random.default_rng(0).standard_normal((30522, 16)).astype(np.float32)
    tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    module = StaticEmbedding(tokenizer, embedding_weights=table)
    SentenceTransformer(modules=[module], device="cpu").save_pretrained(
        str(place / "static"), create_model_card=False
    )
    (place / "model2vec" / "1_Normalize").mkdir(parents=True)
    shutil.copy(minilm_folder() / "tokenizer.json", place / "model2vec")
    save_file({"embeddings": table}, place / "model2vec" / "model.safetensors")
    parts = [("0", ".", "StaticEmbedding"), ("1", "1_Normalize", "Normalize")]
    listed = [
        {"idx": int(n), "name": n, "path": path, "type": f"sentence_transformers.models.{kind}"}
        for n, path, kind in parts
    ]
    (place / "model2vec" / "modules.json").write_text(json.dumps(listed))
    (place / "model2vec" / "config.json").write_text(
        json.dumps({"model_type": "model2vec", "normalize": True})
    )
    return {"static": place / "static", "model2vec": place / "model2vec"}


def other_networks():
    import torch
    import transformers as hf

    torch.manual_seed(1)
    size = {
        "vocab_size": 30522, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 8,
        "max_position_embeddings": 64, "pad_token_id": 0,
    }  # fmt: skip
    alone = {"bos_token_id": 101, "eos_token_id": 102}
    decoder = {**size, **alone, "num_key_value_heads": 1, "head_dim": 8}
    modern = {**size, **alone, "cls_token_id": 101, "sep_token_id": 102}
    distil = hf.DistilBertConfig(
        vocab_size=30522, dim=16, n_layers=2, n_heads=2, hidden_dim=8, max_position_embeddings=64
    )
    return {
        "mpnet": hf.MPNetModel(hf.MPNetConfig(**size | {"pad_token_id": 1})),
        "xlm-roberta": hf.XLMRobertaModel(hf.XLMRobertaConfig(**size)),
        "distilbert": hf.DistilBertModel(distil),
        "gemma": hf.Gemma3TextModel(hf.Gemma3TextConfig(**decoder, use_bidirectional_attention=True)),
        "qwen3": hf.Qwen3Model(hf.Qwen3Config(**decoder)),
        "modernbert": hf.ModernBertModel(hf.ModernBertConfig(**modern)),
        "nomic": hf.NomicBertModel(hf.NomicBertConfig(**size)),
        "gte": hf.GteModel(hf.GteConfig(**size)),
    }


FOREIGN = ("nomic", "gte")  # the authors' folder names a program of theirs
POOLINGS = {"qwen3": "lasttoken", "modernbert": "cls", "gte": "cls"}
FORMATS = {
    "bert": "bare", "bge-m3": "old", "mpnet": "mpnet", "multi-qa-mpnet": "mpnet", "multilingual-e5-small": "sentence",
    "multilingual-e5-base": "xlm-roberta", "multilingual-e5-large": "xlm-roberta", "multilingual-e5-large-instruct": "xlm-roberta",
    "use-multilingual": "distilbert", "embedding-gemma": "gemma", "qwen3-embedding": "qwen3", "jina-v5-small": "qwen3",
    "gte-modernbert": "modernbert", "nomic-v1.5": "nomic", "arctic-m-v2": "gte", "potion-base": "model2vec",
    "potion-multilingual": "model2vec", "static-retrieval": "static",
}  # fmt: skip


def opened(spec, saved):
    folder = saved[FORMATS.get(spec.id, "sentence")]
    return LockedEncoder(spec.load(replace(spec, checkpoint=str(folder))), spec)


@pytest.mark.parametrize("spec", DOWNLOADED, ids=lambda spec: spec.id)
def test_every_row_really_opens_a_model_of_its_format(spec, saved):
    encoder = opened(spec, saved)
    vectors = embed(["a cat", "a dog", "a cat"], encoder, model=spec.id).vectors
    wide = 12 if spec.id == "use-multilingual" else 16  # its dense layer
    assert vectors.shape == (3, wide) and np.allclose(vectors[0], vectors[2], atol=1e-6)
    assert not np.allclose(vectors[0], vectors[1], atol=1e-4)


def listen(tokenizer, seen):
    """Note the strings that reach a tokenizer."""

    class Recording(type(tokenizer)):
        def __call__(self, text, *arguments, **options):
            seen.extend([text] if isinstance(text, str) else text)
            return super().__call__(text, *arguments, **options)

    tokenizer.__class__ = Recording


BGE_QUERY = "Represent this sentence for searching relevant passages: "
INSTRUCT = "Instruct: Given a web search query, retrieve relevant passages that answer the query"
PROMPTS = {
    **dict.fromkeys(("e5-small", "e5-base", "e5-large", "multilingual-e5-small", "multilingual-e5-base",
                     "multilingual-e5-large"), ("query: ", "passage: ")),
    "multilingual-e5-large-instruct": (f"{INSTRUCT}\nQuery: ", ""),
    "qwen3-embedding": (f"{INSTRUCT}\nQuery:", ""),
    "embedding-gemma": ("task: search result | query: ", "title: none | text: "),
    "nomic-v1.5": ("search_query: ", "search_document: "),
    "arctic-m-v2": ("query: ", ""),
    "jina-v5-small": ("Query: ", "Document: "),
    **dict.fromkeys(("bge-small", "bge-base", "bge-large"), (BGE_QUERY, "")),
}  # fmt: skip


@pytest.mark.parametrize(
    "spec", [spec for spec in DOWNLOADED if spec.family != STATIC], ids=lambda spec: spec.id
)
def test_the_authors_prompts_reach_the_tokenizer(spec, saved):
    encoder = opened(spec, saved)
    seen = []
    listen(encoder.inner.model.tokenizer, seen)
    query, passage = PROMPTS.get(spec.id, ("", ""))
    embed(["where is the bank?"], encoder, role="query")
    embed(["the bank is there"], encoder, role="passage")
    assert seen == [f"{query}where is the bank?", f"{passage}the bank is there"]


def test_bert_is_the_mean_of_its_last_layer(saved):
    import torch
    from transformers import AutoModel, AutoTokenizer

    encoder = opened(find_model("bert"), saved)
    tokenizer = AutoTokenizer.from_pretrained(saved["bare"])
    network = AutoModel.from_pretrained(saved["bare"]).eval()
    with torch.inference_mode():
        states = network(**tokenizer("a small cat", return_tensors="pt")).last_hidden_state[0]
    assert np.allclose(encoder(["a small cat"])[0], states.mean(0).numpy(), atol=1e-5)


def test_a_text_that_looks_like_an_address_is_text(saved, tmp_path):
    encoder = opened(find_model("e5-small"), saved)
    vectors = encoder(
        ["http://127.0.0.1:1/x.png", str(saved["bare"] / "config.json"), "data:image/png;base64,AA"]
    )
    assert np.isfinite(vectors).all() and len(vectors) == 3


def test_what_is_not_on_disk_is_said_at_once_and_nothing_is_fetched(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    for spec in DOWNLOADED:
        with pytest.raises(ModelUnavailableError, match="not on this computer"):
            load_encoder(replace(spec, id=f"{spec.id}-gone", checkpoint=f"nobody/{spec.id}-gone"))


def test_the_original_universal_sentence_encoder_opens_from_its_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path))
    spec = find_model("use")
    asked = []

    def opener(folder):
        asked.append(folder)
        return lambda texts: [[float(len(text)), 1.0] for text in texts]

    with pytest.raises(ModelUnavailableError, match="1,038 MB"):
        load_universal(spec, opener=opener)
    folder = tensorflow_hub_folder(spec.checkpoint)
    assert folder.parent == tmp_path and folder.name == "063d866c06683311b44b4992fd46003be952409c"
    folder.mkdir()
    (folder / "saved_model.pb").write_bytes(b"")
    encoder = load_universal(spec, opener=opener)
    assert encoder(["ab", "abc"]).tolist() == [[2, 1], [3, 1]] and asked == [str(folder)]


def test_without_tensorflow_hub_the_command_is_named():
    from importlib.util import find_spec

    if find_spec("tensorflow_hub") is not None:
        pytest.skip("TensorFlow Hub is installed here")
    with pytest.raises(MissingExtraError, match=r"\[use\]"):
        load_universal(find_model("use"))


def test_a_row_that_needs_its_authors_program_says_so_and_is_never_opened():
    refused = [spec for spec in SENTENCE_MODELS if spec.refused]
    assert {spec.id for spec in refused} == {"nomic-v2-moe", "jina-v3"}
    for spec in refused:
        assert not on_disk(spec) and "program" in spec.refused
        for ask in (load_encoder, fetch):
            with pytest.raises(ModelUnavailableError, match="not offered"):
                ask(spec)


def test_what_can_be_cut_says_to_what():
    for spec in (*SENTENCE_MODELS, *STATIC_TEXT_MODELS):
        assert list(spec.truncates_to) == sorted(set(spec.truncates_to), reverse=True)
        assert all(8 <= d < spec.dimensions for d in spec.truncates_to)
    assert {spec.id for spec in SENTENCE_MODELS if spec.truncates_to} >= {
        "embedding-gemma",
        "nomic-v1.5",
        "arctic-m-v2",
    }


def test_rows_say_what_a_visitor_must_know():
    for spec in SENTENCE_MODELS:
        assert isinstance(spec, ModelSpec) and spec.modality == "text" and not spec.bundled
        assert spec.megabytes > 100 and spec.licence and spec.paper and spec.note and spec.dimensions
    assert len({spec.id for spec in SENTENCE_MODELS}) == len(SENTENCE_MODELS)
