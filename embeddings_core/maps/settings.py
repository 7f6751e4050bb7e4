"""The exact parameters behind the plain-words slider from local to global."""

from dataclasses import dataclass, fields

from embeddings_core.errors import BadInputError
from embeddings_core.maps.methods import METHODS, title_of

SMALLEST_FOR_UMAP = 8  # below this PCA shows the same with less invention
SMALL = 60  # items; from here on one fit keeps about what the best of many keeps (`small_maps`)
SMALL_FITS = 80, 48  # up to 30 items, and beyond: 0.1 to 0.5 s
LARGE = 12_000  # items; from here on 150 epochs are as trustworthy as umap-learn's 200 (0.871 and 0.864 at 20,000)
SMALL_EPOCHS = 200  # enough for so few points: 500 keep no more of their neighbours


@dataclass(frozen=True)
class MapSettings:
    """What a fit is run with; `None` where the method has no such parameter.

    `best_of` is how many fits are tried where a small map is to be chosen among many (`small_maps`); `note` says in
    plain words where a setting had to give way to the number of items.
    """

    method: str
    dimensions: int
    seed: int
    epochs: int | None = None
    neighbours: int | None = None
    min_dist: float | None = None
    perplexity: float | None = None
    early_exaggeration: float | None = None
    best_of: int | None = None
    note: str = ""

    def rows(self) -> tuple[tuple[str, str], ...]:
        """Return (name, value) pairs of what this method uses, ready to print."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self) if field.name != "note")
        return tuple((name.replace("_", " "), str(value)) for name, value in values if value is not None)


def settings(
    method: str,
    n: int,
    *,
    balance: float = 0.5,
    dimensions: int = 2,
    seed: int = 0,
    neighbours: int | None = None,
    min_dist: float | None = None,
    room: float | None = None,
    perplexity: float | None = None,
    epochs: int | None = None,
) -> MapSettings:
    """Translate balance (0 keeps small groups, 1 the whole picture) into the parameters of one fit.

    UMAP: neighbours = base × 4^(2·balance − 1), where base is 15; at least 2 and below n; 500 epochs below 400
    items, 150 from 12,000 on, else 200; min_dist = 0.1 × 5^(2·balance − 1). Below 60 items the base is 2 and the best
    of 80 fits of 200 epochs is taken, from 31 items on of 48; where one of these numbers is given explicitly, one fit
    with half of the items as its base. t-SNE: perplexity = base × 3^(2·balance − 1) with a base of 30, below 180 items
    a sixth of them, at least 2 and at most (n − 1) / 3. Values given explicitly win over the balance. `room` is the smallest
    distance of one fit where none is given (pictures need more than points); the best of many has room of its own.
    Raises BadInputError for an unknown method, a balance outside 0–1, dimensions other than 2 and 3, or n
    below dimensions + 2 for UMAP and t-SNE.

    >>> settings("umap", 1000).neighbours, settings("umap", 1000, balance=1).neighbours
    (15, 60)
    """
    known = [row.id for row in METHODS]
    if method not in known:
        raise BadInputError(
            f'There is no map called "{method}"; choose {", ".join(known[:-1])} or {known[-1]}.'
        )
    if dimensions not in (2, 3):
        raise BadInputError(f"A map has 2 or 3 dimensions, not {dimensions}.")
    if not 0.0 <= balance <= 1.0:
        raise BadInputError(f"The balance goes from 0 (local) to 1 (global); this is {balance:g}.")
    if method == "pca":
        return MapSettings("pca", dimensions, seed)
    least = fewest(method, dimensions)
    if n < least:
        add = least - n
        raise BadInputError(
            f"{title_of(method)} to {dimensions}-D needs {least} items, this has {n}; add {add if add > 1 else 'one'}"
            " or choose PCA."
        )
    lean = 2.0 * balance - 1.0
    if epochs is not None and not 10 <= epochs <= 2000:
        raise BadInputError(f"The number of epochs goes from 10 to 2,000; this is {epochs}.")
    if method == "umap":
        search = n < SMALL and neighbours is None and min_dist is None and epochs is None
        base = 2.0 if search else min(15.0, n / 2)
        asked = neighbours if neighbours is not None else round(base * 4.0**lean)
        used = int(min(max(asked, 2), n - 1))
        note = (
            f"{asked} neighbours do not fit {n} items; {used} are used."
            if neighbours not in (None, used)
            else ""
        )
        wide = room if room is not None and not search else 0.1 * 5.0**lean
        spread = wide if min_dist is None else min_dist
        if not 0.0 <= spread <= 1.0:
            raise BadInputError(f"The smallest distance goes from 0 to 1; this is {spread:g}.")
        usual = SMALL_EPOCHS if search else 500 if n < 400 else 200 if n < LARGE else 150
        return MapSettings(
            "umap",
            dimensions,
            seed,
            epochs or usual,
            used,
            round(spread, 4),
            best_of=SMALL_FITS[n > 30] if search else None,
            note=note,
        )
    most = (n - 1) / 3
    wanted = min(30.0, max(2.0, n / 6)) * 3.0**lean if perplexity is None else perplexity
    width = max(1.0, min(wanted, most))
    note = ""
    if width < wanted:
        note = f"Perplexity {width:.3g} instead of {wanted:.3g}: {n} items allow at most {most:.3g}."
    return MapSettings(
        "tsne",
        dimensions,
        seed,
        epochs or 750,
        perplexity=width,
        early_exaggeration=12.0,
        note=note,
    )


def fewest(method: str, dimensions: int) -> int:
    """Return how many items a method needs for a map of 2 or 3 dimensions.

    >>> fewest("umap", 2), fewest("tsne", 3), fewest("pca", 3)
    (4, 5, 1)
    """
    return 1 if method == "pca" else dimensions + 2


def best_method(n: int) -> str:
    """Return the map to show first for n items: PCA below 8, UMAP from there on."""
    return "pca" if n < SMALLEST_FOR_UMAP else "umap"
