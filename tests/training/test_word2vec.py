"""Recorded training against the library's own, and what a trainer sees of a sentence."""

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.corpus import Vocabulary, count_words, news_texts, split_sentences
from embeddings_core.training.record import training_film
from embeddings_core.training.windows import keep_chance, noise_chance, sentence_windows
from embeddings_core.training.word2vec import negative_sampling_loss, train_word2vec

KINDS = ("skipgram", "cbow", "fasttext")


@pytest.fixture(scope="module")
def texts():
    return news_texts()[:60]


@pytest.fixture(scope="module")
def runs(texts):
    options = {"dimensions": 20, "epochs": 4, "pinned": ["Police", "zork"], "top": 50, "seed": 3}
    return {kind: train_word2vec(texts, kind=kind, **options) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_final_vectors_are_those_of_plain_gensim(kind, runs, texts):
    from gensim.models import FastText, Word2Vec

    run = runs[kind]
    options = {
        "sentences": split_sentences(texts), "vector_size": 20, "epochs": 4, "seed": 3, "workers": 1,
        "window": 5,
        "negative": 5, "min_count": int(run.settings["least count"]), "sg": int(kind != "cbow"),
    }  # fmt: skip
    plain = FastText(bucket=20_000, **options) if kind == "fasttext" else Word2Vec(**options)
    assert np.allclose(run.snapshots[-1], np.stack([plain.wv[word] for word in run.words]), atol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_snapshots_losses_and_neighbours_fit_together(kind, runs):
    run = runs[kind]
    assert run.snapshots.shape == (5, 51, 20) and run.words[-1] == "police"
    assert run.losses.shape == (4,) and (run.losses > 0).all() and run.losses[-1] < run.losses[0]
    assert run.pinned == ("police",) and any("zork" in note for note in run.notes)
    assert len(run.neighbours) == 5 and not run.stopped
    assert run.epoch_names[0] == "before training" and run.epoch_names[-1] == "epoch 4 of 4"
    moved = np.abs(np.diff(run.snapshots, axis=0)).max(axis=(1, 2))
    assert (moved > 0).all()


def test_neighbours_against_brute_force_over_the_whole_vocabulary(texts):
    run = train_word2vec(texts, kind="skipgram", dimensions=10, epochs=2, pinned=["police"], top=10_000)
    for epoch, (found,) in enumerate(run.neighbours):
        table = run.snapshots[epoch] / np.linalg.norm(run.snapshots[epoch], axis=1, keepdims=True)
        scores = table @ table[run.words.index("police")]
        order = [run.words[row] for row in np.argsort(-scores) if run.words[row] != "police"]
        assert set(found.items) == set(order[:10])


def test_losses_are_each_epochs_own_not_the_running_sum(texts):
    """The library's own figure grows with every epoch; ours is its growth, divided by the words of the
    text."""
    from gensim.models import Word2Vec

    run = train_word2vec(texts, kind="skipgram", dimensions=10, epochs=3)
    plain = Word2Vec(
        split_sentences(texts), vector_size=10, epochs=3, seed=0, workers=1, sg=1, compute_loss=True,
        min_count=int(run.settings["least count"]),
    )  # fmt: skip
    total = plain.get_latest_training_loss() / run.vocabulary.counts.sum()
    assert run.losses.sum() == pytest.approx(total, rel=1e-3)


def test_loss_on_pairs_by_hand():
    """v·u = 1, v·w = -2: log(1 + e^-1) + log(1 + e^-2) = 0.31326 + 0.12693."""
    inputs = np.array([[1.0, 0.0]], dtype=np.float32)
    outputs = np.array([[1.0, 5.0], [-2.0, 1.0]], dtype=np.float32)
    assert negative_sampling_loss(inputs, outputs, np.array([[0, 0, 1]])) == pytest.approx(0.44019, abs=1e-5)
    twice = negative_sampling_loss(inputs, outputs, np.array([[0, 0, 1, 1]]))
    assert twice == pytest.approx(0.31326 + 2 * 0.12693, abs=1e-4)


def test_stop_keeps_what_was_recorded(texts):
    seen = []
    run = train_word2vec(
        texts, kind="cbow", dimensions=5, epochs=9, progress=lambda done, total: seen.append((done, total)),
        should_stop=lambda: len(seen) == 2,
    )  # fmt: skip
    assert seen == [(1, 9), (2, 9)] and run.stopped and run.epochs == 2
    assert run.epoch_names[-1] == "epoch 2 of 9" and len(run.snapshots) == 3


@pytest.mark.parametrize("dimensions", [2, 3])
def test_film_is_one_fixed_frame(runs, dimensions):
    run = runs["skipgram"]
    film = training_film(run, dimensions=dimensions)
    assert film.kind == "recorded" and film.frames.shape == (5, 51, dimensions)
    assert film.frame_names == run.epoch_names
    last = run.snapshots[-1] / np.linalg.norm(run.snapshots[-1], axis=1, keepdims=True)
    axes = np.linalg.svd(last - last.mean(0), full_matrices=False)[2][:dimensions]
    for frame, snapshot in zip(film.frames, run.snapshots, strict=True):
        units = snapshot / np.linalg.norm(snapshot, axis=1, keepdims=True)
        assert np.allclose(np.abs(frame), np.abs((units - units.mean(0)) @ axes.T), atol=1e-3)


def test_film_of_a_few_words_and_unknown_ones(runs):
    assert training_film(runs["cbow"], words=["the"]).frames.shape == (5, 1, 2)
    with pytest.raises(BadInputError, match="zork"):
        training_film(runs["cbow"], words=["zork"])


def test_the_smallest_text_trains():
    run = train_word2vec("cat dog", dimensions=2, epochs=1)
    assert set(run.words) == {"cat", "dog"} and training_film(run, dimensions=3).frames.shape == (2, 2, 3)


@pytest.mark.parametrize(
    "option",
    [
        {"dimensions": 1}, {"dimensions": 999}, {"window": 0}, {"epochs": 0}, {"negatives": 0},
        {"learning_rate": 0}, {"learning_rate": float("nan")}, {"kind": "bert"},
    ],
)  # fmt: skip
def test_settings_out_of_range_name_the_range(option):
    with pytest.raises(BadInputError):
        train_word2vec("cat dog", **option)


def test_chances_are_those_of_the_librarys_own_tables(texts):
    from gensim.models import Word2Vec

    sentences = split_sentences(texts)
    model = Word2Vec(min_count=2, sample=1e-3)
    model.build_vocab(sentences)
    words = tuple(model.wv.index_to_key)
    counted = Vocabulary(words, np.array([model.wv.get_vecattr(word, "count") for word in words]))
    kept = np.array([model.wv.get_vecattr(word, "sample_int") for word in words]) / (2**32 - 1)
    assert np.allclose(keep_chance(counted), kept, atol=1e-6) and kept.min() < 0.5
    assert np.allclose(np.cumsum(noise_chance(counted)), model.cum_table / (2**31 - 1), atol=1e-5)


def test_windows_of_a_sentence_obey_the_rules(texts):
    counted = count_words(split_sentences(texts), min_count=2)
    sentence = "The police zork said that the fire in the house was out"
    seen = [sentence_windows(sentence, counted, window=3, negatives=4, seed=seed) for seed in range(40)]
    assert seen[0].unknown == ("zork",) and "zork" not in seen[0].words
    dropped = np.mean([[not stays for stays in one.kept] for one in seen], axis=0)
    assert dropped[seen[0].words.index("the")] > 0.3  # frequent words are dropped at random
    for one in seen:
        left = [word for word, stays in zip(one.words, one.kept, strict=True) if stays]
        assert [window.word for window in one.windows] == left
        for window in one.windows:
            assert 1 <= window.radius <= 3
            assert all(0 < abs(other - window.place) <= window.radius for other in window.contexts)
            assert window.pairs == tuple((window.word, left[other]) for other in window.contexts)
            for (_, true), wrong in zip(window.pairs, window.negatives, strict=True):
                assert true not in wrong and len(wrong) <= 4
    assert {window.radius for one in seen for window in one.windows} == {1, 2, 3}
    with pytest.raises(BadInputError, match="None of these words"):
        sentence_windows("zork blorft", counted)
