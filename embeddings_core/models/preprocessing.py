"""What an image model does to a picture before it is encoded: plain values to show, and the arithmetic itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from embeddings_core.errors import ModelUnavailableError
from embeddings_core.spaces.images import open_image
from embeddings_core.spaces.vectors import FloatArray

if TYPE_CHECKING:
    from PIL.Image import Image

BATCH = 8  # larger batches leave the processor's cache; 200 photographs are never all decoded at once
LONGEST = (
    8  # a longer picture is cut to 8 times its width before it is enlarged: only the centre square is used
)


@dataclass(frozen=True)
class Preprocessing:
    """Resize the shorter side to `resize`, cut the centre square of `side`, subtract `mean`, divide by
    `deviation`.

    `crop` "squash" presses the whole picture into the square instead. Colours are 0–1 before the mean is
    taken.
    """

    side: int
    resize: int
    interpolation: Literal["nearest", "bilinear", "bicubic", "lanczos"] = "bicubic"
    crop: Literal["center", "squash"] = "center"
    mean: tuple[float, float, float] = (0.5, 0.5, 0.5)
    deviation: tuple[float, float, float] = (0.5, 0.5, 0.5)

    def __str__(self) -> str:
        square = f"{self.side} × {self.side} pixels"
        cut = f"shorter side to {self.resize} pixels ({self.interpolation}), centre square of {square}"
        mean, deviation = (", ".join(f"{value:g}" for value in row) for row in (self.mean, self.deviation))
        fitted = f"pressed to {square}" if self.crop == "squash" else cut
        return f"{fitted}; colours minus ({mean}), divided by ({deviation})"


def seen(image: "Image", preprocessing: Preprocessing) -> "Image":
    """Return the square that the model looks at, as a picture."""
    from PIL.Image import Resampling

    how = Resampling[preprocessing.interpolation.upper()]
    side, resize = preprocessing.side, preprocessing.resize
    if preprocessing.crop == "squash":
        return image if image.size == (side, side) else image.resize((side, side), how)
    width, height = image.size
    shorter = min(width, height)
    if max(width, height) > LONGEST * shorter:
        image = _centre(image, (min(width, LONGEST * shorter), min(height, LONGEST * shorter)))
        width, height = image.size
    if shorter != resize:  # the longer side is cut off to a whole number, as torchvision does
        size = (int(resize * width / shorter), int(resize * height / shorter))
        image = image.resize(size, how)
    return _centre(image, (side, side))


def _centre(image: "Image", size: tuple[int, int]) -> "Image":
    left, top = (round((have - want) / 2.0) for have, want in zip(image.size, size, strict=True))
    return image.crop((left, top, left + size[0], top + size[1]))


def pixels(image: "Image", preprocessing: Preprocessing) -> FloatArray:
    """Return what the network gets: (3, side, side) float32."""
    square = np.asarray(seen(image, preprocessing), dtype=np.float32).transpose(2, 0, 1)
    mean = np.asarray(preprocessing.mean, dtype=np.float32)[:, None, None]
    deviation = np.asarray(preprocessing.deviation, dtype=np.float32)[:, None, None]
    return np.asarray((square / np.float32(255.0) - mean) / deviation, dtype=np.float32)


def opened(picture: Any, *, wanted: int) -> "Image":
    """Open whatever stands for a picture: a PIL image, an ImageFile, bytes or a path; no larger than
    wanted."""
    return open_image(getattr(picture, "content", picture), wanted=wanted)


def batches(
    pictures: Sequence[Any], preprocessing: Preprocessing, *, size: int = BATCH
) -> Iterator[FloatArray]:
    """Yield (up to `size`, 3, side, side) at a time; one picture is decoded at a time."""
    wanted = max(preprocessing.resize, preprocessing.side)
    for start in range(0, len(pictures), size):
        yield np.stack(
            [
                pixels(opened(picture, wanted=wanted), preprocessing)
                for picture in pictures[start : start + size]
            ]
        )


def encoded(
    pictures: Sequence[Any], preprocessing: Preprocessing, run: Callable[[FloatArray], FloatArray]
) -> FloatArray:
    """Run all pictures through a network in small batches: (n, d) float32."""
    return np.concatenate([run(batch) for batch in batches(pictures, preprocessing)])


def from_timm(configuration: dict[str, Any]) -> Preprocessing:
    """Read timm's configuration of a model (`timm.data.resolve_model_data_config`)."""
    side = int(configuration["input_size"][-1])
    crop = configuration.get("crop_mode") or "center"
    if crop not in ("center", "squash"):
        raise ModelUnavailableError(f'This model asks for the crop mode "{crop}", which is not supported.')
    return Preprocessing(
        side=side,
        resize=int(side / float(configuration.get("crop_pct") or 1.0)),
        interpolation=configuration["interpolation"],
        crop=crop,  # type: ignore[arg-type]
        mean=tuple(configuration["mean"]),
        deviation=tuple(configuration["std"]),
    )


def from_torchvision(transform: Any) -> Preprocessing:
    """Read torchvision's transform of a model's weights (`weights.transforms()`)."""
    return Preprocessing(
        side=int(transform.crop_size[0]),
        resize=int(transform.resize_size[0]),
        interpolation=transform.interpolation.value,
        mean=tuple(transform.mean),
        deviation=tuple(transform.std),
    )


def from_open_clip(configuration: dict[str, Any]) -> Preprocessing:
    """Read open_clip's configuration of a model (`model.visual.preprocess_cfg`)."""
    size = configuration["size"]
    side = int(size if isinstance(size, int) else size[-1])
    modes = {"shortest": "center", "squash": "squash"}
    crop = modes.get(configuration.get("resize_mode") or "shortest")
    if crop is None:
        raise ModelUnavailableError(
            "This model fits pictures into its square in a way that is not supported."
        )
    return Preprocessing(
        side=side,
        resize=side,
        interpolation=configuration["interpolation"],
        crop=crop,  # type: ignore[arg-type]
        mean=tuple(configuration["mean"]),
        deviation=tuple(configuration["std"]),
    )
