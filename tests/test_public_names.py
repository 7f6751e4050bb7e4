"""The names that stay stable: all there, lazily, and as the notebook example prints them."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

import embeddings_core as ec

PROMISED = {
    "MODELS", "list_models", "load_encoder", "embed", "load_vocabulary", "nearest", "analogy", "project", "place",
    "trust", "kmeans", "open_vectors", "token_vectors", "open_image", "EmbeddingSet", "EmbeddingsError",
}  # fmt: skip


@pytest.mark.parametrize("name", ec.__all__)
def test_every_name_is_there(name: str) -> None:
    value = getattr(ec, name)
    assert value is getattr(ec, name)
    assert name in dir(ec)


def test_the_promised_names_are_public() -> None:
    assert set(ec.__all__) >= PROMISED
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        ec.nothing  # noqa: B018


def test_public_objects_say_what_they_do() -> None:
    for name in ec.__all__:
        value = getattr(ec, name)
        if callable(value):
            assert value.__doc__, name


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = (
        "torch",
        "transformers",
        "umap",
        "sklearn",
        "scipy",
        "pandas",
        "onnxruntime",
        "streamlit",
        "plotly",
        "PIL",
    )
    assert all(find_spec(name) for name in heavy)  # the test means something only where they are installed
    code = (
        "import sys, embeddings_core as ec\n"
        "ec.nearest(ec.load_vocabulary(), 'king', k=3); ec.analogy(ec.load_vocabulary(), 'man', 'king', 'woman')\n"
        "ec.MODELS; ec.list_models('text'); ec.embed_words(['cat', 'dog'])\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_the_notebook_example_runs() -> None:
    encoder = ec.load_encoder("minilm")
    words = ec.embed(["cat", "dog", "car", "truck", "king"], encoder, model="minilm", progress=None)
    space = ec.load_vocabulary()
    assert ec.nearest(space, "king", k=10, metric="cosine").items[0] == "kings"
    assert ec.analogy(space, "man", "king", "woman").answers.items[0] == "queen"
    flat = ec.project(words, method="pca", dimensions=2, seed=0)
    assert flat.final.shape == (5, 2)
    more = ec.embed(["queen"], encoder, model="minilm")
    placed = ec.place(flat, words, more)
    assert placed is not None
    assert ec.kmeans(words, k=2, seed=0).labels.shape == (5,)
    assert ec.trust(words, flat, k=2) is not None
    own = ec.EmbeddingSet(items=("a", "b"), vectors=[[1.0, 0.0], [0.0, 1.0]], model="mine")
    assert len(own) == 2
    with pytest.raises(ec.EmbeddingsError):
        ec.nearest(space, "blorft")
