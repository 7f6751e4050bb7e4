"""A picture under growing change, small enough to be remembered: where it goes and what the network sees there."""

from dataclasses import dataclass
from typing import Any

from embeddings_core.models.spec import Encoder
from embeddings_core.models.vision import TopClasses
from embeddings_core.pictures.image_probe import Change, probe
from embeddings_core.spaces.images import thumbnail
from embeddings_core.spaces.vectors import FloatArray

SIDE = 160  # pixels of the small copies


@dataclass(frozen=True, eq=False)
class Travel:
    """The steps of a probe: `names`, `thumbnails` (data: URLs), `vectors` (steps, d), and the cosine with the
    unchanged picture, `similarity` (steps,). `classes` is empty where the model names none."""

    names: tuple[str, ...]
    thumbnails: tuple[str, ...]
    vectors: FloatArray
    similarity: FloatArray
    classes: tuple[TopClasses, ...]


def travel(picture: Any, encoder: Encoder, *, kind: Change) -> Travel:
    """Change a picture step by step, encode every step, and keep small copies; raises as `probe` does."""
    steps = probe(picture, encoder, kind=kind)
    small = tuple(thumbnail(image, side=SIDE) for image in steps.pictures)
    return Travel(steps.names, small, steps.vectors, steps.similarity, steps.classes)
