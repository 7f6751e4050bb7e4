"""Items with their vectors: what every function of the package takes."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.vectors import FloatArray, frozen

SCANS = 8  # looking through all items so many times takes as long as making the table of their rows
MANY = 50_000  # items: of more, a dict of their rows takes 84 bytes each, twice as much as most words


@dataclass(frozen=True, eq=False)
class EmbeddingSet:
    """Items and their vectors; row i of `vectors` (n, d) belongs to `items[i]`.

    Raises BadInputError where the numbers of items and rows differ, or a value is not finite.
    """

    items: tuple[str, ...]
    vectors: FloatArray
    model: str = "own"
    groups: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(self.items))
        object.__setattr__(self, "vectors", frozen(self.vectors))
        if self.vectors.ndim != 2:
            shape = " × ".join(str(size) for size in self.vectors.shape) or "a single number"
            raise BadInputError(f"Vectors must be a table of rows × dimensions; this has the shape {shape}.")
        if len(self.items) != len(self.vectors):
            raise BadInputError(
                f"{len(self.items)} items but {len(self.vectors)} vectors; there must be one each."
            )
        if self.groups is not None and len(self.groups) != len(self.items):
            raise BadInputError(
                f"{len(self.items)} items but {len(self.groups)} groups; there must be one each."
            )
        with np.errstate(
            all="ignore"
        ):  # one sum tells of a large table what a look at each number would; it may overflow
            whole = bool(np.isfinite(self.vectors.sum()))
        bad = () if whole else np.flatnonzero(~np.isfinite(self.vectors).all(axis=1))
        if len(bad):
            rows = ", ".join(str(row + 1) for row in bad[:3])
            raise BadInputError(
                f"{len(bad)} rows hold missing or infinite numbers (row {rows}); leave them out."
            )

    def __len__(self) -> int:
        return len(self.items)

    @property
    def dimensions(self) -> int:
        """Length of one vector."""
        return int(self.vectors.shape[1])

    def take(self, rows: Sequence[int]) -> "EmbeddingSet":
        """Return the given rows, in that order, as a new set."""
        index = np.asarray(rows, dtype=np.int64)
        groups = None if self.groups is None else tuple(self.groups[row] for row in index)
        return EmbeddingSet(tuple(self.items[row] for row in index), self.vectors[index], self.model, groups)

    def row(self, item: str) -> int:
        """Return the row of the first item with this exact text; raise BadInputError where there is none."""
        try:
            return self.rows[item]
        except KeyError:
            raise BadInputError(f'"{item}" is not among these {len(self.items)} items.') from None

    def find(self, item: str) -> int | None:
        """Return the first row of an item; None where there is none.

        The table of all rows is made only once looking through the items has cost as much: the first words that are
        asked of 400,000 wait for no table.
        """
        if "rows" in self.__dict__:
            return self.rows.get(item)
        try:
            row = self.items.index(item)
        except ValueError:
            row = None
        self._looked_through[0] += len(self) if row is None else row
        if self._looked_through[0] > SCANS * len(self):
            _ = self.rows
        return row

    @cached_property
    def _looked_through(self) -> list[int]:
        return [0]  # items that were compared so far

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """The first row of every item, made when it is first asked for: 400,000 words take 0.1 s."""
        if len(self) > MANY:
            return RowsByHash(self.items)
        return dict(zip(reversed(self.items), range(len(self.items) - 1, -1, -1), strict=True))


class RowsByHash(Mapping[str, int]):
    """The first row of every item as sorted hashes: 12 bytes an item. A look-up takes a microsecond, ten times that of a dict."""

    def __init__(self, items: tuple[str, ...]) -> None:
        hashes = np.fromiter(map(hash, items), dtype=np.int64, count=len(items))
        order = np.argsort(hashes, kind="stable")
        self._items = items
        self._hashes, self._order = array("q"), array("i")
        self._hashes.frombytes(hashes[order].tobytes())
        self._order.frombytes(order.astype(np.intc).tobytes())

    def __getitem__(self, item: str) -> int:
        row = self._find(item)
        if row < 0:
            raise KeyError(item)
        return row

    def __contains__(self, item: object) -> bool:
        return isinstance(item, str) and self._find(item) >= 0

    def _find(self, item: str) -> int:
        """Return the first row of an item, -1 where there is none."""
        wanted, hashes = hash(item), self._hashes
        at = bisect_left(hashes, wanted)
        while at < len(hashes) and hashes[at] == wanted:
            row = self._order[at]
            if self._items[row] == item:
                return row
            at += 1
        return -1

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(self._items))

    def __len__(self) -> int:
        return len(set(self._items))
