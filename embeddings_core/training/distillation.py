"""A static model made of the bundled MiniLM by Model2Vec's method (Tulkens and van Dongen 2024), all of it or a preview.

Each word piece is read once, alone between the marks that begin and end a text; its vector is the mean of the last layer's
three outputs. The vectors are cut to their main directions (PCA), and each is weighted by how frequent its piece is: the
vocabulary stands in the order of frequency, so Zipf's law gives the frequency, and smooth inverse frequency (Arora et al.
2017) the weight. A text is then the mean of its pieces: no network is run any more, and no order is left.
"""

import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from embeddings_core.jobs import Jobs
from embeddings_core.jobs.background import BackgroundJob
from embeddings_core.limits import DISTILLATION_SECONDS
from embeddings_core.models.bert_graph import state_names
from embeddings_core.models.locked_encoder import LockedEncoder
from embeddings_core.models.minilm import LAYERS, MiniLM, OnnxRun
from embeddings_core.models.recent import forget
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.static_model import (
    DIMENSIONS,
    SIF,
    StaticModel,
    distilled_folder,
    is_whole,
    static_tokenizer,
    write_static_model,
)
from embeddings_core.models.text_space import TextModel
from embeddings_core.spaces.vectors import FloatArray, IntArray

TEACHER = "minilm"
UNUSED = re.compile(r"\[unused\d+\]")  # places that BERT's authors left free
AROUND = ("[CLS]", "[SEP]", "[MASK]")  # what stands around a text or in place of a word is no piece of one
BATCH = 64  # texts of three tokens: larger batches leave the processor's cache
TOLD = 8  # batches between two reports
SAMPLED = 1_024  # pieces whose main directions a preview takes for those of all
Progress = Callable[[int, int], object]


@dataclass(frozen=True, eq=False)
class Pieces:
    """The word pieces that a static model has, in the order of the teacher's vocabulary, and their numbers there (n,)."""

    names: tuple[str, ...]
    numbers: IntArray


@lru_cache(maxsize=1)
def pieces() -> Pieces:
    """Return the pieces of the bundled MiniLM that stand for text."""
    vocabulary = _teacher(load_encoder(TEACHER)).tokenizer.get_vocab()
    kept = [
        piece for piece in sorted(vocabulary, key=vocabulary.__getitem__)
        if not UNUSED.fullmatch(piece) and piece not in AROUND
    ]  # fmt: skip
    return Pieces(tuple(kept), np.array([vocabulary[piece] for piece in kept], dtype=np.int64))


def _teacher(encoder: LockedEncoder) -> MiniLM:
    assert isinstance(encoder.inner, MiniLM)
    return encoder.inner


def outputs(numbers: Sequence[int] | IntArray, *, progress: Progress | None = None) -> FloatArray:
    """Read word pieces one by one, each as a text of its own: the mean of the last layer's outputs, (n, 384).

    The lock of the model is free between two batches.
    """
    encoder = load_encoder(TEACHER)
    model = _teacher(encoder)
    assert isinstance(model.run, OnnxRun)
    begin, end = (model.tokenizer.token_to_id(mark) for mark in AROUND[:2])
    last = state_names(LAYERS)[-1:]
    found = np.empty((len(numbers), model.words.shape[1]), dtype=np.float32)
    for batch, start in enumerate(range(0, len(numbers), BATCH)):
        part = numbers[start : start + BATCH]
        ids = np.stack([np.full(len(part), begin), part, np.full(len(part), end)], axis=1).astype(np.int64)
        with encoder.lock:
            (states,) = model.run.ask(last, ids, np.ones_like(ids))
        found[start : start + len(part)] = states.mean(axis=1)
        if progress is not None and batch % TOLD == 0:
            progress(start, len(numbers))
    return found


def frequency_weights(n: int) -> FloatArray:
    """Return the weight of each of n pieces by its rank, (n,): a / (a + p), where p falls as Zipf's law says.

    >>> [round(float(weight), 3) for weight in frequency_weights(30_000)[[0, 1_000, 29_999]]]
    [0.002, 0.493, 0.967]
    """
    frequency = 1 / np.arange(2, n + 2)
    return np.asarray(SIF / (SIF + frequency / frequency.sum()), dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Directions:
    """The main directions of pieces' vectors: `middle` (384,), `axes` (384, 256), and the share of the variance they keep."""

    middle: FloatArray
    axes: FloatArray
    explained: float

    def of(self, read: FloatArray) -> FloatArray:
        """Return vectors (n, 384) along these directions: (n, 256)."""
        return np.asarray((read - self.middle) @ self.axes, dtype=np.float32)


def main_directions(read: FloatArray, *, dimensions: int = DIMENSIONS) -> Directions:
    """Return the main directions (PCA) of vectors (n, d)."""
    middle = read.mean(axis=0)
    values, axes = np.linalg.eigh(np.cov((read - middle).T.astype(np.float64)))
    best = np.argsort(-values)[:dimensions]
    explained = float(values[best].sum() / max(float(values.sum()), 1e-12))
    return Directions(middle, np.asarray(axes[:, best], dtype=np.float32), explained)


def distil(folder: Path, *, most: int | None = None, progress: Progress | None = None) -> float:
    """Make the static model of the bundled MiniLM and put it into a folder; return how many seconds it took.

    `most` takes only the first pieces of the vocabulary, for a try. Where the folder holds a model already nothing is done,
    and 0 returned.
    """
    begun = time.perf_counter()
    if is_whole(folder):
        return 0.0
    known = pieces()
    known = Pieces(known.names[:most], known.numbers[:most])
    read = outputs(known.numbers, progress=progress)
    along = main_directions(read)
    vectors = (along.of(read) * frequency_weights(len(read))[:, None]).astype(np.float16)
    seconds = time.perf_counter() - begun
    tokenizer = static_tokenizer(_teacher(load_encoder(TEACHER)).folder, keep=known.names)
    told = {"explained_variance": round(along.explained, 4), "seconds": round(seconds, 1)}
    write_static_model(folder, tokenizer, vectors, told=told)
    if progress is not None:
        progress(len(read), len(read))
    return seconds


@lru_cache(maxsize=1)
def sampled_directions() -> Directions:
    """Return the main directions of 1,024 pieces spread over the vocabulary; a second of work, once a process."""
    numbers = pieces().numbers
    return main_directions(outputs(numbers[np.linspace(0, len(numbers) - 1, SAMPLED).astype(np.int64)]))


@lru_cache(maxsize=1)
def _tokenizer_only() -> StaticModel:
    tokenizer = static_tokenizer(_teacher(load_encoder(TEACHER)).folder, keep=pieces().names)
    return StaticModel(tokenizer, np.zeros((1, DIMENSIONS), dtype=np.float32))


def pieces_of(texts: Sequence[str]) -> IntArray:
    """Return the different word pieces of texts, as rows of `pieces()`, in order."""
    found = _tokenizer_only().pieces(texts)
    return np.unique(np.array([piece for text in found for piece in text], dtype=np.int64))


def preview(texts: Sequence[str]) -> StaticModel:
    """Distil only the pieces of these texts, along the main directions of a sample: an encoder for these texts alone."""
    known, own, along = pieces(), pieces_of(texts), sampled_directions()
    read = outputs(known.numbers[own]) if len(own) else np.zeros((0, len(along.middle)), dtype=np.float32)
    vectors = along.of(read) * frequency_weights(len(known.names))[own, None]
    rows = np.zeros(len(known.names), dtype=np.int64)
    rows[own] = np.arange(len(own))
    return StaticModel(_tokenizer_only().tokenizer, vectors, rows=rows)


@dataclass(frozen=True)
class DistilledPreview(TextModel):
    """The space of a preview: texts as the static model of their own pieces reads them."""

    model: str = TEACHER

    @property
    def key(self) -> str:
        """See `Space.key`."""
        return repr(("DistilledPreview", self.model))

    @property
    def title(self) -> str:
        """See `Space.title`."""
        return "MiniLM distilled, a preview"

    def encoder(self) -> "PreviewEncoder":
        """See `TextSpace.encoder`."""
        return PreviewEncoder()


class PreviewEncoder:
    """Texts → (n, 256) by a preview of their own pieces; the same text has the same vector in whatever company."""

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Encode all texts in one call."""
        return preview(items)(items)


def kept_model() -> Path | None:
    """Return the folder of the static model, None where it was not made yet."""
    folder = distilled_folder()
    return folder if is_whole(folder) else None


class Distillation(BackgroundJob[float]):
    """The model on its way, counted in pieces; whoever asks for it meanwhile watches the same one."""

    def __init__(self) -> None:
        super().__init__(len(pieces().names))
        self._start(_lane(), distil, distilled_folder(), timeout=DISTILLATION_SECONDS)

    def _ended(self, problem: BaseException | None) -> None:
        forget()  # menus said that it is not here


@cache
def _lane() -> Jobs:
    """Return the worker of distillations: in the one of large maps everybody's map would wait behind it."""
    return Jobs(idle=30.0, pace=20.0)


_guard = threading.Lock()
_latest: list[Distillation] = []


def distillation(*, begin: bool = False) -> Distillation | None:
    """Return the distillation that is under way or was the last; with `begin` there is one afterwards."""
    with _guard:
        if begin and (not _latest or _latest[0].over):
            _latest[:] = [Distillation()]
        return _latest[0] if _latest else None
