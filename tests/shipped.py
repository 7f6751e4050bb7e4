"""Files that gensim ships for its own tests: found without importing it, which takes a second in every worker."""

from importlib.util import find_spec
from pathlib import Path


def datapath(name: str) -> str:
    """Return where a file of gensim's tests lies, as `gensim.test.utils.datapath` does."""
    spec = find_spec("gensim")
    assert spec is not None and spec.origin is not None
    return str(Path(spec.origin).parent / "test" / "test_data" / name)
