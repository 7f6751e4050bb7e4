"""What a picture is, in plain words: its items, its model, how near is measured, how it was drawn, and what its axes mean."""

from collections.abc import Sequence

from embeddings_core.maps.methods import title_of
from embeddings_core.maps.projection import Projection
from embeddings_core.maps.trust import Trust
from embeddings_core.scenes.scene import Metadata, Scene

ROWS = (
    "Items", "Model", "Numbers", "Nearness", "Picture", "Settings", "Seed", "Groups", "Lines", "Film", "Trust", "Axes", "Note",
)  # fmt: skip
METRIC_WORDS = {
    "cosine": "cosine: 1 where two lists of numbers point the same way, 0 where they have nothing in common",
    "euclidean": "straight-line distance between the lists of numbers",
    "dot": "dot product: larger is nearer",
}
METRIC_NAMES = {"cosine": "cosine", "euclidean": "straight-line distance", "dot": "dot product"}
MEANINGLESS = "axes mean nothing; nearness does"
NAMED, ROOM = 8, 120  # items that a row names, and the letters it gives them

FILMS = {
    "recorded": "recorded: the key states are real states of the computation",
    "morph": "morph: only the named states are real, the way between them is interpolated",
    "still": "a still picture",
}
SHORT = ("Items", "Model", "Numbers", "Picture", "Settings", "Seed", "Film", "Trust", "Axes")


def counted(items: Sequence[str], noun: str = "items") -> str:
    """Say how many items there are, and which come first.

    >>> counted(("cat", "dog"), "words")
    '2 words: cat, dog'
    """
    names = [item.strip() for item in items if item.strip()]
    total = f"{len(names):,} {noun.removesuffix('s') if len(names) == 1 else noun}"
    if not names:
        return total
    shown = [name[:60].rstrip(".") for name in names[:NAMED]]
    while len(shown) > 1 and sum(map(len, shown)) > ROOM:
        shown.pop()
    return f"{total}: {', '.join(shown)}{' …' if len(names) > len(shown) else ''}"


def axes_of(projection: Projection) -> str:
    """Say what the axes of a map mean: nothing for UMAP and t-SNE; for PCA how much of the variance each shows."""
    if projection.method in ("umap", "tsne"):
        return MEANINGLESS
    if not projection.shows_nearness:
        return "axes mean nothing, and nearness neither: all are equally far apart"
    if projection.method == "pca":
        shares = projection.explained or ()
        if not shares or sum(shares) <= 0:
            return "the directions in which the numbers differ most (PCA)"
        names = ("left to right", "up and down", "front to back")
        percent = [round(100 * share) for share in shares]
        parts = [f"{name} {share} %" for name, share in zip(names, percent, strict=False)]
        return (
            f"the directions in which the numbers differ most: {', '.join(parts)} of all variance; "
            f"{max(100 - sum(percent), 0)} % is not in the picture"
        )
    if projection.method == "plane":
        return "distances in this plane are the true ones; left, right, up and down have no names"
    return MEANINGLESS


def map_metadata(
    projection: Projection,
    *,
    items: Sequence[str],
    model: str,
    dimensions: int,
    noun: str = "items",
    metric: str = "cosine",
    trust: Trust | None = None,
) -> Metadata:
    """Build the rows of a map from what a page knows: what was drawn, from how many numbers, how, and how faithfully.

    `model` is what the model is called, `dimensions` the length of one vector, `noun` what the items
    are called. `projection.settings` are the exact parameters; they and the seed are left out where unknown.
    """
    used = {name: value for name, value in projection.settings if name not in ("method", "dimensions")}
    seed = used.pop("seed", "")
    drawn = title_of(projection.method)
    rows = {
        "Items": counted(items, noun),
        "Model": model,
        "Numbers": f"{dimensions:,} for each",
        "Nearness": f"{METRIC_WORDS.get(metric, metric)}; rankings use all {dimensions:,} numbers, never the picture",
        "Picture": f"{drawn}, in {projection.dimensions}-D",
        "Settings": ", ".join(f"{name} {value}" for name, value in used.items()),
        "Seed": "" if projection.method == "pca" else seed,
        "Trust": trust_words(trust) if trust is not None else _share(projection.trust),
        "Axes": axes_of(projection),
        "Note": projection.note,
    }
    return metadata(**rows)


def trust_words(trust: Trust) -> str:
    """Say how many true neighbours a picture keeps."""
    return (
        f"{trust.score:.2f}: of each item's {trust.k} nearest in truth, {round(100 * trust.score)} in 100 are near in this "
        f"picture too; by chance {round(100 * trust.chance)} in 100 would be"
    )


def _share(trust: float | None) -> str:
    if trust is None:
        return ""
    return f"{trust:.2f}: {round(100 * trust)} in 100 of the true neighbours are near in this picture too"


def metadata(rows: Metadata = (), /, **changed: str) -> Metadata:
    """Return rows in their usual order, with some changed or added by name; an empty value takes a row out.

    >>> metadata((("Model", "MiniLM"),), Items="2 words", Model="")
    (('Items', '2 words'),)
    """
    merged = {**dict(rows), **changed}
    known = [name for name in ROWS if name in merged]
    order = [*known, *(name for name in merged if name not in ROWS)]
    return tuple((name, merged[name]) for name in order if merged[name])


def full_metadata(scene: Scene) -> Metadata:
    """Return the metadata of a scene: always its items and whether it is recorded, a morph or still.

    What `scene.metadata` says of the items wins; the kind of film is always the scene's own.
    """
    rows = dict(scene.metadata)
    film = FILMS["still" if len(scene.motion.frames) == 1 else scene.motion.kind]
    return metadata(scene.metadata, Items=rows.get("Items") or counted(scene.points.items), Film=film)


def described(scene: Scene) -> str:
    """Return the metadata as sentences: the description of the picture for those who do not see it."""
    told = [scene.alt.strip(), *(f"{name}: {value}" for name, value in full_metadata(scene))]
    return " ".join(text if text.endswith((".", "?", "!", "…")) else f"{text}." for text in told if text)


def metadata_line(scene: Scene) -> str:
    """Return the metadata as one short line, to be printed under an exported picture or film.

    >>> import numpy as np
    >>> metadata_line(Scene("x", ("cat", "dog"), np.zeros((1, 2, 2)), ("all",), "still", about=(("Model", "MiniLM"),)))
    '2 items · MiniLM · still · axes mean nothing; nearness does'
    """
    rows = dict(full_metadata(scene))
    short = {
        "Items": rows["Items"].split(":")[0],
        "Numbers": rows.get("Numbers", "").replace(" for each", " numbers each"),
        "Seed": f"seed {rows['Seed']}" if "Seed" in rows else "",
        "Film": "still" if len(scene.motion.frames) == 1 else scene.motion.kind,
        "Trust": f"trust {rows['Trust'].split(':')[0]}" if "Trust" in rows else "",
        "Axes": rows.get("Axes", MEANINGLESS),
    }
    told = [short[name] if name in short else rows.get(name, "") for name in SHORT]
    return " · ".join(part for part in told if part)
