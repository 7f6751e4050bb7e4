"""What a similarity is worth: ranks agree with a plain count, and nonsense reads as nothing close in every kind of space."""

import numpy as np
import pytest

from embeddings_core.analysis.closeness import closeness, described, nothing_close
from embeddings_core.analysis.neighbours import scores_of
from embeddings_core.models.averaged_space import AVERAGED_BUNDLED_WORDS
from embeddings_core.models.bundled_words import BUNDLED_WORDS
from embeddings_core.models.embed import embed_words
from embeddings_core.models.text_space import TextModel
from embeddings_core.pictures.picture_space import PictureSpace
from embeddings_core.spaces.space import Reference, pairs_among
from embeddings_core.spaces.vectors import nearest_scores, unit
from embeddings_core.spaces.vocabulary import load_vocabulary

WORDS = load_vocabulary()
KNOWN = BUNDLED_WORDS.reference()


def against(word: str, other: str) -> str:
    vector = embed_words((word,)).words.vectors[0]
    scores = WORDS.vectors @ vector
    if (row := WORDS.find(word)) is not None:
        scores[row] = -np.inf
    target = float(scores[WORDS.row(other)])
    (judged,) = closeness([target], KNOWN, vocabulary=np.sort(scores))
    assert judged.rank == 1 + int((scores > target + 1e-5).sum()) and judged.among == len(WORDS)
    return judged.sentence


def test_cat_is_close_to_dog_and_not_to_car() -> None:
    assert against("cat", "dog") == "7th nearest of 21,358 words; close for a nearest word"
    assert against("cat", "car") == "76th nearest of 21,358 words; not close for a nearest word"
    assert against("cat", "cats").startswith("nearest of 21,358 words; ")


@pytest.mark.parametrize("nonsense", ["asdfqwer", "qwrtzuiop", "blorf", "xkcdj"])
def test_nonsense_has_nothing_close(nonsense: str) -> None:
    best = np.sort(WORDS.vectors @ embed_words((nonsense,)).words.vectors[0])[::-1][:5]
    assert nothing_close(closeness(best, KNOWN), nonsense).startswith(f"Nothing is close to {nonsense}: 9")
    judged = closeness(
        best, KNOWN, vocabulary=np.sort(WORDS.vectors @ embed_words((nonsense,)).words.vectors[0])
    )
    assert nothing_close(judged, nonsense)  # nor where its ranks are known


def test_a_known_word_among_strangers_has_nothing_close_here_only() -> None:
    scores = np.sort(WORDS.vectors @ embed_words(("spoon",)).words.vectors[0])
    far = [
        float(WORDS.vectors[WORDS.row("spoon")] @ WORDS.vectors[WORDS.row(word)])
        for word in ("engine", "opera")
    ]
    judged = closeness(np.sort(far)[::-1], KNOWN, vocabulary=scores)
    assert nothing_close(judged, "spoon").startswith("Nothing here is close to spoon: ")


def test_a_rare_word_keeps_its_nearest_words() -> None:
    vector = embed_words(("sushi",)).words.vectors[0]
    scores = np.sort(WORDS.vectors @ vector)
    pizza, car = (WORDS.vectors[WORDS.row(word)] @ vector for word in ("pizza", "car"))
    judged = closeness([pizza, car], KNOWN, vocabulary=scores)
    assert judged[0].sentence == "14th nearest of 21,358 words; not very close for a nearest word"
    assert judged[1].level == "not close" and nothing_close(judged, "sushi") == ""


@pytest.mark.parametrize("rare", ["taco", "sauna", "croissant"])
def test_a_rare_word_is_told_from_nonsense_by_its_five_nearest(rare: str) -> None:
    scores = np.sort(WORDS.vectors @ embed_words((rare,)).words.vectors[0])
    judged = closeness(scores[-5:][::-1], KNOWN, vocabulary=scores)
    assert judged[0].level == "loose" and nothing_close(judged, rare) == ""
    others = WORDS.vectors[: len(WORDS.vectors) : 84] @ WORDS.vectors.T
    share = np.mean(np.sort(others, axis=1)[:, -6:-1].mean(axis=1) < scores[-5:].mean())
    assert 0.003 < share < 0.04  # plainly counted: few words have their five nearest farther, but some have


def test_a_common_word_has_something_close() -> None:
    for word in ("cat", "king", "violin", "money"):
        scores = WORDS.vectors @ WORDS.vectors[WORDS.row(word)]
        scores[WORDS.row(word)] = -1
        assert nothing_close(closeness(np.sort(scores)[::-1][:5], KNOWN), word) == ""


@pytest.mark.parametrize("metric", ["cosine", "dot", "euclidean"])
def test_the_reference_is_the_nearest_of_each_row(metric: str) -> None:
    vectors = np.random.default_rng(0).normal(size=(60, 8)).astype(np.float32)
    pairwise = {
        "cosine": unit(vectors) @ unit(vectors).T,
        "dot": vectors @ vectors.T,
        "euclidean": -np.linalg.norm(vectors[:, None] - vectors[None], axis=-1),
    }[metric]
    np.fill_diagonal(pairwise, -np.inf)
    found = nearest_scores(vectors, metric=metric)  # type: ignore[arg-type]
    assert np.allclose(found, np.sort(pairwise.max(axis=1)), atol=1e-4)
    assert len(nearest_scores(vectors, metric=metric, sample=20)) == 20  # type: ignore[arg-type]


@pytest.mark.parametrize("space", [TextModel("minilm"), AVERAGED_BUNDLED_WORDS, PictureSpace("pixels")])
def test_every_kind_of_space_has_one(space: object) -> None:
    reference = space.reference()  # type: ignore[attr-defined]
    low, high = reference.nearest[0], reference.nearest[-1]
    assert len(reference.nearest) >= 20 and low < high
    assert [each.level for each in closeness([high, low - 0.01], reference)] == ["very close", "not close"]
    assert float(np.median(reference.nearest)) > float(np.median(reference.scores))


def test_too_small_a_space_judges_nothing() -> None:
    alone = pairs_among(np.ones((1, 3), dtype=np.float32), "cosine")
    assert closeness([0.5], alone) == () and nothing_close((), "x") == ""
    two = closeness([1.0], Reference(np.zeros(1, dtype=np.float32), nearest=np.ones(2, dtype=np.float32)))
    assert two[0].rank == 0


def test_each_point_is_described_by_its_own_rank_and_level() -> None:
    cat = WORDS.vectors @ WORDS.vectors[WORDS.row("cat")]
    cat[WORDS.row("cat")] = -np.inf
    items = ("car", "cat", "dog", "kitten", "economy")
    scores = np.array([WORDS.vectors[WORDS.row(item)] @ WORDS.vectors[WORDS.row("cat")] for item in items])
    told = described("cat", scores, KNOWN, own=1, vocabulary=np.sort(cat))
    assert told[1] == ""
    for item, text in zip(items, told, strict=True):
        if item != "cat":
            rank = 1 + int((cat > cat[WORDS.row(item)] + 1e-5).sum())
            among = against("cat", item).split("; ")[1]
            assert f"nearest to cat of {len(WORDS):,} words; {among}" in text
            assert text.startswith("nearest" if rank == 1 else f"{rank:,}")
    here = described("cat", scores, KNOWN, own=1, most=2)
    order = np.argsort(-np.where(np.arange(5) == 1, -np.inf, scores))[:2]
    assert [row for row, text in enumerate(here) if text] == sorted(order.tolist())
    assert here[order[0]].startswith("nearest to cat here; ") and here[order[1]].startswith(
        "2nd nearest to cat"
    )


def test_levels_are_those_of_the_space() -> None:
    some = np.linspace(0, 1, 101, dtype=np.float32)
    strict = Reference(some, nearest=some, noun="photo", levels=(75.0, 50.0, 25.0))
    assert [each.level for each in closeness([0.8, 0.7, 0.3, 0.2], strict)] == [
        "very close",
        "close",
        "loose",
        "not close",
    ]


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_what_has_the_very_numbers_of_the_query_is_the_same_and_not_very_close(metric: str) -> None:
    signs = embed_words(("😀", "🚀", "rose", "Rose", "tulip")).words
    for own, same, other in ((0, 1, 4), (2, 3, 4)):
        scores = scores_of(signs, signs.vectors[own], metric=metric)[[same, other]]
        judged = closeness(scores, BUNDLED_WORDS.reference(metric), metric=metric)
        assert judged[0].sentence == judged[0].judgement == "the same to this model"
        assert "same" not in judged[1].sentence
        told = described(signs.items[own], scores, BUNDLED_WORDS.reference(metric), metric=metric)
        assert told[0] == f"the same as {signs.items[own]} to this model" and "same" not in told[1]
