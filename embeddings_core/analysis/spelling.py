"""What was probably meant by a word that is not in the bundled vocabulary: mistyped words, and not rare ones."""

from functools import lru_cache

import numpy as np

from embeddings_core.models.catalogue_words import glove_words
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, unit
from embeddings_core.spaces.vocabulary import load_vocabulary, spelled, vocabulary_rows

READ = 0.49  # the cosine from which the model knows a word by its pieces
LOOKED_AT = 30  # words near it that are asked
LONGEST = 24  # letters of a typed word that are looked at
COMMON = 100_000  # first words of GloVe, which are sorted by how often they are written
AKIN = 0.4  # the cosine in GloVe from which a word is another spelling of one: occured and occurred have 0.78, doze and done 0.03
FAR = 10  # times further down GloVe's list


def probably_meant(word: str, vector: FloatArray) -> tuple[str, ...]:
    """Return the words that were probably meant, none where nothing looks mistyped. `vector` (d,) is where the model puts it.

    `mistyped` says what is spelled like a known word and unknown to the model. Where GloVe's words are installed, one
    that is common there and used otherwise than what it is spelled like (doze, sieve, vole) is a word of its own.
    """
    meant = mistyped(word, vector)
    glove = glove_words() if meant else None
    if glove is None:
        return meant
    known = glove.words()
    return tuple(each for each in meant if not _another(word, each, known))


def _another(word: str, meant: str, known: EmbeddingSet) -> bool:
    """Tell whether these are two words of the language: nearly as common, or used otherwise.

    A misspelling is at least twelve times further down the list than its word; gull is three times as far as gill. Two swapped
    letters of a far more common one (teh) make no other.
    """
    row, other = known.find(word), known.find(meant)
    if row is None or other is None or row >= COMMON:
        return False
    if row <= FAR * other:
        return True
    if sorted(word) == sorted(meant):
        return False
    first, second = unit(known.vectors[[row, other]])
    return float(first @ second) < AKIN


@lru_cache(maxsize=1)
def _letters() -> tuple[np.ndarray, np.ndarray]:
    """All words as one byte a letter, (n, longest) padded with 0, and their lengths (n,)."""
    words = np.array([word.encode("ascii") for word in load_vocabulary().items])
    width = words.dtype.itemsize
    letters = np.frombuffer(words.tobytes(), dtype=np.uint8).reshape(len(words), width)
    return letters, np.count_nonzero(letters, axis=1).astype(np.int16)


def spelling_distance(word: str, letters: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Count the edits from one word to each of many: insert, drop, change, or swap two neighbours.

    The optimal string alignment form of Damerau and Levenshtein's distance, one table for all words at once.
    Takes letters (n, longest) and lengths (n,), returns (n,).

    >>> word = np.frombuffer(b"the", dtype=np.uint8)[None]
    >>> spelling_distance("teh", word, np.array([3])).tolist()  # one swap
    [1]
    """
    typed = word.encode("ascii", "replace")[:LONGEST]
    n, longest = letters.shape
    columns = np.ascontiguousarray(letters.T)  # a letter of all words at a time
    before = np.zeros((longest + 1, n), dtype=np.uint8)
    row = np.repeat(np.arange(longest + 1, dtype=np.uint8)[:, None], n, axis=1)
    for i, letter in enumerate(typed):
        earlier, before = before, row
        differs = columns != letter
        row = np.empty_like(before)
        row[0] = i + 1
        for j in range(longest):
            best = np.minimum(before[j + 1], row[j]) + np.uint8(1)
            np.minimum(best, before[j] + differs[j], out=best)
            if i and j:
                swap = (columns[j] == typed[i - 1]) & (columns[j - 1] == letter)
                np.minimum(best, np.where(swap, earlier[j - 1] + np.uint8(1), best), out=best)
            row[j + 1] = best
    return np.asarray(row[lengths, np.arange(n)])


def mistyped(word: str, vector: FloatArray) -> tuple[str, ...]:
    """Return the words that were probably meant, none where nothing looks mistyped. `vector` (d,) is where the model puts it.

    Mistyped is a word in small letters that is one edit away from a known one with the same first letter (from seven letters
    on two) where the model does not know it: no word of another beginning lies near it. Two swapped letters, and a word that
    the model reads as the known one anyway, are enough by themselves. A name, with a capital letter, never is.
    """
    if word != word.lower() or not (near := suggest(word)):
        return ()
    space = load_vocabulary()
    scores = space.vectors @ (vector / max(float(np.linalg.norm(vector)), 1e-12))
    letters, lengths = _letters()
    rows = [vocabulary_rows()[each] for each in near]
    edits = spelling_distance(word, letters[rows], lengths[rows])
    knows = any(
        scores[row] >= READ and not space.items[row].startswith(word[:3])
        for row in np.argsort(-scores)[:LOOKED_AT].tolist()
    )
    found = []
    for meant, row, edit in zip(near, rows, edits.tolist(), strict=True):
        swapped = edit == 1 and sorted(meant) == sorted(word)
        close = meant[0] == word[0] and edit <= (1 if len(word) < 7 else 2) and meant != word[:-1]
        if swapped or (close and (not knows or (scores[row] >= READ and not word.startswith(meant)))):
            found.append(meant)
    return tuple(found)


def suggest(word: str, *, k: int = 3) -> tuple[str, ...]:
    """Suggest the k words of the bundled space that are spelled most like this one, at most 2 edits away.

    Nearer spellings come first, then those with the same first letter, then the more common word. Empty for
    phrases, and where nothing is near.
    """
    typed = spelled(word)
    if not typed.isascii() or not typed.isalpha() or not 3 <= len(typed) <= LONGEST:
        return ()
    letters, lengths = _letters()
    near = np.flatnonzero(np.abs(lengths - len(typed)) <= 2)
    width = int(lengths[near].max(initial=1))
    edits = spelling_distance(typed, letters[near][:, :width], lengths[near])
    allowed = 1 if len(typed) <= 4 else 2  # two edits make any short word out of any other
    chosen = np.flatnonzero((edits <= allowed) & (edits > 0))
    other_start = letters[near[chosen], 0] != ord(typed[0])
    order = np.lexsort((near[chosen], other_start, edits[chosen]))[:k]
    return tuple(load_vocabulary().items[row] for row in near[chosen[order]])
