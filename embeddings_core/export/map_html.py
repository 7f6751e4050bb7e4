"""A map of a table as one page that is explored offline: search, colours, selection, the table, with the stage of the app."""

import base64
from typing import Literal

from embeddings_core.export.html import enclosed, offline_page
from embeddings_core.export.packed_map import PackedMap
from embeddings_core.folders import ASSETS, STAGE
from embeddings_core.scenes.payload import stage_script, stage_style

PARTS = ("map_data", "map_questions", "map_table", "map_card", "map_bar", "map")
START = """
const packed = document.getElementById("packed");
const bytes = embeddingExplorer.bytesOf(JSON.parse(packed.textContent));
packed.remove();
embeddingExplorer.open(document.getElementById("map"), bytes);
"""


def map_script() -> str:
    """Return the JavaScript of the page: the stage's parts, then its own, in one scope."""
    own = [(STAGE / f"{part}.js").read_text("utf-8") for part in PARTS]
    return enclosed("\n".join([stage_script(), *own]))


def map_style() -> str:
    """Return the style sheet of the page, the stage's first."""
    return f"{stage_style()}\n{(STAGE / 'map.css').read_text('utf-8')}"


def widget_script() -> str:
    """Return the module that a notebook runs (https://anywidget.dev/en/afm/)."""
    return f"{map_script()}\n{(ASSETS / 'map_widget.js').read_text('utf-8')}"


def widget_style() -> str:
    """Return the style sheet of the map in a notebook: that of the page, within the widget's element alone."""
    own = (ASSETS / "map_widget.css").read_text("utf-8")
    return f"{own}\n.map-notebook {{\n{map_style()}\n}}"


def map_html(packed: PackedMap, *, theme: Literal["light", "dark", "system"] = "system") -> str:
    """Return the map as one HTML page that needs no network and asks for none.

    It carries no Plotly, so nothing in it is built at run time: about 0.3 MB, and a third of its rows' text.
    """
    content = base64.b64encode(packed.content).decode()
    return offline_page(
        "map",
        title=packed.title,
        style=f"#map{{height:100dvh}}\n{map_style()}",
        name="packed",
        data=f'"{content}"',
        scripts=(map_script(), START),
        theme=theme,
        evaluates=False,
    )
