"""Pictures that lie on each other move apart until each is seen: the counterpart of assets/stage/spreading.js."""

import numpy as np

from embeddings_core.export.film_states import Array

APART = 0.9  # of two pictures' sides: nearer they push each other
PULL = 0.04  # of the way back to its own place a picture goes in a step of a film
PUSH = 0.3  # of what two pictures share, of each in one step: all pairs are moved at once


def spread(
    places: Array, halves: Array, offsets: Array, size: tuple[float, float], *, steps: int, pull: float = 0.0
) -> Array:
    """Return how far (n, 2) each picture stands from its place after some steps on from `offsets` (n, 2).

    `places` (n, 2) are the true pixels, `halves` (n, 2) half the width and height of each (0 for what is no picture), `size`
    the width and height of the map, inside of which a picture stays whole.
    """
    rows = np.flatnonzero(halves[:, 0] > 0)
    found = offsets.copy()
    if len(rows) < 2:
        return found
    own, room = places[rows], halves[rows]
    need = (room[:, None] + room[None]) * APART
    order = np.sign(
        np.subtract.outer(np.arange(len(rows)), np.arange(len(rows)))
    )  # those in one place part by it
    inside = (own >= 0) & (own <= size)
    least = np.minimum(room + 1, 2 * own)
    most = np.maximum(size - np.minimum(room + 1, 2 * (np.asarray(size) - own)), least)
    here = found[rows]
    for _ in range(steps):
        before = here
        here = here * (1 - pull)
        away = (own + here)[:, None] - (own + here)[None]
        share = need - np.abs(away)
        meet = (share > 0).all(axis=2)
        np.fill_diagonal(meet, False)
        across = share[..., 0] < share[..., 1]  # on the shorter way out
        by = np.zeros_like(away)
        for axis, chosen in ((0, across), (1, ~across)):
            way = np.where(away[..., axis] == 0, order, np.sign(away[..., axis]))
            by[..., axis] = np.where(meet & chosen, PUSH * share[..., axis] * way, 0)
        here = here + by.sum(axis=1) / np.maximum(np.sqrt(meet.sum(axis=1)), 1)[:, None]
        here = np.where(inside, np.clip(own + here, least, most) - own, here)
        if np.abs(here - before).max() < 0.1:
            break
    found[rows] = here
    return found
