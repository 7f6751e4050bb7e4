"""The bundled word space: about 21,000 common English words as MiniLM places them, ready without torch."""

from functools import lru_cache
from types import MappingProxyType
from zipfile import BadZipFile

import numpy as np

from embeddings_core.errors import ModelUnavailableError
from embeddings_core.folders import ASSETS
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.space import Reference
from embeddings_core.spaces.vectors import FloatArray, frozen, random_pair_scores, scores_of_nearest

VOCABULARY = ASSETS / "vocabulary.npz"
DAMAGED = (OSError, ValueError, KeyError, EOFError, BadZipFile)
MISSING = (
    "The bundled word space is missing or damaged. Make it anew: python -m embeddings_core.rebuild.vocabulary"
)
READ, LOOKED_AT = (
    0.49,
    30,
)  # the cosine from which the model knows a word by its pieces, and how many words are asked
LONGEST = 24  # letters of a typed word that spelling suggestions look at


@lru_cache(maxsize=1)
def load_vocabulary() -> EmbeddingSet:
    """Load the bundled word space, common words first: about 21,000 × 384, rows of length 1.

    The whole words of MiniLM's own vocabulary, encoded once by that model; stored with 8 bits a number,
    scaled back here. One copy a process. Raises ModelUnavailableError where the file is missing.
    """
    try:
        with VOCABULARY.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            words = unpacked(stored["words"])
            rows = stored["rows"].astype(np.float32)
    except DAMAGED:
        raise ModelUnavailableError(MISSING) from None
    # the length of every row is 1, so its scale need not be stored: it is what makes it so
    rows /= np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    return EmbeddingSet(words, frozen(rows), "minilm")


def unpacked(stored: np.ndarray) -> tuple[str, ...]:
    """Return the lines of text that a bundled file keeps as an array of bytes."""
    return tuple(stored.tobytes().decode("utf-8").split("\n"))


@lru_cache(maxsize=1)
def vocabulary_rows() -> MappingProxyType[str, int]:
    """Return word → row of the bundled word space."""
    return MappingProxyType({word: row for row, word in enumerate(load_vocabulary().items)})


def spelled(item: str) -> str:
    """Return an item as the vocabulary spells it: lower case, no blanks around it."""
    return item.strip().lower()


@lru_cache(maxsize=1)
def reference_scores() -> FloatArray:
    """Return the sorted cosines of 20,000 random word pairs: what one similarity is compared with."""
    return frozen(random_pair_scores(load_vocabulary().vectors, metric="dot"))


@lru_cache(maxsize=1)
def word_reference() -> Reference:
    """Return the cosines of random pairs, and of 256 words with their nearest and their five nearest among all."""
    near = scores_of_nearest(load_vocabulary().vectors, k=5, metric="dot")
    return Reference(
        reference_scores(),
        nearest=frozen(np.sort(near[:, 0])),
        nearest_five=frozen(np.sort(near.mean(axis=1))),
    )


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
