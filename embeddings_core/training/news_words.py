"""Words as 300 news articles use them: a small space of static vectors, trained when it is first asked for."""

from functools import lru_cache

from embeddings_core.spaces.corpus import news_texts
from embeddings_core.spaces.files.word_vectors import WordVectors
from embeddings_core.training.word2vec import train_word2vec


@lru_cache(maxsize=1)
def news_words() -> WordVectors:
    """Train skip-gram on the 300 news articles that gensim ships, once a process: about 3 seconds."""
    trained = train_word2vec(news_texts(), kind="skipgram", dimensions=100, epochs=20, top=10_000).final
    return WordVectors(trained.items, trained.vectors, "word2vec on 300 news articles", layout="trained here")
