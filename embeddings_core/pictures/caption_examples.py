"""Captions to start with, one list for each thing to learn about pictures and words in one space."""

from embeddings_core.spaces.datasets import Dataset

SOURCE = "written for this application, for the sample photographs"
_LISTS = {
    "plain names": (
        "a cup of coffee",
        "a cat",
        "a rocket taking off",
        "a motorcycle",
        "a flower",
        "a Chinese temple",
        "a man with a camera",
        "an astronaut",
        "old coins",
        "a wall clock",
        "a brick wall",
        "grass",
        "stars and galaxies",
        "a page of text",
    ),
    "in other words": (
        "espresso in a saucer",
        "a kitten with whiskers",
        "lift-off at night",
        "two wheels and an engine",
        "petals",
        "a pagoda",
        "somebody takes pictures",
        "a woman in a space suit",
        "money from antiquity",
        "what time is it?",
        "a stone wall",
        "a medical picture of an eye",
    ),
    "whole sentences": (
        "A cup of espresso stands on a wooden table.",
        "A cat looks straight into the camera.",
        "A rocket leaves the launch pad and lights up the sky.",
        "Somebody parked a motorcycle in the garage.",
        "A pink flower opens in the morning sun.",
        "Tourists visit an old temple in China.",
        "A photographer bends over a tripod.",
        "The wall was built of red bricks.",
        "The telescope shows thousands of galaxies.",
        "She underlined a sentence in the book.",
    ),
    "moods": (
        "something to drink",
        "a pet that wants attention",
        "danger and fire",
        "speed on the road",
        "spring in the garden",
        "prayer and incense",
        "old and precious",
        "time is running out",
        "a quiet morning",
        "far away from home",
        "the universe at night",
        "a letter from a friend",
    ),
    "not in any picture": (
        "a piano",
        "a submarine",
        "an elephant",
        "a birthday cake",
        "a football match",
        "a snowstorm",
        "a bowl of soup",
        "a violin",
        "a lighthouse by the sea",
        "a wedding",
    ),
}
CAPTION_LISTS = {title: Dataset(title, items, source=SOURCE) for title, items in _LISTS.items()}
"""By title; the first is what people see before they type."""


LABELS = ("cat", "dog", "cup of coffee", "rocket", "flower", "motorcycle", "temple")
"""Labels to name pictures by, before somebody types others."""


TEMPLATES = ("a photo of a {}", "{}", "not a {}")
"""What labels are put into; the last one tells what such models make of a "not"."""


def every_caption() -> tuple[str, ...]:
    """Return the captions of all lists, each once."""
    return tuple(dict.fromkeys(item for listed in CAPTION_LISTS.values() for item in listed.items))
