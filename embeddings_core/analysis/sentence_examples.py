"""Sentences to begin with: lists with questions to ask of them, pairs of the same words, words of two meanings."""

from dataclasses import dataclass

from embeddings_core.spaces.datasets import BANK, SENTENCES, Dataset

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


CONTEXT_LISTS: dict[str, Dataset] = {
    "bank": BANK,
    "bat": grouped(
        "bat",
        {
            "animal": (
                "A bat flew out of the cave at dusk.",
                "The bat sleeps upside down in the attic.",
                "A small brown bat was hunting moths at night.",
                "The bat found its way in the dark by sound.",
            ),
            "sport": (
                "He swung the bat and hit the ball.",
                "The player broke his bat in the final game.",
                "She bought a wooden baseball bat for her son.",
                "The batter dropped his bat and ran to first base.",
            ),
        },
    ),
    "rock": grouped(
        "rock",
        {
            "stone": (
                "The climber held on to a sharp rock.",
                "Waves broke against the rock all night.",
                "They sat on a flat rock beside the stream.",
                "A heavy rock rolled down the mountain.",
                "The geologist split the rock with a hammer.",
                "Lizards lay on the warm rock in the sun.",
                "The path was blocked by fallen rock.",
                "This rock is older than the dinosaurs.",
            ),
            "music": (
                "She plays guitar in a rock band.",
                "He listens to rock and jazz at home.",
                "The rock concert was loud and long.",
                "Their new album is pure rock.",
                "Rock music filled the stadium.",
                "A famous rock singer gave an interview.",
                "My brother writes songs for a rock group.",
                "The radio plays old rock hits all day.",
            ),
        },
    ),
    "spring": grouped(
        "spring",
        {
            "season": (
                "In spring the trees begin to bloom.",
                "The birds come back in early spring.",
                "Spring is warmer than winter.",
                "We planted the garden last spring.",
            ),
            "coil": (
                "The metal spring in the mattress broke.",
                "Press the spring until it clicks.",
                "The watch is driven by a small steel spring.",
                "The spring stretched when we hung a weight on it.",
            ),
        },
    ),
    "apple": grouped(
        "apple",
        {
            "fruit": (
                "She ate a red apple for lunch.",
                "The apple fell from the tree.",
                "He baked a pie with one apple and some cinnamon.",
                "An apple and a pear lay in the bowl.",
            ),
            "company": (
                "Apple released a new phone this week.",
                "Shares of Apple rose after the announcement.",
                "Apple sells laptops and software.",
                "The engineers at Apple designed a faster chip.",
            ),
        },
    ),
    "light": grouped(
        "light",
        {
            "lamp": (
                "The light of the lamp filled the room.",
                "Turn off the light before you sleep.",
                "Plants need light to grow.",
                "A bright light shone through the window.",
            ),
            "not heavy": (
                "The suitcase is light enough to carry.",
                "Feathers are very light.",
                "She wore a light jacket in the wind.",
                "We had a light meal in the evening.",
            ),
        },
    ),
    "match": grouped(
        "match",
        {
            "fire": (
                "He struck a match to light the candle.",
                "The match burned his finger.",
                "She lit the fire with a single match.",
                "There was one match left in the box.",
            ),
            "game": (
                "Our team won the match in extra time.",
                "The tennis match lasted four hours.",
                "Fans cheered when the match ended.",
                "They lost the match by two goals.",
            ),
        },
    ),
    "may": grouped(
        "may",
        {
            "perhaps": (
                "You may leave the room now.",
                "It may rain this afternoon.",
                "She may know the answer.",
            ),
            "month": ("We were married in May.", "The school year ends in May.", "In May the roses bloom."),
        },
    ),
    "crane": grouped(
        "crane",
        {
            "bird": (
                "A crane stood in the shallow water on one leg.",
                "The crane spread its white wings and flew south.",
                "We saw a crane catch a fish.",
                "The crane built its nest in the marsh.",
            ),
            "machine": (
                "The crane lifted the steel beams onto the roof.",
                "A crane on the building site collapsed.",
                "The driver of the crane lowered the container.",
                "They rented a crane to move the heavy machine.",
            ),
        },
    ),
}
"""Sentences that share a word of two meanings; the model tells them apart in all lists but the last, by a hair."""


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
