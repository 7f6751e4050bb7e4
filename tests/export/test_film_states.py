"""The film's arithmetic: the same curve, clock, colours and views as the stage (a browser compares them too)."""

import numpy as np
import pytest

from embeddings_core.export.film_states import FilmStates
from embeddings_core.export.view import FlatView, OrbitView, home_view
from embeddings_core.scenes.scene import Motion, Points, Scene
from embeddings_core.scenes.theme import STAGE_COLOURS, rgb
from tests.scene_fields import scene_of


def states(kind: str = "recorded", **look: object) -> FilmStates:
    frames = np.random.default_rng(1).normal(size=(4, 5, 2)).astype(np.float32)
    given = {"frame_names": tuple("wxyz"), "kind": kind, **look}
    return FilmStates(scene_of(id="x", items=tuple("abcde"), frames=frames, **given))


def test_key_states_are_met_exactly_and_never_overshot() -> None:
    film = states()
    for k in range(4):
        assert np.allclose(film.positions(k), film.frames[k])
    way = np.stack([film.positions(p) for p in np.linspace(1, 2, 21)])
    low, high = np.minimum(film.frames[1], film.frames[2]), np.maximum(film.frames[1], film.frames[2])
    assert (way >= low - 1e-9).all() and (way <= high + 1e-9).all()


def test_a_morph_eases_from_key_state_to_key_state() -> None:
    """Smoothstep of 0, 1/4, 1/2, 3/4 is 0, 5/32, 1/2, 27/32."""
    film = states("morph")
    for k in range(3):
        way = film.frames[k + 1] - film.frames[k]
        for u, share in ((0, 0), (1 / 4, 5 / 32), (1 / 2, 1 / 2), (3 / 4, 27 / 32)):
            assert np.allclose(film.positions(k + u), film.frames[k] + share * way)
    assert np.array_equal(film.positions(3), film.frames[3])


def test_the_clock_rests_on_the_key_states_of_a_morph_only() -> None:
    recorded, morph = (states(kind).moments(101, rest=0.2) for kind in ("recorded", "morph"))
    for moments in (recorded, morph):
        assert moments[0] == 0 and moments[80] == pytest.approx(3) and (moments[80:] == 3).all()
        assert (np.diff(moments) >= 0).all()
    assert (np.diff(recorded[:80]) > 0).all()
    assert (morph == 1).sum() > 3 and (morph == 2).sum() > 3
    timed = states(times=(0.0, 1.0, 2.0, 10.0)).moments(101, rest=0.0)
    assert timed[10] == pytest.approx(1) and timed[20] == pytest.approx(2)


def test_colours_cross_fade_where_groups_change() -> None:
    groups = np.array([[0] * 5, [1] * 5, [1] * 5, [2] * 5])
    film = states(frame_groups=groups)
    first, second = (np.array(rgb(STAGE_COLOURS["light"][g])) for g in (0, 1))
    assert np.allclose(film.colours(0.2)[:, :3], first) and np.allclose(film.colours(0.9)[:, :3], second)
    assert np.allclose(film.colours(0.5)[0, :3], (first + second) / 2)


def test_what_matters_stands_out() -> None:
    film = states(selected=1, groups=np.zeros(5, dtype=int))
    colours = film.paint(0)
    assert colours[1, 3] == 0.94 and (np.delete(colours[:, 3], 1) == 0.45).all()


@pytest.mark.parametrize(("keep", "left_of", "under"), [((200, 400), 1080, 0), ((900, 60), 1280, 60)])
def test_the_whole_film_is_in_sight_beside_the_legend_or_below_it(
    keep: tuple[float, float], left_of: float, under: float
) -> None:
    film = states()
    view = home_view(film.box, 2, 1280, 560, keep=keep)
    assert isinstance(view, FlatView)
    seen = view.project(film.frames.reshape(-1, 3))
    assert 60 < seen[:, 0].min() < seen[:, 0].max() < left_of
    assert under + 30 < seen[:, 1].min() < seen[:, 1].max() < 530
    other = home_view(film.box, 2, 1280, 560, keep=(keep[0], 500) if under else (1000, keep[1]))
    assert isinstance(other, FlatView) and other.k < view.k  # where the map is larger, there it stands


def test_nearer_points_are_larger_and_clearer() -> None:
    frames = np.random.default_rng(2).normal(size=(1, 200, 3))
    film = FilmStates(
        Scene(id="x", points=Points(tuple(map(str, range(200)))), motion=Motion(frames, ("x",), kind="still"))
    )
    view = home_view(film.box, 3, 1280, 560)
    assert isinstance(view, OrbitView)
    places = view.project(film.positions(0))
    order = np.argsort(places[:, 2])
    assert (np.diff(view.nearness(places[order, 2])) <= 0).all() and (
        np.diff(view.mist(places[order, 2])) <= 0
    ).all()
    round_about = view.turned(2 * np.pi).project(film.positions(0))
    assert np.allclose(round_about, places) and not np.allclose(
        view.turned(0.5).project(film.positions(0)), places, atol=5
    )
