"""Who looks at whom: the tokens of a sentence in a row, and the attention of one head as arcs over and under it."""

from dataclasses import replace

import numpy as np

from embeddings_core.analysis.attention import SentenceAttention
from embeddings_core.models.registry import model_title
from embeddings_core.scenes.metadata import counted, metadata
from embeddings_core.scenes.scene import Link, Motion, Points, Scene
from embeddings_core.scenes.sentences import digest
from embeddings_core.spaces.vectors import FloatArray

SEEN, MOST = 0.04, 220  # weaker arcs cannot be seen, more of them not be told apart
BACK, AHEAD, MARK = 0, 1, 2  # categories, and so colours
GAP, LONGEST = 2.4, 32  # letters between two words, and letters that a word may take
HIGHEST = 0.3  # of the row's length: an arc from its first to its last token
STEEPNESS = 0.5  # below 1 short arcs are steeper than long ones: they must be seen too
KEEPS = 1.6  # how much larger a point is that keeps all attention for itself


def attention_scene(
    found: SentenceAttention, layer: int, head: int, *, model: str, looker: int | None = None
) -> Scene:
    """Draw one head (`layer` and `head` count from 1) as arcs from who looks to what is looked at; thickness is weight.

    Arcs that look ahead rise above the row, those that look back hang below it. With `looker` only that token's arcs
    are drawn. A larger point keeps more for itself. The id names the sentence: another head restyles the picture.
    """
    weights = found.weights[layer - 1, head - 1]
    own = (
        np.diag(weights)
        if looker is None
        else np.where(np.arange(len(weights)) == looker, np.diag(weights), 0)
    )
    special = np.array(found.special)
    place = f"layer {layer}, head {head}"
    who = "every token" if looker is None else found.tokens[looker]
    links = arcs(weights, row_places(found.tokens), looker=looker)
    names = ("looks back (below)", "looks ahead (above)", "the model's own marks")
    return Scene(
        id="attention " + digest(model, found.sentence),
        points=Points(
            found.tokens,
            keys=tuple(f"{at} {token}" for at, token in enumerate(found.tokens)),
            groups=np.where(special, MARK, -1),
            group_names=names if special.any() else names[:MARK],
            sizes=(0.6 + KEEPS * np.sqrt(own)).astype(np.float32),
            priority=np.where(special, 0.0, 1.0).astype(np.float32),
            selected=looker,
        ),
        motion=Motion(
            np.column_stack([row_places(found.tokens), np.zeros(len(weights))])[None], (place,), kind="still"
        ),
        title="Attention",
        caption=f"{place}. Thick: much attention. Large dot: to itself",
        alt=f"Attention of {place}, {who} looking, as arcs over a row of tokens; thickness is weight. "
        + _told(found, links),
        links=links,
        metadata=metadata(
            Items=counted(found.tokens, "tokens"),
            Model=model_title(model),
            Picture="the tokens of one sentence in their order, no map",
            Groups="where an arc leads: to an earlier token (below the row) or to a later one (above)",
            Lines=f"the attention of {place}, {who} looking: thickness is the share of one token's attention; shares "
            f"under {100 * SEEN:.0f} % are left out",
            Axes="left to right is the order of reading; height means nothing",
        ),
    )


def attention_film(found: SentenceAttention, *, model: str, looker: int | None = None) -> Scene:
    """Let the arcs change from layer to layer: the mean over all heads of each, a recorded film.

    With `looker` only that token's arcs are drawn. The curve is the share that goes to the model's own marks.
    """
    layers, heads = found.weights.shape[:2]
    means = found.weights.mean(axis=1)
    still = attention_scene(found, layers, 1, model=model, looker=looker)
    who = "every token" if looker is None else found.tokens[looker]
    links = arcs(means, row_places(found.tokens), looker=looker)
    ending = [replace(link, weight=link.weights[-1]) for link in links if link.weights[-1] >= SEEN]
    looks = means if looker is None else means[:, looker : looker + 1]
    marks = looks[:, :, np.array(found.special)].sum(axis=2).mean(axis=1)
    of = f"{layers}, mean of {heads} heads"
    return replace(
        still,
        id="attention film " + digest(model, found.sentence),
        caption=f"attention in layer {layers} of {of}",
        alt=f"Attention through all {layers} layers, the mean of the {heads} heads of each, {who} looking. In the last layer: "
        + _told(found, tuple(sorted(ending, key=lambda link: -link.weight))),
        links=links,
        metadata=metadata(
            still.metadata,
            Lines=f"the attention of each of {layers} layers, the mean of its {heads} heads, {who} looking: thickness is the share "
            f"of one token's attention; tokens that never get {100 * SEEN:.0f} % have no line",
        ),
        points=replace(still.points, sizes=None),
        motion=replace(
            still.motion,
            frames=np.repeat(still.motion.frames, layers, axis=0),
            frame_names=tuple(f"attention in layer {layer} of {of}" for layer in range(1, layers + 1)),
            kind="recorded" if layers > 1 else "still",
            series=(("goes to the model's own marks", tuple(marks.tolist())),) if any(found.special) else (),
            seconds=1.5 * layers,
        ),
    )


def row_places(tokens: tuple[str, ...]) -> FloatArray:
    """Return where tokens stand in a row, (tokens,), rising: each takes the room of its letters, so that words fit."""
    room = np.array([min(len(token), LONGEST) + GAP for token in tokens])
    return np.asarray(np.cumsum(room) - room / 2 - room.sum() / 2, dtype=np.float32)


def arcs(weights: FloatArray, places: FloatArray, *, looker: int | None = None) -> tuple[Link, ...]:
    """Return the arcs of one head, the strongest first: `weights` (tokens, tokens), row = the one who looks.

    Of a film (layers, tokens, tokens) an arc has the weight of every layer, and the largest of them ranks it.
    """
    n = len(places)
    states = np.array(weights, dtype=np.float64).reshape(-1, n, n)
    states[:, np.arange(n), np.arange(n)] = 0.0
    if looker is not None:
        states[:, np.arange(n) != looker] = 0.0
    states = np.minimum(states, 1.0)
    shown = states.max(axis=0)
    starts, ends = np.nonzero(shown >= SEEN)
    order = np.argsort(-shown[starts, ends], kind="stable")[:MOST]
    length = float(places[-1] - places[0])
    found = []
    for rank, (start, end) in enumerate(zip(starts[order].tolist(), ends[order].tolist(), strict=True)):
        span = abs(float(places[end] - places[start])) / length
        bend = min(HIGHEST * span ** (STEEPNESS - 1), 2.0)
        group = AHEAD if end > start else BACK
        changing = tuple(states[:, start, end].tolist()) if weights.ndim == 3 else ()
        found.append(Link(start, end, "arc", rank, float(shown[start, end]), bend, group, changing))
    return tuple(found)


def _told(found: SentenceAttention, links: tuple[Link, ...]) -> str:
    """Say the strongest looks."""
    looks = [
        f"{found.tokens[link.start]} looks at {found.tokens[link.end]} ({100 * link.weight:.0f} %)"
        for link in links[:4]
    ]
    return f"{'; '.join(looks)}." if looks else "No token looks at another."
