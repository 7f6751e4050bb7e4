"""What the similarity of two sentences is compared with: random pairs of sentences from the news."""

from collections.abc import Sequence

from embeddings_core.models.embed import embed
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.spec import Encoder
from embeddings_core.spaces.corpus import SENTENCE_END, news_texts
from embeddings_core.spaces.vectors import FloatArray, random_pair_scores

YARDSTICK_SENTENCES = 160  # 12,720 different pairs; half a second to encode


def news_sentences(count: int = YARDSTICK_SENTENCES) -> tuple[str, ...]:
    """Return sentences of the news, one from each article in turn: they have nothing to do with each other."""
    articles = (
        [part for part in SENTENCE_END.split(text) if 5 <= len(part.split()) <= 40] for text in news_texts()
    )
    middles = dict.fromkeys(parts[len(parts) // 2] for parts in articles if parts)  # some are printed twice
    return tuple(middles)[:count]


def sentence_yardstick(model: str | Encoder, sentences: Sequence[str] | None = None) -> FloatArray:
    """Return the sorted cosines of random pairs of sentences, by default of the news: one similarity's yardstick.

    `model` is an id of the catalogue or an encoder.
    """
    encoder = load_encoder(model) if isinstance(model, str) else model
    return random_pair_scores(embed(news_sentences() if sentences is None else sentences, encoder).vectors)
