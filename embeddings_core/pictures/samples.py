"""Pictures to start with: photographs and handwritten digits that come inside installed packages, with their sources."""

import gzip
import io
from dataclasses import replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from embeddings_core.errors import requires
from embeddings_core.pictures.files import ImageFile, read_picture

# file, title, group, source: what the packages' own documentation says
PHOTOGRAPHS = (
    ("skimage/data/astronaut.png", "astronaut", "people", "Eileen Collins, NASA; public domain"),
    ("skimage/data/camera.png", "photographer", "people", "Lav Varshney; CC0"),
    ("skimage/data/chelsea.png", "cat", "animals", "Chelsea, by Stefan van der Walt; CC0"),
    ("skimage/data/horse.png", "horse, drawn", "animals", "Andreas Preuss (marauder); CC0"),
    ("skimage/data/coffee.png", "cup of coffee", "things", "Pikolo Espresso Bar, by Rachel Michetti; CC0"),
    ("skimage/data/clock_motion.png", "wall clock, moving", "things", "Stefan van der Walt; public domain"),
    ("skimage/data/coins.png", "Greek coins", "things", "Brooklyn Museum; no known restrictions"),
    (
        "skimage/data/motorcycle_left.png",
        "motorcycle, left eye",
        "vehicles",
        "Middlebury Stereo, Scharstein et al. 2014",
    ),
    (
        "skimage/data/motorcycle_right.png",
        "motorcycle, right eye",
        "vehicles",
        "Middlebury Stereo, Scharstein et al. 2014",
    ),
    ("skimage/data/rocket.jpg", "rocket launch", "vehicles", "Falcon 9, SpaceX; public domain"),
    ("sklearn/datasets/images/china.jpg", "Chinese temple", "places", "danielbuechele, Flickr; CC BY 2.0"),
    ("sklearn/datasets/images/flower.jpg", "flower", "plants", "vultilion, Flickr; CC BY 2.0"),
    ("skimage/data/hubble_deep_field.jpg", "Hubble deep field", "sky", "NASA, ESA; public domain"),
    ("skimage/data/moon.png", "moon surface", "sky", "scikit-image, no origin given"),
    ("skimage/data/brick.png", "brick wall", "textures", "CC0Textures; CC0"),
    ("skimage/data/grass.png", "grass", "textures", "linolafett, DeviantArt; CC0"),
    ("skimage/data/gravel.png", "gravel", "textures", "CC0Textures; CC0"),
    ("skimage/data/retina.jpg", "retina", "microscope", "Mikael Häggström, Wikimedia; CC0"),
    (
        "skimage/data/ihc.png",
        "stained tissue",
        "microscope",
        "Center for Microscopy and Molecular Imaging; no known restrictions",
    ),
    ("skimage/data/cell.png", "cell", "microscope", "Müller et al. 2018; CC0"),
    ("skimage/data/page.png", "scanned page", "writing", "scikit-image, no origin given"),
    ("skimage/data/text.png", "handwritten formula", "writing", "Wikipedia, Corner.png; public domain"),
)

HARD_TO_NAME = (
    "horse, drawn",
    "motorcycle, right eye",
    "moon surface",
    "gravel",
    "retina",
    "stained tissue",
    "cell",
    "handwritten formula",
)
DIGITS = "sklearn/datasets/data/digits.csv.gz"
DIGITS_SOURCE = "UCI handwritten digits (Alpaydin & Kaynak 1998), 8 × 8 pixels, from scikit-learn"


@lru_cache(maxsize=2)
def sample_photographs() -> tuple[ImageFile, ...]:
    """Return the sample photographs that are on disk, each with title, group and source; nothing is
    downloaded."""
    found = []
    for file, title, group, source in PHOTOGRAPHS:
        path = _package_file(file)
        if path is not None and path.is_file():
            picture = read_picture(path.name, path.read_bytes())
            found.append(replace(picture, name=title, group=group, source=source))
    return tuple(found)


def everyday_photographs() -> tuple[ImageFile, ...]:
    """Return the sample photographs that show one thing which everybody has a word for, each thing once."""
    return tuple(picture for picture in sample_photographs() if picture.name not in HARD_TO_NAME)


@lru_cache(maxsize=4)
def sample_digits(each: int = 5) -> tuple[ImageFile, ...]:
    """Return the first `each` pictures of every handwritten digit 0–9, enlarged eightfold, grouped by
    digit."""
    requires("PIL")
    from PIL import Image

    images, labels = digit_pixels()
    found = []
    for digit in range(10):
        for number, row in enumerate(np.flatnonzero(labels == digit)[:each], start=1):
            buffer = io.BytesIO()
            Image.fromarray(images[row]).resize((64, 64), Image.Resampling.NEAREST).save(buffer, "PNG")
            picture = read_picture(f"digit {digit}, no. {number}", buffer.getvalue())
            found.append(replace(picture, group=f"digit {digit}", source=DIGITS_SOURCE))
    return tuple(found)


def sample_images(digits_each: int = 3) -> tuple[ImageFile, ...]:
    """Return photographs and digits together: the lively set at the start."""
    return (*sample_photographs(), *sample_digits(digits_each))


def digit_pixels() -> tuple[np.ndarray, np.ndarray]:
    """Return scikit-learn's 1,797 digits: pictures (n, 8, 8) of 0–255, dark on white, and labels (n,).

    Its file is read directly: the library itself takes a second to import. None where it is not installed.
    """
    path = _package_file(DIGITS)
    if path is None or not path.is_file():
        return np.zeros((0, 8, 8), dtype=np.uint8), np.zeros(0, dtype=np.int64)
    lines = gzip.decompress(path.read_bytes()).decode("ascii").split()
    numbers = np.array([line.split(",") for line in lines], dtype=np.float64).astype(np.int64)
    pixels = 255.0 - numbers[:, :-1].reshape(-1, 8, 8) * (255.0 / 16.0)
    return np.rint(pixels).astype(np.uint8), numbers[:, -1]


def _package_file(name: str) -> Path | None:
    """Find a file inside an installed package without importing it."""
    package, _, rest = name.partition("/")
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / rest
