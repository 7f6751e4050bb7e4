"""Sentences that a lens proves on screen: each agrees with its numbers and with the film's last state, or denies its claim."""

import re
from dataclasses import replace

import numpy as np
import pytest

from embeddings_core.analysis import claims
from embeddings_core.analysis.clustering import kmeans
from embeddings_core.analysis.layer_trajectory import layer_trajectory
from embeddings_core.analysis.neighbours import nearest
from embeddings_core.analysis.sentence_examples import CONTEXT_LISTS
from embeddings_core.maps.map_view import view_map
from embeddings_core.maps.projection import project
from embeddings_core.models.vision import Stages
from embeddings_core.pictures.depth import Depth
from embeddings_core.pictures.retrieval import mutual
from embeddings_core.scenes.context import layer_trajectory_scene
from embeddings_core.scenes.maps import cluster_scene, map_scene
from embeddings_core.spaces.vectors import unit
from embeddings_core.spaces.vocabulary import load_vocabulary

SPRINGS = (
    "The spring broke inside the old clock.",
    "A steel spring pushes the door shut.",
    "Flowers open in spring.",
    "In spring the birds come back.",
)


@pytest.mark.parametrize(
    ("colours", "claim"),
    [
        ((0.65, 0.65), "does not give way"),
        ((0.65, 0.60), "does not give way"),
        ((0.65, 0.40), "Colour gives way to content."),
        ((0.40, 0.65), "counts for more at the end"),
    ],
)
def test_colour_gives_way_only_where_it_does(colours: tuple[float, float], claim: str) -> None:
    stages = Stages(("first", "last"), (np.zeros((3, 2), np.float32),) * 2)
    told = Depth(stages, colours, (0.3, 1.0)).sentence
    assert claim in told and f"{colours[0]:.0%}" in told and f"at the end {colours[1]:.0%}" in told
    assert ("gives way" in told) == (colours[0] - colours[1] >= 0.1)


def test_groups_that_the_model_made_prove_nothing() -> None:
    found = layer_trajectory(SPRINGS, "spring", "minilm")
    if found.given:  # a bundled list knows some of them
        pytest.skip("these sentences are in a bundled list")
    assert "proves nothing" in found.sentence and "part at" not in found.sentence and found.on_the_map == ""
    assert "proves nothing" in layer_trajectory_scene(found).alt


def test_the_visitor_says_which_sentence_has_which_meaning() -> None:
    told = ("meaning A", "meaning A", "meaning B", "")
    found = layer_trajectory(SPRINGS, "spring", "minilm", told=told)
    assert found.given and found.joined == (3,) and found.curve.senses[:3] == told[:3]
    assert "proves nothing" not in found.sentence
    crossed = layer_trajectory(SPRINGS, "spring", "minilm", told=("meaning A", "meaning B") * 2)
    assert crossed.curve.parting is None or crossed.curve.within[-1] - crossed.curve.between[-1] < 0.1
    _, true, of = crossed.own_kind_nearest()
    assert of == 4 and (2 * true > of or "does not keep these meanings apart" in crossed.on_the_map)


@pytest.mark.parametrize("word", ["bank", "crane"])
def test_what_is_said_of_the_last_map_is_counted_on_the_last_map(word: str) -> None:
    found = layer_trajectory(CONTEXT_LISTS[word].items, word, "minilm")
    senses, points = found.curve.senses, found.film.final
    near = [
        min((other for other in range(len(senses)) if other != row), key=lambda o: float(np.linalg.norm(points[o] - points[row])))
        for row in range(len(senses))
    ]  # fmt: skip
    right = sum(senses[row] == senses[other] for row, other in enumerate(near))
    shown, _, of = found.own_kind_nearest()
    assert (shown, of) == (right, len(senses)) and f"on the last map {shown}" in found.on_the_map
    mixed = replace(
        found.film, frames=found.film.frames[:, np.random.default_rng(0).permutation(len(senses))]
    )
    torn = replace(found, film=mixed)
    assert torn.own_kind_nearest()[0] < shown and "hides what the numbers know" in torn.on_the_map


# ---- one claim a lens: each sentence says what numpy counts anew, and denies what the numbers deny --------------------

RNG = np.random.default_rng(7)
NUMBER = re.compile(r"−?\d+\.?\d*")


def numbers(text: str) -> list[float]:
    return [float(found.replace("−", "-")) for found in NUMBER.findall(text)]


def test_whether_the_map_shows_the_nearest_is_counted_on_its_last_state() -> None:
    words = load_vocabulary().take(range(40))
    shown = view_map(words, fitted=words, projection=project(words, method="pca"))
    for own in (0, 7, 23):
        found = nearest(words, own, k=8)
        told = claims.near_on_map(words.items[own], words.items, found.rows, shown.projection.final, own)
        last = map_scene(shown).motion.frames[-1].astype(float)
        away = np.linalg.norm(last - last[own], axis=1)
        order = [row for row in np.argsort(away, kind="stable") if row != own]
        place, kept = order.index(found.rows[0]) + 1, len(set(order[:5]) & set(found.rows[:5].tolist()))
        assert f"{found.items[0]} is nearest to {words.items[own]}" in told
        assert ("on this map too" in told) == (place == 1) and (place == 1 or f"is number {place}." in told)
        assert ("trust the list" in told) == (2 * kept < 5) and f" {kept} " in told


def test_a_map_that_shows_nothing_is_denied() -> None:
    points = np.arange(12.0)[:, None] * [1, 0]
    names = [f"w{row}" for row in range(12)]
    far = np.array([11, 10, 9, 8, 7])
    assert "number 11." in claims.near_on_map("w0", names, far, points, 0)
    assert claims.near_on_map("w0", names, far, points, 0).endswith(
        "0 of its 5 nearest near: trust the list."
    )
    near = claims.near_on_map("w0", names, np.array([1, 2, 3, 4, 5]), points, 0)
    assert near == "Of these w1 is nearest to w0, on this map too. Of its 5 nearest the map keeps 5 near."
    assert claims.near_on_map("a", names[:2], np.array([1]), points[:2], 0) == ""
    equal = claims.near_on_map("w0", names, np.array([1, 2, 3]), points, 0, same=2)
    assert equal.startswith("To this model w1 and 1 more are the same as w0:") and "near" not in equal


def test_most_and_least_alike_are_the_ends_of_the_table() -> None:
    vectors = RNG.normal(size=(9, 5)).astype(np.float32)
    scores, items = unit(vectors) @ unit(vectors).T, list("abcdefghi")
    pairs = {(a, b): scores[a, b] for a in range(9) for b in range(a + 1, 9)}
    high, low = max(pairs, key=pairs.__getitem__), min(pairs, key=pairs.__getitem__)
    told = claims.most_alike(items, scores)
    assert f"Most alike are {items[high[0]]} and {items[high[1]]}" in told
    assert f"least {items[low[0]]} and {items[low[1]]}" in told
    assert numbers(told) == pytest.approx(
        [pairs[high], pairs[low], np.mean(list(pairs.values()))], abs=0.00501
    )
    assert "nothing to see" in claims.most_alike(items, np.full((9, 9), 0.3))


def test_groups_stand_apart_only_where_they_do() -> None:
    apart = np.repeat(np.eye(2, 6), 5, axis=0) + RNG.normal(size=(10, 6)) * 0.05
    labels = np.repeat([0, 1], 5)
    told = claims.groups_apart(apart.astype(np.float32), labels, noun="word")
    cosines = unit(apart.astype(np.float32)) @ unit(apart.astype(np.float32)).T
    within = np.mean([cosines[a, b] for a in range(10) for b in range(a) if labels[a] == labels[b]])
    across = np.mean([cosines[a, b] for a in range(10) for b in range(a) if labels[a] != labels[b]])
    assert numbers(told) == pytest.approx([within, across], abs=0.00501) and "hardly" not in told
    shuffled = np.array([0, 1] * 5)
    assert claims.groups_apart(apart.astype(np.float32), shuffled, noun="word").endswith(
        "hardly stand apart."
    )
    assert claims.groups_apart(apart.astype(np.float32), np.zeros(10, int), noun="word") == ""
    assert "no grouping" in claims.groups_apart(apart[:2].astype(np.float32), np.array([0, 1]), noun="word")


def test_the_groups_said_are_those_of_the_film_s_last_state() -> None:
    words = load_vocabulary().take(range(30))
    found = kmeans(words, k=4)
    shown = view_map(words, fitted=words, projection=project(words, method="pca"))
    groups = cluster_scene(shown, found).motion.frame_groups
    assert groups is not None
    assert claims.groups_apart(words.vectors, groups[-1, :30], noun="word") == claims.groups_apart(
        words.vectors, found.labels, noun="word"
    )


def test_found_by_meaning_only_without_a_telling_word_and_where_it_is_close() -> None:
    told = claims.found_by_meaning
    assert told("How is the economy?", "Prices are rising.", meant=True).endswith("found by meaning.")
    assert "meaning" not in told("How is the economy?", "Prices are rising.", meant=False)
    assert '"economy"' in told("How is the economy?", "The economy grows.", meant=True)
    assert 'query but "the": it' in told("Where is the cat?", "The sofa.", meant=True)


def test_who_chooses_whom() -> None:
    assert "other way round" in claims.chooses_back("cat", "a cat", "cat")
    assert claims.chooses_back("dog", "a cat", "cat").endswith('to itself "cat" suits better.')
    scores = RNG.random((400, 12, 7)).astype(np.float32)
    counted = np.mean([len(mutual(table)) for table in scores])
    told = claims.mutual_choices(scores[0], 7)
    assert "hardly more" in claims.mutual_choices(scores[0], 5)
    assert abs(counted - 12 * 7 / 18) < 0.25 and told.endswith(f"about {12 * 7 / 18:.0f} would.")
    assert claims.mutual_choices(scores[0], 4).endswith("no more than chance.")


def test_a_label_wins_by_what_it_wins() -> None:
    told = claims.wins_by(["a", "b"], np.array([0.1, 0.4]), np.array([0.05, 0.95]), "close for a caption")
    assert told == '"b" takes 95% and leads "a" by 0.30 in cosine. Its cosine of 0.40 is close for a caption.'
    assert "next to nothing" in claims.wins_by(["a", "b"], np.array([0.41, 0.4]), np.array([0.5, 0.5]), "")


def test_training_and_loss_are_told_as_they_went() -> None:
    assert "3 words nearest to x after training 0 were" in claims.learnt(
        "x", ("a", "b", "c"), ("d", "e", "f")
    )
    assert "changed little" in claims.learnt("x", ("a", "b", "c"), ("b", "a", "f"))
    falling = np.exp(-np.arange(20.0))
    share = (falling[0] - falling[5]) / (falling[0] - falling[-1])
    assert f"{share:.0%} of the fall is in the first quarter." in claims.loss_fell(falling, "loss")
    assert claims.loss_fell([1.0, 1.1, 1.2, 1.3, 1.4], "loss").endswith("it has not fallen.")
    assert "it was still falling" in claims.loss_fell(np.linspace(5, 1, 20), "loss")
    told = claims.one_pass([("a", "b"), ("b", "a")], [("c", "a"), ("a", "d")])
    assert "2 true pairs" in told and "4 wrong ones" in told and "1 of the wrong ones stands" in told
    assert "none of the wrong" in claims.one_pass([("a", "b")], [("c",)])


def test_dense_vectors_are_contrasted_with_equal_ones() -> None:
    vectors = unit(RNG.normal(size=(6, 8)).astype(np.float32))
    table = np.linalg.norm(vectors[:, None] - vectors[None], axis=2)
    own = table[np.triu_indices(6, 1)]
    assert numbers(claims.one_hot_contrast(list("abcdef"), table)) == pytest.approx(
        [1.41, own.min(), own.max()], abs=0.00501
    )
    same = np.full((3, 3), np.sqrt(2)) * (1 - np.eye(3))
    assert "all are about equally far" in claims.one_hot_contrast(list("abc"), same)


def test_a_changed_picture_stays_itself_until_another_is_nearer() -> None:
    steps, near = ("whole", "half", "tenth"), ("dog", "dog", "fox")
    lost = claims.stays_itself("cat", steps, np.array([1, 0.5, 0.2]), np.array([0.3, 0.6, 0.7]), near)
    assert lost == "From “half” on dog is nearer (0.60) than cat unchanged (0.50)."
    once = claims.stays_itself("cat", steps, np.array([1, 0.5, 0.8]), np.array([0.3, 0.6, 0.7]), near)
    assert once.endswith("though not at every later step.")
    kept = claims.stays_itself("cat", steps, np.array([1, 0.9, 0.8]), np.array([0.3, 0.6, 0.7]), near)
    assert "“tenth”" in kept and numbers(kept) == [0.8, 0.7]
    assert "no more than" in claims.near_and_far("a", "b", "c", (0.31, 0.3))
    assert "far more than" in claims.near_and_far("a", "b", "c", (0.8, -0.1))


def test_tokens_mix_only_where_they_do() -> None:
    assert "much" in claims.tokens_mix(np.array([0.1, 0.4])) and "something" in claims.tokens_mix(
        np.array([0.1, 0.2])
    )
    assert "do not become more alike" in claims.tokens_mix(np.array([0.5, 0.4]))
