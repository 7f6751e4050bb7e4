"""Which words stand near which: counts weighted by one over the distance, as GloVe counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError, requires
from embeddings_core.spaces.corpus import Sentences, Vocabulary
from embeddings_core.spaces.vectors import FloatArray, frozen


@dataclass(frozen=True, eq=False)
class Cooccurrence:
    """Weighted counts of pairs of words: `counts` is a symmetric sparse matrix (vocabulary, vocabulary)."""

    vocabulary: Vocabulary
    counts: Any  # scipy.sparse.csr_matrix
    window: int

    def table(self, words: Sequence[str]) -> FloatArray:
        """Return the counts among some words, (words, words); raise BadInputError for an unknown one."""
        rows = self.vocabulary.rows()
        for word in words:
            if word not in rows:
                raise BadInputError(f'"{word}" is not among the {len(rows):,} words of this text.')
        chosen = [rows[word] for word in words]
        return frozen(self.counts[chosen][:, chosen].toarray())

    def most_common(self, word: str, *, k: int = 10) -> tuple[tuple[str, float], ...]:
        """Return the words that stand nearest and most often beside a word, with their counts."""
        rows = self.vocabulary.rows()
        if word not in rows:
            raise BadInputError(f'"{word}" is not among the {len(rows):,} words of this text.')
        line = self.counts[rows[word]].toarray()[0]
        best = np.argsort(-line, kind="stable")[:k]
        return tuple((self.vocabulary.words[row], float(line[row])) for row in best if line[row] > 0)


def cooccurrence(sentences: Sentences, vocabulary: Vocabulary, *, window: int = 8) -> Cooccurrence:
    """Count pairs of words within a window inside a sentence, each weighted by 1 / distance.

    Pennington et al. 2014, section 4.2. Words outside the vocabulary are left out first, so they take no
    place.

    "a b c" with a window of 2: a–b 1, b–c 1, a–c 1/2, in both directions.
    """
    if window < 1:
        raise BadInputError("A window of at least 1 word is needed.")
    requires("scipy")
    from scipy.sparse import coo_matrix, csr_matrix

    rows = vocabulary.rows()
    known = [[rows[word] for word in sentence if word in rows] for sentence in sentences]
    flat = np.array([row for sentence in known for row in sentence], dtype=np.int32)
    owner = np.repeat(np.arange(len(known)), [len(sentence) for sentence in known])
    total = csr_matrix((len(rows), len(rows)), dtype=np.float32)
    for distance in range(1, window + 1):
        together = owner[:-distance] == owner[distance:]
        left, right = flat[:-distance][together], flat[distance:][together]
        ones = np.full(len(left), 1.0 / distance, dtype=np.float32)
        total = total + coo_matrix((ones, (left, right)), shape=total.shape).tocsr()
    return Cooccurrence(vocabulary, (total + total.T).tocsr(), window)
