"""Items and an encoder in, an embedding set out: checks, prompts, progress, words that the space lacks."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.models.embed import embed, embed_words
from embeddings_core.models.locked_encoder import LockedEncoder
from embeddings_core.models.spec import ModelSpec, Prompt
from embeddings_core.spaces.vectors import FloatArray
from embeddings_core.spaces.vocabulary import load_vocabulary


class Lengths:
    """An encoder whose vector is the length of the text, so that every mistake in the order shows."""

    def __init__(self) -> None:
        self.seen: list[list[Any]] = []

    def __call__(self, items: Sequence[Any], /) -> FloatArray:
        self.seen.append(list(items))
        return np.array([[len(str(item)), 1.0] for item in items], dtype=np.float32).reshape(-1, 2)


def test_rows_belong_to_their_items() -> None:
    made = embed(["aaa", "b", "aaa"], Lengths(), model="lengths", groups=["x", "y", "x"])
    assert made.items == ("aaa", "b", "aaa") and made.model == "lengths" and made.groups == ("x", "y", "x")
    assert made.vectors.tolist() == [[3, 1], [1, 1], [3, 1]]


def test_no_items_make_an_empty_set() -> None:
    assert len(embed([], Lengths())) == 0


def test_progress_is_told_and_changes_nothing() -> None:
    items = [f"{'x' * (n % 37 + 1)}" for n in range(1_300)]
    told: list[tuple[int, int]] = []
    encoder = Lengths()
    made = embed(items, encoder, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 1_300), (512, 1_300), (1_024, 1_300), (1_300, 1_300)]
    assert made.vectors[:, 0].tolist() == [len(item) for item in items]
    assert len(encoder.seen[0][0]) == 37  # longest first: texts of like length share a chunk


def test_progress_can_stop_the_work() -> None:
    def stop(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    encoder = Lengths()
    with pytest.raises(KeyboardInterrupt):
        embed(["x"] * 2_000, encoder, progress=stop)
    assert len(encoder.seen) == 1


def test_without_progress_the_encoder_gets_the_whole_list() -> None:
    encoder = Lengths()
    embed(["x"] * 2_000, encoder)
    assert [len(items) for items in encoder.seen] == [2_000]


def test_prompts_reach_the_encoder_and_not_the_screen() -> None:
    spec = ModelSpec(
        "e5",
        "E5",
        "E5",
        "text",
        2,
        load=lambda _: Lengths(),
        prompt=Prompt(query="query: ", passage="passage: "),
    )
    inner = Lengths()
    made = embed(["cat"], LockedEncoder(inner, spec), role="query")
    embed(["cat"], LockedEncoder(inner, spec))
    assert inner.seen == [["query: cat"], ["passage: cat"]] and made.items == ("cat",)


def test_texts_are_cleaned() -> None:
    made = embed(["ca\x00t", "a\ud800"], Lengths())
    assert made.items == ("cat", "a\ufffd")


def test_items_that_are_not_texts_get_names() -> None:
    assert embed([np.ones(2), np.ones(2)], Lengths()).items == ("item 1", "item 2")
    assert embed([np.ones(2)], Lengths(), names=["a picture"]).items == ("a picture",)


@pytest.mark.parametrize(
    ("items", "result", "sentence"),
    [
        (["cat", " "], [[1.0], [1.0]], "number 2"),
        (["cat"], [[1.0], [2.0]], "one row for each of 1 items"),
        (["cat"], [1.0], "one row for each"),
        (["cat"], [[np.nan]], "missing or infinite"),
        (["x"] * 50_001, [[1.0]], "50,001 items; the limit is 50,000"),
    ],
)
def test_what_cannot_be_used_is_told(items: list[str], result: list[Any], sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence):
        embed(items, lambda _: np.array(result, dtype=np.float32))


def test_known_words_need_no_model() -> None:
    def never(items: Sequence[str], /) -> FloatArray:
        raise AssertionError("the model was asked for a word that the space holds")

    result = embed_words(["cat", "Dog", "car"], encoder=never, groups=["a", "b", "c"])
    space = load_vocabulary()
    assert result.unknown == () and result.words.items == ("cat", "Dog", "car")
    assert result.words.groups == ("a", "b", "c") and result.words.model == "minilm"
    np.testing.assert_array_equal(result.words.vectors[1], space.vectors[space.row("dog")])


def test_unknown_words_go_to_the_live_model_alone() -> None:
    asked: list[str] = []

    def live(items: Sequence[str], /) -> FloatArray:
        asked.extend(items)
        return np.full((len(items), 384), 0.5, dtype=np.float32)

    result = embed_words(["cat", "ice cream", "dog", "blorft"], encoder=live)
    assert asked == ["ice cream", "blorft"] == list(result.unknown)
    assert np.all(result.words.vectors[[1, 3]] == 0.5)
    assert embed_words([]).words.vectors.shape == (0, 384)


def test_known_and_unknown_words_share_one_space() -> None:
    """The live model's "king" is where the bundled space has it; a phrase lies near its parts."""
    result = embed_words(["ice", "ice cream", "cream", "carburettor"])
    vectors = result.words.vectors
    assert result.unknown == ("ice cream", "carburettor")
    assert vectors[1] @ vectors[2] > 0.4 > vectors[1] @ vectors[3]
