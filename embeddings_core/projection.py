"""A map of an embedding space: items as points in 2-D or 3-D, and how they got there."""

from dataclasses import dataclass
from typing import Literal

from embeddings_core.errors import BadInputError
from embeddings_core.vectors import FloatArray, frozen

Method = Literal["pca", "umap", "tsne"]
Kind = Literal["recorded", "morph", "still"]


@dataclass(frozen=True, eq=False)
class Projection:
    """Positions of the same items at one or more moments.

    `frames` is (frames, items, 2 or 3); `kind` says how the motion came about: "recorded" from a real optimiser,
    training run or network; "morph" interpolated between two real states; "still" for one frame.
    """

    frames: FloatArray
    frame_names: tuple[str, ...]
    method: str
    kind: Kind
    explained: tuple[float, ...] | None = None
    trust: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "frames", frozen(self.frames))
        object.__setattr__(self, "frame_names", tuple(self.frame_names))
        if self.frames.ndim != 3 or self.frames.shape[2] not in (2, 3):
            raise BadInputError("A projection holds frames × items × (2 or 3) coordinates.")
        if len(self.frames) != len(self.frame_names) or not len(self.frames):
            raise BadInputError("A projection needs one name for each of its frames, and at least one frame.")

    @property
    def final(self) -> FloatArray:
        """The last frame, (items, 2 or 3): the map itself."""
        return self.frames[-1]

    @property
    def dimensions(self) -> int:
        """2 or 3."""
        return int(self.frames.shape[2])
