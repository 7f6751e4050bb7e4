"""Home: alive before anybody types, with the real numbers, and cheap."""

import subprocess
import sys
from pathlib import Path

from streamlit.testing.v1 import AppTest

from embeddings_core.scenes.maps import home_scene
from embeddings_core.spaces.vectors import similarity
from embeddings_core.spaces.vocabulary import load_vocabulary
from tests.pages.reading import said


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
