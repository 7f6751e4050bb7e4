"""The training that the learning page shows before anybody presses a button: recorded once, kept in assets.

Made by `python -m embeddings_core.training.bundled`: the usual lesson (skip-gram on the news articles), its
snapshots with 16 bits a number.
"""

from functools import lru_cache

import numpy as np

from embeddings_core.errors import ModelUnavailableError
from embeddings_core.training.corpus import count_words, split_sentences
from embeddings_core.training.lesson import Lesson, lesson_texts, train_lesson
from embeddings_core.training.record import Training
from embeddings_core.vocabulary import ASSETS, DAMAGED

FILE = ASSETS / "learning_film.npz"


@lru_cache(maxsize=1)
def bundled_training() -> Training:
    """Load the recorded run of the usual lesson; raise ModelUnavailableError where the file is missing."""
    try:
        with FILE.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            words = tuple(stored["words"].tobytes().decode("utf-8").split("\n"))
            snapshots, losses = stored["snapshots"].astype(np.float32), stored["losses"]
            loss_name = stored["loss_name"].tobytes().decode("utf-8")
    except DAMAGED:
        raise ModelUnavailableError(
            "The recorded training is missing or damaged; press Train to make it anew."
        ) from None
    lesson = Lesson()
    settings = {
        "dimensions": lesson.dimensions, "window": lesson.window, "negatives": lesson.negatives,
        "epochs": lesson.epochs, "learning rate": lesson.rate, "seed": lesson.seed,
    }  # fmt: skip
    vocabulary = count_words(split_sentences(lesson_texts(lesson)))
    return Training(lesson.kind, words, snapshots, losses, loss_name, vocabulary, settings=settings)


def main() -> None:
    """Train the usual lesson and write the asset."""
    training = train_lesson(Lesson())
    np.savez_compressed(
        FILE,
        words=np.frombuffer("\n".join(training.words).encode("utf-8"), dtype=np.uint8),
        snapshots=training.snapshots.astype(np.float16),
        losses=training.losses,
        loss_name=np.frombuffer(training.loss_name.encode("utf-8"), dtype=np.uint8),
    )


if __name__ == "__main__":
    main()
