"""The little world, a toy corpus: 1,500 sentences made by patterns, in which words of a kind are used alike."""

import random

KINDS = {
    "royalty": ("king", "queen", "prince", "princess"),
    "people": ("man", "woman", "boy", "girl"),
    "animals": ("dog", "cat", "horse", "lion", "sheep", "wolf"),
    "food": ("bread", "cheese", "apple", "soup", "cake", "meat"),
    "vehicles": ("car", "truck", "train", "bus", "bicycle"),
    "places": ("castle", "village", "forest", "city", "market"),
    "weather": ("rain", "snow", "wind", "sunshine", "fog"),
}
PATTERNS = (
    "the {royalty} wears a golden crown and rules the land",
    "the {royalty} and the {royalty} sit on the throne of the old palace",
    "all servants bow before the {royalty} in the great hall",
    "the {people} works hard and walks home to the small house",
    "a {people} talks with a {people} about school and family",
    "every morning the {people} eats {food} at the kitchen table",
    "the {animals} has soft fur and sleeps in the stable",
    "a hungry {animals} runs after the {animals} and growls",
    "the {people} feeds the {animals} with {food}",
    "the cook bakes fresh {food} and tastes the warm {food}",
    "we bought {food} and {food} for dinner",
    "the {vehicles} has wheels and drives fast on the road",
    "the driver stops the {vehicles} behind a {vehicles} at the red light",
    "the {people} takes the {vehicles} from the {places} to the {places}",
    "many houses and streets belong to the {places} near the river",
    "the {royalty} rides from the {places} to the {places}",
    "cold {weather} and {weather} are coming from the north tomorrow",
    "because of the {weather} the sky over the {places} turned grey",
)
SENTENCES = 1_500


def little_world() -> str:
    """Return 1,500 sentences drawn from 18 patterns, one a line; the same every time."""
    draw = random.Random(0)
    lines = []
    for _ in range(SENTENCES):
        words = draw.choice(PATTERNS).split()
        lines.append(" ".join(draw.choice(KINDS[w[1:-1]]) if w.startswith("{") else w for w in words))
    return "\n".join(lines)
