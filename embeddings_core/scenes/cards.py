"""The recipe card of a scene: what its page wrote about it, completed by what the scene itself knows."""

from embeddings_core.scenes.metadata import MEANINGLESS, About, about, counted
from embeddings_core.scenes.scene import Scene

FILMS = {
    "recorded": "recorded: the key states are real states of the computation",
    "morph": "morph: only the named states are real, the way between them is interpolated",
    "still": "a still picture",
}
SHORT = ("Items", "Model", "Numbers", "Picture", "Settings", "Seed", "Film", "Trust", "Axes")


def card(scene: Scene) -> About:
    """Return the rows of a scene's recipe card: always its items and whether it is recorded, a morph or still.

    What `scene.about` says of the items wins; the kind of film is always the scene's own.
    """
    rows = dict(scene.about)
    film = FILMS["still" if len(scene.frames) == 1 else scene.kind]
    return about(scene.about, Items=rows.get("Items") or counted(scene.items), Film=film)


def card_text(scene: Scene) -> str:
    """Return the card as sentences: the description of the picture for those who do not see it."""
    told = [scene.alt.strip(), *(f"{name}: {value}" for name, value in card(scene))]
    return " ".join(text if text.endswith((".", "?", "!", "…")) else f"{text}." for text in told if text)


def card_caption(scene: Scene) -> str:
    """Return the card as one short line, to be printed under an exported picture or film.

    >>> import numpy as np
    >>> card_caption(Scene("x", ("cat", "dog"), np.zeros((1, 2, 2)), ("all",), "still", about=(("Model", "MiniLM"),)))
    '2 items · MiniLM · still · axes mean nothing; nearness does'
    """
    rows = dict(card(scene))
    short = {
        "Items": rows["Items"].split(":")[0],
        "Numbers": rows.get("Numbers", "").replace(" for each", " numbers each"),
        "Seed": f"seed {rows['Seed']}" if "Seed" in rows else "",
        "Film": "still" if len(scene.frames) == 1 else scene.kind,
        "Trust": f"trust {rows['Trust'].split(':')[0]}" if "Trust" in rows else "",
        "Axes": rows.get("Axes", MEANINGLESS),
    }
    told = [short[name] if name in short else rows.get(name, "") for name in SHORT]
    return " · ".join(part for part in told if part)
