"""A page as a visitor opens and reads it, under AppTest."""

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest


def go_to(root: Path, page: str, **query: str | list[str]) -> AppTest:
    """Open a page by its name, with this in its address."""
    at = AppTest.from_file(str(root / "app.py"), default_timeout=90)
    at.query_params.update(query)
    at.switch_page(f"pages/{page}.py")
    return at.run()


def opened(at: AppTest, label: str) -> AppTest:
    """Open every closed popover or expander with this label, as a click does: what is in it is made then."""
    boxes = [block.proto.popover for block in at.get("popover")]
    boxes += [block.proto for block in at.expander]
    for box in boxes:
        if box.label == label and box.id:
            at.session_state[box.id.split("-", 2)[-1]] = True
    return at.run()


def said(at: AppTest) -> str:
    """Return all plain text of the page."""
    return "\n".join(element.value for element in at.text)


def fine(at: AppTest) -> bool:
    """Tell whether the page ran to its end."""
    return not at.exception and "went wrong on our side" not in said(at)


def sent(at: AppTest, name: str) -> list[Any]:
    """Return what the page's components in the browser were sent under this name, one entry a component."""
    found = []
    for element in at.get("bidi_component"):
        data = json.loads(element.proto.json or element.proto.mixed.json or "{}")
        if isinstance(data, dict) and name in data:
            found.append(data[name])
    return found


def bars(at: AppTest) -> list[dict[str, Any]]:
    """Return the rows of the first ranked bars; none where there are no bars."""
    return next(iter(sent(at, "rows")), [])


def ranked(at: AppTest) -> list[str]:
    """Return the names in the first ranked bars, best first."""
    return [row["label"] for row in bars(at)]


def boxes(at: AppTest) -> list[Any]:
    """Return the boxes for files that people see; what is dropped beside them goes into another one."""
    return [each for each in at.file_uploader if not str(each.key).startswith("dropped-files")]


def anywhere(at: AppTest) -> Any:
    """Return what takes the files that are dropped beside the boxes."""
    return next(each for each in at.file_uploader if str(each.key).startswith("dropped-files"))
