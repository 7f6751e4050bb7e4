"""What can be asked of sentences, by the id of a model: small values in, a result out, the same each time."""

from embeddings_core.embed import embed
from embeddings_core.language import sentences
from embeddings_core.language.word_order import WordOrder
from embeddings_core.language.word_order import word_order as compare_order
from embeddings_core.models.runtime import load_encoder
from embeddings_core.training.corpus import SENTENCE_END, news_texts
from embeddings_core.vectors import FloatArray, random_pair_scores

YARDSTICK_SENTENCES = 160  # 12,720 different pairs; half a second to encode


def news_sentences(count: int = YARDSTICK_SENTENCES) -> tuple[str, ...]:
    """Return sentences of the news, one from each article in turn: they have nothing to do with each other."""
    articles = (
        [part for part in SENTENCE_END.split(text) if 5 <= len(part.split()) <= 40] for text in news_texts()
    )
    middles = dict.fromkeys(parts[len(parts) // 2] for parts in articles if parts)  # some are printed twice
    return tuple(middles)[:count]


def sentence_yardstick(model: str) -> FloatArray:
    """Return the sorted cosines of random pairs of news sentences: what one similarity is compared with."""
    encoder = load_encoder(model)
    return random_pair_scores(embed(news_sentences(), encoder, model=model).vectors)


def why_similar(first: str, second: str, model: str) -> sentences.WhySimilar:
    """Leave out one word at a time of either sentence; see `sentences.why_similar`."""
    return sentences.why_similar(first, second, load_encoder(model))


def sentence_grows(sentence: str, model: str) -> sentences.GrowingSentence:
    """Encode a sentence's beginnings; see `sentences.sentence_grows`."""
    return sentences.sentence_grows(sentence, load_encoder(model))


def word_order(first: str, second: str, model: str) -> WordOrder:
    """Compare two sentences of the same words; see `word_order.word_order`."""
    return compare_order(first, second, load_encoder(model))
