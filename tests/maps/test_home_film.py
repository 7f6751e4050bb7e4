"""The recorded map of the home page: a real run, its islands, and the rule that chose its words."""

import numpy as np

from embeddings_core.analysis.neighbours import nearest
from embeddings_core.maps.home_film import load_home_film
from embeddings_core.rebuild.vocabulary import topic_words
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vocabulary import load_vocabulary


def test_the_home_film_is_a_recorded_run() -> None:
    words, film = load_home_film()
    assert film.kind == "recorded" and film.method == "umap" and film.frames.shape == (9, len(words), 2)
    assert film.frame_names[0] == "PCA layout" and film.frame_names[-1] == "UMAP epoch 200 of 200"
    assert 1_500 <= len(words) <= 2_000 and words.groups is not None and len(set(words.groups)) == 16
    assert len(set(words.items)) == len(words) and "umap-learn" in film.note
    assert np.isfinite(film.frames).all()


def test_the_film_shows_islands() -> None:
    """Among the five nearest points of the last frame, most belong to the same topic: chance would be 1/16."""
    words, film = load_home_film()
    assert words.groups is not None
    groups = np.array(words.groups)
    flat = EmbeddingSet(words.items, film.final)
    rows = np.random.default_rng(0).choice(len(words), 200, replace=False)
    shares = [np.mean(groups[nearest(flat, int(r), k=5, metric="euclidean").rows] == groups[r]) for r in rows]
    assert np.mean(shares) > 0.8


def test_the_film_shows_the_words_that_the_rule_chooses() -> None:
    rows, topics = topic_words(load_vocabulary())
    words, _ = load_home_film()
    assert (
        words.groups is not None
    )  # the order of two that are equally near to their topic is another by rounding
    chosen = dict(zip((load_vocabulary().items[row] for row in rows), topics, strict=True))
    assert chosen == dict(zip(words.items, words.groups, strict=True))
