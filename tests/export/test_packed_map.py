"""Maps that are explored without a server: what they hold, what they leave out and say so, and the page round them."""

import base64
import gzip
import json
import re
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.export import packed_map as packing
from embeddings_core.export.map_html import map_html
from embeddings_core.export.packed_map import NEAR, PackedMap, packed, packed_map
from embeddings_core.tables.frames import table_of

N = 40
DTYPES = {"uint8": 1, "uint16": 2, "int32": 4, "float32": 4, "float64": 8}


def read(content: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read a packed map as map_data.js does."""
    whole = gzip.decompress(content)
    length = int.from_bytes(whole[:4], "little")
    header = json.loads(whole[4 : 4 + length])
    begin = -(-(4 + length) // 8) * 8
    arrays = {}
    for each in header["arrays"]:
        start = begin + each["offset"]
        assert start % 8 == 0
        size = each["length"] * DTYPES[each["dtype"]]
        arrays[each["name"]] = np.frombuffer(whole[start : start + size], each["dtype"])
    return header, arrays


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    kinds = np.arange(N) % 4
    middles = rng.normal(size=(4, 6)) * 5
    return pd.DataFrame(
        {
            "text": [f"The </script> of row {n}" for n in range(N)],
            "kind": [["<b>food</b>", "rooms", "staff", None][kind] for kind in kinds],
            "price": np.where(np.arange(N) == 3, np.nan, np.arange(N) * 1.5),
            "when": pd.date_range("2024-01-01", periods=N),
            "vector": [list(middles[kind] + rng.normal(size=6)) for kind in kinds],
        },
        index=np.arange(N) * 10,
    )


@pytest.fixture(scope="module")
def made(frame: pd.DataFrame) -> PackedMap:
    return packed_map(table_of(frame, title="things"), label="kind", method="pca")


def test_cells_colours_and_neighbours_travel_with_the_map(frame: pd.DataFrame, made: PackedMap) -> None:
    header, arrays = read(made.content)
    columns = {column["name"]: column for column in header["columns"]}
    assert list(columns) == ["kind", "text", "price", "when", "group (found)"]  # vectors are nothing to read
    assert [columns[name]["scale"] for name in ("kind", "price", "when")] == ["categories", "ramp", "ramp"]
    assert header["columns"][header["colour"]]["name"] == "kind"
    assert columns["text"]["cells"][7] == "The </script> of row 7"
    codes = arrays["codes 0"]
    assert [columns["kind"]["values"][code] for code in codes[:4]] == ["<b>food</b>", "rooms", "staff", ""]
    assert np.isnan(arrays["numbers 2"][3]) and arrays["numbers 2"][4] == 6.0
    assert arrays["numbers 3"][1] - arrays["numbers 3"][0] == 86_400
    vectors = np.array(frame["vector"].tolist())
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -np.inf)
    truth = np.argsort(-cosines, axis=1)[:, :NEAR]
    assert (arrays["near"].reshape(N, NEAR) == truth).mean() > 0.98
    told = arrays["cosines"].reshape(N, NEAR) / 255
    assert np.abs(told - np.clip(np.take_along_axis(cosines, truth, 1), 0, 1)).max() < 0.01
    assert "not on the picture" in header["nearness"]
    assert arrays["frames"].shape == (N * 2,) and made.rows.tolist() == list(range(N))


def test_the_same_table_is_packed_to_the_same_bytes() -> None:
    arrays = {"a": np.arange(3, dtype=np.uint8), "b": np.array([np.nan, 1.0])}
    content = packed({"title": "ä"}, arrays)
    assert content == packed({"title": "ä"}, arrays)
    header, back = read(content)
    assert header["title"] == "ä" and back["a"].tolist() == [0, 1, 2] and back["b"][1] == 1.0


def test_the_page_runs_its_own_scripts_only_and_builds_none(made: PackedMap) -> None:
    page = map_html(made, theme="dark")
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found and page.count("<script") == 3
    assert "default-src &#x27;none&#x27;" in found[1] and "unsafe-eval" not in found[1]
    assert "plotly.js v" not in page and not re.search(
        r"(?:src|href)=|url\(|@import", page.split("<script")[0]
    )
    [data] = re.findall(r'<script type="application/json" id="packed">"([^"]*)"</script>', page)
    assert base64.b64decode(data) == made.content
    assert "of row 7" not in page and len(page) < 400_000


def test_beyond_the_limit_an_even_sample_is_drawn_and_said_so(frame: pd.DataFrame) -> None:
    small = packed_map(table_of(frame), label="kind", method="pca", most=10)
    said = "40 rows are more than one map shows: 10 of them are drawn, an even sample."
    assert said in small.notes and said in read(small.content)[0]["told"]
    assert small.rows.tolist() == np.linspace(0, N - 1, 10).round().tolist()


def test_texts_that_are_not_drawn_are_not_embedded(
    frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def embed(texts: list[str], model: str, *, progress: object) -> np.ndarray:
        seen.extend(texts)
        return np.random.default_rng(0).normal(size=(len(texts), 4)).astype(np.float32)

    monkeypatch.setattr(packing, "embed_texts", embed)
    made = packed_map(table_of(frame), text="kind", method="pca", most=12)
    assert len(seen) == 12 and len(made.rows) == 12
    assert '10 rows have no text in "kind" and are left out (row 4 first).' in made.notes
    assert not set(made.rows.tolist()) & set(range(3, N, 4))


def test_long_cells_are_cut_and_large_pictures_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "EXPLORED_CHARACTERS", 3_000)
    monkeypatch.setattr(packing, "EXPLORED_PICTURES_BYTES", 100)
    frame = pd.DataFrame({
        "text": [f"{n} " + "long " * 60 for n in range(10)], "picture": ["data:image/png;base64,AAAA"] * 10,
    })  # fmt: skip
    made = packed_map(table_of(frame), vectors=np.random.default_rng(0).normal(size=(10, 3)), method="pca")
    header, _ = read(made.content)
    assert [column["name"] for column in header["columns"]] == ["text", "group (found)"]
    assert {len(cell) for cell in header["columns"][0]["cells"]} == {250}
    assert "Cells are cut at 250 characters: all together they are too many for one map." in made.notes
    assert 'The pictures of "picture" are too many for one map and are left out.' in made.notes


def test_own_vectors_must_fit_the_table(frame: pd.DataFrame) -> None:
    for wrong in (np.zeros((3, 2)), np.full((N, 2), np.nan), np.zeros(N)):
        with pytest.raises(BadInputError, match="one row of finite numbers for each of the 40 rows"):
            packed_map(table_of(frame), vectors=wrong)


def test_a_row_or_two_make_a_map(frame: pd.DataFrame) -> None:
    for n in (1, 2):
        made = packed_map(table_of(frame.iloc[:n]), label="kind")
        _, arrays = read(made.content)
        assert len(arrays["near"]) == n * (n - 1) and len(arrays["rows"]) == n


def test_frames_of_every_kind_are_tables(frame: pd.DataFrame) -> None:
    mixed = pd.DataFrame({"a": [1, "two", None], "b": [[1, 2.5], [3, 4], [5, 6]]}, index=[7, 7, 7])
    table = table_of(mixed)
    assert table.rows.column("a").to_pylist() == ["1", "two", None] and table.columns[1].kind == "vector"
    assert table_of(pa.table({"x y": ["a", "b"]})).names == ("x y",)

    class Stream:
        def __arrow_c_stream__(self, schema: object = None) -> object:
            return pa.table({"n": [1, 2]}).__arrow_c_stream__(schema)

    assert len(table_of(Stream())) == 2
    assert table_of(table) is table
    for wrong in (3, [1, 2], pd.DataFrame(), pd.DataFrame({"a": []})):
        with pytest.raises(BadInputError):
            table_of(wrong)
