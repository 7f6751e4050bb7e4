"""Home: alive before anybody types, with the real numbers, and cheap."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from plotly.basedatatypes import BaseFigure
from streamlit.testing.v1 import AppTest

from embeddings_core.maps.home_film import load_home_film
from embeddings_core.scenes.home import asked_home_scene, on_the_home_map
from embeddings_core.scenes.maps import home_scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, Metric, similarity
from embeddings_core.spaces.vocabulary import load_vocabulary
from pages._ui import cache
from tests.pages.reading import bars, fine, said, sent


def test_home_shows_the_real_numbers(root: Path) -> None:
    at = AppTest.from_file(str(root / "app.py"), default_timeout=60).run()
    assert not at.exception
    assert at.title[0].value == "What is an embedding?"
    space = load_vocabulary()
    for word in ("cat", "dog", "car"):
        first = space.vectors[space.row(word)][0]
        assert f"{word} = [ {first:+.3f}" in said(at)
    assert "379 more" in said(at)


def test_cat_is_nearer_to_dog_than_to_car() -> None:
    space = load_vocabulary()
    cat, dog, car = (space.vectors[space.row(word)] for word in ("cat", "dog", "car"))
    near, far = similarity(cat[None], [dog, car])[0]
    assert near > far + 0.1


def test_the_film_is_recorded_and_moves() -> None:
    scene = home_scene()
    assert scene.motion.kind == "recorded" and scene.motion.autoplay
    assert len(scene.points.items) > 500 and len(scene.motion.frames) == 9
    assert abs(scene.motion.frames[-1] - scene.motion.frames[0]).max() > 1
    assert scene.motion.frame_names[-1].startswith("UMAP epoch")


def test_every_page_is_one_step_away(root: Path) -> None:
    from pages._ui.shell import PAGES

    at = AppTest.from_file(str(root / "app.py"), default_timeout=60).run()
    linked = {link.proto.page for link in at.get("page_link")}
    assert {Path(entry.path).stem for entry in PAGES if entry.path != "app.py"} <= linked
    assert {entry.path for entry in PAGES} == {
        "app.py",
        *(str(path.relative_to(root)) for path in (root / "pages").glob("*.py")),
    }


def test_home_needs_no_heavy_library(root: Path) -> None:
    """In a fresh process without the background work: the page runs, nothing heavy was imported."""
    code = """
import sys
from streamlit.testing.v1 import AppTest
import pages._ui.warm_up as warm_up
warm_up.begin = lambda: None
at = AppTest.from_file("app.py", default_timeout=60).run()
assert not at.exception, at.exception
print([name for name in ("torch", "umap", "sentence_transformers", "transformers", "sklearn", "numba") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=120)
    assert done.stdout.strip().splitlines()[-1:] == ["[]"], done.stderr[-2000:]


def test_the_map_is_settled_and_a_word_flies_in_with_its_neighbours_named(root: Path) -> None:
    at = AppTest.from_file(str(root / "app.py"), default_timeout=60).run()
    (first,) = sent(at, "scene")
    assert not first["autoplay"]
    at.text_input(key="ask").set_value("saxophone").run()
    (scene,) = sent(at, "scene")
    assert scene["items"][scene["selected"]] == "saxophone" and fine(at)
    near = [scene["items"][row] for row in scene["highlighted"]]
    assert len(near) == 6 and all(link[0] == scene["selected"] for link in scene["links"])
    assert "nearest word" in bars(at)[0]["note"] and bars(at)[0]["label"] == "sax"
    at.text_input(key="ask").set_value("qwrtzuiop").run()
    assert "Nothing is close to qwrtzuiop" in said(at) and fine(at)
    (scene,) = sent(at, "scene")
    assert len(scene["items"]) == len(first["items"]) + 1 and scene["items"][-1] == "qwrtzuiop"


def test_an_asked_word_stands_where_its_nearest_stand() -> None:
    space, (words, film) = load_vocabulary(), load_home_film()
    away = next(word for word in space.items if words.find(word) is None and len(word) > 6)
    asked = space.take([space.row(away)])
    scene = asked_home_scene(asked)
    found = on_the_home_map(asked)
    spot = scene.motion.frames[-1][-1]
    low, high = film.final[found.rows[:5]].min(axis=0), film.final[found.rows[:5]].max(axis=0)
    assert scene.points.items[-1] == away and np.all(spot >= low - 1e-4) and np.all(spot <= high + 1e-4)
    assert np.array_equal(scene.motion.frames[:, :-1], film.frames)
    here = words.items[3]
    assert asked_home_scene(words.take([3])).points.selected == words.find(here)


def test_what_depends_on_no_visitor_is_computed_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scores of all words with "cat", which every opening read 33 MB for, and the chart that brings Plotly's program."""
    scored, made = list[int](), list[int]()
    score, make = cache.scores_of, BaseFigure.__init__

    def scores(space: EmbeddingSet, query: FloatArray, *, metric: Metric = "cosine") -> FloatArray:
        scored.append(len(space))
        return score(space, query, metric=metric)

    def figure(self: BaseFigure, *arguments: object, **keywords: object) -> None:
        made.append(1)
        make(self, *arguments, **keywords)

    AppTest.from_file(str(root / "app.py"), default_timeout=60).run()
    monkeypatch.setattr(cache, "scores_of", scores)
    monkeypatch.setattr(BaseFigure, "__init__", figure)
    at = AppTest.from_file(str(root / "app.py"), default_timeout=60).run()
    assert fine(at) and "Nearest" not in said(at) and not scored and not made
    (chart,) = at.get("plotly_chart")
    assert json.loads(chart.proto.spec)["data"] == [{"type": "scatter"}]
