"""How a map is made, and which film leads to it: enough to make it again."""

from dataclasses import dataclass, replace
from typing import Any

from embeddings_core.maps.methods import Method, title_of

ON_SCREEN: tuple[Method, ...] = ("umap", "tsne", "pca")  # in this order
METHODS: dict[str, Method] = {title_of(method): method for method in ON_SCREEN}
SPACES = {"2-D": 2, "3-D": 3}
RECORDED = "how it was computed"


def morph_from(method: str, space: str) -> str:
    """Name the film that starts from another map, by its titles: "from PCA 2-D"."""
    return f"from {method} {space}"


@dataclass(frozen=True)
class Recipe:
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
    def start(self) -> "Recipe | None":
        """The recipe of the map that a morph starts from; None for a recorded film."""
        if self.film == RECORDED:
            return None
        _, title, space = self.film.split()
        method, dimensions = METHODS[title], SPACES[space]
        if method == self.method:
            return replace(self, dimensions=dimensions, film=RECORDED)
        return Recipe(method, dimensions, self.balance, self.seed)

    @property
    def title(self) -> str:
        """What a film that starts from this map is called."""
        return morph_from(title_of(self.method), f"{self.dimensions}-D")

    @property
    def end(self) -> "Recipe":
        """The same map with its recorded film."""
        return replace(self, film=RECORDED)

    def wishes(self) -> dict[str, Any]:
        """Return the keyword arguments of `project`."""
        given = {
            "neighbours": self.neighbours,
            "min_dist": self.min_dist,
            "perplexity": self.perplexity,
            "epochs": self.epochs,
        }
        wanted = {name: value for name, value in given.items() if value is not None}
        return {
            "method": self.method,
            "dimensions": self.dimensions,
            "balance": self.balance,
            "seed": self.seed,
            **wanted,
        }
