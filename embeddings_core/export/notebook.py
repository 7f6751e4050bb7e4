"""A frame as a map in a notebook: the same stage, search, colours, selection and table as the app's offline file."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from embeddings_core.errors import requires
from embeddings_core.maps.methods import Method
from embeddings_core.spaces.vectors import FloatArray
from embeddings_core.tables.frames import table_of
from embeddings_core.tables.table import Table

if TYPE_CHECKING:
    from embeddings_core.export.widget import MapWidget

BAR = 24  # characters
AFTER = 1.0  # seconds; what is over sooner needs no bar


def show(
    frame: object,
    *,
    text: str = "",
    label: str = "",
    model: str = "minilm",
    method: Method = "umap",
    vectors: FloatArray | None = None,
    title: str = "",
    height: int = 680,
) -> "MapWidget":
    """Show the rows of a frame as a map in Jupyter; return the widget, whose `selection` can be read and set.

    `frame` is a frame of pandas or polars, an Arrow table, a table of `ec.read_table`, or the path of a file. `text` names the
    column that is embedded by `model` (by default what the frame is best at: x and y, vectors, the longest text, numbers), `label`
    the one that colours at first. `vectors` (n, d) are your own, in place of a model's. Of more than 50,000 rows an even sample is
    drawn, and the map says so. `height` is in pixels. Raises MissingExtraError without the extra `notebook`, and BadInputError
    where there is no such column, or nothing to draw.
    """
    requires("anywidget")
    from embeddings_core.export.packed_map import packed_map
    from embeddings_core.export.widget import MapWidget

    table = table_of(frame, title=title or "map")
    packed = packed_map(
        table,
        text=text,
        label=label,
        model=model,
        method=method,
        vectors=vectors,
        progress=_progress(),
    )
    source = table.rows if isinstance(frame, str | Path | Table) else frame
    return MapWidget(packed, source=source, height=height)


def _progress() -> Callable[[int, int], None]:
    """Return a bar that is written into the cell while texts are embedded."""
    begin = time.monotonic()

    def show(done: int, total: int) -> None:
        if time.monotonic() - begin < AFTER:
            return
        full = round(BAR * done / max(total, 1))
        end = "\n" if done >= total else ""
        sys.stdout.write(f"\r{'█' * full}{'·' * (BAR - full)} {done:,} of {total:,} texts{end}")
        sys.stdout.flush()

    return show
