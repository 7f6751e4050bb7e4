"""Films of learning: real epochs, real windows, real counts; typed words stay text."""

import numpy as np
import pytest

from embeddings_core.scenes.charts.learning import (
    bump,
    count_table,
    loss_curve,
    nearest_at,
    ranks_over_epochs,
)
from embeddings_core.scenes.learning import (
    CENTRE,
    CONTEXT,
    NEGATIVE,
    SKIPPED,
    kinds_of,
    learning_scene,
    window_scene,
)
from embeddings_core.scenes.theme import LIGHT
from embeddings_core.spaces.corpus import count_words, split_sentences
from embeddings_core.training.bundled import FILES, bundled_training
from embeddings_core.training.configuration import (
    TrainingConfig,
    cooccurrence_counts,
    example_sentences,
    informative_words,
    known_kinds,
    run_training,
    training_texts,
    word_groups,
)
from embeddings_core.training.little_world import KINDS, little_world
from embeddings_core.training.record import training_film
from embeddings_core.training.windows import sentence_windows


@pytest.fixture(scope="module")
def training():
    return bundled_training(TrainingConfig())


def test_the_recorded_run_is_what_training_gives(training) -> None:
    """The asset holds 16 bits a number: three digits."""
    again = run_training(TrainingConfig())
    assert training.words == again.words and training.vocabulary.words == again.vocabulary.words
    np.testing.assert_array_equal(training.vocabulary.counts, again.vocabulary.counts)
    np.testing.assert_allclose(training.snapshots, again.snapshots, rtol=2e-3, atol=2e-3)
    np.testing.assert_allclose(training.losses, again.losses, rtol=1e-4)


@pytest.mark.parametrize("config", FILES, ids=lambda config: config.source)
def test_recorded_runs_are_whole(config) -> None:
    run = bundled_training(config)
    assert run.snapshots.shape[0] == 21 and run.losses[-1] < run.losses[0]
    assert run.words == run.vocabulary.words[: len(run.words)]
    today = count_words(split_sentences(training_texts(config)))  # recorded with today's words
    then = dict(zip(run.vocabulary.words, run.vocabulary.counts, strict=True))
    assert then == dict(zip(today.words, today.counts, strict=True))


def test_little_world_teaches_its_kinds(training) -> None:
    """Of the nearest words among all kinds, nine in ten are of the same kind; chance is 1 in 6."""
    words = [word for kind in KINDS.values() for word in kind]
    right = []
    for word in words:
        near = [other for other in nearest_at(training, word, epoch=20, k=400) if other in words][:2]
        right += [known_kinds()[other] == known_kinds()[word] for other in near]
    assert np.mean(right) > 0.9
    assert little_world() == little_world() and len(little_world().splitlines()) == 1_500


def test_the_film_is_the_training(training) -> None:
    words = informative_words(training, most=40, first=known_kinds())
    scene = learning_scene(
        training, words, id="x", groups=kinds_of(words, known_kinds()), word=words[3], near=words[5:8]
    )
    np.testing.assert_array_equal(scene.motion.frames, training_film(training, words=words).frames)
    assert scene.motion.kind == "recorded" and scene.motion.frame_names[0] == "before training"
    assert np.isnan(scene.motion.series[0][1][0]) and scene.motion.series[0][1][1:] == tuple(
        training.losses.tolist()
    )
    assert [(link.start, link.end) for link in scene.links] == [(3, 5), (3, 6), (3, 7)]
    assert set(words[:35]) == set(known_kinds())


def test_ranks_are_brute_force(training) -> None:
    names, ranks = ranks_over_epochs(training, "king", k=4)
    assert ranks.shape == (21, 4) and ranks[-1].tolist() == [1, 2, 3, 4]
    for epoch in (0, 7, 20):
        order = nearest_at(training, "king", epoch=epoch, k=400)
        assert [order.index(name) + 1 for name in names] == ranks[epoch].tolist()
    figure = bump(("<b>", *names[1:]), ranks, theme=LIGHT)
    assert figure.data[0].text[-1] == " &lt;b&gt;" and max(max(trace.y) for trace in figure.data) <= 13
    assert tuple(loss_curve(training, theme=LIGHT).data[0].y) == tuple(training.losses)


def test_windows_of_the_film_are_those_of_the_pass(training) -> None:
    seen = sentence_windows(
        "the king wears a golden crown and rules the land", training.vocabulary, window=2, seed=4
    )
    scene = window_scene(seen)
    kept = [place for place, stays in enumerate(seen.kept) if stays]
    assert len(scene.motion.frames) == len(seen.windows) + 1 and seen.windows
    for window, roles in zip(seen.windows, scene.motion.frame_groups[1:], strict=True):
        assert np.flatnonzero(roles == CENTRE).tolist() == [kept[window.place]]
        assert np.flatnonzero(roles == CONTEXT).tolist() == [kept[place] for place in window.contexts]
        drawn = {scene.points.items[row] for row in np.flatnonzero(roles == NEGATIVE)}
        assert drawn == set(window.negatives[0] if window.negatives else ())
    skipped = [place for place, stays in enumerate(seen.kept) if not stays]
    assert np.flatnonzero(scene.motion.frame_groups[0] == SKIPPED).tolist() == skipped


@pytest.mark.parametrize("sentence", ["king queen", "king zork", "the the the the"])
def test_short_sentences_have_a_film(training, sentence: str) -> None:
    for seed in range(5):
        scene = window_scene(sentence_windows(sentence, training.vocabulary, seed=seed))
        assert len(scene.motion.frames) >= 1


def test_counts_by_hand() -> None:
    """ "a b c! a b." with a window of 2: a–b twice side by side, b–c once, a–c once with one word between."""
    config = TrainingConfig("own", own="a b c! a b.", window=2)
    table = cooccurrence_counts(config, ("a", "b", "c"))
    np.testing.assert_allclose(table, [[0, 2, 0.5], [2, 0, 1], [0.5, 1, 0]])
    figure = count_table(("<i>", "b", "c"), table, theme=LIGHT)
    np.testing.assert_array_equal(figure.data[0].z, table)
    assert figure.layout.xaxis.ticktext[0] == "&lt;i&gt;"


def test_groups_and_examples(training) -> None:
    words = informative_words(training, most=40)
    found = word_groups(training, words)
    assert found is not None and found.k == 6 and len(found.labels) == 40
    assert word_groups(training, words[:3]) is None
    sentences = example_sentences(TrainingConfig())
    assert len(sentences) == 8 and all(6 <= len(sentence.split()) <= 14 for sentence in sentences)
    assert example_sentences(TrainingConfig("own", own="three short words")) == ("three short words",)


@pytest.mark.parametrize("text", ["three short words", "a b", "x y " * 40])
def test_tiny_texts_have_a_film(text: str) -> None:
    run = run_training(TrainingConfig("own", own=text, epochs=2, dimensions=3))
    words = informative_words(run, most=100)
    assert len(words) == len(run.words)
    assert learning_scene(run, words, id="x").motion.frames.shape == (3, len(words), 2)
