"""The trainings that the learning page shows before anybody presses a button: recorded once, kept in assets.

Made by `python -m embeddings_core.training.bundled`: the usual lesson (skip-gram) on the little world and on the
news articles, their snapshots with 16 bits a number.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np

from embeddings_core.errors import ModelUnavailableError
from embeddings_core.folders import ASSETS
from embeddings_core.spaces.corpus import Vocabulary
from embeddings_core.spaces.vocabulary import DAMAGED
from embeddings_core.training.lesson import Lesson, train_lesson
from embeddings_core.training.record import Training

FILES = {Lesson(source=source): ASSETS / f"learning_{source}.npz" for source in ("world", "news")}


@lru_cache(maxsize=2)
def bundled_training(lesson: Lesson) -> Training:
    """Load the recorded run of a lesson in FILES; raise ModelUnavailableError where the file is missing."""
    try:
        with FILES[lesson].open("rb") as file, np.load(file, allow_pickle=False) as stored:
            known = tuple(stored["vocabulary"].tobytes().decode("utf-8").split("\n"))
            vocabulary = Vocabulary(known, stored["counts"].astype(np.int64))
            snapshots, losses = stored["snapshots"].astype(np.float32), stored["losses"]
            loss_name = stored["loss_name"].tobytes().decode("utf-8")
            words = known[: snapshots.shape[1]]
    except DAMAGED:
        raise ModelUnavailableError(
            "The recorded training is missing or damaged; press Train to make it anew."
        ) from None
    settings = {
        "dimensions": lesson.dimensions, "window": lesson.window, "negatives": lesson.negatives,
        "epochs": lesson.epochs, "learning rate": lesson.rate, "seed": lesson.seed,
    }  # fmt: skip
    return Training(lesson.kind, words, snapshots, losses, loss_name, vocabulary, settings=settings)


def record(lesson: Lesson, file: Path) -> None:
    """Train a lesson and write its record."""
    training = train_lesson(lesson)
    np.savez_compressed(
        file,
        vocabulary=np.frombuffer("\n".join(training.vocabulary.words).encode("utf-8"), dtype=np.uint8),
        counts=training.vocabulary.counts.astype(np.int32),
        snapshots=training.snapshots.astype(np.float16),
        losses=training.losses,
        loss_name=np.frombuffer(training.loss_name.encode("utf-8"), dtype=np.uint8),
    )


if __name__ == "__main__":
    for lesson, file in FILES.items():
        record(lesson, file)
