"""Change one picture step by step and watch its vector travel: every step is a real picture, really encoded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.spec import Encoder
from embeddings_core.models.vision import TopClasses, classify, has_classes
from embeddings_core.pictures.collection import files_of
from embeddings_core.pictures.picture_space import PictureSpace
from embeddings_core.spaces.images import open_image
from embeddings_core.spaces.vectors import FloatArray, frozen, similarity

if TYPE_CHECKING:
    from PIL.Image import Image

from embeddings_core.spaces.images import thumbnail

Change = Literal["rotate", "blur", "crop", "grey", "cover"]
PROBE_SIDE = 512  # pixels of the longer side while it is changed; networks look at 224
GREY = (127, 127, 127)


@dataclass(frozen=True, eq=False)
class Probe:
    """One picture under growing change: `pictures`, `names` and `vectors` (steps, d) follow the same steps.

    `similarity` (steps,) is the cosine with the unchanged picture; `classes` name what the network sees,
    empty for one that names nothing.
    """

    change: Change
    pictures: tuple["Image", ...]
    names: tuple[str, ...]
    vectors: FloatArray
    similarity: FloatArray
    classes: tuple[TopClasses, ...]


def rotate(image: "Image", degrees: float) -> "Image":
    """Turn clockwise; the corners that open are filled with the picture's mean colour."""
    from PIL.Image import Resampling

    mean = tuple(int(value) for value in np.asarray(image).reshape(-1, 3).mean(0))
    return image.rotate(-degrees, resample=Resampling.BICUBIC, fillcolor=mean)


def blur(image: "Image", amount: float) -> "Image":
    """Blur by a Gaussian whose radius is this share (0–1) of a tenth of the shorter side."""
    from PIL import ImageFilter

    return (
        image.filter(ImageFilter.GaussianBlur(amount * 0.1 * min(image.size))) if amount > 0 else image.copy()
    )


def crop(image: "Image", kept: float) -> "Image":
    """Keep the centre: this share (above 0, up to 1) of both sides, at least one pixel."""
    width, height = (max(round(side * kept), 1) for side in image.size)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def grey(image: "Image", amount: float) -> "Image":
    """Take the colours out: 0 leaves them, 1 leaves grey."""
    from PIL import ImageEnhance

    return ImageEnhance.Color(image).enhance(1.0 - amount)


def cover(image: "Image", amount: float, *, centre: tuple[float, float] = (0.5, 0.5)) -> "Image":
    """Cover a grey square of this share (0–1) of the shorter side, around `centre` (shares of width and
    height)."""
    covered = image.copy()
    side = round(amount * min(image.size))
    if side:
        left, top = (
            round(share * length - side / 2) for share, length in zip(centre, image.size, strict=True)
        )
        covered.paste(GREY, (left, top, left + side, top + side))
    return covered


CHANGES: dict[Change, tuple[Callable[["Image", float], "Image"], tuple[float, ...], str]] = {
    "rotate": (rotate, tuple(float(degrees) for degrees in range(0, 361, 30)), "turned {:.0f}°"),
    "blur": (blur, (0.0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0), "blurred {:.0%}"),
    "crop": (crop, (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1), "centre {:.0%}"),
    "grey": (grey, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0), "colour taken out {:.0%}"),
    "cover": (cover, (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9), "covered {:.0%}"),
}


def change(picture: Any, kind: Change, amount: float) -> "Image":
    """Return one changed picture; raises BadInputError for a kind that does not exist.

    Amounts: degrees for "rotate", the share kept for "crop" (above 0), a share of 0–1 for "blur", "grey" and
    "cover".
    """
    if kind not in CHANGES:
        raise BadInputError(f'There is no change called "{kind}"; choose one of {", ".join(CHANGES)}.')
    if kind != "rotate" and not (0.0 if kind != "crop" else 1e-6) <= amount <= 1.0:
        raise BadInputError(f"The amount must be between 0 and 1; this is {amount:g}.")
    return CHANGES[kind][0](_small(picture), amount)


def probe(
    picture: Any, encoder: Encoder, *, kind: Change, amounts: Sequence[float] | None = None, k: int = 3
) -> Probe:
    """Change a picture step by step and encode every step; the first step should be the unchanged picture.

    Takes a picture (PIL image, ImageFile, bytes, path) and any image encoder. Raises BadInputError as
    `change`.
    """
    steps = tuple(CHANGES[kind][1] if amounts is None and kind in CHANGES else amounts or ())
    base = _small(picture)
    pictures = tuple(change(base, kind, amount) for amount in steps)
    if not pictures:
        raise BadInputError("The probe needs at least 1 step.")
    vectors = np.asarray(encoder(pictures), dtype=np.float32)
    return Probe(
        change=kind,
        pictures=pictures,
        names=tuple(CHANGES[kind][2].format(amount) for amount in steps),
        vectors=frozen(vectors),
        similarity=frozen(similarity(np.asarray(encoder([base])), vectors)[0]),
        classes=classify(encoder, pictures, k=k) if has_classes(encoder) else (),
    )


def _small(picture: Any) -> "Image":
    image = open_image(getattr(picture, "content", picture), wanted=PROBE_SIDE)
    if max(image.size) > PROBE_SIDE:
        image.thumbnail((PROBE_SIDE, PROBE_SIDE))
    return image


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


def travel_of(key: str, kind: Change, space: PictureSpace) -> Travel:
    """Change a picture, by its digest, as the model of a space sees it; see `travel`."""
    return travel(files_of((key,), space.owner)[0], load_encoder(space.model), kind=kind)
