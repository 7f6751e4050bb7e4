"""Run where only numpy can be imported: use the library, and print what each call that needs more says, a line each."""

import sys
from collections.abc import Callable
from importlib.machinery import ModuleSpec

OURS = {"numpy", "embeddings_core", *sys.stdlib_module_names}


class NumpyOnly:
    """An import finder that comes first and finds nothing else."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Refuse every module that neither Python nor numpy nor this library brings."""
        if name.split(".")[0] not in OURS:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


sys.meta_path.insert(0, NumpyOnly())  # type: ignore[arg-type]

import embeddings_core as ec  # noqa: E402


def works() -> None:
    """Use what numpy alone is enough for."""
    space = ec.load_vocabulary()
    assert ec.nearest(space, "king", k=2).items == ("kings", "monarch")
    assert ec.analogy(space, "man", "king", "woman").answer == "queen"
    words = ec.embed_words(["cat", "dog", "car", "bus", "king", "queen"]).words
    projection = ec.project(words, method="pca")
    assert projection.final.shape == (6, 2)
    assert ec.place(projection, words, ec.embed_words(["lion"]).words).shape == (1, 2)
    assert 0 <= ec.trust(words, projection, k=2).score <= 1
    assert len(ec.kmeans(words, k=2).labels) == 6
    assert ec.open_vectors(sys.argv[1]).items == ("cat", "dog", "car")


def says(call: Callable[[], object]) -> str:
    """Return the sentence of the error that a call must end in."""
    try:
        call()
    except ec.MissingExtraError as error:
        return str(error)
    return "no error"


def main() -> None:
    """Do both."""
    works()
    words = ec.embed_words(["cat", "dog", "car", "bus", "king", "queen", "lion", "tiger", "train"]).words
    for call in (
        lambda: ec.project(words, method="umap"),
        lambda: ec.project(words, method="tsne"),
        lambda: ec.load_encoder("minilm"),
        lambda: ec.load_encoder("resnet50"),
        lambda: ec.embed_words(["flumph"]),
        lambda: ec.token_vectors(["a bank", "the bank"], word="bank"),
        lambda: ec.open_image(b"123"),
        lambda: __import__("embeddings_core.spaces.segmentation", fromlist=["words_in"]).words_in("a cat"),
        lambda: __import__("embeddings_core.scenes.charts.basic"),
    ):
        print(says(call))


if __name__ == "__main__":
    main()
