"""Sentences to begin with that share a word of two meanings."""

from embeddings_core.analysis.sentence_lists import grouped
from embeddings_core.spaces.datasets import BANK, Dataset

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
