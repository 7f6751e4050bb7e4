"""What a training run leaves behind: vectors at every epoch, the loss, neighbours of pinned words, the
film."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from embeddings_core.analysis.neighbours import Neighbours
from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import Projection
from embeddings_core.spaces.corpus import Vocabulary
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, frozen, unit

Progress = Callable[[int, int], object]
NEIGHBOURS = 10


@dataclass(frozen=True, eq=False)
class Training:
    """A recorded run: `snapshots` (epochs + 1, words, d), the first one before any training.

    `words` are the most frequent ones and the pinned; `losses` (epochs,) are what `loss_name` says;
    `neighbours[epoch][number of the pinned word]` are searched among the whole vocabulary. `stopped` tells
    that the run ended before its last epoch.
    """

    kind: str
    words: tuple[str, ...]
    snapshots: FloatArray
    losses: FloatArray
    loss_name: str
    vocabulary: Vocabulary
    pinned: tuple[str, ...] = ()
    neighbours: tuple[tuple[Neighbours, ...], ...] = ()
    settings: Mapping[str, float] = field(default_factory=dict)
    stopped: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "snapshots", frozen(self.snapshots))
        object.__setattr__(self, "losses", frozen(self.losses))
        if self.snapshots.shape[:2] != (len(self.losses) + 1, len(self.words)):
            raise BadInputError("A training needs one snapshot before it and one after each epoch.")

    @property
    def epochs(self) -> int:
        """Epochs that were run."""
        return len(self.losses)

    @property
    def epoch_names(self) -> tuple[str, ...]:
        """A name for each snapshot."""
        planned = int(self.settings.get("epochs", self.epochs))
        return ("before training", *(f"epoch {number} of {planned}" for number in range(1, self.epochs + 1)))

    @property
    def final(self) -> EmbeddingSet:
        """The words with their vectors after the last epoch."""
        return EmbeddingSet(self.words, self.snapshots[-1], self.kind)


class Recorder:
    """Collects what a Training holds while it runs; `matrix` (vocabulary, d) is handed in after each
    epoch."""

    def __init__(self, vocabulary: Vocabulary, *, pinned: Sequence[str], top: int) -> None:
        rows = vocabulary.rows()
        lower = [word.lower() for word in dict.fromkeys(pinned)]
        self.pinned = tuple(word for word in lower if word in rows)
        self.notes = tuple(
            f'"{word}" does not occur often enough in this text.' for word in lower if word not in rows
        )
        self.vocabulary = vocabulary
        kept = list(range(min(top, len(vocabulary))))
        kept += [rows[word] for word in self.pinned if rows[word] >= len(kept)]
        self._kept = np.asarray(kept, dtype=np.int64)
        self.words = tuple(vocabulary.words[row] for row in kept)
        self._pinned_rows = [rows[word] for word in self.pinned]
        self.snapshots: list[FloatArray] = []
        self.losses: list[float] = []
        self.neighbours: list[tuple[Neighbours, ...]] = []

    def take(self, matrix: FloatArray, loss: float | None = None) -> None:
        """Keep a copy of the chosen rows, the loss, and the pinned words' neighbours."""
        self.snapshots.append(np.array(matrix[self._kept], dtype=np.float32))
        if loss is not None:
            self.losses.append(loss)
        if not self.pinned:
            return
        units = unit(matrix)
        found = []
        for word, row in zip(self.pinned, self._pinned_rows, strict=True):
            scores = units @ units[row]
            scores[row] = -np.inf
            best = np.argsort(-scores, kind="stable")[: min(NEIGHBOURS, len(scores) - 1)]
            items = tuple(self.vocabulary.words[other] for other in best)
            found.append(Neighbours(word, best.astype(np.int64), items, scores[best], "cosine"))
        self.neighbours.append(tuple(found))

    def training(
        self, kind: str, loss_name: str, *, settings: Mapping[str, float], stopped: bool = False
    ) -> Training:
        """Return the finished record."""
        return Training(
            kind=kind,
            words=self.words,
            snapshots=np.stack(self.snapshots),
            losses=np.asarray(self.losses, dtype=np.float32),
            loss_name=loss_name,
            vocabulary=self.vocabulary,
            pinned=self.pinned,
            neighbours=tuple(self.neighbours),
            settings=dict(settings),
            stopped=stopped,
            notes=self.notes,
        )


def training_film(
    training: Training, *, dimensions: int = 2, words: Sequence[str] | None = None
) -> Projection:
    """Map every snapshot in one fixed frame: recorded, (epochs + 1, words, 2 or 3).

    The frame is the PCA of the last snapshot's unit vectors; each earlier one is shown along the same axes,
    around its own mean. `words` chooses some of the training's words. Raises BadInputError for unknown words.
    """
    if dimensions not in (2, 3):
        raise BadInputError(f"A map has 2 or 3 dimensions, not {dimensions}.")
    snapshots = training.snapshots
    if words is not None:
        rows = {word: row for row, word in enumerate(training.words)}
        unknown = [word for word in words if word not in rows]
        if unknown or not words:
            raise BadInputError(
                f'"{"".join(unknown[:1])}" is not among the {len(rows):,} words of this film.'
            )
        snapshots = snapshots[:, [rows[word] for word in words]]
    states = [unit(snapshot) for snapshot in snapshots]
    states = [state - state.mean(axis=0) for state in states]
    # the d × d product is small, whatever the number of words; its eigenvectors are the main axes
    values, vectors = np.linalg.eigh(states[-1].T.astype(np.float64) @ states[-1])
    values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1][:, :dimensions]
    vectors = vectors * np.sign(vectors[np.abs(vectors).argmax(axis=0), range(vectors.shape[1])])
    frames = np.stack([state @ vectors for state in states])
    frames = np.pad(frames, ((0, 0), (0, 0), (0, dimensions - frames.shape[2])))
    total = float(values.sum()) or 1.0
    return Projection(
        frames.astype(np.float32),
        training.epoch_names,
        "pca",
        "recorded",
        explained=tuple(float(value / total) for value in values[:dimensions]),
        note="Every epoch is shown along the main axes (PCA) of the last one.",
    )
