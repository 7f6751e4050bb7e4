"""The table of map methods: each is found however it is spelled, and has one title."""

import pytest

from embeddings_core.maps.methods import METHODS, method_of, title_of


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("pca", "pca"),
        ("PCA", "pca"),
        ("umap", "umap"),
        (" Umap ", "umap"),
        ("t-SNE", "tsne"),
        ("t-sne", "tsne"),
        ("tsne", "tsne"),
        ("T SNE", "tsne"),
    ],
)
def test_a_method_is_found_in_any_spelling(text: str, id: str) -> None:
    found = method_of(text)
    assert found is not None and found.id == id


@pytest.mark.parametrize("text", ["", "som", "mds", "pca2", "t-sne 3"])
def test_what_is_no_method_is_not_found(text: str) -> None:
    assert method_of(text) is None


def test_titles_stand_once() -> None:
    assert [(row.id, row.title) for row in METHODS] == [("pca", "PCA"), ("umap", "UMAP"), ("tsne", "t-SNE")]
    assert title_of("tsne") == "t-SNE" and title_of("a flight") == "a flight"
    assert title_of("mds") == "MDS, which keeps distances as well as it can"
    assert all(method_of(row.title) is row and row.keeps for row in METHODS)
