"""Colours that were given: labels of a table, metadata of a file of vectors."""

from dataclasses import replace

import numpy as np

from embeddings_core.scenes.given_groups import coloured_by_labels, coloured_by_metadata, label_groups
from embeddings_core.scenes.maps import empty_scene
from embeddings_core.scenes.scene import Motion, Points, Scene
from embeddings_core.spaces.files.uploads import read_vector_uploads
from embeddings_core.spaces.static_words import WordShelf

ITEMS = ("cat", "dog", "elm", "oak", "fox", "rat", "ash")
KINDS = {"cat": "pet", "dog": "pet", "elm": "tree", "oak": "tree", "fox": "wild", "rat": "pet", "ash": "tree"}


def a_scene(items: tuple[str, ...] = ITEMS) -> Scene:
    frames = np.zeros((1, len(items), 2), np.float32)
    return replace(empty_scene(), points=Points(items), motion=Motion(frames, ("",), kind="still"))


def test_the_largest_group_comes_first_and_what_has_no_label_belongs_to_none() -> None:
    found = label_groups([*ITEMS, "tin"], KINDS)
    assert found is not None and found[1] == ("pet", "tree", "wild")
    assert found[0].tolist() == [0, 0, 1, 1, 2, 0, 1, -1]


def test_labels_of_other_items_give_no_colours() -> None:
    assert label_groups([*ITEMS[:3], *"abcdefg"], KINDS) is None
    assert coloured_by_labels(a_scene(("a", "b")), KINDS).points.groups is None
    assert coloured_by_labels(a_scene(), KINDS).points.group_names == ("pet", "tree", "wild")


def test_a_scene_with_colours_of_its_own_keeps_them() -> None:
    scene = a_scene()
    own = replace(scene, points=replace(scene.points, values=np.arange(7.0)))
    assert coloured_by_labels(own, KINDS) is own


def from_file(kinds: list[str]) -> Scene:
    numbers = "".join(f"{at}\t1\t2\n" for at in range(7))
    names = "word\tkind\n" + "".join(f"{word}\t{kind}\n" for word, kind in zip(ITEMS, kinds, strict=True))
    files = [("x.tsv", numbers.encode()), ("x_metadata.tsv", names.encode())]
    ((digest, words),) = read_vector_uploads(files).spaces
    shelf = WordShelf()  # a space is gone with its shelf
    return coloured_by_metadata(a_scene(), shelf.keep_file(digest, words, taken=[]))


def test_metadata_of_a_file_colours_its_map_and_is_named() -> None:
    scene = from_file(["pet", "pet", "tree", "tree", "", "pet", "tree"])
    assert scene.points.group_names == ("pet", "tree") and scene.points.groups is not None
    assert scene.points.groups.tolist() == [0, 0, 1, 1, -1, 0, 1]
    assert any("2, from the metadata of x" in value for _, value in scene.metadata)


def test_metadata_with_a_single_group_colours_nothing() -> None:
    assert from_file(["pet"] * 7).points.groups is None
