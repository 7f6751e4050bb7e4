"""What was probably meant by a word that is not in the bundled vocabulary: mistyped words, and not rare ones."""

from embeddings_core.models.catalogue_words import glove_words
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, unit
from embeddings_core.spaces.vocabulary import mistyped

COMMON = 100_000  # first words of GloVe, which are sorted by how often they are written
AKIN = 0.4  # the cosine in GloVe from which a word is another spelling of one: occured and occurred have 0.78, doze and done 0.03
FAR = 10  # times further down GloVe's list


def probably_meant(word: str, vector: FloatArray) -> tuple[str, ...]:
    """Return the words that were probably meant, none where nothing looks mistyped. `vector` (d,) is where the model puts it.

    `vocabulary.mistyped` says what is spelled like a known word and unknown to the model. Where GloVe's words are installed, one
    that is common there and used otherwise than what it is spelled like (doze, sieve, vole) is a word of its own.
    """
    meant = mistyped(word, vector)
    glove = glove_words() if meant else None
    if glove is None:
        return meant
    known = glove.words()
    return tuple(each for each in meant if not _another(word, each, known))


def _another(word: str, meant: str, known: EmbeddingSet) -> bool:
    """Tell whether these are two words of the language; two swapped letters of a far more common one (teh) make no other."""
    row, other = known.find(word), known.find(meant)
    if row is None or other is None or row >= COMMON:
        return False
    if sorted(word) == sorted(meant) and row > FAR * other:
        return False
    first, second = unit(known.vectors[[row, other]])
    return float(first @ second) < AKIN
