"""The way of a typed word: which files of this project a rerun passes through, and how often it changes between them.

Run: python tests/bench/bench_walk.py [--list]

A page is opened as AppTest opens it; then a new list of words is typed, and only that part of the page is run which a
browser asks for: the fragment of the text box. Counted are calls of Python functions whose code lies in this project;
what a cache already holds calls nothing.
"""

import argparse
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner

ROOT = Path(__file__).resolve().parents[2]
FIRST, THEN = (
    "king, queen, man, woman, cat, dog, car, truck, river, bank",
    "sun, moon, rain, snow, wind, bread, milk, tea, house, door",
)


class Walk:
    """The project's functions in the order in which they are called."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []

    def step(self, frame: FrameType, event: str, _: Any) -> None:
        """Note a call, as `sys.setprofile` reports it."""
        if event == "call":
            path = frame.f_code.co_filename
            if path.startswith(str(ROOT)) and "/.venv/" not in path and "/tests/" not in path:
                self.calls.append((str(Path(path).relative_to(ROOT)), frame.f_code.co_qualname))

    def files(self) -> Counter[str]:
        """Return how many calls went into each file."""
        return Counter(path for path, _ in self.calls)

    def switches(self) -> int:
        """Return how often one call lay in another file than the one before."""
        return sum(before[0] != after[0] for before, after in zip(self.calls, self.calls[1:], strict=False))


def typed_word() -> Walk:
    """Open the Words page, type, and follow what that runs."""
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    page.query_params.update({"method": "PCA", "words": FIRST})
    page.switch_page("pages/words.py").run()
    parents = page._fragment_storage._parent_by_id
    fragment = next(name for name, parent in parents.items() if parent is None)
    next(area for area in page.text_area if area.key == "words").set_value(THEN)
    walk = Walk()
    ask = LocalScriptRunner.request_rerun

    def ask_for_the_fragment(runner: LocalScriptRunner, data: RerunData) -> bool:
        runner._requests = (
            ScriptRequests()
        )  # without the request for the whole page that a new runner begins with
        return ask(runner, replace(data, fragment_id=fragment))

    LocalScriptRunner.request_rerun = ask_for_the_fragment  # type: ignore[method-assign]
    threading.setprofile(walk.step)
    try:
        page.run()
    finally:
        threading.setprofile(None)
        LocalScriptRunner.request_rerun = ask  # type: ignore[method-assign]
    assert not page.exception and walk.calls
    return walk


def main() -> None:
    """Print the counts, and with --list the files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--list", action="store_true", help="name the files, in the order in which they are entered"
    )
    wanted = parser.parse_args()
    walk = typed_word()
    files = walk.files()
    print(
        f"{len(files)} files, {len(set(walk.calls))} functions, {len(walk.calls)} calls, {walk.switches()} switches"
    )
    if wanted.list:
        for path in dict.fromkeys(path for path, _ in walk.calls):
            names = Counter(name for at, name in walk.calls if at == path)
            print(f"{files[path]:5d}  {path}: {', '.join(names)}")


if __name__ == "__main__":
    main()
