"""What is said of each point of a map about the item that is asked: which neighbour it is, and whether that is close."""

from collections.abc import Sequence
from dataclasses import replace

from embeddings_core.scenes.scene import Scene

SPOKEN = 3  # neighbours that the description names


def judged_scene(scene: Scene, notes: Sequence[str], *, rows: Sequence[int] = ()) -> Scene:
    """Let the stage say these texts of its points, and its description those of the nearest (`rows`, nearest first).

    `notes` are one text an item, of the first items where the scene has more (a query, centres).
    """
    if not any(notes):
        return scene
    rest = len(scene.points.items) - len(notes)
    spoken = [f"{scene.points.items[row]}, {notes[row]}." for row in rows[:SPOKEN] if notes[row]]
    return replace(
        scene,
        alt=" ".join([*spoken, scene.alt]),
        points=replace(scene.points, notes=(*notes, *[""] * rest)),
    )
