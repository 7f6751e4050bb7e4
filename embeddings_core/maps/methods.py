"""The ways to draw a map: what each is called and what it keeps. The only table of them."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["pca", "umap", "tsne"]


@dataclass(frozen=True)
class MapMethod:
    """One method of `project`: its id, the title that people read, and in a few words what it keeps."""

    id: Method
    title: str
    keeps: str


METHODS = (
    MapMethod("pca", "PCA", "the directions in which the items differ most"),
    MapMethod("umap", "UMAP", "the nearest neighbours of each item, and roughly the large groups"),
    MapMethod("tsne", "t-SNE", "the nearest neighbours of each item"),
)

# what else a Projection.method may name: layouts that an analysis computes and nobody chooses
CIRCLE = "circle"  # what shows no nearness at all
OTHER_LAYOUTS = {
    CIRCLE: "a circle, because all items are equally far apart",
    "mds": "MDS, which keeps distances as well as it can",
    "plane": "a flat cut through the true space, in true distances",
}

_TITLES: dict[str, str] = {**{str(method.id): method.title for method in METHODS}, **OTHER_LAYOUTS}


def method_of(text: str) -> MapMethod | None:
    """Find a method by its id or title in any spelling; None where there is no such method.

    Case, blanks, hyphens and other signs do not matter.

    >>> method_of("t-SNE").id, method_of("PCA").id, method_of("mds")
    ('tsne', 'pca', None)
    """
    letters = "".join(sign for sign in text.casefold() if sign.isalnum())
    return next((method for method in METHODS if method.id == letters), None)


def title_of(method: str) -> str:
    """Return what a `Projection.method` is called on screen; an unknown one by its own name."""
    return _TITLES.get(method, method)
