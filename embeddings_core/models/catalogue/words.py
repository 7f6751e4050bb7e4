"""Rows of static word vectors, and of sentences read as the mean of their words."""

from collections.abc import Callable

from embeddings_core.models.catalogue.places import GENSIM, GLOVE_50
from embeddings_core.models.one_hot import load_one_hot
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.models.words import (
    AVERAGED,
    load_mean_of_download,
    load_mean_of_part,
    load_mean_of_words,
    load_packaged_words,
    load_static_words,
)


def _words(
    id: str, title: str, family: str, dimensions: int, checkpoint: str, megabytes: float, licence: str, paper: str,
    note: str, load: Callable[[ModelSpec], Encoder] = load_static_words,
) -> ModelSpec:  # fmt: skip
    return ModelSpec(
        id=id, title=title, family=family, modality="word", dimensions=dimensions, load=load, checkpoint=checkpoint,
        source=GENSIM, megabytes=megabytes, licence=licence, paper=paper, note=note,
    )  # fmt: skip


AVERAGED_PAPER = "Arora et al. 2017, A Simple but Tough-to-Beat Baseline for Sentence Embeddings"
GLOVE_PAPER = "Pennington et al. 2014, GloVe"
GLOVE_NOTE = (
    "Counted on Wikipedia and newspapers, 6 billion words; 400,000 words, the first 200,000 are used."
)
WORD_MODELS: tuple[ModelSpec, ...] = (
    ModelSpec(
        id="one-hot",
        title="One-hot",
        family="One-hot",
        modality="word",
        dimensions=0,
        load=load_one_hot,
        bundled=True,
        note="Each word is an axis of its own: all are equally far apart, and nothing is alike.",
    ),
    _words("word2vec", "Word2Vec (Google News)", "Word2Vec", 300, "word2vec-google-news-300", 1744, "not stated in gensim's list",
         "Mikolov et al. 2013, Distributed Representations of Words and Phrases",
         "Learnt from 100 billion words of news; 3 million words, the first 200,000 are used."),
    ModelSpec(
        id="glove-50", title="GloVe, 50 dimensions", family="GloVe", modality="word", dimensions=50, load=load_packaged_words,
        bundled=True, source=GLOVE_50, megabytes=76, licence="PDDL", paper=GLOVE_PAPER,
        note="Counted on Wikipedia and newspapers, 6 billion words; 400,000 words, one vector each, all in small letters.",
    ),
    *(
        _words(f"glove-{d}", f"GloVe, {d} dimensions", "GloVe", d, f"glove-wiki-gigaword-{d}", size, "PDDL",
             GLOVE_PAPER, GLOVE_NOTE)
        for d, size in ((100, 134), (200, 264), (300, 394))
    ),
    _words("fasttext", "fastText (Wikipedia, news)", "fastText", 300, "fasttext-wiki-news-subwords-300", 1005.01,
         "CC-BY-SA-3.0", "Mikolov et al. 2018, Advances in Pre-Training Distributed Word Representations",
         "A million words, learnt with their letter groups; the first 200,000 are used."),
    ModelSpec(
        id="mean-of-words", title="Mean of word vectors", family=AVERAGED, modality="text",
        dimensions=384, load=load_mean_of_words, bundled=True, licence="Apache-2.0", paper=AVERAGED_PAPER,
        note="The mean of the bundled word space: the order of words does not count, unknown words are skipped.",
    ),
    ModelSpec(
        id="mean-of-glove-50", title="Mean of GloVe, 50 dimensions", family=AVERAGED, modality="text", dimensions=50,
        load=load_mean_of_part, parts=("glove-50",), bundled=True, source=GLOVE_50, megabytes=76, licence="PDDL",
        paper=AVERAGED_PAPER,
        note="The mean of a sentence's word vectors, short and rare words too: the order of words does not count.",
    ),
    *(
        ModelSpec(
            id=f"mean-of-{id}", title=f"Mean of {title}", family=AVERAGED, modality="text", dimensions=d,
            load=load_mean_of_download, checkpoint=checkpoint, source=GENSIM, megabytes=size, licence=licence, paper=AVERAGED_PAPER,
            note="The mean of a sentence's word vectors: the order of words does not count, unknown words are skipped.",
        )
        for id, title, d, checkpoint, size, licence in (
            ("word2vec", "Word2Vec (Google News)", 300, "word2vec-google-news-300", 1744, "not stated in gensim's list"),
            ("glove", "GloVe, 100 dimensions", 100, "glove-wiki-gigaword-100", 134, "PDDL"),
            ("fasttext", "fastText (Wikipedia, news)", 300, "fasttext-wiki-news-subwords-300", 1005.01, "CC-BY-SA-3.0"),
        )
    ),
)  # fmt: skip
