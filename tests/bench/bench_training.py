"""Train 300 articles for 20 epochs with snapshots, neighbours and film: ours against plain gensim, CPU
seconds."""

import time


def seconds(action):
    start = time.process_time()
    action()
    return time.process_time() - start


def main():
    from gensim.models import FastText, Word2Vec

    from embeddings_core.spaces.corpus import news_texts, split_sentences
    from embeddings_core.training.record import training_film
    from embeddings_core.training.word2vec import BUCKETS, train_word2vec

    texts = news_texts()
    options = {"vector_size": 50, "epochs": 20, "workers": 1, "min_count": 5}
    plain = {
        "skipgram": lambda: Word2Vec(split_sentences(texts), sg=1, **options),
        "cbow": lambda: Word2Vec(split_sentences(texts), sg=0, **options),
        "fasttext": lambda: FastText(split_sentences(texts), sg=1, bucket=BUCKETS, **options),
    }

    def ours(kind):
        film = training_film(train_word2vec(texts, kind=kind, epochs=20, pinned=["police", "government"]))
        assert film.frames.shape[0] == 21

    for kind, library in plain.items():
        pairs = [(seconds(library), seconds(lambda kind=kind: ours(kind))) for _ in range(3)]
        before, after = (min(column) for column in zip(*pairs, strict=True))
        ratio = f"{after / before:.2f} × (at most 1.5)"
        print(f"{kind}: gensim {before:.2f} s, with snapshots and film {after:.2f} s: {ratio}")


if __name__ == "__main__":
    main()
