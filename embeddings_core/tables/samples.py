"""Real tables to begin with, which come inside installed packages; each with its source."""

import base64
import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from embeddings_core.errors import ModelUnavailableError, requires
from embeddings_core.spaces.corpus import news_texts
from embeddings_core.tables.roles import described
from embeddings_core.tables.table import Table
from embeddings_core.tables.typed import vector_array

DIGITS = (
    "1,797 handwritten digits of 8 × 8 pixels (Alpaydin & Kaynak 1998; UCI, CC BY 4.0), from scikit-learn"
)
NEWS = "300 news articles of the Australian Broadcasting Corporation (Lee et al. 2005), from gensim"
WINES = "178 wines of three growers in Italy, 13 measurements each (Forina et al. 1991; UCI, CC BY 4.0), from scikit-learn"
WINE_COLUMNS = (
    "alcohol", "malic acid", "ash", "alcalinity of ash", "magnesium", "phenols", "flavanoids", "nonflavanoid phenols",
    "proanthocyanins", "colour intensity", "hue", "OD280/OD315", "proline",
)  # fmt: skip


@dataclass(frozen=True)
class Sample:
    """A table that is one click away: its id in addresses, what the button says, and how it is read."""

    id: str
    short: str
    read: Callable[[], Table]


@lru_cache(maxsize=1)
def news() -> Table:
    """Return 300 news articles as they are, with the number of words of each."""
    requires("pandas", "pyarrow")
    import pyarrow as pa

    texts = news_texts()
    rows = pa.table(
        {
            "article": pa.array(texts),
            "words": pa.array([float(len(text.split())) for text in texts]),
            "place in the file": pa.array(np.arange(1.0, len(texts) + 1)),
        }
    )
    return Table("news articles", described(rows), rows, "sample-news", (f"{NEWS}.",))


@lru_cache(maxsize=1)
def digits() -> Table:
    """Return 1,797 handwritten digits: their picture, 64 grey values, and what they show."""
    requires("pandas", "pyarrow", "PIL")
    import pyarrow as pa
    from PIL import Image

    lines = gzip.decompress(_from_sklearn("digits.csv.gz")).decode("ascii").split()
    numbers = np.array([line.split(",") for line in lines], dtype=np.float64)
    ink, labels = numbers[:, :-1], numbers[:, -1]

    def picture(values: np.ndarray) -> str:
        out = io.BytesIO()
        grey = np.rint(255.0 - values.reshape(8, 8) * (255.0 / 16.0)).astype(np.uint8)
        Image.fromarray(grey).resize((32, 32), Image.Resampling.NEAREST).save(out, "PNG")
        return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"

    rows = pa.table(
        {
            "digit": pa.array(labels),
            "ink": pa.array(np.round(ink.mean(axis=1), 2)),
            "pixels": vector_array(ink.astype(np.float32)),
            "picture": pa.array([picture(values) for values in ink]),
        }
    )
    return Table("handwritten digits", described(rows), rows, "sample-digits", (f"{DIGITS}.",))


@lru_cache(maxsize=1)
def wines() -> Table:
    """Return 178 wines: numbers in columns, which together are a vector, and their grower."""
    requires("pandas", "pyarrow")
    import pyarrow as pa

    lines = _from_sklearn("wine_data.csv").decode("ascii").split()
    values = np.array([line.split(",") for line in lines[1:]], dtype=np.float64)
    columns = {"grower": pa.array([f"grower {int(label) + 1}" for label in values[:, -1]])}
    columns |= {name: pa.array(values[:, place]) for place, name in enumerate(WINE_COLUMNS)}
    rows = pa.table(columns)
    return Table("wines", described(rows), rows, "sample-wines", (f"{WINES}.",))


def _from_sklearn(name: str) -> bytes:
    """Read a file of scikit-learn's; the library itself takes a second to import."""
    spec = find_spec("sklearn")
    if spec is None or spec.origin is None:
        raise ModelUnavailableError("This sample is not on this computer; choose another table.")
    return (Path(spec.origin).parent / "datasets" / "data" / name).read_bytes()


SAMPLES: tuple[Sample, ...] = (
    Sample("news", "News", news),
    Sample("digits", "Digits", digits),
    Sample("wines", "Wines", wines),
)
