"""Static word vectors as a file gave them: words, vectors, and fastText's subwords for unseen words."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.files.metadata import groups_told, names_told
from embeddings_core.spaces.files.source import Columns
from embeddings_core.spaces.texts import clean, joined, split_words
from embeddings_core.spaces.vectors import FloatArray

if TYPE_CHECKING:
    from embeddings_core.spaces.files.fasttext import Subwords


@dataclass(frozen=True, eq=False)
class WordVectors(EmbeddingSet):
    """Static word vectors: one vector a word, whatever the sentence.

    `layout` names the file's format, `notes` say what was left out or repaired, `subwords` (fastText) give
    unseen words a vector, `columns` are those of its metadata, of which others can give the names and groups.
    """

    layout: str = ""
    notes: tuple[str, ...] = ()
    subwords: "Subwords | None" = None
    columns: Columns = ()

    def by(self, *, name: str = "", group: str | None = "") -> "WordVectors":
        """Return the same with names and groups from these columns of its metadata; "" keeps what is there, None takes no groups.

        Raises BadInputError where there is no such column.
        """
        columns = dict(self.columns)
        for wanted in filter(None, (name, group)):
            if wanted not in columns:
                raise BadInputError(
                    f'The metadata has no column "{wanted}"; it has {", ".join(columns) or "no titles"}.'
                )
        notes = [
            note for note in self.notes
            if not (name and note in map(names_told, columns)) and not (group != "" and note in map(groups_told, columns))
        ]  # fmt: skip
        notes += [names_told(name)] if name else []
        notes += [groups_told(group)] if group else []
        return replace(
            self,
            items=columns[name] if name else self.items,
            groups=columns[group] if group else None if group is None else self.groups,
            notes=tuple(notes),
        )

    def look_up(self, words: Sequence[str]) -> tuple[FloatArray, tuple[str, ...]]:
        """Return the vectors of words, (known words, d) in their order, and the words that have none.

        `spelled` says as which word each is taken; what is none has a vector from its letter groups where there are some.
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

    def spelled(self, word: str) -> str | None:
        """Return the word here that is meant: as it is written, else in small letters, else whatever its case, its blanks
        or underscores and its Unicode form; None where there is none."""
        alike = folded(word)
        for form in (word, word.lower(), alike):
            if self.find(form) is not None:
                return form
        row = self._folded.get(alike)
        return None if row is None else self.items[row]

    def first_words(self, most: int) -> tuple[str, ...]:
        """Return the first items that begin with a letter or a digit: in most files the most frequent words.

        Where no two do, as of emoji or "/c/en/cat", those that can be typed; at last those that can be typed between quotes.
        """

        def found(items: Iterable[str]) -> tuple[str, ...]:
            forms = dict.fromkeys(clean(item) for item in items)
            return tuple(islice((form for form in forms if form and self.spelled(form) is not None), most))

        words = found(item for item in self.items if item[:1].isalnum())
        if len(words) > 1:
            return words
        return found(filter(_typed, self.items)) or words or found(filter(_quoted, self.items))

    @cached_property
    def _folded(self) -> dict[str, int]:
        """The first row of each word that is not written as `folded` writes it: few, and looked for only when a word is
        not found otherwise."""
        rows = range(len(self.items) - 1, -1, -1)
        forms = ((folded(item), row, item) for item, row in zip(reversed(self.items), rows, strict=True))
        return {form: row for form, row, item in forms if form != item}

    def _vector(self, word: str) -> FloatArray | None:
        spelled = self.spelled(word)
        row = None if spelled is None else self.find(spelled)
        if row is not None:
            return np.asarray(self.vectors[row])
        return self.subwords.vector(word) if self.subwords else None


def _typed(item: str) -> bool:
    """Tell whether an item is one when it is typed: no list, and no quotation marks that would go."""
    return split_words(item).items == (item,)


def _quoted(item: str) -> bool:
    return split_words(joined((item,))).items == (item,)


def folded(word: str) -> str:
    """Return what two spellings of one word have in common: no case, no Unicode form, blanks for underscores.

    >>> folded("New_York") == folded("new york"), folded("CAFE\\u0301") == folded("caf\\u00e9")
    (True, True)
    """
    wide = not word.isascii()
    form = (
        unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
        if wide
        else word.lower()
    )
    return form.replace("_", " ").strip() or word
