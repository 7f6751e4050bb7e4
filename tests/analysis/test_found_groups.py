"""Groups in a list that names none: found where they are, none where chance would do as well."""

import numpy as np
import pytest

from embeddings_core.analysis.clustering import kmeans
from embeddings_core.analysis.found_groups import found_groups, named_by_words
from embeddings_core.models.embed import embed_words
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vocabulary import load_vocabulary

TOPICS = ("hammer wrench pliers chisel", "flute oboe trumpet cello", "sparrow heron eagle owl")


def test_topics_are_found_and_named_by_their_own_words() -> None:
    words = [word for topic in TOPICS for word in topic.split()]
    found = found_groups(embed_words(words).words)
    assert found is not None and found.clustering.k == 3 and found.silhouette > 2 * found.chance
    for topic, labels in zip(TOPICS, found.clustering.labels.reshape(3, 4), strict=True):
        assert len(set(labels)) == 1
        assert set(found.clustering.names[labels[0]].split(", ")) <= set(topic.split())
    assert found.labels_of(embed_words(["violin", "chickadee"]).words.vectors).tolist() == [
        found.clustering.labels[4],
        found.clustering.labels[8],
    ]


@pytest.mark.parametrize("seed", range(4))
def test_random_words_have_no_groups(seed: int) -> None:
    rows = np.random.default_rng(seed).choice(8_000, 14, replace=False)
    assert found_groups(load_vocabulary().take([int(row) for row in rows])) is None


@pytest.mark.parametrize("n", [0, 1, 5, 201])
def test_too_few_or_too_many_are_not_grouped(n: int) -> None:
    vectors = np.random.default_rng(n).normal(size=(n, 4)).astype(np.float32)
    assert found_groups(EmbeddingSet(tuple(map(str, range(n))), vectors)) is None


def test_equal_vectors_are_no_groups() -> None:
    assert found_groups(EmbeddingSet(tuple("abcdefgh"), np.ones((8, 4), np.float32))) is None


def test_sentences_are_named_by_words_of_their_own() -> None:
    texts = (
        "The printer is jammed.",
        "Who repairs the printer?",
        "Soup is served today.",
        "The soup was cold.",
    )
    vectors = np.array([[1, 0], [1, 0.1], [0, 1], [0.1, 1]], dtype=np.float32)
    named = named_by_words(kmeans(EmbeddingSet(texts, vectors), k=2), texts)
    assert named.names[named.labels[0]].startswith("printer") and named.names[named.labels[2]].startswith(
        "soup"
    )
