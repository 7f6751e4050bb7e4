"""What a page asks of a map: which items, in which space, how it is made, and which film leads to it."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from embeddings_core.maps.methods import Method, title_of
from embeddings_core.maps.settings import fewest
from embeddings_core.spaces.space import Space

ON_SCREEN: tuple[Method, ...] = ("umap", "tsne", "pca")  # in this order
METHODS: dict[str, Method] = {title_of(method): method for method in ON_SCREEN}
DIMENSIONS = {"2-D": 2, "3-D": 3}
RECORDED = "how it was computed"


def morph_from(method: str, dimensions: str) -> str:
    """Name the film that starts from another map, by its titles: "from PCA 2-D"."""
    return f"from {method} {dimensions}"


@dataclass(frozen=True)
class MapOptions:
    """The settings of one map.

    `film` is "how it was computed", or names the map that a morph starts from, such as "from PCA 2-D". Empty
    parameters follow the balance from local (0) to global (1).
    """

    method: Method
    dimensions: int = 2
    balance: float = 0.5
    seed: int = 0
    neighbours: int | None = None
    min_dist: float | None = None
    perplexity: float | None = None
    epochs: int | None = None
    film: str = RECORDED

    @property
    def start(self) -> "MapOptions | None":
        """The options of the map that a morph starts from; None for a recorded film."""
        if self.film == RECORDED:
            return None
        _, title, space = self.film.split()
        method, dimensions = METHODS[title], DIMENSIONS[space]
        if method == self.method:
            return replace(self, dimensions=dimensions, film=RECORDED)
        return MapOptions(method, dimensions, self.balance, self.seed)

    @property
    def title(self) -> str:
        """What a film that starts from this map is called."""
        return morph_from(title_of(self.method), f"{self.dimensions}-D")

    @property
    def end(self) -> "MapOptions":
        """The same map with its recorded film."""
        return replace(self, film=RECORDED)

    def fitting(self, n: int) -> "MapOptions":
        """Return what can be drawn of n items: PCA where the method needs more, no morph from a map that does.

        >>> MapOptions("umap", film="from PCA 2-D").fitting(3) == MapOptions("pca")
        True
        >>> MapOptions("pca", 3, film="from UMAP 2-D").fitting(3).film
        'how it was computed'
        """
        if n < fewest(self.method, self.dimensions):
            return MapOptions("pca", self.dimensions)
        start = self.start
        return self.end if start is not None and n < fewest(start.method, start.dimensions) else self

    def keywords(self, space: Space | None = None) -> dict[str, Any]:
        """Return the keyword arguments of `project`; what nobody asked for is as the space prefers it."""
        given = {
            "neighbours": self.neighbours,
            "min_dist": self.min_dist,
            "perplexity": self.perplexity,
            "epochs": self.epochs,
        }
        if space is not None and self.method == "umap" and self.min_dist is None:
            given["room"] = space.min_dist
        wanted = {name: value for name, value in given.items() if value is not None}
        return {
            "method": self.method,
            "dimensions": self.dimensions,
            "balance": self.balance,
            "seed": self.seed,
            **wanted,
        }


@dataclass(frozen=True)
class MapRequest:
    """What is to be on a map: the items shown, those it was fitted to, how, and in which space."""

    shown: tuple[str, ...]
    fitted: tuple[str, ...]
    options: MapOptions
    space: Space

    @cached_property
    def key(self) -> str:
        """Names the map: what is computed of it is remembered under this key."""
        return repr((self.space.key, self.options, self.shown, self.fitted))
