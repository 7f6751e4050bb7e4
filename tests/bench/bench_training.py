"""Train 300 articles for 20 epochs with snapshots, neighbours and film: ours against plain gensim, CPU
seconds. And how many words are enough: which share of neighbours is the same from another random start."""

import time


def seconds(action):
    start = time.process_time()
    action()
    return time.process_time() - start


def same_from_another_start(text):
    import numpy as np

    from embeddings_core.spaces.vectors import unit
    from embeddings_core.training.configuration import TrainingConfig, informative_words, run_training

    first, second = (run_training(TrainingConfig(source="own", own=text, seed=seed)) for seed in (0, 1))
    words = [word for word in informative_words(first, most=100) if word in second.words]
    near = []
    for training in (first, second):
        vectors = unit(training.snapshots[-1][[training.words.index(word) for word in words]])
        near.append(np.argsort(-(vectors @ vectors.T), axis=1)[:, 1:6])
    return np.mean([len(set(a) & set(b)) / 5 for a, b in zip(*near, strict=True)])


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

    from embeddings_core.training.little_world import little_world

    for title, text in (("news", " ".join(texts)), ("little world", little_world())):
        for count in (700, 1_400, 3_000, 6_000, 12_000, 25_000):
            part = " ".join(text.split(" ")[:count])
            print(f"{title}, {count:,} words: {same_from_another_start(part):.0%} of 5 neighbours the same")


if __name__ == "__main__":
    main()
