"""The scene of hubs: how many others each is near to, as the vectors are and with their mean subtracted."""

import hashlib

import numpy as np

from embeddings_core.analysis.hubs import Hubs
from embeddings_core.scenes.metadata import METRIC_WORDS, metadata
from embeddings_core.scenes.scene import Link, Motion, Points, Scene

SHOWN, WIDE = 16, 22.0  # hubs, and how many rows wide the longest count is


def hub_scene(found: Hubs, *, model: str) -> Scene:
    """Let the strongest hubs move from their count before centring to the one after; the dashed line is everybody's share."""
    rows = found.largest(SHOWN)
    n = len(rows)
    most = max(int(found.before.max()), int(found.after[rows].max()), 1)
    scale = WIDE / most
    frames = np.zeros((2, n + 4, 2), dtype=np.float32)
    for state, counts in enumerate((found.before, found.after)):
        frames[state, :n] = np.stack([counts[rows] * scale, -np.arange(n)], axis=1)
    frames[:, n:] = [(found.k * scale, 1.2), (found.k * scale, -n), (0.0, -n - 0.8), (WIDE, -n - 0.8)]
    digest = hashlib.sha256(found.before.tobytes() + "\x1f".join(found.items).encode()).hexdigest()[:16]
    before, after = found.skewness()
    return Scene(
        id=f"hubs {digest}",
        points=Points(
            (*(found.items[row] for row in rows), f"everybody's share: {found.k}", " ", "0", f"{most:,}"),
            keys=tuple(f"\x1fhub {row}" for row in range(n + 4)),
            groups=np.array([0] * n + [-1] * 4, dtype=np.int64),
            group_names=("near to so many words",),
            sizes=np.array([1.1] * n + [0.2] * 4, dtype=np.float32),
            priority=np.array([1.0] * (n + 4), dtype=np.float32),
        ),
        motion=Motion(
            frames,
            (
                f"as the vectors are: how lopsided, {before:.1f}",
                f"with the mean subtracted: how lopsided, {after:.1f}",
            ),
            kind="morph",
            trails=tuple(range(n)),
            series=(("how lopsided the counts are (skewness)", (before, after)),),
            seconds=4.0,
        ),
        title="Hubs",
        alt=found.sentence,
        links=(Link(n, n + 1, "dashed"),),
        metadata=metadata(
            Items=f"the {n} strongest hubs of {len(found.items):,} words",
            Model=model,
            Nearness=METRIC_WORDS["cosine"],
            Picture=f"in how many lists of the {found.k} nearest each word stands",
            Lines="dashed: the mean of all words",
            Axes=f"left to right: 0 to {most:,} lists; up and down: the strongest hub first",
        ),
    )
