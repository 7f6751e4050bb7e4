"""Rankers, leave-one-out and growing sentences with the real bundled model."""

import numpy as np
import pytest

from embeddings_core.analysis.rankers import (
    mean_of_words,
    rank_by_exact_words,
    rank_by_mean_of_words,
    rank_by_tfidf,
    rank_race,
)
from embeddings_core.analysis.sentences import sentence_grows, suggested_queries, why_similar
from embeddings_core.errors import BadInputError
from embeddings_core.models.averaged_space import mean_name, usual_mean
from embeddings_core.models.locked_encoder import LockedEncoder
from embeddings_core.models.registry import find_model, load_encoder
from embeddings_core.models.spec import ModelSpec, Prompt
from embeddings_core.spaces.embedding_set import EmbeddingSet

SENTENCES = ("The dog ate my homework", "A puppy chewed the exercise book", "Shares fell on Monday")


@pytest.fixture(scope="module")
def minilm():
    return load_encoder(find_model("minilm"))


def test_reordered_words_have_the_same_mean_and_the_model_tells_them_apart(minilm):
    vectors, unknown = mean_of_words(["dog bites man", "man bites dog"])
    assert not unknown and np.abs(vectors[0] - vectors[1]).max() < 1e-6
    assert np.linalg.norm(vectors[0]) > 0.3
    assert why_similar("dog bites man", "man bites dog", minilm).cosine < 0.99


def test_mean_skips_unknown_words_and_says_which():
    """(1, 0) and (0, 1) average to (½, ½); zork is left out."""
    space = EmbeddingSet(("cat", "dog"), np.eye(2))
    vectors, unknown = mean_of_words(["Cat zork dog!", "zork"], space)
    assert vectors.tolist() == [[0.5, 0.5], [0, 0]] and unknown == ("zork",)


def test_four_rankers_go_from_letters_to_meaning(minilm):
    race = rank_race("the young dog destroyed my schoolwork", SENTENCES, minilm)
    assert race.rankers == ("exact words", "TF-IDF", mean_name(usual_mean()), "sentence model")
    assert race.scores.shape == (4, 3)
    assert race.ranks[0][0] == 1 and race.ranks[0][2] > 1
    assert race.ranks[3][2] == 3 and race.ranks[3][1] <= 2
    for scores, ranks in zip(race.scores, race.ranks, strict=True):
        assert [ranks[row] for row in np.argsort(-scores, kind="stable")] == sorted(ranks)


def test_exact_words_by_hand():
    """ "the cat" against "the dog" shares 1 of 2 words, against "a cat the" both."""
    assert rank_by_exact_words("the cat", ["the dog", "A cat, the", "none"]).tolist() == [0.5, 1.0, 0.0]
    assert rank_by_exact_words("!", ["a b"]).tolist() == [0.0]


def test_tfidf_equals_scikit_learns_own_recipe():
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics.pairwise import cosine_similarity

    table = TfidfVectorizer(token_pattern=r"[a-z]+").fit(SENTENCES)
    truth = cosine_similarity(table.transform(SENTENCES), table.transform(["the dog book"]))[:, 0]
    assert np.allclose(rank_by_tfidf("the dog book", SENTENCES), truth, atol=1e-6) and truth.max() > 0
    assert rank_by_tfidf("dog", ["!", "?"]).tolist() == [0, 0]


def test_equal_scores_share_a_rank():
    race = rank_race("cat", ["a cat", "one cat", "no dog"], {"exact": rank_by_exact_words})
    assert race.ranks == ((1, 1, 3),)


def test_unknown_words_are_named_and_a_race_without_known_words_is_a_tie(minilm):
    race = rank_race("zorkish blorft", ["zork", "qwxyz", "plugh"], minilm)
    assert "zorkish" in race.notes[0] and race.ranks[2] == (1, 1, 1)
    assert np.isfinite(race.scores).all()


def test_query_and_passage_prompts_reach_the_encoder():
    seen = []

    def fake(items):
        seen.extend(items)
        return np.ones((len(items), 2), dtype=np.float32)

    spec = ModelSpec("fake", "fake", "", "text", 2, lambda spec: fake, prompt=Prompt("query: ", "passage: "))
    rank_race("what", ["this", "that"], LockedEncoder(fake, spec))
    assert sorted(seen) == ["passage: that", "passage: this", "query: what"]


def test_why_similar_equals_encoding_without_each_word(minilm):
    why = why_similar("The cat sat on the mat", "A cat slept", minilm)

    def cosine(one, two):
        return float(minilm([one])[0] @ minilm([two])[0])

    assert why.cosine == pytest.approx(cosine("The cat sat on the mat", "A cat slept"), abs=1e-4)
    without = cosine("The sat on the mat", "A cat slept")
    assert why.words[0][1] == "cat" and why.first[1] == pytest.approx(why.cosine - without, abs=1e-4)
    assert why.second[1] == pytest.approx(why.cosine - cosine("The cat sat on the mat", "A slept"), abs=1e-4)
    assert why.first[1] == why.first.max() and '"cat"' in why.sentence


def test_single_words_have_nothing_to_leave_out(minilm):
    why = why_similar("cat", "a dog", minilm)
    assert why.first.shape == (0,) and why.second.shape == (2,) and why.words[0] == ()
    assert "single word" in why_similar("cat", "dog", minilm).sentence


def test_a_sentence_grows_to_its_own_vector(minilm):
    grown = sentence_grows("I went to the bank of the river", minilm)
    assert grown.beginnings[0] == "I" and grown.beginnings[-1] == "I went to the bank of the river"
    assert np.allclose(grown.vectors[3], minilm(["I went to the"])[0], atol=1e-4)
    assert grown.to_whole[-1] == pytest.approx(1, abs=1e-5) and grown.steps[0] == 0
    assert grown.to_whole[0] < grown.to_whole[-2] and len(grown.space) == 8
    assert sentence_grows("one", minilm).steps.tolist() == [0]


@pytest.mark.parametrize("text", ["", " \x00 ", "word " * 61])
def test_sentences_that_cannot_be_taken_apart_say_why(text, minilm):
    for action in (lambda: sentence_grows(text, minilm), lambda: why_similar("a b", text, minilm)):
        with pytest.raises(BadInputError, match="1 to 60 words"):
            action()
    with pytest.raises(BadInputError):
        rank_race("", ["a", "b"], minilm)
    with pytest.raises(BadInputError, match="2 to"):
        rank_race("a", ["a", " "], minilm)


def test_odd_texts_are_ranked_without_a_fault(minilm):
    odd = ["🙂🙂", "\ud800x", "مرحبا بالعالم", "<script>alert(1)</script>", "a" * 5000, "猫が好き"]
    race = rank_race("hello 猫", odd, minilm)
    assert race.scores.shape == (4, 6) and np.isfinite(race.scores).all()
    assert np.isfinite(rank_by_mean_of_words("!", ["?"])).all()


def test_suggested_queries_have_something_to_find_and_are_not_each_others():
    vectors = np.array(
        [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0.9, 0.1, 0], [0, 0.8, 0.2, 0.1], [0.7, 0, 0, 0.7], [0.1, 0, 0, 1]],
        dtype=np.float32,
    )
    space = EmbeddingSet(tuple("abcdef"), vectors)
    assert suggested_queries(space) == ("b", "e")  # e and f are each other's nearest: the first of them
    assert suggested_queries(space.take([0])) == () and len(suggested_queries(space.take([0, 1]))) == 1
