"""What the spaces of one model of the catalogue have in common, whatever the model reads."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import ClassVar

from embeddings_core.models.registry import find_model
from embeddings_core.spaces.space import Coverage


@dataclass(frozen=True)
class ModelSpace:
    """A space without a vocabulary, known by the id of its model; a subclass says how it comes to vectors.

    What a subclass adds as a field is part of its key.
    """

    model: str

    min_dist: ClassVar[float | None] = None

    @property
    def key(self) -> str:
        """See `Space.key`: the kind of the space, and its fields."""
        return repr((type(self).__name__, *astuple(self)))

    @property
    def title(self) -> str:
        """See `Space.title`."""
        return find_model(self.model).title

    def coverage(self, items: Sequence[str], /) -> Coverage:
        """See `Space.coverage`; a model reads everything."""
        return Coverage(tuple(items))

    def words(self) -> None:
        """See `Space.words`; a model has no list of words."""
        return None

    def notes(self) -> tuple[str, ...]:
        """See `Space.notes`."""
        note = find_model(self.model).note
        return (note,) if note else ()
