"""Maps of tables, kept on disk by content and settings: the same file opened again is on the screen at once.

Numbers and the names of frames only, nothing that was read. A full disk is no error: the map is drawn again the next time.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from embeddings_core.damage import DAMAGE
from embeddings_core.errors import BadInputError
from embeddings_core.folders import cache_folder, make_room, written_whole
from embeddings_core.limits import MAPS_KEPT_BYTES
from embeddings_core.maps.projection import Projection
from embeddings_core.tables.opened import DrawnMap

FEWEST = 2_000  # rows; smaller maps are drawn sooner than anybody notices
VERSION = 2  # of how maps are drawn; another one begins anew


def keep(drawn: DrawnMap) -> bool:
    """Keep a map under its id; tell whether it was kept."""
    if len(drawn.rows) < FEWEST:
        return False
    made = drawn.projection
    told: dict[str, Any] = {
        "id": drawn.id, "method": made.method, "kind": made.kind, "note": made.note,
        "frame_names": list(made.frame_names), "explained": made.explained or (), "trust": _number(drawn.trust),
        "own_trust": _number(made.trust), "settings": np.array(made.settings, dtype=str).reshape(-1, 2),
    }  # fmt: skip
    file = _file(drawn.id)
    try:
        with written_whole(file) as unready, unready.open("wb") as out:
            np.savez(out, rows=drawn.rows, frames=made.frames, **(told | _placed(drawn)))
    except OSError:
        return False
    make_room(file.parent, MAPS_KEPT_BYTES, spared=file)
    return True


def recall(id: str) -> DrawnMap | None:
    """Return the map that is kept under this id; None where there is none, or it is damaged."""
    file = _file(id)
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as held:
            if str(held["id"]) != id:
                return None
            projection = Projection(
                held["frames"], tuple(held["frame_names"].tolist()), str(held["method"]), str(held["kind"]),  # type: ignore[arg-type]
                tuple(held["explained"].tolist()) or None, _told(held["own_trust"]), str(held["note"]),
                tuple((str(name), str(value)) for name, value in held["settings"].tolist()),
            )  # fmt: skip
            names = tuple(held["state_names"].tolist()) if "state_names" in held else ()
            drawn = DrawnMap(
                held["rows"],
                projection,
                _told(held["trust"]),
                id,
                held.get("everyone"),
                held.get("states"),
                names,
            )
        with suppress(OSError):
            os.utime(file)
    except (*DAMAGE, BadInputError):
        return None
    return drawn


def _placed(drawn: DrawnMap) -> dict[str, np.ndarray]:
    if drawn.everyone is None or drawn.states is None:
        return {}
    return {"everyone": drawn.everyone, "states": drawn.states, "state_names": np.array(drawn.state_names)}


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)


def _told(value: np.ndarray) -> float | None:
    return None if np.isnan(value) else float(value)


def _file(id: str) -> Path:
    name = hashlib.blake2b(f"{VERSION} {id}".encode(), digest_size=16).hexdigest()
    return cache_folder() / "table-maps" / f"{name}.npz"
