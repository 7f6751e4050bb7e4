"""Static word vectors as a file gave them: words, vectors, and fastText's subwords for unseen words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.files.fasttext import Subwords
from embeddings_core.spaces.vectors import FloatArray


@dataclass(frozen=True, eq=False)
class WordVectors(EmbeddingSet):
    """Static word vectors: one vector a word, whatever the sentence.

    `layout` names the file's format, `notes` say what was left out or repaired, `subwords` (fastText) give
    unseen words a vector.
    """

    layout: str = ""
    notes: tuple[str, ...] = ()
    subwords: Subwords | None = None

    def look_up(self, words: Sequence[str]) -> tuple[FloatArray, tuple[str, ...]]:
        """Return the vectors of words, (known words, d) in their order, and the words that have none.

        A word is taken as it is written, else in small letters, else from its letter groups where there are
        some.
        """
        found, unknown = [], []
        for word in words:
            vector = self._vector(word)
            if vector is None:
                unknown.append(word)
            else:
                found.append(vector)
        table = np.stack(found) if found else np.zeros((0, self.dimensions), dtype=np.float32)
        return table.astype(np.float32), tuple(unknown)

    def _vector(self, word: str) -> FloatArray | None:
        for form in (word, word.lower()):
            row = self.find(form)
            if row is not None:
                return np.asarray(self.vectors[row])
        return self.subwords.vector(word) if self.subwords else None
