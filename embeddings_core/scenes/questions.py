"""A scene as a question, without what would give the answer away; and as the answer, with the right one marked."""

from dataclasses import replace
from itertools import combinations

import numpy as np

from embeddings_core.analysis.questions import Question
from embeddings_core.scenes.metadata import metadata
from embeddings_core.scenes.scene import Link, Motion, Pictures, Points, Scene, unique_keys

PIN_KEY = "\x1fguess"
PIN_GROUP = 8 * 5 + 3  # an x in the fourth colour
PIN_NAME = "your guess"


def question_scene(scene: Scene, guess: Question) -> Scene:
    """Return the scene as a hall sees it before the answer: one still state, without the rows of `guess.hidden`.

    Where something lands is asked on the last state, the other questions on the first one: it tells nothing yet. No
    lines, nothing chosen; for an odd one out no colours either. A click on a map that asks for a place reports it.
    """
    land = guess.kind == "land"
    points, motion = scene.points, scene.motion
    rows = [row for row in range(len(points.items)) if row not in guess.hidden]
    moment = len(motion.frames) - 1 if land else 0
    groups = points.groups if motion.frame_groups is None else motion.frame_groups[moment]
    keys, images = unique_keys(scene), scene.pictures.at(moment)
    return Scene(
        id=f"{scene.id} question {guess.kind} {' '.join(map(str, guess.hidden))}",
        map_id=scene.map_id,
        points=Points(
            tuple(points.items[row] for row in rows),
            keys=tuple(keys[row] for row in rows),
            groups=None if groups is None or guess.kind == "odd" else groups[rows],
            group_names=points.group_names,
            values=None if points.values is None else points.values[rows],
            values_title=points.values_title,
            sizes=None if points.sizes is None else points.sizes[rows],
            priority=None if points.priority is None else points.priority[rows],
        ),
        motion=Motion(
            motion.frames[moment : moment + 1, rows],
            (motion.frame_names[moment],),
            kind="still",
            seconds=motion.seconds,
            autoplay=False,
        ),
        pictures=Pictures(None if images is None else tuple(images[row] for row in rows)),
        caption="click where you think it will land" if land else "",
        alt=guess.question,
        metadata=metadata(
            scene.metadata,
            Items=f"{len(rows):,} of {len(points.items):,} items, until the answer is told",
            Lines="",
        ),
        question="place" if land else "",
    )


def answer_scene(scene: Scene, guess: Question) -> Scene:
    """Return the scene with the right answer marked where it has no lines of its own.

    The nearest gets a line from the item that was asked about; the odd one out dashed lines to the others, who are
    joined among themselves; what lands is selected.
    """
    asked = guess.answer if guess.kind == "land" else guess.asked
    links = scene.links
    if not links and guess.kind == "odd" and guess.rows:
        odd = guess.rows[guess.answer]
        others = [row for row in guess.rows if row != odd]
        links = (
            *(Link(a, b, "neighbour", rank) for rank, (a, b) in enumerate(combinations(others, 2))),
            *(Link(odd, row, "dashed", 10 + rank) for rank, row in enumerate(others)),
        )
    elif not links and guess.kind == "nearest" and guess.rows and asked is not None:
        links = (Link(asked, guess.rows[guess.answer]),)
    return replace(
        scene,
        links=links,
        points=replace(
            scene.points, selected=asked if scene.points.selected is None else scene.points.selected
        ),
    )


def pinned(scene: Scene, point: tuple[float, float], row: int) -> Scene:
    """Add the guessed place to a flat scene, with a dashed line to the row that it was a guess about."""
    points, motion, pictures = scene.points, scene.motion, scene.pictures
    n, count = len(points.items), len(motion.frames)
    place = np.broadcast_to(np.asarray(point, dtype=np.float32), (count, 1, 2))
    groups = np.zeros(n, dtype=np.int64) if points.groups is None else points.groups
    pin_groups = np.full((count, 1), PIN_GROUP)
    return replace(
        scene,
        id=f"{scene.id} pin {point[0]:.4g} {point[1]:.4g}",
        points=replace(
            points,
            items=(*points.items, PIN_NAME),
            keys=(*unique_keys(scene), PIN_KEY),
            groups=np.append(groups, PIN_GROUP),
            values=None if points.values is None else np.append(points.values, 1),
            sizes=np.append(np.ones(n) if points.sizes is None else points.sizes, 1.7),
            priority=np.append(np.zeros(n) if points.priority is None else points.priority, 1e6),
        ),
        motion=replace(
            motion,
            frames=np.concatenate([motion.frames, place], axis=1),
            frame_groups=None
            if motion.frame_groups is None
            else np.concatenate([motion.frame_groups, pin_groups], axis=1),
        ),
        pictures=replace(pictures, images=None if pictures.images is None else (*pictures.images, "")),
        links=(*scene.links, Link(n, row, "dashed", 99)),
    )
