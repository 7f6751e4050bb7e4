"""Two baselines that learn nothing: the pixels of a picture, and its colours."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from embeddings_core.models.preprocessing import Preprocessing, encoded, opened
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.spaces.vectors import FloatArray


class RawPixels:
    """The picture itself, squeezed to 32 × 32 pixels, as a vector of 3,072 numbers of 0–1: no learning at
    all."""

    preprocessing = Preprocessing(
        side=32, resize=32, interpolation="bilinear", crop="squash", mean=(0, 0, 0), deviation=(1, 1, 1)
    )
    parameters = 0

    def __call__(self, items: Sequence[Any], /) -> FloatArray:
        """Flatten the pixels: (n, 3072), all of the red, then green, then blue."""
        return encoded(items, self.preprocessing, lambda pixels: pixels.reshape(len(pixels), -1))


class ColourHistogram:
    """The shares of 8 × 8 × 8 colours in a picture, wherever they are: (n, 512), rows that sum to 1."""

    preprocessing = Preprocessing(
        side=128, resize=128, interpolation="bilinear", crop="squash", mean=(0, 0, 0), deviation=(1, 1, 1)
    )
    parameters = 0

    def __call__(self, items: Sequence[Any], /) -> FloatArray:
        """Count the colours (Swain and Ballard 1991)."""
        rows = []
        for item in items:
            square = opened(item, wanted=128)
            square.thumbnail((128, 128))
            steps = (np.asarray(square, dtype=np.int64) // 32).reshape(-1, 3)
            counts = np.bincount(steps @ (64, 8, 1), minlength=512)
            rows.append(counts / counts.sum())
        return np.asarray(rows, dtype=np.float32)


def load_raw_pixels(spec: ModelSpec) -> Encoder:
    """Make the baseline of raw pixels."""
    return RawPixels()


def load_histogram(spec: ModelSpec) -> Encoder:
    """Make the baseline of colours."""
    return ColourHistogram()
