"""Token vectors against the plain library call, and what people type."""

import subprocess
import sys

import numpy as np
import pytest

from embeddings_core.analysis.attention import attention
from embeddings_core.analysis.layer_trajectory import film_method, layer_film
from embeddings_core.analysis.senses import find_senses, sense_curve
from embeddings_core.analysis.sentence_examples import CONTEXT_LISTS
from embeddings_core.analysis.tokens import token_matrix, token_vectors
from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import project
from embeddings_core.models.contextual import contextual_model
from embeddings_core.spaces.embedding_set import EmbeddingSet

BANK = (
    "I sat by the river bank",
    "The grassy bank of the stream was muddy",
    "We fished from the bank of the river",
    "I went to the bank to deposit money",
    "The bank raised its interest rates",
    "My bank lent me money for the house",
)


@pytest.fixture(scope="module")
def bank():
    return token_vectors(BANK, word="bank")


def plain_states(sentence):
    """Run one sentence through transformers as its manual says."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    from embeddings_core.models.minilm import minilm_folder
    from embeddings_core.models.runtime import ready_torch

    ready_torch()
    tokenizer = AutoTokenizer.from_pretrained(str(minilm_folder()), local_files_only=True)
    network = AutoModel.from_pretrained(str(minilm_folder()), local_files_only=True).eval()
    with torch.inference_mode():
        out = network(**tokenizer(sentence, return_tensors="pt"), output_hidden_states=True)
    return torch.stack(out.hidden_states)[:, 0].numpy()


def by_torch():
    """The bundled model opened as any other folder is, by transformers."""
    from embeddings_core.models.minilm import minilm_folder

    return contextual_model(str(minilm_folder()))


def test_the_bundled_reader_reads_as_the_usual_library_does():
    """Different lengths (padding), a text too long, and letters that are several bytes: the same tokens, places,
    states and attention by onnxruntime and by transformers."""
    texts = ["The bank by the Bank, café", "猫 and 🙂 don't", "a, " * 600]
    for ours, theirs in zip(
        contextual_model().read(texts, attentions=True), by_torch().read(texts, attentions=True), strict=True
    ):
        assert ours.tokens == theirs.tokens and ours.offsets == theirs.offsets and ours.cut == theirs.cut
        for name in ("layers", "embedded", "attentions"):
            assert np.allclose(getattr(ours, name), getattr(theirs, name), atol=1e-5), name


def test_the_bundled_reader_needs_no_torch():
    program = (
        "import sys\nfrom embeddings_core.analysis.tokens import token_vectors\n"
        "token_vectors(['a bank'], word='bank')\nassert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_token_vectors_equal_the_librarys_hidden_states(bank):
    """ "I sat by the river bank": [CLS] i sat by the river bank [SEP], so bank is token 6."""
    states = plain_states(BANK[0])
    assert states.shape == (7, 8, 384)
    assert np.allclose(bank.vectors[:, 0], states[:, 6], atol=1e-5)
    assert np.allclose(token_matrix(BANK[0]).vectors, states, atol=1e-5)


def test_seven_layers_count_the_embedding_layer(bank):
    assert bank.vectors.shape == (7, 6, 384)
    assert bank.layer_names[0] == "embedding" and bank.layer_names[-1] == "layer 6"
    assert bank.vectors.dtype == np.float32 and not bank.vectors.flags.writeable


def test_word_in_pieces_is_the_mean_of_them_and_says_so():
    sentence = "what unbelievability there"
    found = token_vectors([sentence], word="unbelievability")
    assert found.pieces == (("un", "##bel", "##ie", "##va", "##bility"),)
    assert np.allclose(found.vectors[:, 0], plain_states(sentence)[:, 2:7].mean(1), atol=1e-5)
    assert any("5 pieces" in note and "mean" in note for note in found.notes)


def test_word_that_occurs_twice_is_two_points():
    found = token_vectors(["The bank by the Bank", "a bank"], word="bank")
    assert len(found) == 3 and found.rows == (0, 0, 1) and found.places[:2] == ((4, 8), (16, 20))
    assert not np.allclose(found.vectors[-1, 0], found.vectors[-1, 1])


def test_sentence_without_the_word_is_named_and_the_rest_goes_on():
    found = token_vectors(["the embankment", "a bank"], word="bank")
    assert found.sentences == ("a bank",)
    assert any("the embankment" in note for note in found.notes)


def test_static_vector_is_the_same_in_every_sentence(bank):
    model = by_torch()
    row = model.tokenizer.convert_tokens_to_ids("bank")
    table = model.network.get_input_embeddings().weight[row].detach().numpy()
    assert np.array_equal(bank.static, table)
    assert np.array_equal(token_vectors(["another bank"], word="bank").static, bank.static)


@pytest.mark.parametrize("word", ["New York", "café", "C++", "猫", "don't", "🙂", "مكتب"])
def test_words_of_every_kind_are_found(word):
    found = token_vectors([f"here {word} stands", f"{word}"], word=word)
    assert len(found) == 2 and np.isfinite(found.vectors).all()


def test_a_word_between_wide_letters_is_found():
    assert len(token_vectors(["黒い猫がいる"], word="猫")) == 1


@pytest.mark.parametrize(
    ("sentences", "word", "says"),
    [
        ([], "bank", "at least one sentence"),
        (["  \x00 \u200b"], "bank", "empty"),
        (["a bank"], " ", "empty"),
        (["no such thing"], "bank", "None of the 1"),
        (["bank " * 1000], "bank", "2,000"),
        (["bank"] * 201, "bank", "200"),
    ],
)
def test_bad_input_says_what_to_do(sentences, word, says):
    with pytest.raises(BadInputError, match=says):
        token_vectors(sentences, word=word)


def test_word_after_the_last_token_is_said():
    found = token_vectors(["a, " * 600 + "bank", "bank"], word="bank")
    assert found.rows == (1,) and any("512 tokens" in note for note in found.notes)
    with pytest.raises(BadInputError, match="512"):
        token_vectors(["a, " * 600 + "bank"], word="bank")


def test_attention_rows_sum_to_one_and_equal_the_library():
    import torch

    model = by_torch()
    look = attention("dog bites man", layer=2, head=5)
    assert look.tokens == ("[CLS]", "dog", "bites", "man", "[SEP]")
    assert np.allclose(look.weights.sum(1), 1, atol=1e-5)
    with torch.inference_mode():
        out = model.network(**model.tokenizer("dog bites man", return_tensors="pt"), output_attentions=True)
    assert np.allclose(look.weights, out.attentions[1][0, 4].numpy(), atol=1e-6)
    for wrong in ({"layer": 0, "head": 1}, {"layer": 7, "head": 1}, {"layer": 1, "head": 13}):
        with pytest.raises(BadInputError, match="1 to"):
            attention("dog", **wrong)


def test_token_matrix_marks_what_the_model_adds_and_what_it_cuts():
    matrix = token_matrix("a dog")
    assert matrix.special == (True, False, False, True) and matrix.vectors.shape == (7, 4, 384)
    assert not matrix.notes
    assert "512" in token_matrix("a, " * 600).notes[0]


def test_padding_does_not_change_a_sentence():
    alone = token_vectors(["a bank"], word="bank").vectors[:, 0]
    beside = token_vectors(["a bank", "the " * 60 + "bank"], word="bank").vectors[:, 0]
    assert np.allclose(alone, beside, atol=1e-5)


def test_senses_of_bank_are_found_and_part(bank):
    assert find_senses(bank) == ("sense 1",) * 3 + ("sense 2",) * 3
    curve = sense_curve(bank)
    assert curve.parting is not None and curve.within[-1] > curve.between[-1] + 0.1
    assert curve.layer_names[curve.parting] in curve.sentence


def test_curve_against_pairs_counted_by_hand(bank):
    """Labels a, a, b on three occurrences: one pair within (0, 1), two between (0, 2) and (1, 2)."""
    three = token_vectors(BANK[2:5], word="bank")
    curve = sense_curve(three, senses=["a", "a", "b"])
    for layer, vectors in enumerate(three.vectors):
        norm = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        assert curve.within[layer] == pytest.approx(norm[0] @ norm[1], abs=1e-5)
        assert curve.between[layer] == pytest.approx((norm[0] @ norm[2] + norm[1] @ norm[2]) / 2, abs=1e-5)
    with pytest.raises(BadInputError, match="3 occurrences but 1"):
        sense_curve(three, senses=["a"])


def test_curves_of_one_or_two_occurrences_say_what_is_missing():
    one = token_vectors(["a bank"], word="bank")
    assert np.isnan(sense_curve(one).between).all() and "another" in sense_curve(one).sentence
    two = token_vectors(["a bank", "the river bank"], word="bank")
    assert "second" in sense_curve(two).sentence


@pytest.mark.parametrize("dimensions", [2, 3])
def test_film_keeps_the_spread_of_each_layer_and_follows_the_one_before(bank, dimensions):
    film = layer_film(bank, dimensions=dimensions)
    assert film.kind == "recorded" and film.frames.shape == (7, 6, dimensions)
    assert film.frame_names == bank.layer_names
    for frame, layer in zip(film.frames, bank.vectors, strict=True):
        norm = layer / np.linalg.norm(layer, axis=1, keepdims=True)
        best = np.linalg.svd(norm - norm.mean(0), compute_uv=False)[:dimensions]
        assert np.linalg.norm(frame) == pytest.approx(np.linalg.norm(best), rel=1e-3)
    for before, after in zip(film.frames, film.frames[1:], strict=False):
        left, _, right = np.linalg.svd(after.T @ before)
        assert np.allclose(left @ right, np.eye(dimensions), atol=1e-3)  # no rotation is left to take out


@pytest.mark.parametrize("count", [1, 2, 3])
def test_film_of_few_occurrences(count):
    film = layer_film(token_vectors(BANK[:count], word="bank"), dimensions=3)
    assert film.frames.shape == (7, count, 3) and np.isfinite(film.frames).all()
    same = layer_film(token_vectors(["a bank"] * 3, word="bank"))
    assert np.allclose(same.frames, 0, atol=1e-3)


def test_any_encoder_on_disk_works(tmp_path):
    """A random BERT of 2 layers in the real format, with the real tokenizer."""
    import shutil

    from transformers import BertConfig, BertModel

    from embeddings_core.models.minilm import minilm_folder

    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json"):
        shutil.copy(minilm_folder() / name, tmp_path / name)
    config = BertConfig(
        vocab_size=30522, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=8
    )
    BertModel(config).save_pretrained(tmp_path)
    found = token_vectors(["a bank"], word="bank", model=str(tmp_path))
    assert found.vectors.shape == (3, 1, 16)
    with pytest.raises(BadInputError):
        token_vectors(["a bank"], word="bank", model="../../etc/passwd")


ROCK = CONTEXT_LISTS["rock"]


@pytest.fixture(scope="module")
def rock():
    return token_vectors(ROCK.items, word="rock")


def test_fifteen_occurrences_ride_by_umap_and_fewer_by_pca(bank, rock):
    assert film_method(bank) == "pca" and film_method(rock) == "umap" and len(rock) == 16
    assert (
        film_method(token_matrix("one two three four five six seven eight nine ten eleven twelve thirteen"))
        == "pca"
    )
    assert layer_film(bank, method="umap").method == "umap" and layer_film(rock, method="pca").method == "pca"
    with pytest.raises(BadInputError, match="pca or umap"):
        layer_film(bank, method="tsne")


def test_each_layers_umap_starts_from_the_layer_before(rock, monkeypatch):
    """What a run is started from is where the run before ended, number for number."""
    from embeddings_core.analysis import layer_trajectory

    starts, ends = [], []

    def watched(points, **options):
        starts.append(options["start"])
        ends.append(project(points, **options).final)
        return project(points, **options)

    monkeypatch.setattr(layer_trajectory, "project", watched)
    film = layer_film(rock)
    assert film.kind == "recorded" and film.method == "umap" and "started from" in film.note
    assert starts[0] is None and len(starts) == 7
    for start, end in zip(starts[1:], ends, strict=False):
        assert np.array_equal(start, end)


@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_umap_film_has_the_true_spread_of_its_layers_and_moves_little(rock, dimensions):
    film = layer_film(rock, dimensions=dimensions)
    assert film.frames.shape == (7, 16, dimensions)
    for frame, layer in zip(film.frames, rock.vectors, strict=True):
        norm = layer / np.linalg.norm(layer, axis=1, keepdims=True)
        spread = np.linalg.norm(norm - norm.mean(0))
        assert np.linalg.norm(frame - frame.mean(0)) == pytest.approx(spread, rel=1e-3)
    senses = np.asarray(ROCK.groups) == ROCK.groups[0]
    apart = np.linalg.norm(film.final[senses].mean(0) - film.final[~senses].mean(0))
    within = np.linalg.norm(film.final[senses] - film.final[senses].mean(0), axis=1).mean()
    assert apart > within  # the two meanings end in two places


def test_a_map_can_begin_anywhere(rock):
    few = EmbeddingSet(tuple(map(str, range(16))), rock.vectors[-1])
    begin = np.random.default_rng(0).normal(size=(16, 2)).astype(np.float32)
    film = project(few, start=begin)
    assert film.frame_names[0] == "the layout given"
    order = np.argsort(begin[:, 0])
    assert np.array_equal(np.argsort(film.frames[0][:, 0]), order)
    with pytest.raises(BadInputError, match="16 places of 2"):
        project(few, start=begin[:5])
