"""Lists to look at: what is bundled, each with where it comes from."""

import json
from dataclasses import dataclass
from functools import lru_cache

from embeddings_core.errors import BadInputError
from embeddings_core.folders import ASSETS


@dataclass(frozen=True)
class Dataset:
    """Items that belong together; `groups[i]` is what `items[i]` is one of."""

    title: str
    items: tuple[str, ...]
    groups: tuple[str, ...] | None = None
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", tuple(self.items))
        if self.groups is not None and len(self.groups) != len(self.items):
            raise BadInputError(
                f"{len(self.items)} items but {len(self.groups)} groups; there must be one each."
            )
        empty = [place + 1 for place, item in enumerate(self.items) if not item.strip()]
        if empty:
            raise BadInputError(
                f"{len(empty)} items are empty (the first is number {empty[0]}); leave them out."
            )

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class AnalogyPreset:
    """Man is to king as woman is to …: a question that was tried in the space that it is offered for.

    `expected` is what people answer, `works` whether the space agrees; `remark` says what to learn from it.
    """

    a: str
    b: str
    c: str
    expected: str
    works: bool = True
    remark: str = ""

    @property
    def title(self) -> str:
        """Say the question in words."""
        return f"{self.a} is to {self.b} as {self.c} is to …"


ANALOGIES = (
    AnalogyPreset(
        "man", "king", "woman", "queen", remark="The classic. The nearest word of all is king itself."
    ),
    AnalogyPreset("france", "paris", "germany", "berlin", remark="From a country to its capital."),
    AnalogyPreset("france", "paris", "japan", "tokyo", remark="The same step works on another continent."),
    AnalogyPreset("japan", "japanese", "china", "chinese", remark="From a country to its language."),
    AnalogyPreset("cat", "kitten", "dog", "puppy", remark="From an animal to its young."),
    AnalogyPreset(
        "man", "actor", "woman", "actress", remark="Nothing has to be left out here: it is the nearest."
    ),
    AnalogyPreset("brother", "sister", "uncle", "aunt", remark="A step between family members."),
    AnalogyPreset("big", "bigger", "small", "smaller", remark="Grammar: the comparative."),
    AnalogyPreset("good", "better", "bad", "worse", remark="Grammar without a common spelling."),
    AnalogyPreset("king", "kings", "queen", "queens", remark="Grammar: the plural."),
    AnalogyPreset("hot", "cold", "summer", "winter", remark="Opposites."),
    AnalogyPreset(
        "england", "london", "russia", "moscow", remark="Capitals again, the other way round the map."
    ),
    AnalogyPreset(
        "france", "paris", "italy", "rome", False, "A near miss: another Italian city wins by a hair."
    ),
    AnalogyPreset(
        "man", "boy", "woman", "girl", False, "It fails: the target stays so near woman that female wins."
    ),
    AnalogyPreset("january", "february", "march", "april", False, "Months lie in a heap, not in a row."),
    AnalogyPreset(
        "man", "doctor", "woman", "nurse", False, "Often quoted as bias: here it finds doctors first."
    ),
)

GLOVE_ANALOGIES = (  # tried in GloVe, 50 dimensions
    AnalogyPreset(
        "man", "king", "woman", "queen", remark="The classic. The nearest word of all is king itself."
    ),
    AnalogyPreset("france", "paris", "italy", "rome", remark="From a country to its capital."),
    AnalogyPreset("france", "paris", "japan", "tokyo", remark="The same step works on another continent."),
    AnalogyPreset(
        "england", "london", "russia", "moscow", remark="Capitals again, the other way round the map."
    ),
    AnalogyPreset("japan", "japanese", "china", "chinese", remark="From a country to its language."),
    AnalogyPreset(
        "man", "boy", "woman", "girl", remark="Nothing has to be left out here: it is the nearest."
    ),
    AnalogyPreset("cat", "kitten", "dog", "puppy", remark="From an animal to its young."),
    AnalogyPreset("brother", "sister", "uncle", "aunt", remark="A step between family members."),
    AnalogyPreset("good", "better", "bad", "worse", remark="Grammar without a common spelling."),
    AnalogyPreset("january", "february", "march", "april", remark="One month on."),
    AnalogyPreset("hot", "cold", "summer", "winter", remark="Opposites."),
    AnalogyPreset(
        "man", "doctor", "woman", "nurse", remark="A bias of the texts that it was counted on, not a truth."
    ),
    AnalogyPreset("big", "bigger", "small", "smaller", False, "A near miss: larger wins by a hair."),
    AnalogyPreset(
        "king", "kings", "queen", "queens", False, "It fails: in newspapers Kings and Devils are teams."
    ),
)

DEFAULT_LIST = "first look"


@lru_cache(maxsize=1)
def _lists() -> dict[str, Dataset]:
    stored: dict[str, dict[str, list[str]]] = json.loads((ASSETS / "lists.json").read_text(encoding="utf-8"))
    lists = {}
    for title, groups in stored.items():
        pairs = [(item, group) for group, items in groups.items() for item in items]
        names = None if set(groups) == {""} else tuple(group for _, group in pairs)
        lists[title] = Dataset(title, tuple(item for item, _ in pairs), names, "written for this application")
    return lists


def word_lists() -> tuple[str, ...]:
    """Name the bundled word lists; the first is what people see before they type."""
    return tuple(_lists())


def word_list(title: str = DEFAULT_LIST) -> Dataset:
    """Return a bundled word list; raise BadInputError, which names the lists there are."""
    if title not in _lists():
        raise BadInputError(f'There is no list "{title[:80]}". The lists: {", ".join(_lists())}.')
    return _lists()[title]


def groups_of(items: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return the group of each item where four in five come from one bundled list with groups, else None.

    Items that the list lacks belong to "".
    """
    for listed in _lists().values():
        if listed.groups is None:
            continue
        known = dict(zip(listed.items, listed.groups, strict=True))
        if items and 5 * sum(item in known for item in items) >= 4 * len(items):
            return tuple(known.get(item, "") for item in items)
    return None


SENTENCES = Dataset(
    "sentences",
    (
        "The cat sleeps on the warm sofa.",
        "A kitten is taking a nap.",
        "My dog loves long walks in the park.",
        "Stock markets fell sharply on Monday.",
        "Investors lost billions as share prices dropped.",
        "The central bank raised interest rates.",
        "She scored the winning goal in the last minute.",
        "The team celebrated its third championship.",
        "It rained heavily all weekend.",
        "A storm is expected along the coast tonight.",
        "The recipe needs two eggs and a cup of flour.",
        "Bake the cake for forty minutes.",
    ),
    ("pets",) * 3 + ("money",) * 3 + ("sport",) * 2 + ("weather",) * 2 + ("kitchen",) * 2,
    "written for this application",
)

BANK = Dataset(
    "bank",
    (
        "I sat by the river bank and watched the boats.",
        "Wild flowers grew along the bank of the stream.",
        "The canoe drifted towards the muddy bank.",
        "Fishermen lined the bank of the river at dawn.",
        "I went to the bank to deposit money.",
        "The bank refused to give him a loan.",
        "She opened a savings account at the bank.",
        "The bank raised its interest rates.",
    ),
    ("river",) * 4 + ("money",) * 4,
    "written for this application",
)
