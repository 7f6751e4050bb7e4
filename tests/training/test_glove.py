"""GloVe against its objective: finite differences, the loop against plain arithmetic, and what it learns."""

from dataclasses import replace

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.corpus import count_words, news_texts, split_sentences
from embeddings_core.training.cooccurrence import cooccurrence
from embeddings_core.training.glove import (
    Cells,
    State,
    cells_of,
    first_state,
    run_epoch,
    train_glove,
)


def copied(state):
    return State(
        *(array.copy() for array in (state.words, state.contexts, state.word_biases, state.context_biases)),
        tuple(array.copy() for array in state.sums),
    )


def one_cell(row, column, value, weight):
    return Cells(
        np.array([row], dtype=np.int32), np.array([column], dtype=np.int32),
        np.array([np.log(value)], dtype=np.float32), np.array([weight], dtype=np.float32),
    )  # fmt: skip


def objective(state, cells):
    """The objective, in float64."""
    words, contexts = state.words.astype(np.float64), state.contexts.astype(np.float64)
    fit = np.einsum("ij,ij->i", words[cells.rows], contexts[cells.columns])
    fit += state.word_biases[cells.rows].astype(np.float64) + state.context_biases[cells.columns] - cells.logs
    return float(0.5 * np.sum(cells.weights * fit**2))


@pytest.mark.parametrize("name", ["words", "contexts", "word_biases", "context_biases"])
def test_a_step_is_the_gradient_of_the_objective_by_finite_differences(name):
    """The first AdaGrad step, where all sums of squares are 1, is −rate × gradient."""
    start = first_state(4, 6, seed=1)
    start = replace(start, words=start.words * 8, contexts=start.contexts * 8)
    cell, rate, step = one_cell(2, 1, 7.5, 0.6), 0.01, 1e-3
    after = copied(start)
    run_epoch(after, cell, order=np.array([0]), rate=rate)
    moved = (getattr(after, name) - getattr(start, name)).astype(np.float64) / -rate
    slope = np.zeros_like(moved)
    for index in np.ndindex(moved.shape):
        up, down = copied(start), copied(start)
        getattr(up, name)[index] += step
        getattr(down, name)[index] -= step
        slope[index] = (objective(up, cell) - objective(down, cell)) / (2 * step)
    assert np.abs(slope).max() > 0.01
    assert np.allclose(moved, slope, atol=2e-4)


def test_a_whole_epoch_equals_the_same_steps_in_plain_numpy():
    counted = count_words(split_sentences("a b c a d. b c d e. a e b"), min_count=1)
    cells = cells_of(cooccurrence(split_sentences("a b c a d. b c d e. a e b"), counted, window=3), x_max=2.0)
    state = first_state(len(counted), 4, seed=0)
    order = np.random.default_rng(0).permutation(len(cells))
    plain = [array.astype(np.float64) for array in (state.words, state.contexts)]
    biases = [array.astype(np.float64) for array in (state.word_biases, state.context_biases)]
    sums, bias_sums = [np.ones_like(array) for array in plain], [np.ones_like(array) for array in biases]
    loss = 0.0
    for cell in order:
        i, j = cells.rows[cell], cells.columns[cell]
        fit = plain[0][i] @ plain[1][j] + biases[0][i] + biases[1][j] - cells.logs[cell]
        loss += 0.5 * cells.weights[cell] * fit**2
        slopes = cells.weights[cell] * fit * plain[1][j], cells.weights[cell] * fit * plain[0][i]
        for side, row in ((0, i), (1, j)):
            plain[side][row] -= 0.05 * slopes[side] / np.sqrt(sums[side][row])
            sums[side][row] += slopes[side] ** 2
            biases[side][row] -= 0.05 * cells.weights[cell] * fit / np.sqrt(bias_sums[side][row])
            bias_sums[side][row] += (cells.weights[cell] * fit) ** 2
    assert run_epoch(state, cells, order=order, rate=0.05) == pytest.approx(loss, rel=1e-4)
    assert np.allclose(state.words, plain[0], atol=1e-5) and np.allclose(state.contexts, plain[1], atol=1e-5)
    assert np.allclose(state.word_biases, biases[0], atol=1e-5)


def test_weights_are_those_of_the_paper():
    """f(x) = (x / 10)^0.75 below 10, 1 above: f(1) = 0.17783."""
    counted = count_words((("a", "b"),) * 1 + (("c", "d"),) * 12, min_count=1)
    cells = cells_of(cooccurrence((("a", "b"),) + (("c", "d"),) * 12, counted, window=1), x_max=10.0)
    by_count = {
        round(float(np.exp(log))): weight for log, weight in zip(cells.logs, cells.weights, strict=True)
    }
    assert by_count[1] == pytest.approx(0.17783, abs=1e-5) and by_count[12] == 1.0


def test_the_loss_before_a_step_is_the_objective():
    sentences = split_sentences(news_texts()[:20])
    cells = cells_of(cooccurrence(sentences, count_words(sentences)), x_max=10.0)
    state = first_state(len(count_words(sentences)), 10, seed=0)
    expected = objective(state, cells)
    assert run_epoch(state, cells, order=np.arange(len(cells)), rate=0.0) == pytest.approx(expected, rel=1e-3)


def test_training_is_recorded_repeatable_and_learns():
    texts = news_texts()[:60]
    options = {"dimensions": 20, "epochs": 6, "pinned": ["police"], "seed": 5}
    run, again = train_glove(texts, **options), train_glove(texts, **options)
    assert np.array_equal(run.snapshots, again.snapshots)
    assert (np.diff(run.losses) < 0).all() and run.losses[-1] < 0.8 * run.losses[0]
    assert run.snapshots.shape[0] == 7 and run.snapshots.shape[2] == 20 and len(run.neighbours) == 7
    assert not np.array_equal(run.snapshots, train_glove(texts, **{**options, "seed": 6}).snapshots)


def test_words_that_share_company_come_together():
    """Two topics that never meet: each word's nearest is of its own topic."""
    rng = np.random.default_rng(0)
    topics = (["cat", "dog", "fur", "paw", "tail", "vet"], ["car", "road", "fuel", "wheel", "motor", "gear"])
    texts = [" ".join(rng.choice(topics[n % 2], 8)) for n in range(200)]
    run = train_glove(texts, dimensions=8, epochs=40, pinned=["cat", "car"])
    for found, topic in zip(run.neighbours[-1], topics, strict=True):
        assert set(found.items[:5]) == set(topic) - {found.query}


def test_stop_and_bad_settings():
    seen = []
    run = train_glove(
        news_texts()[:5],
        epochs=9,
        progress=lambda done, total: seen.append(done),
        should_stop=lambda: len(seen) == 1,
    )
    assert run.stopped and run.epochs == 1 and run.settings["epochs"] == 9
    for option in ({"x_max": 0}, {"epochs": 0}, {"dimensions": 1}, {"learning_rate": 2}):
        with pytest.raises(BadInputError):
            train_glove("cat dog", **option)
