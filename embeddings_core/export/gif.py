"""An animated GIF written frame by frame: one palette for all, and of each frame only what changed.

Pillow's own writer keeps every frame in memory and chooses a palette for each, which flickers.
"""

import struct
from collections.abc import Iterable

import numpy as np

Array = np.ndarray
SAME = 255  # the colour that shows what was there before
BITS = 6  # of each colour that tell colours apart


class Palette:
    """255 colours for a whole film, chosen from sample frames (height, width, 3 or 4); the commonest stays exact."""

    def __init__(self, samples: Iterable[Array]) -> None:
        from PIL import Image
        from scipy.spatial import cKDTree

        counts = np.zeros(1 << 3 * BITS, dtype=np.int64)
        sums = np.zeros((3, 1 << 3 * BITS))
        for sample in samples:
            flat, cell = sample[..., :3].reshape(-1, 3), _cells(sample).reshape(-1)
            counts += np.bincount(cell, minlength=len(counts))
            for channel in range(3):
                sums[channel] += np.bincount(cell, weights=flat[:, channel], minlength=len(counts))
        seen = np.flatnonzero(counts)
        colours = (sums[:, seen] / counts[seen]).T
        # a colour counts by the root of its area: else the ground alone would take most of the palette
        often = np.maximum(np.sqrt(counts[seen]).astype(int), 1).clip(max=400)
        picture = np.repeat(np.rint(colours).astype(np.uint8), often, axis=0)
        cut = Image.fromarray(picture[None]).quantize(
            SAME - 1, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
        )
        chosen = np.array(cut.getpalette(), dtype=np.uint8).reshape(-1, 3)[: SAME - 1]
        ground = np.rint(colours[int(counts[seen].argmax())]).astype(np.uint8)
        self.colours = np.concatenate([ground[None], chosen, np.zeros((256 - 1 - len(chosen), 3), np.uint8)])
        tree = cKDTree(self.colours[: 1 + len(chosen)].astype(float))
        steps = (np.arange(1 << BITS) + 0.5) * (1 << 8 - BITS)
        every = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
        every[seen] = colours
        self._table = tree.query(every)[1].astype(np.uint8)

    def numbers(self, frame: Array) -> Array:
        """Return the number of the nearest colour of every pixel: (height, width) bytes."""
        return np.asarray(self._table[_cells(frame)])


def _cells(frame: Array) -> Array:
    high = frame[..., :3] >> (8 - BITS)
    return (
        (high[..., 0].astype(np.int32) << 2 * BITS) | (high[..., 1].astype(np.int32) << BITS) | high[..., 2]
    )


class GifFile:
    """The bytes of a GIF of one size; frames that change nothing lengthen the one before."""

    def __init__(self, width: int, height: int, palette: Palette) -> None:
        self._palette, self._shape = palette, (height, width)
        self._parts: list[bytes] = [
            b"GIF89a", struct.pack("<HHBBB", width, height, 0xF7, 0, 0), palette.colours.tobytes(),
            b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00",  # again and again
        ]  # fmt: skip
        self._shown: Array | None = None
        self._waiting: tuple[bytes, int] | None = None
        self.frames = 0

    def add(self, frame: Array, milliseconds: int) -> None:
        """Add a frame (height, width, 3 or 4) that is shown for so long."""
        from PIL import GifImagePlugin, Image

        numbers = self._palette.numbers(frame)
        if self._shown is None:
            top, left, part = 0, 0, numbers
        else:
            changed = numbers != self._shown
            if not changed.any():
                assert self._waiting is not None
                self._waiting = self._waiting[0], self._waiting[1] + milliseconds
                return
            rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
            top, left = int(rows[0]), int(columns[0])
            window = np.s_[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1]
            part = np.where(changed[window], numbers[window], np.uint8(SAME))
        self._flush()
        picture = Image.fromarray(np.ascontiguousarray(part))
        picture.putpalette(bytes(768))  # numbers are numbers: the palette above holds for all frames
        self._waiting = b"".join(GifImagePlugin.getdata(picture, (left, top))), milliseconds
        self._shown = numbers
        self.frames += 1

    def _flush(self) -> None:
        if self._waiting is not None:
            image, milliseconds = self._waiting
            # keep what is there, and let one colour be see-through
            control = struct.pack("<BBBBHBB", 0x21, 0xF9, 4, 0b0000_0101, round(milliseconds / 10), SAME, 0)
            self._parts += [control, image]
            self._waiting = None

    def content(self) -> bytes:
        """Return the file."""
        self._flush()
        return b"".join([*self._parts, b";"])
