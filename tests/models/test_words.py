"""Static word spaces as models: from gensim's folder without its program, unknown words named, means."""

import gzip
import shutil
from dataclasses import replace

import numpy as np
import pytest

from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.models.catalogue import WORD_MODELS
from embeddings_core.models.embed import embed
from embeddings_core.models.registry import find_model, load_encoder
from embeddings_core.models.words import AveragedWords, StaticWords
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.files.opener import open_vectors
from tests.shipped import datapath

DOWNLOADED = [spec for spec in WORD_MODELS if not spec.bundled]
SPACE = EmbeddingSet(("cat", "dog", "car"), np.eye(3))


@pytest.fixture
def shop(tmp_path, monkeypatch):
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path))
    return tmp_path


def fill(shop, spec):
    """Lay the files of a data set as gensim does: packed numbers, and a program that we must not run."""
    folder = shop / spec.checkpoint
    folder.mkdir()
    (folder / "__init__.py").write_text(f"open({str(shop / 'ran')!r}, 'w').close()")
    source = "euclidean_vectors.bin" if spec.family == "Word2Vec" else "lee_fasttext.vec"
    with open(datapath(source), "rb") as raw, gzip.open(folder / f"{spec.checkpoint}.gz", "wb") as packed:  # noqa: PTH123
        shutil.copyfileobj(raw, packed)
    return source


@pytest.mark.parametrize("spec", DOWNLOADED, ids=lambda spec: spec.id)
def test_every_row_opens_by_its_name_in_gensims_folder_and_runs_nothing(spec, shop):
    source = fill(shop, spec)
    encoder = load_encoder(replace(spec, id=f"{spec.id}-test"))
    truth = open_vectors(datapath(source))
    vectors = embed(["the", "to"], encoder).vectors
    assert np.array_equal(vectors, truth.vectors[[truth.row("the"), truth.row("to")]])
    assert not (shop / "ran").exists()


@pytest.mark.parametrize("spec", DOWNLOADED, ids=lambda spec: spec.id)
def test_what_is_not_there_says_its_size(spec, shop):
    with pytest.raises(ModelUnavailableError, match=f"{spec.megabytes:,.0f} MB"):
        load_encoder(replace(spec, id=f"{spec.id}-gone"))


def test_unknown_words_are_named_with_the_nearest_spelling():
    words = StaticWords(SPACE)
    assert words(["Cat", "car"]).tolist() == [[1, 0, 0], [0, 0, 1]]
    assert words.unknown(["cat", "zork", "zork", "xyz"]) == ("zork", "xyz")
    with pytest.raises(BadInputError, match=r'"catt".*Did you mean "cat"\?'):
        words(["catt", "dog"])
    with pytest.raises(BadInputError, match="7 words have no vector"):
        words([f"zork{n}" for n in range(7)])


def test_fasttext_gives_any_word_a_vector():
    words = StaticWords(open_vectors(datapath("lee_fasttext.bin")))
    assert words(["zzgle"]).shape == (1, 10) and not words.unknown(["zzgle"])


def test_the_mean_skips_unknown_words_and_forgets_their_order():
    """cat (1,0,0) and car (0,0,1) average to (½, 0, ½)."""
    mean = AveragedWords(SPACE)
    texts = ["cat zork car", "Car! Cat?"]
    assert mean(texts).tolist() == [[0.5, 0, 0.5]] * 2 and mean.left_out(texts) == ("zork",)
    with pytest.raises(BadInputError, match='No word of "zork"'):
        mean(["cat", "zork"])


def test_the_bundled_mean_is_a_row():
    encoder = load_encoder(find_model("mean-of-words"))
    vectors = encoder(["dog bites man", "man bites dog"])
    assert vectors.shape == (2, 384) and np.abs(vectors[0] - vectors[1]).max() < 1e-6
    assert np.abs(vectors).max() > 0
