"""The explorable map as the output of a notebook's cell (anywidget): the selection goes both ways."""

from typing import Any

import anywidget
import numpy as np
import traitlets

from embeddings_core.export.map_html import widget_script, widget_style
from embeddings_core.export.packed_map import PackedMap
from embeddings_core.spaces.vectors import IntArray


class MapWidget(anywidget.AnyWidget):
    """A map of the rows of a frame.

    `selection` holds the positions of the selected rows in the frame, rising: read it after a lasso, a box or a search, or set
    it to select on the map; `observe` calls back when it changes. `selected` is the frame of these rows.
    """

    _esm = widget_script()
    _css = widget_style()
    content = traitlets.Bytes().tag(sync=True)
    selection = traitlets.List(traitlets.Int(min=0)).tag(sync=True)
    height = traitlets.Int(680, min=320).tag(sync=True)

    def __init__(self, packed: PackedMap, *, source: object, height: int = 680) -> None:
        self.frame = source
        self.rows: IntArray = packed.rows
        self.notes = packed.notes
        super().__init__(content=packed.content, height=height)

    def __repr__(self) -> str:
        """Say what stands where the map can not be drawn: a notebook that is opened without its kernel."""
        return f"A map of {len(self.rows):,} rows. Run the cell to see it."

    @property
    def selected(self) -> Any:
        """The selected rows, as a frame of the kind that was given."""
        rows = list(self.selection)
        frame: Any = self.frame
        if hasattr(frame, "iloc"):
            return frame.iloc[rows]
        if hasattr(frame, "take"):
            return frame.take(rows)
        return frame[rows]

    @traitlets.validate("selection")
    def _drawn(self, proposal: dict[str, Any]) -> list[int]:
        """Rising, each row once; rows that are not on the map can not be selected."""
        wanted = np.unique(np.asarray(proposal["value"], dtype=np.int64))
        return [int(row) for row in wanted[np.isin(wanted, self.rows)]]
