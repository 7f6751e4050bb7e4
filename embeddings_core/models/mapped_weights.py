"""A file of weights (.safetensors) mapped from the disk: what is not looked at takes no memory, and nothing is copied."""

import json
import mmap
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings_core.spaces.vectors import FloatArray

DIRECTORY_BYTES = 100 * 2**20  # what the format allows


@dataclass(frozen=True, eq=False)
class MappedWeights:
    """The float32 tensors of a file by their names, read-only, which live as long as one of them is used."""

    tensors: dict[str, FloatArray]
    content: mmap.mmap

    def let_go(self) -> None:
        """Give back the memory of all that was looked at: the system reads it again where it is needed again."""
        with suppress(AttributeError, OSError, ValueError):  # not every system can
            self.content.madvise(mmap.MADV_DONTNEED)


def mapped_weights(path: Path) -> MappedWeights:
    """Map a file and name its float32 tensors; raise ValueError where it is something else, or cut short.

    Layout: a length (uint64), so many bytes of JSON that say where each tensor begins and ends, and the numbers.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > DIRECTORY_BYTES:
            raise ValueError("not a file of safetensors")
        directory = json.loads(file.read(length))
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    numbers = np.frombuffer(content, dtype=np.uint8, offset=8 + length)
    tensors = {}
    for name, told in directory.items():
        if name == "__metadata__":
            continue
        start, stop = told["data_offsets"]
        if stop > len(numbers):
            raise ValueError("a file of weights that is cut short")
        if told["dtype"] == "F32":
            tensors[name] = numbers[start:stop].view("<f4").reshape(told["shape"])
    return MappedWeights(tensors, content)
