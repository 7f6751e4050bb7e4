"""Train skip-gram, CBOW (Mikolov et al. 2013) and fastText (Bojanowski et al. 2017) with gensim, and record
it."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from embeddings_core.errors import BadInputError, requires
from embeddings_core.limits import TRAINING_WORDS
from embeddings_core.spaces.corpus import Sentences, Vocabulary, count_words, split_sentences
from embeddings_core.spaces.files.text import quiet_gensim
from embeddings_core.spaces.vectors import FloatArray, IntArray
from embeddings_core.training.record import Progress, Recorder, Training
from embeddings_core.training.windows import keep_chance, noise_chance

Kind = Literal["skipgram", "cbow", "fasttext"]
BUCKETS = (
    20_000  # letter groups; the library's 2 million are made for whole languages and cost a second to fill
)
LOSS_PAIRS = 5_000


class _Stopped(Exception):  # noqa: N818 # not a fault: somebody pressed stop
    """Leaves the library's training loop between two epochs."""


def train_word2vec(
    texts: str | Sequence[str],
    *,
    kind: Kind = "skipgram",
    dimensions: int = 50,
    window: int = 5,
    negatives: int = 5,
    epochs: int = 20,
    learning_rate: float = 0.025,
    seed: int = 0,
    min_count: int | None = None,
    pinned: Sequence[str] = (),
    top: int = TRAINING_WORDS,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Training:
    """Train word vectors on texts and keep a snapshot before training and after every epoch.

    `progress(epochs done, epochs)` is called after each; `should_stop()` is asked after each, and what was
    recorded so far is returned. The final vectors are those of the library's own training with the same seed
    and one thread. Raises BadInputError for settings outside their range or a text that is too short.
    """
    check_settings(dimensions=dimensions, window=window, epochs=epochs, learning_rate=learning_rate)
    if kind not in ("skipgram", "cbow", "fasttext"):
        raise BadInputError(f'There is no training called "{kind}"; choose skipgram, cbow or fasttext.')
    if not 1 <= negatives <= 50:
        raise BadInputError(f"{negatives} negative samples are not possible; choose 1 to 50.")
    sentences = split_sentences(texts)
    vocabulary = count_words(sentences, min_count=min_count)
    model = build_model(
        sentences, kind=kind, dimensions=dimensions, window=window, negatives=negatives,
        learning_rate=learning_rate, seed=seed, min_count=int(vocabulary.counts[-1]),
    )  # fmt: skip
    words = tuple(model.wv.index_to_key)
    counts = np.array([model.wv.get_vecattr(word, "count") for word in words], dtype=np.int64)
    recorder = Recorder(Vocabulary(words, counts), pinned=pinned, top=top)
    pairs = None
    if kind == "fasttext":
        pairs = fixed_pairs(sentences, recorder.vocabulary, window=window, negatives=negatives)
    watch = _watch(model, recorder, pairs, epochs=epochs, progress=progress, should_stop=should_stop)
    stopped = False
    try:
        model.train(
            sentences, total_examples=len(sentences), epochs=epochs,
            compute_loss=kind != "fasttext", callbacks=[watch],
        )  # fmt: skip
    except _Stopped:
        stopped = True
    per = f"on {LOSS_PAIRS:,} fixed pairs" if kind == "fasttext" else "per word of the text"
    settings: dict[str, float] = {
        "dimensions": dimensions, "window": window, "negatives": negatives, "epochs": epochs,
        "learning rate": learning_rate, "seed": seed, "least count": int(vocabulary.counts[-1]),
    }  # fmt: skip
    return recorder.training(kind, f"negative-sampling loss {per}", settings=settings, stopped=stopped)


def check_settings(*, dimensions: int, window: int, epochs: int, learning_rate: float) -> None:
    """Raise BadInputError for settings no training can use."""
    for value, name, least, most in (
        (dimensions, "dimensions", 2, 300),
        (window, "words to either side", 1, 50),
        (epochs, "epochs", 1, 500),
    ):
        if not least <= value <= most:
            raise BadInputError(f"{value} {name} are not possible; choose {least} to {most}.")
    if not 0 < learning_rate <= 1:
        raise BadInputError(
            f"A learning rate of {learning_rate} is not possible; choose more than 0, up to 1."
        )


def build_model(
    sentences: Sequence[Sequence[str]],
    *,
    kind: Kind,
    dimensions: int,
    window: int,
    negatives: int,
    learning_rate: float,
    seed: int,
    min_count: int,
) -> Any:
    """Make gensim's model with its vocabulary, not trained yet; one thread, so that a seed gives one
    result."""
    requires("gensim")
    from gensim.models import FastText, Word2Vec

    class Counted(Word2Vec):  # type: ignore[misc]
        """Adds the loss of every batch up in float64; the library's float32 swallows small terms."""

        total_loss = 0.0

        @property
        def running_training_loss(self) -> float:
            return 0.0

        @running_training_loss.setter
        def running_training_loss(self, value: float) -> None:
            self.total_loss += value

    quiet_gensim()
    shared: dict[str, Any] = {
        "vector_size": dimensions, "window": window, "negative": negatives, "alpha": learning_rate,
        "min_alpha": min(0.0001, learning_rate), "seed": seed, "min_count": min_count, "workers": 1,
    }  # fmt: skip
    subwords = kind == "fasttext"
    model = (
        FastText(sg=1, bucket=BUCKETS, **shared) if subwords else Counted(sg=int(kind != "cbow"), **shared)
    )
    model.build_vocab(sentences)
    return model


def _watch(
    model: Any,
    recorder: Recorder,
    pairs: IntArray | None,
    *,
    epochs: int,
    progress: Progress | None,
    should_stop: Callable[[], bool] | None,
) -> Any:
    from gensim.models.callbacks import CallbackAny2Vec

    words = float(recorder.vocabulary.counts.sum())

    class Watch(CallbackAny2Vec):  # type: ignore[misc]
        """Takes a snapshot where the library lets us look."""

        before = 0.0
        done = 0

        def on_train_begin(self, model: Any) -> None:
            self.look(model, None)

        def on_epoch_end(self, model: Any) -> None:
            self.done += 1
            total = getattr(model, "total_loss", 0.0)
            self.look(model, (total - self.before) / words)
            self.before = total
            if progress is not None:
                progress(self.done, epochs)
            if self.done < epochs and should_stop is not None and should_stop():
                raise _Stopped

        def look(self, model: Any, loss: float | None) -> None:
            if pairs is not None:
                model.wv.adjust_vectors()  # fastText composes words from their letter groups only at the end
                if loss is not None:
                    loss = negative_sampling_loss(model.wv.vectors, model.syn1neg, pairs)
            recorder.take(model.wv.vectors, loss)

    return Watch()


def fixed_pairs(sentences: Sentences, vocabulary: Vocabulary, *, window: int, negatives: int) -> IntArray:
    """Draw rows (word, a word of its window, wrong words by frequency^0.75), the same ones for every epoch.

    For fastText, whose own loss the library does not tell; frequent words are thinned out as in training.
    """
    rng = np.random.default_rng(0)
    rows = vocabulary.rows()
    keep = keep_chance(vocabulary)
    known = [[rows[word] for word in sentence if word in rows] for sentence in sentences]
    known = [[row for row in sentence if rng.random() < keep[row]] for sentence in known]
    flat = np.array([row for sentence in known for row in sentence], dtype=np.int64)
    if not len(flat):
        return np.zeros((1, 2 + negatives), dtype=np.int64)
    owner = np.repeat(np.arange(len(known)), [len(sentence) for sentence in known])
    centre = rng.integers(0, len(flat), 4 * LOSS_PAIRS)
    reach = rng.integers(
        1, rng.integers(1, window + 1, len(centre)) + 1
    )  # a radius is drawn, then a place in it
    context = centre + reach * rng.choice([-1, 1], len(centre))
    inside = (context >= 0) & (context < len(flat))
    inside[inside] = owner[context[inside]] == owner[centre[inside]]
    chosen = np.flatnonzero(inside)[:LOSS_PAIRS]
    wrong = rng.choice(len(vocabulary), (len(chosen), negatives), p=noise_chance(vocabulary))
    return np.column_stack([flat[centre[chosen]], flat[context[chosen]], wrong])


def negative_sampling_loss(inputs: FloatArray, outputs: FloatArray, pairs: IntArray) -> float:
    """Return the mean of −log σ(v·u) − Σ log σ(−v·w) over rows (v, u, w…) of `pairs` (Mikolov et al. 2013,
    eq. 4)."""
    centre = inputs[pairs[:, 0]]
    right = np.einsum("ij,ij->i", centre, outputs[pairs[:, 1]])
    wrong = np.einsum("ij,ikj->ik", centre, outputs[pairs[:, 2:]])
    return float(np.mean(np.logaddexp(0, -right) + np.logaddexp(0, wrong).sum(axis=1)))
