"""The trainings that the learning page shows before anybody presses a button: recorded once, kept in assets.

Made by `python -m embeddings_core.training.bundled`: the usual configuration (skip-gram) on the little world and on the
news articles, their snapshots with 16 bits a number.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np

from embeddings_core.damage import DAMAGE
from embeddings_core.errors import ModelUnavailableError
from embeddings_core.folders import ASSETS
from embeddings_core.spaces.corpus import Vocabulary
from embeddings_core.training.configuration import TrainingConfig, run_training
from embeddings_core.training.record import Training

FILES = {TrainingConfig(source=source): ASSETS / f"learning_{source}.npz" for source in ("world", "news")}


@lru_cache(maxsize=2)
def bundled_training(config: TrainingConfig) -> Training:
    """Load the recorded run of a configuration in FILES; raise ModelUnavailableError where the file is missing."""
    try:
        with FILES[config].open("rb") as file, np.load(file, allow_pickle=False) as stored:
            known = tuple(stored["vocabulary"].tobytes().decode("utf-8").split("\n"))
            vocabulary = Vocabulary(known, stored["counts"].astype(np.int64))
            snapshots, losses = stored["snapshots"].astype(np.float32), stored["losses"]
            loss_name = stored["loss_name"].tobytes().decode("utf-8")
            words = known[: snapshots.shape[1]]
    except DAMAGE:
        raise ModelUnavailableError(
            "The recorded training is missing or damaged; press Train to make it anew."
        ) from None
    settings = {
        "dimensions": config.dimensions, "window": config.window, "negatives": config.negatives,
        "epochs": config.epochs, "learning rate": config.rate, "seed": config.seed,
    }  # fmt: skip
    return Training(config.kind, words, snapshots, losses, loss_name, vocabulary, settings=settings)


def record(config: TrainingConfig, file: Path) -> None:
    """Train as configured and write the record."""
    training = run_training(config)
    np.savez_compressed(
        file,
        vocabulary=np.frombuffer("\n".join(training.vocabulary.words).encode("utf-8"), dtype=np.uint8),
        counts=training.vocabulary.counts.astype(np.int32),
        snapshots=training.snapshots.astype(np.float16),
        losses=training.losses,
        loss_name=np.frombuffer(training.loss_name.encode("utf-8"), dtype=np.uint8),
    )


if __name__ == "__main__":
    for config, file in FILES.items():
        record(config, file)
