"""One word list through several models: which words each knows, where it puts them, and whose neighbours change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from embeddings_core.analysis.comparison import Change, Comparison, compare
from embeddings_core.errors import BadInputError, requires
from embeddings_core.maps.projection import Projection, project
from embeddings_core.maps.timeline import align_states
from embeddings_core.models.catalogue_words import GLOVE
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.embed import embed, embed_words
from embeddings_core.models.named_text_models import text_models_here
from embeddings_core.models.registry import list_models, load_encoder
from embeddings_core.models.text_space import word_readers
from embeddings_core.models.words import AVERAGED
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.files.word_vectors import WordVectors

Words = tuple[str, ...]


@dataclass(frozen=True)
class WordSpace:
    """A way to turn words into vectors; `read` returns the words it knows with their vectors, in order."""

    id: str
    title: str
    note: str
    read: Callable[[Words], EmbeddingSet]


def _sentence_model(words: Words) -> EmbeddingSet:
    return embed_words(words).words


def _input_table(words: Words) -> EmbeddingSet:
    """Read the vectors that MiniLM starts from: one a word piece, before any layer; a word is the mean of its pieces."""
    requires("tokenizers")
    from tokenizers import Tokenizer

    from embeddings_core.models.minilm import minilm_folder, minilm_weights

    folder = minilm_folder()
    table = minilm_weights(folder).tensors["embeddings.word_embeddings.weight"]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    pieces = tokenizer.encode_batch(list(words), add_special_tokens=False)
    rows = [np.asarray(table[encoding.ids], dtype=np.float32).mean(axis=0) for encoding in pieces]
    return EmbeddingSet(
        words, np.stack(rows) if rows else np.zeros((0, table.shape[1]), dtype=np.float32), "word pieces"
    )


def _spelling(words: Words) -> EmbeddingSet:
    """Count the 2 to 4 letter pieces of each word: what it looks like, nothing of what it means."""
    requires("sklearn")
    from sklearn.feature_extraction.text import CountVectorizer

    if not words:
        return EmbeddingSet((), np.zeros((0, 1), dtype=np.float32), "spelling")
    counts = CountVectorizer(analyzer="char_wb", ngram_range=(2, 4)).fit_transform(words)
    return EmbeddingSet(words, counts.toarray().astype(np.float32), "spelling")


def known_in(space: WordVectors, words: Sequence[str]) -> EmbeddingSet:
    """Return the words that a space of static vectors knows, as they are typed, with their vectors."""
    vectors, unknown = space.look_up(words)
    missing = set(unknown)
    return EmbeddingSet(tuple(word for word in words if word not in missing), vectors, space.model)


def _static(model: str) -> Callable[[Words], EmbeddingSet]:
    return lambda words: known_in(load_encoder(model).inner.space, words)  # type: ignore[attr-defined] # static words


def _encoded(model: str) -> Callable[[Words], EmbeddingSet]:
    return lambda words: embed(words, load_encoder(model), model=model, role="symmetric")


BUILT_IN: tuple[WordSpace, ...] = (
    WordSpace(
        "minilm",
        "MiniLM, the sentence model",
        "six layers read the word as a sentence of its own",
        _sentence_model,
    ),
    WordSpace(
        "pieces", "MiniLM's word pieces", "the static vectors that this model starts from", _input_table
    ),
    WordSpace("spelling", "spelling only", "letters, no meaning at all", _spelling),
)


def word_spaces() -> tuple[WordSpace, ...]:
    """Return the spaces that open now: those that need nothing, GloVe where its package is installed, every downloaded
    word or text model, and the other text models on this computer.

    Means of word vectors are not among them: the mean of one word is the word.
    """
    readers = word_readers()
    here = [
        spec
        for spec in list_models()
        if (spec.modality == "word" or (spec.modality == "text" and (spec in readers or not spec.bundled)))
        and spec.family != AVERAGED
        and on_disk(spec)
    ]
    return BUILT_IN + tuple(
        WordSpace(spec.id, spec.title, spec.note, (_static if spec.modality == "word" else _encoded)(spec.id))
        for spec in (*here, *text_models_here())
    )


def usual_comparison() -> tuple[WordSpace, ...]:
    """Return the spaces that a comparison begins with: MiniLM, GloVe, spelling; MiniLM's word pieces in place of GloVe
    where its package is not installed."""
    known = {space.id: space for space in word_spaces()}
    second = GLOVE if GLOVE in known else "pieces"
    return tuple(known[name] for name in ("minilm", second, "spelling"))


@dataclass(frozen=True, eq=False)
class ModelComparison:
    """The same words in several spaces: `sets` hold the words that all of them know, `lost` those that one lacks.

    `film` (spaces, words, 2 or 3) morphs from the map of one space to that of the next; `comparisons` are between
    each space and the one before.
    """

    titles: tuple[str, ...]
    sets: tuple[EmbeddingSet, ...]
    lost: Words
    film: Projection
    comparisons: tuple[Comparison, ...]

    @property
    def items(self) -> Words:
        """The words that all spaces know."""
        return self.sets[0].items


def compare_models(
    words: Words,
    spaces: Sequence[str],
    *,
    dimensions: int = 2,
    k: int = 5,
    given: Mapping[str, EmbeddingSet] = MappingProxyType({}),
) -> ModelComparison:
    """Read words through spaces (ids of `word_spaces`), map each, and align each map with the one before.

    `given` holds, by further ids, the words that spaces of the caller's own know; their `model` is the title.

    Maps are UMAP from 8 words on, PCA below. Raises BadInputError for unknown spaces, fewer than two of them, or
    fewer than 3 words that all of them know.
    """
    known = {space.id: space for space in word_spaces()}
    known |= {name: WordSpace(name, own.model, "", lambda _, own=own: own) for name, own in given.items()}  # type: ignore[misc]
    chosen = [known[name] for name in dict.fromkeys(spaces) if name in known]
    if len(chosen) < 2:
        raise BadInputError("A comparison needs 2 models; choose one more.")
    read = [space.read(words) for space in chosen]
    common = tuple(word for word in words if all(word in each.items for each in read))
    if len(common) < 3:
        raise BadInputError(
            f"Only {len(common)} of these {len(words)} words are known to all {len(chosen)} models; 3 are needed. "
            "Take a model away, or use more common words."
        )
    sets = tuple(each.take([each.row(word) for word in common]) for each in read)
    maps = [
        project(each, method="umap" if len(common) >= 8 else "pca", dimensions=dimensions).final
        for each in sets
    ]
    frames = align_states(maps, anchor=0)
    method = "umap" if len(common) >= 8 else "pca"
    film = Projection(frames, tuple(space.title for space in chosen), method, "morph")
    pairs = tuple(compare(a, b, k=k) for a, b in pairwise(sets))
    lost = tuple(word for word in words if word not in set(common))
    return ModelComparison(tuple(space.title for space in chosen), sets, lost, film, pairs)


def tell(change: Change) -> str:
    """Say in one sentence whom a word lost and gained: "apple lost pear, gained computer"."""
    lost = f"lost {', '.join(change.lost[:3])}" if change.lost else "lost nobody"
    gained = f"gained {', '.join(change.gained[:3])}" if change.gained else "gained nobody"
    return f"{change.item} {lost}; {gained}."
