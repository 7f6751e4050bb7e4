"""The same sentences in several languages under two models: is a sentence's nearest neighbour its translation, or its language?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import Projection
from embeddings_core.maps.timeline import align_states
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.texts import clean
from embeddings_core.spaces.vectors import IntArray, unit

MOST_MEANINGS, MOST_LANGUAGES = 60, 7
LANGUAGES = ("English", "German", "Spanish")
EVERYDAY = (
    ("The cat is sleeping on the sofa.", "Die Katze schläft auf dem Sofa.", "El gato duerme en el sofá."),
    ("I have lost my keys.", "Ich habe meine Schlüssel verloren.", "He perdido mis llaves."),
    ("It will rain tomorrow.", "Morgen wird es regnen.", "Mañana va a llover."),
    ("The train is ten minutes late.", "Der Zug hat zehn Minuten Verspätung.", "El tren lleva diez minutos de retraso."),
    ("She is reading a book in the garden.", "Sie liest ein Buch im Garten.", "Ella lee un libro en el jardín."),
    ("My father works in a hospital.", "Mein Vater arbeitet in einem Krankenhaus.", "Mi padre trabaja en un hospital."),
    ("How much does the bread cost?", "Wie viel kostet das Brot?", "¿Cuánto cuesta el pan?"),
    ("The children are playing football in the park.", "Die Kinder spielen im Park Fußball.",
     "Los niños juegan al fútbol en el parque."),
    ("We are going to the sea in summer.", "Im Sommer fahren wir ans Meer.", "En verano vamos al mar."),
    ("Please close the window.", "Bitte schließ das Fenster.", "Cierra la ventana, por favor."),
)  # fmt: skip
"""Ten everyday sentences in three languages, written for this application."""


@dataclass(frozen=True)
class Parallel:
    """Sentences that say the same in several languages: `items[i]` says `meanings[i]` in `languages[i]`, both counted from 0.

    `names` are the languages; `notes` say what was left out.
    """

    items: tuple[str, ...]
    meanings: tuple[int, ...]
    languages: tuple[int, ...]
    names: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many meanings there are."""
        return len(set(self.meanings))


def parallel(rows: Sequence[Sequence[str]], names: Sequence[str] = ()) -> Parallel:
    """Arrange rows of translations, language after language.

    Empty texts, texts said before and what is beyond 60 rows or 7 languages is left out; so are rows that then hold
    fewer than two texts.
    """
    notes = []
    if len(rows) > MOST_MEANINGS:
        notes.append(f"The first {MOST_MEANINGS} of {len(rows):,} lines are used.")
    if max((len(row) for row in rows), default=0) > MOST_LANGUAGES:
        notes.append(f"The first {MOST_LANGUAGES} languages are used.")
    seen: set[str] = set()
    kept: list[list[tuple[int, str]]] = []
    alone = 0
    for row in rows[:MOST_MEANINGS]:
        texts = [(language, clean(text)) for language, text in enumerate(row[:MOST_LANGUAGES])]
        fresh = {text: language for language, text in reversed(texts) if text and text not in seen}
        if len(fresh) < 2:
            alone += 1
            continue
        seen |= set(fresh)
        kept.append(sorted((language, text) for text, language in fresh.items()))
    if alone:
        left_out = (
            "1 line has no translation and is" if alone == 1 else f"{alone} lines have no translation and are"
        )
        notes.append(f"{left_out} left out.")
    flat = sorted((language, meaning, text) for meaning, row in enumerate(kept) for language, text in row)
    wide = 1 + max((language for language, _, _ in flat), default=-1)
    titles = (*names, *(f"language {place + 1}" for place in range(len(names), wide)))[:wide]
    return Parallel(
        tuple(text for _, _, text in flat),
        tuple(meaning for _, meaning, _ in flat),
        tuple(language for language, _, _ in flat),
        titles,
        tuple(notes),
    )


def split_translations(text: str) -> Parallel:
    """Read lines "a | b | c", one meaning a line; or blocks between empty lines, one language a block.

    >>> split_translations("cat | Katze\\ndog | Hund").items
    ('cat', 'dog', 'Katze', 'Hund')
    >>> split_translations("cat\\ndog\\n\\nKatze\\nHund").meanings
    (0, 1, 0, 1)
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if any("|" in line for line in lines):
        rows = [line.split("|") for line in lines if line.strip(" |\t")]
    else:
        blocks: list[list[str]] = [[]]
        for line in lines:
            if line.strip():
                blocks[-1].append(line)
            elif blocks[-1]:
                blocks.append([])
        blocks = [block for block in blocks if block]
        longest = max((len(block) for block in blocks), default=0)
        rows = [[block[row] if row < len(block) else "" for block in blocks] for row in range(longest)]
    ours = {text: place for row in EVERYDAY for place, text in enumerate(row)}
    texts = [(place, clean(text)) for row in rows for place, text in enumerate(row)]
    known = bool(texts) and all(ours.get(text) == place for place, text in texts)
    return parallel(rows, LANGUAGES if known else ())


@dataclass(frozen=True, eq=False)
class TranslationBridge:
    """The same sentences under two models.

    `nearest` (2, n) are the rows of each sentence's nearest neighbour by cosine under either model, `translations` and
    `same_language` (2,) how many of those are a translation of it, or another sentence of its language; `by_chance` is how
    many translations a random neighbour would give. `film` morphs from the map of the first model to that of the second.
    """

    parallel: Parallel
    titles: tuple[str, str]
    nearest: IntArray
    translations: tuple[int, int]
    same_language: tuple[int, int]
    by_chance: float
    film: Projection

    @property
    def sentence(self) -> str:
        """What the two models do with the languages, in one sentence of measured numbers."""
        n, (before, after) = len(self.parallel.items), self.translations
        first, second = self.titles
        chance = f"{self.by_chance:.0f}" if self.by_chance >= 0.5 else "none"
        counts = (
            f"Of {n} sentences, {before} have a translation as their nearest neighbour under {first} and {after} under "
            f"{second}; by chance {chance} would."
        )
        alike = self.same_language
        own = f"the same language comes first {alike[0]} times under {first} and {alike[1]} under {second}"
        if after <= before:
            return f"{counts} Here {second} does not bring translations nearer than {first} does: {own}."
        if 2 * after > n and 2 * self.same_language[0] > n:
            return f"{counts} {first} groups by language, {second} by meaning: {own}."
        return f"{counts} {second} goes more by meaning than {first}: {own}."


def translation_bridge(
    texts: Parallel,
    first: EmbeddingSet,
    second: EmbeddingSet,
    *,
    titles: tuple[str, str],
    maps: tuple[Projection, Projection],
) -> TranslationBridge:
    """Compare two models on parallel sentences, and turn the map of the first onto that of the second.

    Raises BadInputError with fewer than two meanings, or where the vectors are of other items.
    """
    if texts.count < 2:
        raise BadInputError("Type at least 2 lines, each with its translation after a |.")
    if first.items != texts.items or second.items != texts.items:
        raise BadInputError("Both models must have read these sentences, in this order.")
    meanings, languages = np.array(texts.meanings), np.array(texts.languages)
    nearest = np.stack([nearest_other(each) for each in (first, second)])
    found = tuple(int((meanings[rows] == meanings).sum()) for rows in nearest)
    own = tuple(int((languages[rows] == languages).sum()) for rows in nearest)
    sizes = np.bincount(meanings)[meanings]
    film = Projection(
        align_states([each.final for each in maps], anchor=-1),
        titles,
        maps[1].method,
        "morph",
        settings=maps[1].settings,
    )
    return TranslationBridge(
        texts,
        titles,
        nearest,
        (found[0], found[1]),
        (own[0], own[1]),
        float(((sizes - 1) / (len(meanings) - 1)).sum()),
        film,
    )


def nearest_other(space: EmbeddingSet) -> IntArray:
    """Return the row of each item's nearest other item by cosine, (n,); ties go to the first."""
    units = unit(space.vectors)
    scores = np.asarray(units @ units.T)
    np.fill_diagonal(scores, -np.inf)
    return np.asarray(scores.argmax(axis=1), dtype=np.int64)
