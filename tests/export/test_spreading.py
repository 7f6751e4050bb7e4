"""In files too pictures part until each is seen, and stay whole inside the map."""

import numpy as np
import pytest

from embeddings_core.export.spreading import spread

SIZE = (800.0, 560.0)


def seen(places: np.ndarray, halves: np.ndarray) -> list[float]:
    """Return the share of each picture that later ones leave free, by samples."""
    shares = []
    for i, (place, half) in enumerate(zip(places, halves, strict=True)):
        grid = (
            np.stack(np.meshgrid(*[np.linspace(-0.95, 0.95, 15)] * 2), axis=-1).reshape(-1, 2) * half + place
        )
        others = zip(places[i + 1 :], halves[i + 1 :], strict=True)
        hidden = np.zeros(len(grid), dtype=bool)
        for other, wide in others:
            hidden |= (np.abs(grid - other) < wide).all(axis=1)
        shares.append(1 - float(hidden.mean()))
    return shares


@pytest.mark.parametrize("seed", range(6))
def test_pictures_part_until_each_is_seen(seed: int) -> None:
    rng = np.random.default_rng(seed)
    centres = rng.uniform((150, 120), (650, 440), size=(4, 2))
    places = centres[np.arange(20) % 4] + rng.normal(size=(20, 2)) * 12
    halves = rng.uniform(18, 30, size=(20, 2))
    before = seen(places, halves)
    offsets = spread(places, halves, np.zeros((20, 2)), SIZE, steps=400)
    after = places + offsets
    assert (
        np.mean([share >= 0.5 for share in seen(after, halves)]) >= 0.9 > np.mean([s >= 0.5 for s in before])
    )
    assert (after - halves >= 0).all() and (after + halves <= SIZE).all()


def test_those_in_one_place_part_and_what_is_no_picture_stays() -> None:
    places = np.array([[400.0, 300.0]] * 3)
    halves = np.array([[20.0, 20.0], [20.0, 20.0], [0.0, 0.0]])
    offsets = spread(places, halves, np.zeros((3, 2)), SIZE, steps=400)
    assert np.abs(offsets[0] - offsets[1]).max() > 30 and not offsets[2].any()
    alone = spread(places[:1], halves[:1], np.zeros((1, 2)), SIZE, steps=400)
    assert not alone.any()
