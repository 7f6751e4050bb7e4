"""The wheel holds the whole product, and works where there is no checkout."""

import re
import socket
import zipfile
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import Config

from tests.apart import apart
from tests.bench.visitors import Visitor
from tests.packaging.installed import Installed, build

APP = "embeddings_visualizer"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    return Installed(tmp_path_factory.mktemp("installed") / "venv", wheel)


def test_the_wheel_holds_the_app_and_nothing_else_lies_at_its_top(wheel: Path, root: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    assert {name.split("/")[0] for name in held} == {
        "embeddings_core",
        APP,
        f"{wheel.name.removesuffix('-py3-none-any.whl')}.dist-info",
    }
    ours = [root / "app.py", root / ".streamlit" / "config.toml", root / "embeddings_core" / "py.typed"]
    ours += (root / "assets").rglob("*.*")
    for folder in ("pages", "embeddings_core"):
        ours += (root / folder).rglob("*.py")
    for path in ours:
        name = path.relative_to(root).as_posix()
        assert (name if name.startswith("embeddings_core") else f"{APP}/{name}") in held, name
    assert not [
        name for name in held if name.endswith("setup.py") or "__pycache__" in name or "tests" in name
    ]


def test_the_library_of_the_readme_runs_in_an_empty_folder(
    installed: Installed, root: Path, tmp_path: Path
) -> None:
    [code] = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text("utf-8"), flags=re.S)
    (tmp_path / "glove.6B.50d.txt").write_text("cat 0.1 0.2 0.3\ndog 0.1 0.2 0.4\ncar 0.9 0.1 0.0\n")
    (tmp_path / "example.py").write_text(code + "\nprint(ec.__file__)\n")
    shown = installed.run("example.py", cwd=tmp_path)
    assert Path(shown.strip()).is_relative_to(installed.packages)
    assert "queen" in installed.run("-m", "embeddings_core", "analogy", "man", "king", "woman", cwd=tmp_path)


def test_films_and_talks_are_taken_away(installed: Installed, tmp_path: Path) -> None:
    shown = installed.run(str(Path(__file__).with_name("take_away.py")), cwd=tmp_path)
    assert [Path(line).is_relative_to(installed.packages) for line in shown.splitlines()] == [True, True]
    for name in ("film.html", "talk.html"):
        assert (tmp_path / name).stat().st_size > 1_000_000 and "Plotly" in (tmp_path / name).read_text(
            "utf-8"
        )


class Listener(Visitor):
    """A visitor who remembers every message."""

    messages: list[ForwardMsg]

    def _learn(self, answer: ForwardMsg) -> None:
        self.__dict__.setdefault("messages", []).append(answer)
        super()._learn(answer)

    def elements(self, kind: str) -> list[object]:
        """Return what was drawn of one kind."""
        new = [answer.delta.new_element for answer in self.messages if answer.WhichOneof("type") == "delta"]
        return [getattr(element, kind) for element in new if element.WhichOneof("type") == kind]


async def look(port: int, page: str, query: str = "") -> Listener:
    visitor = await Listener.arrive(port, page, query)
    await visitor.leave()
    assert isinstance(visitor, Listener) and not visitor.errors
    return visitor


def test_the_app_starts_with_its_settings_pages_stage_and_talk(installed: Installed, tmp_path: Path) -> None:
    with installed.app(cwd=tmp_path) as port:
        home = apart(look(port, ""))
        words = apart(look(port, "words", "words=cat, dog, car, bus"))
        talk = apart(look(port, "present"))
        with pytest.raises(OSError):  # the settings hold: it listens on 127.0.0.1 and on no other address
            socket.create_connection(("127.0.0.2", port), 1.0).close()
    [begun] = [answer.new_session for answer in home.messages if answer.WhichOneof("type") == "new_session"]
    assert begun.config.toolbar_mode == Config.MINIMAL and begun.custom_theme.base_font_size == 16
    for visit in (home, words, talk):
        scripts = "".join(element.js_content for element in visit.elements("bidi_component"))
        assert "requestAnimationFrame" in scripts, "the stage's own program"
    assert "Traceback" not in (tmp_path / "app.log").read_text() and "Something went wrong" not in str(
        words.messages
    )
