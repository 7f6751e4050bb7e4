"""The scene of late interaction: the tokens of a query go to the best token of a text."""

import hashlib

import numpy as np

from embeddings_core.analysis.late_interaction import LateInteraction
from embeddings_core.scenes.metadata import METRIC_WORDS, metadata
from embeddings_core.scenes.scene import Link, Motion, Points, Scene

GAP = (
    3.4  # rows that a token of the query and its number need in width; of long texts, a share of their height
)
QUERY, TEXT = 0, 1
UNTRAINED = "MiniLM, the vectors of its last layer; it was trained for one vector a text, not for this"


def late_scene(result: LateInteraction, text: int, *, model: str = UNTRAINED) -> Scene:
    """Stand the query's tokens at the left, the text's at the right; each query token goes to the token that it finds.

    Lines join the two, with the cosine in the label; a morph between the reading order and what was found. `model` says whose
    vectors they are.
    """
    query, other = result.query, result.texts[text]
    best, found = result.best[text], result.found[text]
    n, m = len(query.tokens), len(other.tokens)
    tall = max(n, m) - 1.0
    gap = max(GAP, 0.45 * tall)
    left = np.linspace(tall, 0, n) if n > 1 else np.array([tall / 2])
    right = np.linspace(tall, 0, m) if m > 1 else np.array([tall / 2])
    frames = np.zeros((2, n + m + 1, 2), dtype=np.float32)
    frames[:, :n, 1] = left
    frames[:, n : n + m] = np.stack([np.full(m, 2.4 * gap), right], axis=1)
    seen: dict[int, int] = {}
    for row, at in enumerate(best.tolist()):  # those that find the same token queue up before it
        frames[1, row] = gap * (1.4 - seen.setdefault(at, 0)), right[at]
        seen[at] += 1
    frames[:, n + m] = 3.6 * gap, tall / 2  # keeps room for words
    labels = [f"{token} · {value:.2f}" for token, value in zip(query.tokens, found.tolist(), strict=True)]
    digest = hashlib.sha256("\x1f".join((query.text, other.text)).encode("utf-8", "replace")).hexdigest()[:16]
    single = float(result.single[text])
    return Scene(
        id=f"late {digest}",
        points=Points(
            (*labels, *other.tokens, " "),
            keys=tuple(f"\x1ftoken {row}" for row in range(n + m + 1)),
            groups=np.array([QUERY] * n + [TEXT] * m + [-1], dtype=np.int64),
            group_names=("tokens of the query", "tokens of the text"),
            sizes=np.array([1.1] * n + [1.0] * m + [0.2], dtype=np.float32),
            priority=np.array([1.0] * n + [0.8] * m + [0.0], dtype=np.float32),
        ),
        motion=Motion(
            frames,
            (
                f"each token of the query looks through the text; one vector each: cosine {single:.2f}",
                f"what they found: mean {result.scores[text]:.2f}",
            ),
            kind="morph",
            seconds=4.0,
        ),
        title="Late interaction",
        alt=f"{result.sentence} "
        + " ".join(
            f"{token} finds {other.tokens[at]} ({value:.2f})."
            for token, at, value in zip(query.tokens, best.tolist(), found.tolist(), strict=True)
        ),
        links=tuple(Link(row, n + int(at), "neighbour", row) for row, at in enumerate(best)),
        metadata=metadata(
            Items=f"{n} tokens of the query, {m} of the text",
            Model=model,
            Nearness=METRIC_WORDS["cosine"],
            Picture="the query at the left, the text at the right, both from top to bottom",
            Lines="from each token of the query to the token of the text that is nearest to it",
            Axes="axes mean nothing; the lines do",
        ),
    )
