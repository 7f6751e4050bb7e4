"""The space of a table: a vector for every row that can have one, and how it came about."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, overload

import numpy as np

from embeddings_core.errors import BadInputError, JobError
from embeddings_core.models.image_text import encode_images
from embeddings_core.models.preprocessing import BATCH
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.spec import Encoder
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.images import open_image, thumbnail
from embeddings_core.spaces.texts import clean
from embeddings_core.spaces.vectors import FloatArray, IntArray, frozen
from embeddings_core.tables import store
from embeddings_core.tables.lance_rows import LanceRows, LanceVectors
from embeddings_core.tables.table import Role, Table, numbers_of, texts_at, texts_of, vectors_of

Search = Callable[
    [FloatArray, int], tuple[IntArray, FloatArray]
]  # a vector (d,), k → the k nearest, with cosines
Kind = Literal["text", "vector", "numbers", "places", "picture"]
CHUNK = 256  # texts between two looks at the stop button; each is on disk when the next begins
WORKING_SIDE = 360  # pixels of the shorter side that a picture is opened with: networks look at 224 to 256
NAMING: tuple[Role, ...] = ("text", "id")  # roles of columns that name rows, the best first
HEAD = 5_000  # rows among which texts are looked for to know how long they are
WRITTEN = "vector"  # the column that `space_file` writes
IMAGE_TEXT = "bridge"  # the model that looks at pictures unless another one is chosen: it knows texts, too
PICTURE = "data:image/"  # how the cells of a column of pictures begin
FEWEST_NUMBERS = 2  # columns of numbers that make a vector


@dataclass(frozen=True)
class Basis:
    """What the map is made of: a column of text or pictures and a model, one of vectors, all columns of numbers, or x and y.

    `column` is empty for numbers and places; `model` is known of texts, and of vectors that were written with its name.
    """

    kind: Kind
    column: str = ""
    model: str = ""

    @property
    def title(self) -> str:
        """What the menu says."""
        if self.kind == "numbers":
            return "all numbers together"
        return "x and y" if self.kind == "places" else f"{self.kind}: {self.column}"


@dataclass(frozen=True, eq=False)
class TableSpace:
    """The rows of a table that have a vector: `rows` (m,) are their numbers, `vectors` (m, d) float32, or on the disk.

    `notes` say which rows have none, and why. `search` is how the nearest vectors to one are found through an index, where there is
    one (`search_by`).
    """

    rows: IntArray
    vectors: FloatArray | LanceVectors
    basis: Basis
    notes: tuple[str, ...] = ()
    search: Search | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        if isinstance(self.vectors, np.ndarray):
            object.__setattr__(self, "vectors", frozen(self.vectors))

    def search_by(self, search: Search) -> None:
        """Search through an index from now on."""
        object.__setattr__(self, "search", search)


def bases(table: Table, model: str = "minilm") -> tuple[Basis, ...]:
    """Return what this table can make a map of, the likeliest first: given places, vectors, the longest text, numbers."""
    found: list[Basis] = []
    if table.of_role("x") and table.of_role("y"):
        found.append(Basis("places"))
    provenance = table.rows.provenance if isinstance(table.rows, LanceRows) else {}
    found += [
        Basis("vector", column.name, provenance.get("model", "") if column.name == WRITTEN else "")
        for column in table.of_role("vector")
        if column.dimensions > 1
    ]
    if isinstance(
        table.rows, LanceRows
    ):  # a million texts are embedded by the command line, not while somebody waits
        return (*found, *([Basis("numbers")] if len(table.of_role("number")) >= FEWEST_NUMBERS else []))
    texts = sorted(table.of_role("text"), key=lambda column: -_length(table, column.name))
    found += [Basis("text", column.name, model) for column in texts]
    if len(table.of_role("number")) >= FEWEST_NUMBERS:
        found.append(Basis("numbers"))
    if not found:  # at least something: a label or an id is text, too
        found += [
            Basis("text", column.name, model)
            for column in table.columns
            if column.kind == "text" and column.filled
        ]
    found += [
        Basis("picture", column.name, IMAGE_TEXT) for column in table.of_role("picture") if column.filled
    ]
    if not found and len(table.of_role("number", "x", "y")) >= 1:
        found.append(Basis("numbers"))
    return tuple(found)


def _length(table: Table, name: str) -> float:
    head = table.rows.slice(0, HEAD).column(name).drop_null().slice(0, 200).to_pylist()
    return float(np.mean([len(str(cell)) for cell in head])) if head else 0.0


def filled_texts(table: Table, name: str) -> tuple[IntArray, list[str], tuple[str, ...]]:
    """Return the rows with a text in this column, the texts as a model reads them, and what to say of the others."""
    cells = [clean(cell) for cell in texts_of(table, name)]
    rows = np.array([row for row, cell in enumerate(cells) if cell], dtype=np.int64)
    missing = len(cells) - len(rows)
    notes: tuple[str, ...] = ()
    if missing:
        first = next(row for row, cell in enumerate(cells) if not cell) + 1
        count = "1 row has" if missing == 1 else f"{missing:,} rows have"
        notes = (f'{count} no text in "{name[:60]}" and {"is" if missing == 1 else "are"} left out (row {first:,}'
                 f"{' first' if missing > 1 else ''}).",)  # fmt: skip
    return rows, [cells[row] for row in rows], notes


def filled_pictures(table: Table, name: str) -> tuple[IntArray, list[str], tuple[str, ...]]:
    """Return the rows with a picture in this column, the pictures (data: URLs), and what to say of the others."""
    cells = texts_of(table, name)
    rows = np.array([row for row, cell in enumerate(cells) if cell.startswith(PICTURE)], dtype=np.int64)
    return rows, [cells[row] for row in rows], _left_out(len(cells), rows, f'no picture in "{name[:60]}"')


@dataclass(frozen=True, eq=False)
class RowNames(Sequence[str]):
    """What rows of a table are called: the text that was embedded, or another one; "" where there is none.

    Only the names that are asked for are read.
    """

    table: Table
    column: str

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        return self.at(np.arange(len(self))[row]) if isinstance(row, slice) else self.at([row])[0]

    def __len__(self) -> int:
        return len(self.table)

    def at(self, rows: Sequence[int] | IntArray) -> list[str]:
        """Return the names of some rows, in their order."""
        return texts_at(self.table, self.column, rows) if self.column else [""] * len(rows)


def row_names(table: Table, basis: Basis) -> RowNames:
    """Return what the rows are called."""
    if basis.kind == "text":
        return RowNames(table, basis.column)
    named = [column for role in NAMING for column in table.of_role(role) if column.kind == "text"]
    return RowNames(table, named[0].name if named else "")


def words_column(table: Table, basis: Basis) -> str:
    """Return the column whose words say what rows are about: the embedded one, or the first of text; "" where there is none."""
    if basis.kind == "text":
        return basis.column
    return next((each.name for each in table.of_role("text")), "")


def missing_texts(texts: Sequence[str], model: str) -> int:
    """Tell how many of these texts have no kept vector yet."""
    different = list(dict.fromkeys(texts))
    return len(different) - store.known(different, model=model)


def not_kept(texts: Sequence[str], model: str) -> tuple[str, ...]:
    """Return a sentence on why the vectors of these texts are not on disk; nothing where they are."""
    told = store.not_kept(texts, model=model)
    return (told,) if told else ()


def embed_texts(
    texts: Sequence[str],
    model: str,
    *,
    encoder: Encoder | None = None,
    progress: Callable[[int, int], object] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> FloatArray:
    """Return the vectors (n, d) of n clean texts; those that are kept are recalled, the others embedded and kept.

    Equal texts are read once. `progress` gets (done, total) in different texts. Raises JobError where it was stopped:
    what was done until then stays.
    """
    different = list(dict.fromkeys(texts))
    found = store.recall(different, model=model)
    left = sorted((text for text in different if text not in found), key=len, reverse=True)
    if progress is not None:
        progress(len(different) - len(left), len(different))
    reads = encoder
    if left and reads is None:
        reads = load_encoder(model)
    for start in range(0, len(left), CHUNK):
        if should_stop():
            raise JobError(
                f"Stopped after {len(different) - len(left) + start:,} of {len(different):,} texts; they are kept."
            )
        part = left[start : start + CHUNK]
        assert reads is not None
        found |= dict(zip(part, _read(part, reads, model=model), strict=True))
        if progress is not None:
            progress(len(different) - len(left) + start + len(part), len(different))
    return np.stack([found[text] for text in texts]) if texts else np.zeros((0, 0), dtype=np.float32)


def embed_part(
    texts: Sequence[str], model: str, *, progress: Callable[[int, int], object] = lambda done, total: None
) -> FloatArray:
    """Return the vectors (n, d) of n different clean texts that are not kept yet, and keep them.

    `progress` hears (0, 2) when this begins and (1, 2) when the model is open.
    """
    progress(0, 2)
    encoder = load_encoder(model)
    progress(1, 2)
    return _read(texts, encoder, model=model)


def _read(texts: Sequence[str], encoder: Encoder, *, model: str) -> FloatArray:
    prompted = getattr(encoder, "prompted", None)
    if texts and all(text.startswith(PICTURE) for text in texts):
        vectors = _looked_at(texts, encoder)
    else:
        vectors = np.asarray(encoder(prompted(texts, "passage") if prompted else texts), dtype=np.float32)
    if vectors.shape[:1] != (len(texts),) or vectors.ndim != 2 or not np.isfinite(vectors).all():
        raise BadInputError("The model gave no vector for some texts; choose another model.")
    store.keep(texts, vectors, model=model)
    return vectors


def _looked_at(pictures: Sequence[str], encoder: Encoder) -> FloatArray:
    """Return the vectors (n, d) of n pictures (data: URLs) by an image-text model; a damaged one has none, only zeros."""
    found: list[FloatArray | None] = []
    for start in range(0, len(pictures), BATCH):
        contents = [_content(picture) for picture in pictures[start : start + BATCH]]
        try:
            found += list(encode_images(encoder, contents))
        except BadInputError:  # one of them: each by itself
            for content in contents:
                try:
                    found.append(encode_images(encoder, [content])[0])
                except BadInputError:
                    found.append(None)
    width = next((len(vector) for vector in found if vector is not None), 1)
    return np.stack([np.zeros(width, dtype=np.float32) if vector is None else vector for vector in found])


def _content(picture: str) -> bytes:
    try:
        return base64.b64decode(picture.partition(",")[2])
    except ValueError:
        return b""


def embed_picture(content: bytes, model: str) -> tuple[FloatArray, str]:
    """Return the vector (d,) of a picture by an image-text model, and a small copy (data: URL); raise BadInputError for none."""
    image = open_image(content, wanted=WORKING_SIDE)
    vector: FloatArray = encode_images(load_encoder(model), [image])[0]
    return vector, thumbnail(image)


def embed_table(
    table: Table,
    *,
    text: str = "",
    model: str = "minilm",
    label: str = "",
    encoder: Encoder | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> EmbeddingSet:
    """Embed a table's column of text (by default the longest), and return the rows that have one, with their vectors.

    `label` names a column whose cells become the groups. Vectors are kept on disk by text and model: a second call, or one
    after a stop, embeds only what is new. `encoder` takes the place of the model (nothing is kept under its name then,
    unless `model` names it). Raises BadInputError where there is no such column, or no text in it.
    """
    name = text or next((basis.column for basis in bases(table) if basis.kind == "text"), "")
    if not name:
        raise BadInputError("This table has no column of text; name one.")
    rows, texts, _ = filled_texts(table, name)
    if not texts:
        raise BadInputError(f'The column "{name[:60]}" has no text; name another.')
    vectors = embed_texts(texts, model, encoder=encoder, progress=progress)
    groups = None
    if label:
        cells = texts_of(table, label)
        groups = tuple(cells[row] for row in rows)
    return EmbeddingSet(tuple(texts), vectors, model, groups)


def number_columns(table: Table) -> list[str]:
    """Return the columns that together are a vector, in its order."""
    return [column.name for column in table.of_role("number", "x", "y")]


def given_space(table: Table, basis: Basis) -> TableSpace:
    """Return the space of a basis that needs no model; a row lacks a vector where one of its cells is empty.

    Numbers are divided by their spread (standardised), so that metres do not outweigh kilometres.
    """
    if basis.kind == "vector" and isinstance(table.rows, LanceRows):
        return TableSpace(np.arange(len(table), dtype=np.int64), table.rows.vectors(basis.column), basis)
    if basis.kind == "vector":
        rows, vectors = vectors_of(table, basis.column)
        return TableSpace(
            rows, vectors, basis, _left_out(len(table), rows, f'no vector in "{basis.column[:60]}"')
        )
    if basis.kind == "places":
        columns = [table.of_role("x")[0].name, table.of_role("y")[0].name]
    elif basis.kind == "numbers":
        columns = number_columns(table)
    else:
        raise BadInputError("A column of text needs a model.")
    values = np.stack([numbers_of(table, name) for name in columns], axis=1)
    rows = np.flatnonzero(np.isfinite(values).all(axis=1))
    values = values[rows]
    if basis.kind == "numbers" and len(rows):
        values = values - values.mean(axis=0)
        spread = values.std(axis=0)
        values = values / np.where(spread > 0, spread, 1.0)
    what = "a number missing" if basis.kind == "numbers" else "no place"
    return TableSpace(rows, values.astype(np.float32), basis, _left_out(len(table), rows, what))


def part_of(space: TableSpace, rows: IntArray) -> TableSpace:
    """Return the space of some rows of the table alone; where fewer than two of them have a vector, the whole."""
    inside = np.isin(space.rows, rows)
    if inside.sum() < 2:
        return space
    if isinstance(space.vectors, LanceVectors):
        part: FloatArray | LanceVectors = space.vectors.only(np.flatnonzero(inside))
    else:
        part = space.vectors[inside]
    return TableSpace(space.rows[inside], part, space.basis, space.notes)


def _left_out(n: int, rows: IntArray, what: str) -> tuple[str, ...]:
    missing = n - len(rows)
    if not missing:
        return ()
    there = np.zeros(n, dtype=bool)
    there[rows] = True
    first = int(np.argmin(there)) + 1
    count = "1 row has" if missing == 1 else f"{missing:,} rows have"
    return (
        f"{count} {what} and {'is' if missing == 1 else 'are'} left out (row {first:,}{' first' if missing > 1 else ''}).",
    )
