"""What a model does not read is said: unknown signs, and what stands beyond its last token."""

import numpy as np
import pytest

from embeddings_core.analysis.sentence_examples import SENTENCE_LISTS
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.unread import Unread, unread
from embeddings_core.spaces.corpus import news_sentences


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


GERMAN = ("Die Katze schläft auf dem Sofa.", "Die Zentralbank erhöht den Zins.", "Ich suche mein Paket.")


@pytest.mark.parametrize(
    "texts",
    [
        GERMAN,
        ("Le chat dort sur le canapé.", "La banque augmente les taux."),
        ("El gato duerme en el sofá.", "Hoy llueve mucho en Madrid."),
    ],
)
def test_other_languages_are_read_in_pieces_and_it_is_said(texts: tuple[str, ...]) -> None:
    found = unread(texts, load_encoder("minilm"))
    assert found.spelled and set(found.spelled) <= set(texts) and found.pieces >= 1.3
    assert f"({found.pieces:.1f} a word; English has 1.1)" in found.sentences()[0]


def test_one_text_of_another_language_among_english_ones_is_said_too() -> None:
    english = (
        "The train to Leeds is late again.",
        "A kite flies over the field.",
        "We had lunch in the garden.",
    )
    foreign = ("Der Zug nach Köln hat wieder Verspätung.", "Собака спит на диване.")
    found = unread((*english, *foreign), load_encoder("minilm"))
    assert found.spelled == foreign and found.pieces == pytest.approx(2.0, abs=0.3)
    assert (
        unread((*english, "We hang the kite in the Kubernetes cluster."), load_encoder("minilm")).spelled
        == ()
    )


def test_letters_of_another_script_are_read_one_by_one_and_it_is_said() -> None:
    found = unread(("river", "銀行", "お金", "نهر", "🚀 rocket"), load_encoder("minilm"))
    assert found.spelled == ("お金", "نهر") and found.pieces == 0
    assert found.partly == ("銀行", "🚀 rocket")  # not even all letters
    assert any("reads お金 and نهر in small pieces, not in words" in told for told in found.sentences())


def test_nothing_is_said_of_english() -> None:
    encoder, news = load_encoder("minilm"), news_sentences()
    listed = [items for each in SENTENCE_LISTS.values() if (items := each.sentences.items)]
    parts = [news[start : start + 8] for start in range(0, len(news), 8)]
    assert [items for items in (*listed, *parts) if unread(items, encoder).spelled] == []
    assert unread(("sushi", "tiramisu", "Kowalsky"), encoder).spelled == ()  # single words are no language
