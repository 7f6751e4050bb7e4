"""Two maps of the same items joined into one film."""

from embeddings_core.errors import BadInputError
from embeddings_core.maps.methods import title_of
from embeddings_core.maps.projection import Projection
from embeddings_core.maps.timeline import align_states


def morph(
    start: Projection, end: Projection, *, hold: str | None = None, names: tuple[str, str] | None = None
) -> Projection:
    """Join two maps of the same items into one film: interpolated between two real states, and named so.

    Works between methods, from 2-D to 3-D and back, and between two models. One side is turned onto the
    other; `hold` says which one stays raw: "first" or "last", by default the last, from 2-D to 3-D the first
    (the flat picture is on screen and rises from there). Returns two frames, kind "morph"; the stage moves
    between them. Raises BadInputError where the numbers of items differ.
    """
    rises = start.dimensions < end.dimensions
    keep = hold or ("first" if rises else "last")
    if keep not in ("first", "last"):
        raise BadInputError(f'hold is "first" or "last", not "{keep}".')
    if start.final.shape[0] != end.final.shape[0]:
        raise BadInputError(
            f"A morph needs the same items on both sides; these have {len(start.final)} and {len(end.final)}."
        )
    frames = align_states([start.final, end.final], anchor=0 if keep == "first" else -1)
    return Projection(
        frames,
        names or (_title(start, end), _title(end, start)),
        method=end.method,
        kind="morph",
        explained=end.explained,
        trust=end.trust,
        note=end.note,
        settings=end.settings,
    )


def _title(projection: Projection, other: Projection) -> str:
    name = title_of(projection.method)
    return name if projection.dimensions == other.dimensions else f"{name} in {projection.dimensions}-D"
