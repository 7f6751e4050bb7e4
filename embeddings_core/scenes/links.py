"""Links as short lists: in talk files [start, end, style, rank], in the browser without the rank but in its order.

An arc has its category, weight and bend besides, and the weights of one that changes; so has a line that is thicker where its
ends are closer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Annotated, Any, Literal

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, SerializationInfo
from pydantic_core import CoreSchema, core_schema

from embeddings_core.errors import BadInputError
from embeddings_core.limits import SCENE_NUMBERS
from embeddings_core.scenes.fields import LINKS, Number, Row, Share, over, rounded, unusable
from embeddings_core.spaces.vectors import FloatArray, Metric, random_pair_scores

LinkStyle = Literal["neighbour", "dashed", "path", "arc"]
THINNEST, THICKEST = 0.15, 0.99  # weights of lines to close neighbours; 1 says that a line is not weighed
BEND = 2.0  # times the distance of its ends an arc may rise
LISTED = ("start", "end", "style", "rank")
OF_ARCS = ("group", "weight", "bend")
STORED = {"dashed": "torn"}  # what a style is called in files: its first name
NAMES = {stored: style for style, stored in STORED.items()}


@dataclass(frozen=True)
class Link:
    """A line between two items (rows); drawn in the order of `rank`, one after the other.

    "neighbour" is a solid line in the accent colour, as thick as its `weight` where that is below 1; "dashed" is a dashed one
    (near in truth, far on the map), "path" an arrow (analogies, trajectories), "arc" half an ellipse (who looks at whom): it
    rises to the left of its way, `bend` times as high as its ends are apart, as thick as its `weight` (0-1), in the colour of
    the category `group`. What lies on its left shows which way it goes: arcs to the right rise, arcs to the left hang.
    In a film whose arcs change, `weights` are one a key state and `weight` is the largest; between two states an arc
    goes from the one to the other, and where it has next to no weight it is not seen.

    Raises BadInputError where an arc's weight, bend or category is none.
    """

    start: Row
    end: Row
    style: LinkStyle = "neighbour"
    rank: Annotated[int, Field(strict=True)] = 0
    weight: Share = 1.0
    bend: Annotated[Number, Field(ge=0, le=BEND)] = 0.0
    group: Row = 0
    weights: tuple[Share, ...] = ()

    def __post_init__(self) -> None:
        weighed = all(0 <= weight <= 1 for weight in (self.weight, *self.weights))
        if not (weighed and 0 <= self.bend <= BEND and self.group >= 0):
            raise BadInputError(f"An arc has a weight from 0 to 1, a bend from 0 to {BEND:g} and a category.")


@dataclass(frozen=True)
class LinkLists:
    """Say that links stand in files and in the browser as lists."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Name the values of each list, and let the type `Link` check them."""
        writing = core_schema.plain_serializer_function_ser_schema(written, info_arg=True)
        return core_schema.no_info_before_validator_function(named, handler(source), serialization=writing)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the lists of a file."""
        link = handler.resolve_ref_schema(handler(schema)["items"])["properties"]
        values = [link[name] for name in (*LISTED, *OF_ARCS)]
        values[2] = {"enum": [STORED.get(style, style) for style in link["style"]["enum"]]}
        return {
            "type": "array",
            "items": {
                "type": "array",
                "prefixItems": [{k: v for k, v in value.items() if k not in ("default", "title")} for value in values],
                "items": link["weights"]["items"],
                "minItems": len(LISTED),
            },
            "maxItems": LINKS,
            "description": "Lines: from row, to row, style, order of drawing; of an arc also category, weight and bend, and "
            "where its weight changes one weight a frame.",
        }  # fmt: skip


def named(value: Any) -> Any:
    """Give the values of each list of a file their names."""
    if not isinstance(value, list):
        raise unusable("a list")
    if len(value) > LINKS:
        raise over(f"{len(value):,} links", LINKS)
    if not all(isinstance(entry, list) and len(entry) >= len(LISTED) for entry in value):
        raise unusable("lists of start, end, style and rank")
    if sum(map(len, value)) > SCENE_NUMBERS:
        raise over(f"more than {SCENE_NUMBERS:,} numbers in its links", SCENE_NUMBERS)
    found = []
    for entry in value:
        link = dict(zip(LISTED, entry, strict=False))
        rest = entry[len(LISTED) :]
        if link["style"] == "arc" and len(rest) >= len(OF_ARCS):
            link |= {**dict(zip(OF_ARCS, rest, strict=False)), "weights": rest[len(OF_ARCS) :]}
        elif link["style"] == "neighbour" and len(rest) == len(OF_ARCS):
            link |= dict(zip(OF_ARCS, rest, strict=True))
        elif link["style"] == "arc" or rest:
            raise unusable("lists of four; an arc has its category, weight and bend besides")
        if isinstance(link["style"], str):
            link["style"] = NAMES.get(link["style"], link["style"])
        found.append(link)
    return found


def written(links: tuple[Link, ...], info: SerializationInfo) -> list[list[Any]]:
    """Return links as lists: those of a file, or those of the browser."""
    if info.mode_is_json():
        return [record(link) for link in links]
    return [drawn(link) for link in sorted(links, key=lambda link: link.rank)]


def weighed(link: "Link") -> bool:
    """Tell whether a line to a neighbour is thicker where that is closer."""
    return link.style == "neighbour" and link.weight < 1


def close_links(
    own: int, rows: Sequence[int], *, scores: FloatArray, vectors: FloatArray, metric: Metric
) -> tuple[Link, ...]:
    """Draw lines from one item to those of its nearest that are close, thicker where closer.

    `rows` are the nearest, nearest first, `scores` how near they are, `vectors` (n, d) those of all items on the map. Close is
    what is nearer than two random items of the map by so many standard deviations (`far_above_chance`) that few are by chance;
    the nearest need only be nearer than the mean. At most a third of the items get a line: with more nothing is pointed out.
    """
    if len(vectors) < 3:
        return tuple(Link(own, row, "neighbour", rank) for rank, row in enumerate(rows))
    pairs = random_pair_scores(vectors, pairs=2_000, metric=metric)
    mean, spread = float(pairs.mean()), float(pairs.std())
    most, least = max(len(vectors) // 3, 1), far_above_chance(len(vectors)) * spread
    best = float(scores[0]) - mean if len(scores) else 0.0
    found = []
    for rank, (row, score) in enumerate(zip(rows, scores, strict=True)):
        above = float(score) - mean
        if rank < most and above > (least if rank else 0):
            weight = min(max((above / best) ** 2, THINNEST), THICKEST)
            found.append(Link(own, row, "neighbour", rank, weight=weight))
    return tuple(found)


def far_above_chance(n: int) -> float:
    """Return how many standard deviations above the mean of random pairs a neighbour is close, on a map of n items.

    Of n scores that are spread like a bell two are that high by chance: with one deviation for all, of 60 words that share
    nothing ten would be close to any. At least 1; at most 2.5, for the pairs of a large map are no bell any more.

    >>> [round(far_above_chance(n), 1) for n in (5, 12, 60, 2000)]
    [1.0, 1.0, 1.8, 2.5]
    """
    return min(max(NormalDist().inv_cdf(1 - 2 / max(n, 4)), 1.0), 2.5)


def record(link: "Link") -> list[Any]:
    """Return a link as it stands in a file."""
    plain: list[Any] = [int(link.start), int(link.end), STORED.get(link.style, link.style), int(link.rank)]
    if link.style != "arc" and not weighed(link):
        return plain
    return [*plain, int(link.group), float(link.weight), float(link.bend), *rounded(link.weights)]


def drawn(link: "Link") -> list[Any]:
    """Return a link as the stage reads it."""
    plain: list[Any] = [int(link.start), int(link.end), link.style]
    if weighed(link):
        return [*plain, round(float(link.weight), 3)]
    if link.style != "arc":
        return plain
    changing = [[round(float(weight), 4) for weight in link.weights]] if link.weights else []
    return [*plain, float(link.weight), float(link.bend), int(link.group), *changing]
