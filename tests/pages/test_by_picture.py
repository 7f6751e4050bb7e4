"""A table of pictures searched by a picture, by the picture of a row, and by words, through a model that knows both."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from embeddings_core.errors import BadInputError
from embeddings_core.jobs.queue import Jobs, Within
from embeddings_core.jobs.worker import resolve
from embeddings_core.models.image_text import ImageTextModel
from embeddings_core.spaces.images import open_image, thumbnail
from embeddings_core.spaces.vectors import FloatArray, unit
from embeddings_core.tables.embedding import Basis, bases, embed_picture, embed_texts, filled_pictures
from embeddings_core.tables.opened import open_tables
from embeddings_core.tables.packed import picture_table
from embeddings_core.tables.table import Table
from tests.pages.reading import fine, go_to, said

COLOURS = {"red": (220, 30, 30), "green": (30, 200, 40), "blue": (30, 40, 220)}


class Colours(ImageTextModel):
    """Knows colours: of a picture their mean, of a text those it names."""

    def images(self, items: Sequence[Any], /) -> FloatArray:
        return unit(np.array([np.asarray(open_image(item)).mean(axis=(0, 1)) for item in items]))

    def texts(self, items: Sequence[str], /) -> FloatArray:
        return unit(np.array([COLOURS[item] for item in items], dtype=np.float32))

    def cut(self, items: Sequence[str], /) -> tuple[bool, ...]:
        return tuple(False for _ in items)


class InPlace(Jobs):
    """A line without a child."""

    def _work(self, name: str, arguments: tuple[Any, ...], keywords: dict[str, Any], how: Within) -> Any:
        progress = {} if how.progress is None else {"progress": how.progress}
        return resolve(name)(*arguments, **keywords, **progress)


def picture(colour: str, shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (24, 24), tuple(max(part - shade, 0) for part in COLOURS[colour])).save(out, "PNG")  # type: ignore[arg-type]
    return out.getvalue()


@pytest.fixture
def squares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Table:
    """Make 45 squares of three colours, and a row whose picture is damaged."""
    for where in ("embedding", "questions"):
        monkeypatch.setattr(f"embeddings_core.tables.{where}.load_encoder", lambda model: Colours())
    monkeypatch.setattr("embeddings_core.tables.store.cache_folder", lambda: tmp_path)
    line = InPlace()
    monkeypatch.setattr("embeddings_core.tables.embedding_jobs.lane", lambda *, static: line)
    names = [f"{colour} {n}.png" for n in range(15) for colour in COLOURS]
    small = [thumbnail(open_image(picture(name.split()[0], n // 3))) for n, name in enumerate(names)]
    return picture_table(
        "squares.zip",
        [*names, "broken.png"],
        [*small, "data:image/webp;base64,UklGRg=="],
        source=f"squares {tmp_path}",
    )


def rows_found(at: AppTest) -> list[str]:
    return list(at.dataframe[-1].value["file"])


def test_pictures_are_vectors_of_a_model_that_knows_texts(squares: Table) -> None:
    assert bases(squares)[-1] == Basis("picture", "picture", "bridge")
    rows, pictures, notes = filled_pictures(squares, "picture")
    assert len(rows) == 46 and notes == ()
    vectors = embed_texts(pictures, "bridge")
    assert vectors.shape == (46, 3) and not vectors[45].any()  # what is damaged has no direction
    vector, small = embed_picture(picture("blue", 3), "bridge")
    assert (vectors[:45] @ vector).argmax() % 3 == 2 and small.startswith("data:image/")
    with pytest.raises(BadInputError, match="picture"):
        embed_picture(b"no picture", "bridge")


def test_a_table_is_searched_by_a_picture(root: Path, squares: Table) -> None:
    own = open_tables().open(squares)
    at = go_to(root, "data", table=own, by=str(len(bases(squares)) - 1)).run()
    assert fine(at)
    for _ in range(20):  # the pictures are looked at in a thread
        if at.dataframe and "Trust" in said(at):
            break
        at.run()
    at.file_uploader(key="search-picture-0").set_value([("mine.png", picture("green", 7), "image/png")]).run()
    assert fine(at) and "9 of 46 rows: like mine.png." in said(at)
    assert all(name.startswith("green") for name in rows_found(at))
    at.button(key="chip-picture").click().run()
    assert fine(at) and "All 46 rows" in said(at)
    at.session_state["picked-row"] = 2
    at.session_state["look-data"] = "Row"
    at.run()
    at.button(key="like-picture").click().run()
    assert fine(at) and "like the picture of row 3" in said(at)
    assert all(name.startswith("blue") for name in rows_found(at))
    at.button(key="chip-picture").click().run()
    at.text_input(key="search-data").set_value("red").run()
    ways = at.get("button_group") or at.segmented_control
    assert fine(at) and ways
    at.file_uploader(key="search-picture-1").set_value([("notes.png", b"nothing", "image/png")]).run()
    assert fine(at) and "not a" in said(at)
