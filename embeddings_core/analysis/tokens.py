"""A word in its sentences: its vector, and that of every token, at every layer of a language model."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.limits import CONTEXT_SENTENCES, TEXT_CHARACTERS
from embeddings_core.models.contextual import Reader, Reading, contextual_model
from embeddings_core.spaces.texts import clean
from embeddings_core.spaces.vectors import FloatArray, frozen

AT_ONCE = 16  # sentences: what the word does not need of them is forgotten before the next ones


@dataclass(frozen=True, eq=False)
class TokenVectors:
    """One word wherever it stands: `vectors` (layers, occurrences, d).

    `sentences`, `pieces` and `places` (start, end of the word in its sentence, in characters) hold one entry
    an occurrence; `rows` say which of the given sentences it stands in. `static` (d,) is the word's vector
    before any context, the same in every sentence. `notes` say what the numbers do not.
    """

    word: str
    vectors: FloatArray
    sentences: tuple[str, ...]
    rows: tuple[int, ...]
    places: tuple[tuple[int, int], ...]
    pieces: tuple[tuple[str, ...], ...]
    layer_names: tuple[str, ...]
    static: FloatArray
    model: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "vectors", frozen(self.vectors))
        object.__setattr__(self, "static", frozen(self.static))
        if self.vectors.ndim != 3 or self.vectors.shape[:2] != (len(self.layer_names), len(self.sentences)):
            raise BadInputError("Token vectors need one name a layer and one sentence an occurrence.")

    def __len__(self) -> int:
        return len(self.sentences)


@dataclass(frozen=True, eq=False)
class TokenMatrix:
    """Every token of one sentence at every layer: `vectors` (layers, tokens, d).

    `special` (tokens,) marks what the model adds itself, such as [CLS].
    """

    sentence: str
    tokens: tuple[str, ...]
    special: tuple[bool, ...]
    vectors: FloatArray
    layer_names: tuple[str, ...]
    model: str
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "vectors", frozen(self.vectors))


def token_vectors(sentences: Sequence[str], *, word: str, model: str = "minilm") -> TokenVectors:
    """Find a word in sentences and return its vector at every layer, one for each time it occurs.

    The word is found whole, in any case. Where the model cuts it into pieces its vector is their mean.
    Returns `vectors` (layers, occurrences, d), the embedding layer first. Raises BadInputError where there is
    no sentence, no word, or no sentence holds the word; ModelUnavailableError where the model is not on disk.
    """
    wanted = checked_text(word, what="word")
    if isinstance(sentences, str):
        sentences = [sentences]
    texts = [checked_text(sentence, what="sentence") for sentence in sentences]
    if not texts:
        raise BadInputError("Type at least one sentence that holds the word.")
    if len(texts) > CONTEXT_SENTENCES:
        raise BadInputError(
            f"{len(texts)} sentences are too many for this view; the limit is {CONTEXT_SENTENCES}."
        )
    found = [_find(wanted, text) for text in texts]
    missing = [
        f'"{_short(text)}" does not hold "{wanted}".'
        for text, hits in zip(texts, found, strict=True)
        if not hits
    ]
    if len(missing) == len(texts):
        raise BadInputError(
            f'None of the {len(texts)} sentences holds "{wanted}" as a whole word; type one that does.'
        )
    network = contextual_model(model)
    rows = [row for row, hits in enumerate(found) if hits]
    vectors, places, pieces, owners, statics = [], [], [], [], []
    notes = list(missing)
    for row, reading in _readings(network, texts, rows):
        for start, end in found[row]:
            tokens = _tokens_inside(reading, start, end)
            if not tokens:
                notes.append(
                    f'"{_short(texts[row])}": "{wanted}" stands after the {network.longest} tokens '
                    "that the model reads."
                )
                continue
            vectors.append(reading.layers[:, tokens].mean(axis=1, dtype=np.float64))
            statics.append(reading.embedded[tokens].mean(axis=0, dtype=np.float64))
            places.append((start, end))
            pieces.append(tuple(reading.tokens[token] for token in tokens))
            owners.append(row)
    if not vectors:
        raise BadInputError(
            f'"{wanted}" stands after the {network.longest} tokens that this model reads; shorten the text.'
        )
    for parts in dict.fromkeys(piece for piece in pieces if len(piece) > 1):
        cut = " ".join(parts)
        notes.append(f'The model reads "{wanted}" as {len(parts)} pieces ({cut}); its vector is their mean.')
    return TokenVectors(
        word=wanted,
        vectors=np.stack(vectors, axis=1).astype(np.float32),
        sentences=tuple(texts[row] for row in owners),
        rows=tuple(owners),
        places=tuple(places),
        pieces=tuple(pieces),
        layer_names=network.layer_names,
        static=np.asarray(statics[0], dtype=np.float32),
        model=model,
        notes=tuple(notes),
    )


def token_matrix(sentence: str, *, model: str = "minilm") -> TokenMatrix:
    """Return every token of a sentence at every layer, (layers, tokens, d); raise BadInputError for empty
    text."""
    text = checked_text(sentence, what="sentence")
    network = contextual_model(model)
    (reading,) = network.read([text])
    notes = (
        (f"The model reads {network.longest} tokens; what comes after is left out.",) if reading.cut else ()
    )
    special = tuple(start == end for start, end in reading.offsets)
    return TokenMatrix(text, reading.tokens, special, reading.layers, network.layer_names, model, notes)


def occurrences(word: str, text: str) -> list[tuple[int, int]]:
    """Find a word in a clean text, whole and in any case: (start, end) in characters; none for an empty word."""
    wanted = clean(word)
    return _find(wanted, text) if wanted else []


def _readings(network: Reader, texts: Sequence[str], rows: Sequence[int]) -> Iterator[tuple[int, Reading]]:
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        yield from zip(part, network.read([texts[row] for row in part]), strict=True)


def checked_text(text: str, *, what: str) -> str:
    """Return a text clean; raise BadInputError where it is empty or over the limit of characters."""
    cleaned = clean(str(text), limit=TEXT_CHARACTERS + 1)  # one more, to tell that something would be cut
    if not cleaned:
        raise BadInputError(f"A {what} is empty; type at least one letter.")
    if len(cleaned) > TEXT_CHARACTERS:
        raise BadInputError(
            f"A {what} has {len(str(text)):,} characters; the limit is {TEXT_CHARACTERS:,}. Shorten it."
        )
    return cleaned


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _find(word: str, text: str) -> list[tuple[int, int]]:
    """Find whole words in any case: (start, end) in characters.

    Scripts that put no spaces between words (wide letters) have no borders to look for.
    """
    spaced = [
        unicodedata.east_asian_width(sign) not in "WF" and (sign.isalnum() or sign == "_") for sign in word
    ]
    left, right = (r"(?<!\w)" if spaced[0] else ""), (r"(?!\w)" if spaced[-1] else "")
    pattern = left + r"\s+".join(re.escape(part) for part in word.split()) + right
    return [match.span() for match in re.finditer(pattern, text, flags=re.IGNORECASE)]


def _tokens_inside(reading: Reading, start: int, end: int) -> list[int]:
    return [
        place
        for place, (left, right) in enumerate(reading.offsets)
        if left < end and right > start and right > left
    ]
