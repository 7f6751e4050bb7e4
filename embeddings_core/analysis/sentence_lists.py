"""Sentences to begin with: lists with questions to ask of them, and pairs of the same words."""

from dataclasses import dataclass

from embeddings_core.spaces.datasets import SENTENCES, Dataset

OWN = "written for this application"


@dataclass(frozen=True)
class SentenceList:
    """Sentences, and questions worth asking of them; the first question stands on screen from the start."""

    sentences: Dataset
    queries: tuple[str, ...]


def grouped(title: str, groups: dict[str, tuple[str, ...]]) -> Dataset:
    """Make a data set of sentences written here, group by group."""
    pairs = [(item, group) for group, items in groups.items() for item in items]
    return Dataset(title, tuple(item for item, _ in pairs), tuple(group for _, group in pairs), OWN)


SENTENCE_LISTS: dict[str, SentenceList] = {
    "first look": SentenceList(
        SENTENCES,
        ("How is the economy doing?", "a pet is resting on the couch", "something sweet for dessert"),
    ),
    "help desk": SentenceList(
        grouped(
            "help desk",
            {
                "password": (
                    "How do I reset my password?",
                    "I forgot my login and cannot sign in.",
                    "My account is locked after three attempts.",
                ),
                "delivery": (
                    "Where is my parcel?",
                    "The order has not arrived yet.",
                    "Can you ship to another country?",
                ),
                "money": (
                    "I was charged twice for the same thing.",
                    "How can I get a refund?",
                    "Which credit cards do you accept?",
                ),
                "broken": (
                    "The screen stays black when I turn it on.",
                    "The zip is torn and a button is missing.",
                    "It stopped working after a week.",
                ),
            },
        ),
        ("I want my money back", "the app does not let me in", "my package is late"),
    ),
    "said otherwise": SentenceList(
        grouped(
            "said otherwise",
            {
                "rain": (
                    "It is raining cats and dogs.",
                    "There is a heavy downpour.",
                    "We got soaked to the skin.",
                ),
                "death": ("He kicked the bucket.", "The old man passed away.", "She died last winter."),
                "ease": (
                    "It was a piece of cake.",
                    "The exam was very easy.",
                    "I solved it without any effort.",
                ),
                "anger": ("She hit the roof.", "My boss was furious.", "He lost his temper again."),
            },
        ),
        ("bad weather", "somebody is no longer alive", "That was simple."),
    ),
    "questions and answers": SentenceList(
        Dataset(
            "questions and answers",
            (
                "Paris is the capital of France.",
                "Water boils at 100 degrees Celsius.",
                "The heart pumps blood through the body.",
                "Shakespeare wrote Romeo and Juliet.",
                "The Pacific is the largest ocean on Earth.",
                "Plants make sugar from light, water and air.",
                "The Second World War ended in 1945.",
                "Light travels 300,000 kilometres in a second.",
            ),
            source=OWN,
        ),
        (
            "Who is the author of that play about two lovers?",
            "How fast is light?",
            "Which city governs the French?",
        ),
    ),
}

SAME_WORDS: tuple[tuple[str, str], ...] = (
    ("The dog bites the man.", "The man bites the dog."),
    ("Only I love you.", "I love only you."),
    ("Is this a good idea?", "This is a good idea."),
    ("Not good, very bad!", "Not bad, very good!"),
    ("She flew from Paris to London.", "She flew from London to Paris."),
)
"""Pairs of the same words in another order, from the best known to one that a small model hardly tells apart."""


def known_groups(items: tuple[str, ...], lists: dict[str, Dataset]) -> tuple[str, ...] | None:
    """Return the group of each item where half of them or more come from one of the lists, else None.

    Items that this list lacks belong to "".
    """
    for listed in lists.values():
        known = dict(zip(listed.items, listed.groups or (), strict=False))
        if known and 2 * sum(item in known for item in items) >= max(len(items), 1):
            return tuple(known.get(item, "") for item in items)
    return None


def sentence_groups(items: tuple[str, ...]) -> tuple[str, ...] | None:
    """Return what each sentence of a bundled list is about, None for other sentences."""
    return known_groups(items, {title: listed.sentences for title, listed in SENTENCE_LISTS.items()})
