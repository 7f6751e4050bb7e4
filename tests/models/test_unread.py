"""What a model does not read is said: unknown signs, and what stands beyond its last token."""

import numpy as np

from embeddings_core.models.registry import load_encoder
from embeddings_core.models.unread import Unread, unread


def test_signs_that_are_one_unknown_piece_are_the_same_to_the_model() -> None:
    encoder = load_encoder("minilm")
    items = ("🦊", "river", "🛶", "a 🦊 in the snow", "naïve")
    found = unread(items, encoder)
    assert found.blank == ("🦊", "🛶") and found.partly == ("a 🦊 in the snow",) and found.cut == ()
    first, second = encoder(["🦊", "🛶"])
    np.testing.assert_allclose(first, second, atol=1e-5)  # what the sentence claims
    assert "🦊 and 🛶 are the same to this model" in found.sentences()[0]


def test_what_stands_beyond_the_last_token_counts_for_nothing() -> None:
    encoder = load_encoder("minilm")
    long = "lantern " * 260
    found = unread((long, "lantern"), encoder)
    assert found.cut == (long,) and found.tokens == 256 and "256 pieces" in found.sentences()[0]
    first, second = encoder([long, long + " harbour harbour harbour"])
    np.testing.assert_allclose(first, second, atol=1e-5)
    assert unread(("lantern " * 254,), encoder).cut == ()


def test_an_encoder_without_pieces_is_not_judged() -> None:
    assert (
        unread(("🦊",), load_encoder("mean-of-words")) == Unread()
        and unread((), load_encoder("minilm")) == Unread()
    )
