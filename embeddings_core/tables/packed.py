"""Tables in archives, and pictures that belong to the rows of a table: a ZIP, a sprite of the Embedding Projector."""

import base64
import io
import json
import math
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from embeddings_core.damage import DAMAGE
from embeddings_core.errors import BadInputError, requires
from embeddings_core.limits import DIMENSIONS, TABLE_SPRITES
from embeddings_core.spaces.files.metadata import CONFIGURATION
from embeddings_core.spaces.images import open_image
from embeddings_core.spaces.vectors import FloatArray
from embeddings_core.tables.roles import described
from embeddings_core.tables.table import Table, texts_of
from embeddings_core.tables.typed import vector_array
from embeddings_core.tables.workbook import check_packed

if TYPE_CHECKING:
    pass

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif", ".heic")
TABLES = (".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".xlsm", ".ods", ".xls", ".npy",
          ".npz", ".bytes", ".vec", ".safetensors")  # fmt: skip
SHAPE = re.compile(r"(\d{1,9})[_x](\d{1,5})d?(?=[_.\-])")  # rows and columns in the name of a file
HIDDEN = ("__MACOSX", ".", "Thumbs.db")
NAMED = 0.5  # share of the pictures that a column must name, for its table to be about them
File = tuple[str, bytes]


def _members(content: bytes) -> list[zipfile.ZipInfo]:
    check_packed(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [
                member for member in archive.infolist()
                if not member.is_dir() and not any(part.startswith(HIDDEN) for part in member.filename.split("/"))
            ]  # fmt: skip
    except DAMAGE as error:
        raise BadInputError("The archive is damaged; pack it again.") from error


def is_picture(name: str) -> bool:
    """Tell by its name whether a file is a picture."""
    return name.lower().endswith(PICTURES)


def _is_table(name: str) -> bool:
    return name.lower().endswith(TABLES) and PurePosixPath(name).name != CONFIGURATION


def has_pictures(content: bytes) -> bool:
    """Tell whether an archive holds pictures; raise BadInputError where it is damaged or too large.

    A single one among the Embedding Projector's two tables is its sprite.
    """
    names = [member.filename for member in _members(content)]
    return sum(map(is_picture, names)) > sum(map(_is_table, names)) // 2


def tables_in(content: bytes, *, beside: bool = False) -> list[File]:
    """Return the tables of an archive, at most two that belong together; raise BadInputError where there are more.

    With `beside` also what belongs to them: the Projector's sprite and configuration.
    """
    members = _members(content)
    found = [member for member in members if _is_table(member.filename)]
    pictures = [member for member in members if is_picture(member.filename)]
    if len(found) > 2:
        raise BadInputError(
            f"The archive holds {len(found)} tables; pack one, or one of vectors and one that describes its rows."
        )
    if beside:
        found += pictures if len(pictures) == 1 and len(found) == 2 else []
        found += [member for member in members if PurePosixPath(member.filename).name == CONFIGURATION]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = []
            for member in found:
                with archive.open(member) as stream:  # the size in the header may be a lie
                    files.append((PurePosixPath(member.filename).name, stream.read(member.file_size + 1)))
    except DAMAGE as error:
        raise BadInputError(
            "The archive is damaged or asks for a password; pack it again without one."
        ) from error
    return files


def picture_table(
    title: str,
    names: Sequence[str],
    pictures: Sequence[str],
    *,
    folders: Sequence[str] = (),
    vectors: FloatArray | None = None,
    beside: Table | None = None,
    source: str = "",
    notes: Sequence[str] = (),
) -> Table:
    """Make a table of n pictures (data: URLs) under their file names, with the vectors (n, d) that a model gave them.

    Rows of a table `beside` them join by the column that names most of the files; where none does, they are left out, and
    it is said.
    """
    requires("pyarrow")
    import pyarrow as pa

    columns: dict[str, pa.Array] = {"file": pa.array(list(names), pa.string())}
    told = list(notes)
    if any(folders):
        columns["folder"] = pa.array([folder or None for folder in folders], pa.string())
    if beside is not None:
        places = _named_by(beside, names)
        if places is None:
            told.append(f'No column of "{beside.title}" names the pictures; the table is left out.')
        else:
            told += beside.notes
            missing = int((places < 0).sum())
            if missing:
                told.append(f'{missing:,} pictures are not named in "{beside.title}".')
            rows = pa.array(np.where(places < 0, 0, places), mask=places < 0)
            for name in beside.names:
                unlike = name
                while unlike in columns or unlike in ("picture", "vector"):
                    unlike = f"{unlike} (2)"
                columns[unlike] = beside.rows.column(name).combine_chunks().take(rows)
    columns["picture"] = pa.array(list(pictures), pa.string())
    if vectors is not None:
        columns["vector"] = vector_array(vectors)
    table = pa.table(columns)
    return Table(title, described(table), table, source, tuple(told))


def _named_by(table: Table, names: Sequence[str]) -> np.ndarray | None:
    """Return the row of the table that names each file (−1: none), by the column that names most; None where none names half."""
    wanted = [PurePosixPath(name).name.casefold() for name in names]
    best, most = None, NAMED * len(names)
    for column in table.columns:
        if column.kind != "text":
            continue
        rows: dict[str, int] = {}
        for row, cell in enumerate(texts_of(table, column.name)):
            base = PurePosixPath(cell.replace("\\", "/").strip()).name.casefold()
            rows.setdefault(base, row)
            rows.setdefault(PurePosixPath(base).stem, row)
        places = np.array(
            [rows.get(name, rows.get(PurePosixPath(name).stem, -1)) for name in wanted], dtype=np.int64
        )
        if (places >= 0).sum() >= max(most, 1):
            best, most = places, float((places >= 0).sum()) + 1
    return best


def tile_size(configuration: bytes) -> tuple[int, int] | None:
    """Return the width and height of a sprite's tiles as the Projector's configuration has them; None where it says nothing."""
    try:
        described_by = json.loads(configuration)["embeddings"][0]["sprite"]["singleImageDim"]
        width, height = (int(side) for side in described_by)
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
    return (width, height) if 0 < width <= 4_096 and 0 < height <= 4_096 else None


def shaped(name: str, content: bytes, configurations: Sequence[bytes]) -> File | None:
    """Return bare numbers of 32 bits as an NPY file where their shape is known; None where it is not.

    The Projector's configuration tells it, or the name of the file as the Projector's own do: word2vec_10000_200d_tensors.bytes.
    """
    for rows, columns in (*_shapes(configurations, name), *SHAPE.findall(PurePosixPath(name).name)):
        if 0 < int(columns) <= DIMENSIONS and int(rows) * int(columns) * 4 == len(content):
            out = io.BytesIO()
            np.save(out, np.frombuffer(content, dtype="<f4").reshape(int(rows), int(columns)))
            return f"{PurePosixPath(name).stem}.npy", out.getvalue()
    return None


def _shapes(configurations: Sequence[bytes], name: str) -> list[tuple[int, int]]:
    """Return the shapes that configurations give tensors, those of this file first."""
    found: list[tuple[bool, tuple[int, int]]] = []
    for configuration in configurations:
        try:
            for tensor in json.loads(configuration)["embeddings"]:
                rows, columns = (int(side) for side in tensor["tensorShape"])
                other = PurePosixPath(str(tensor.get("tensorPath", ""))).name != PurePosixPath(name).name
                found.append((other, (rows, columns)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
            continue
    return [shape for _, shape in sorted(found)]


def with_sprite(table: Table, content: bytes, *, tile: tuple[int, int] | None = None) -> Table:
    """Cut the Projector's sprite, which holds a picture a row in reading order, and add the pictures as a column.

    Without the size of a `tile` the sprite is as many tiles wide as the root of the number of rows, rounded up. Raises
    BadInputError where the rows do not fit into it.
    """
    import pyarrow as pa

    n = len(table)
    if n > TABLE_SPRITES:
        note = f"The sprite is left out: {n:,} rows, and pictures of at most {TABLE_SPRITES:,} are shown."
        return replace(table, notes=(*table.notes, note))
    image = open_image(content)
    if tile is None:
        across = math.ceil(math.sqrt(n))
        width = image.width // across
        tile = (width, min(width, image.height // math.ceil(n / across)) or width)
    width, height = tile
    across = image.width // width if width else 0
    if not across or across * (image.height // height) < n:
        raise BadInputError(
            f"The sprite of {image.width} × {image.height} pixels has no room for {n:,} pictures of {width} × {height}; "
            "its rows must be those of the table."
        )
    pictures = []
    for row in range(n):
        left, top = row % across * width, row // across * height
        out = io.BytesIO()
        image.crop((left, top, left + width, top + height)).save(out, "PNG")
        pictures.append(f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}")
    name = "picture"
    while name in table.names:
        name = f"{name} (2)"
    rows = table.rows.append_column(name, pa.array(pictures, pa.string()))
    added = described(rows.select([name]))
    return Table(table.title, (*table.columns, *added), rows, table.source, table.notes)
