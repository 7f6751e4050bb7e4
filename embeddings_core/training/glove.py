"""Train GloVe (Pennington et al. 2014): weighted least squares on logarithms of counts, by AdaGrad.

The objective is ½ Σ f(x) (w·c + b + d − log x)² over all pairs that occur, with f(x) = min(1, (x / x_max)^¾).
The ½ only changes what a learning rate of 0.05 means; the authors' own program has it too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError, requires
from embeddings_core.limits import TRAINING_WORDS
from embeddings_core.spaces.corpus import count_words, split_sentences
from embeddings_core.spaces.vectors import FloatArray, IntArray
from embeddings_core.training.cooccurrence import Cooccurrence, cooccurrence
from embeddings_core.training.record import Progress, Recorder, Training
from embeddings_core.training.word2vec import check_settings

POWER = 0.75


@dataclass(frozen=True, eq=False)
class Cells:
    """Pairs that occur: `rows`, `columns` (cells,) int32, `logs` of their counts, `weights` f(x)."""

    rows: IntArray
    columns: IntArray
    logs: FloatArray
    weights: FloatArray

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, eq=False)
class State:
    """What is learnt, changed in place: `words`, `contexts` (n, d), their biases (n,), and AdaGrad's sums of
    squares."""

    words: FloatArray
    contexts: FloatArray
    word_biases: FloatArray
    context_biases: FloatArray
    sums: tuple[FloatArray, FloatArray, FloatArray, FloatArray]

    @property
    def vectors(self) -> FloatArray:
        """Words plus contexts, as the authors use them: (n, d)."""
        return self.words + self.contexts


def cells_of(counts: Cooccurrence, *, x_max: float) -> Cells:
    """List the cells of a co-occurrence matrix with their weights."""
    table = counts.counts.tocoo()
    values = table.data.astype(np.float64)
    return Cells(
        table.row.astype(np.int32),
        table.col.astype(np.int32),
        np.log(values).astype(np.float32),
        np.minimum(1.0, (values / x_max) ** POWER).astype(np.float32),
    )


def first_state(n: int, dimensions: int, *, seed: int) -> State:
    """Draw the start as the authors do: uniform within ± ½ / d, sums of squares 1."""
    rng = np.random.default_rng(seed)

    def draw(*shape: int) -> FloatArray:
        return ((rng.random(shape) - 0.5) / dimensions).astype(np.float32)

    words, contexts, word_biases, context_biases = draw(n, dimensions), draw(n, dimensions), draw(n), draw(n)
    sums = tuple(np.ones_like(array) for array in (words, contexts, word_biases, context_biases))
    return State(words, contexts, word_biases, context_biases, sums)  # type: ignore[arg-type]


def run_epoch(state: State, cells: Cells, *, order: IntArray, rate: float) -> float:
    """Take one AdaGrad step for each cell in the given order; return the summed loss, each cell's before its
    step."""
    return float(
        _compiled()(
            cells.rows, cells.columns, cells.logs, cells.weights, order,
            state.words, state.contexts, state.word_biases, state.context_biases,
            *state.sums, np.float32(rate),
        )
    )  # fmt: skip


@lru_cache(maxsize=1)
def _compiled() -> Callable[..., float]:
    requires("numba")
    import numba

    # fastmath lets the sums over d run in vector registers; nothing here depends on the order of additions
    return numba.njit(cache=True, fastmath=True, nogil=True)(_epoch)  # type: ignore[no-any-return]


def _epoch(
    rows: Any, columns: Any, logs: Any, weights: Any, order: Any,
    words: Any, contexts: Any, word_biases: Any, context_biases: Any,
    word_sums: Any, context_sums: Any, word_bias_sums: Any, context_bias_sums: Any, rate: Any,
) -> float:  # fmt: skip
    dimensions = words.shape[1]
    loss = 0.0
    for position in range(order.shape[0]):
        cell = order[position]
        i, j = rows[cell], columns[cell]
        fit = word_biases[i] + context_biases[j] - logs[cell]
        for m in range(dimensions):
            fit += words[i, m] * contexts[j, m]
        pull = weights[cell] * fit
        loss += 0.5 * pull * fit
        for m in range(dimensions):
            word_slope, context_slope = pull * contexts[j, m], pull * words[i, m]
            words[i, m] -= rate * word_slope / sqrt(word_sums[i, m])
            contexts[j, m] -= rate * context_slope / sqrt(context_sums[j, m])
            word_sums[i, m] += word_slope * word_slope
            context_sums[j, m] += context_slope * context_slope
        word_biases[i] -= rate * pull / sqrt(word_bias_sums[i])
        context_biases[j] -= rate * pull / sqrt(context_bias_sums[j])
        word_bias_sums[i] += pull * pull
        context_bias_sums[j] += pull * pull
    return loss


def train_glove(
    texts: str | Sequence[str],
    *,
    dimensions: int = 50,
    window: int = 8,
    epochs: int = 20,
    learning_rate: float = 0.05,
    x_max: float = 10.0,
    seed: int = 0,
    min_count: int | None = None,
    pinned: Sequence[str] = (),
    top: int = TRAINING_WORDS,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Training:
    """Train GloVe on texts and keep a snapshot before training and after every epoch.

    The loss is the mean of the objective over the pairs that occur. `progress(epochs done, epochs)` is called
    and `should_stop()` asked after each epoch. `x_max` is 100 in the paper, for billions of words; small
    texts need a smaller one. Raises BadInputError for settings outside their range or a text that is too
    short.
    """
    check_settings(dimensions=dimensions, window=window, epochs=epochs, learning_rate=learning_rate)
    if not 0 < x_max <= 1_000:
        raise BadInputError(
            f"{x_max} is not a possible count for full weight; choose more than 0, up to 1,000."
        )
    sentences = split_sentences(texts)
    vocabulary = count_words(sentences, min_count=min_count)
    cells = cells_of(cooccurrence(sentences, vocabulary, window=window), x_max=x_max)
    if not len(cells):
        raise BadInputError("No two of these words stand near each other; paste a longer text.")
    state = first_state(len(vocabulary), dimensions, seed=seed)
    recorder = Recorder(vocabulary, pinned=pinned, top=top)
    recorder.take(state.vectors)
    rng = np.random.default_rng(seed)
    stopped = False
    for epoch in range(1, epochs + 1):
        loss = run_epoch(state, cells, order=rng.permutation(len(cells)), rate=learning_rate)
        if not np.isfinite(loss):
            raise BadInputError(f"A learning rate of {learning_rate} is too high for this text; lower it.")
        recorder.take(state.vectors, loss / len(cells))
        if progress is not None:
            progress(epoch, epochs)
        if epoch < epochs and should_stop is not None and should_stop():
            stopped = True
            break
    settings: dict[str, float] = {
        "dimensions": dimensions, "window": window, "epochs": epochs, "learning rate": learning_rate,
        "count of full weight": x_max, "seed": seed, "pairs": len(cells),
        "least count": int(vocabulary.counts[-1]),
    }  # fmt: skip
    return recorder.training("glove", "weighted squared error per pair", settings=settings, stopped=stopped)
