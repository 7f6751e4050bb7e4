"""Static word vectors as models: one vector a word, from files that gensim's catalogue names; and their
mean."""

import difflib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.models.downloads import gensim_folder
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.spaces.corpus import WORD
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.files.opener import open_vectors
from embeddings_core.spaces.files.word_vectors import WordVectors
from embeddings_core.spaces.vectors import FloatArray

ENDINGS = (".gz", ".bin", ".txt", ".vec")
NAMED = 5  # unknown words that a message names


class StaticWords:
    """A word space as an encoder: words → (n, d), the same vector in every sentence. `space` is what it
    reads."""

    def __init__(self, space: EmbeddingSet) -> None:
        self.space = (
            space if isinstance(space, WordVectors) else WordVectors(space.items, space.vectors, space.model)
        )

    def unknown(self, items: Sequence[str]) -> tuple[str, ...]:
        """Return the words that have no vector here, each once."""
        return tuple(dict.fromkeys(self.space.look_up(items)[1]))

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Return the vectors of words; raise BadInputError that names the unknown ones and the nearest
        spelling."""
        vectors, unknown = self.space.look_up(items)
        if unknown:
            raise BadInputError(_missing(unknown, self.space.items))
        return vectors


class AveragedWords:
    """The mean of a text's word vectors: texts → (n, d), whatever the order of the words.

    Words without a vector are skipped. With `blank` a text of such words only is a row of zeros, not an error.
    """

    def __init__(self, space: EmbeddingSet, *, blank: bool = False) -> None:
        self.words = StaticWords(space)
        self.blank = blank

    def left_out(self, items: Sequence[str]) -> tuple[str, ...]:
        """Return the words of texts that have no vector here and are skipped, each once."""
        return self.words.unknown([word for item in items for word in WORD.findall(item)])

    def readable(self, items: Sequence[str]) -> tuple[str, ...]:
        """Return the texts of which at least one word has a vector here, in order."""
        unknown = set(self.left_out(items))
        return tuple(item for item in items if any(word not in unknown for word in WORD.findall(item)))

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Average. Raise BadInputError for a text of which no word is known, unless such texts may be blank."""
        vectors = np.zeros((len(items), self.words.space.dimensions), dtype=np.float32)
        for row, item in enumerate(items):
            # sorted: the same words give the same mean to the last bit, in whatever order they stand
            found, unknown = self.words.space.look_up(sorted(WORD.findall(item)))
            if len(found):
                vectors[row] = found.mean(axis=0, dtype=np.float64)
            elif not self.blank:
                raise BadInputError(
                    f'No word of "{item[:60]}" is in this model ({len(unknown)} tried); leave the text out.'
                )
        return vectors


def load_static_words(spec: ModelSpec) -> Encoder:
    """Open word vectors from gensim's data folder by their catalogue name, or from a file.

    The program that gensim downloads beside the numbers is not run. Raises ModelUnavailableError where
    nothing was fetched.
    """
    return StaticWords(word_space(spec))


def word_space(spec: ModelSpec) -> WordVectors:
    """Return the word space of a row."""
    files = files_of(spec)
    if not files:
        raise ModelUnavailableError(
            f"{spec.title} is not on this computer ({spec.megabytes:,.0f} MB); download it first. "
            "The bundled word space works without."
        )
    return open_vectors(files[0], name=spec.id)


def files_of(spec: ModelSpec) -> list[Path]:
    """Return the files of numbers that gensim keeps for a row; empty where nothing was fetched."""
    folder = gensim_folder() / spec.checkpoint
    return [path for ending in ENDINGS for path in sorted(folder.glob(f"*{ending}"))]


def load_mean_of_words(spec: ModelSpec) -> Encoder:
    """Average the vectors of the bundled word space."""
    from embeddings_core.spaces.vocabulary import load_vocabulary

    return AveragedWords(load_vocabulary())


def load_mean_of_download(spec: ModelSpec) -> Encoder:
    """Average the vectors of a downloaded word space."""
    return AveragedWords(word_space(spec))


def _missing(unknown: Sequence[str], known: Sequence[str]) -> str:
    names = ", ".join(f'"{word[:40]}"' for word in unknown[:NAMED]) + (" …" if len(unknown) > NAMED else "")
    near = difflib.get_close_matches(unknown[0].lower(), known[:50_000], n=1, cutoff=0.8)
    hint = (
        f' Did you mean "{near[0]}"?' if near else " Leave them out, or choose a model that reads any word."
    )
    return f"{len(unknown)} words have no vector in this model: {names}.{hint}"


def _row(
    id: str, title: str, family: str, dimensions: int, checkpoint: str, megabytes: float, licence: str, paper: str,
    note: str, load: Callable[[ModelSpec], Encoder] = load_static_words,
) -> ModelSpec:  # fmt: skip
    return ModelSpec(
        id=id, title=title, family=family, modality="word", dimensions=dimensions, load=load, checkpoint=checkpoint,
        megabytes=megabytes, licence=licence, paper=paper, note=note,
    )  # fmt: skip


AVERAGED = "Averaged word vectors"
AVERAGED_PAPER = "Arora et al. 2017, A Simple but Tough-to-Beat Baseline for Sentence Embeddings"
GLOVE_PAPER = "Pennington et al. 2014, GloVe"
GLOVE_NOTE = (
    "Counted on Wikipedia and newspapers, 6 billion words; 400,000 words, the first 200,000 are used."
)
WORD_MODELS: tuple[ModelSpec, ...] = (
    _row("word2vec", "Word2Vec (Google News)", "Word2Vec", 300, "word2vec-google-news-300", 1743, "not stated",
         "Mikolov et al. 2013, Distributed Representations of Words and Phrases",
         "Learnt from 100 billion words of news; 3 million words, the first 200,000 are used."),
    *(
        _row(f"glove-{d}", f"GloVe, {d} dimensions", "GloVe", d, f"glove-wiki-gigaword-{d}", size, "PDDL",
             GLOVE_PAPER, GLOVE_NOTE)
        for d, size in ((50, 69), (100, 134), (200, 264), (300, 395))
    ),
    _row("fasttext", "fastText (Wikipedia, news)", "fastText", 300, "fasttext-wiki-news-subwords-300", 1005,
         "CC-BY-SA-3.0", "Mikolov et al. 2018, Advances in Pre-Training Distributed Word Representations",
         "A million words, learnt with their letter groups; the first 200,000 are used."),
    ModelSpec(
        id="mean-of-words", title="Mean of word vectors", family=AVERAGED, modality="text",
        dimensions=384, load=load_mean_of_words, bundled=True, licence="Apache-2.0", paper=AVERAGED_PAPER,
        note="The mean of the bundled word space: the order of words does not count, unknown words are skipped.",
    ),
    *(
        ModelSpec(
            id=f"mean-of-{id}", title=f"Mean of {title}", family=AVERAGED, modality="text", dimensions=d,
            load=load_mean_of_download, checkpoint=checkpoint, megabytes=size, licence=licence, paper=AVERAGED_PAPER,
            note="The mean of a sentence's word vectors: the order of words does not count, unknown words are skipped.",
        )
        for id, title, d, checkpoint, size, licence in (
            ("word2vec", "Word2Vec (Google News)", 300, "word2vec-google-news-300", 1743, "not stated"),
            ("glove", "GloVe, 100 dimensions", 100, "glove-wiki-gigaword-100", 134, "PDDL"),
            ("fasttext", "fastText (Wikipedia, news)", 300, "fasttext-wiki-news-subwords-300", 1005, "CC-BY-SA-3.0"),
        )
    ),
)  # fmt: skip
