"""A scene as a question, without what would give the answer away; and as the answer, with the right one marked."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from embeddings_core.analysis.questions import Question
from embeddings_core.scenes.metadata import about
from embeddings_core.scenes.scene import Link, Scene, unique_keys

PIN_KEY = "\x1fguess"
PIN_GROUP = 8 * 5 + 3  # an x in the fourth colour
PIN_NAME = "your guess"


def question_scene(scene: Scene, guess: Question) -> Scene:
    """Return the scene as a hall sees it before the answer: one still state, without the rows of `guess.hidden`.

    Where something lands is asked on the last state, the other questions on the first one: it tells nothing yet. No
    lines, nothing chosen; for an odd one out no colours either. A click on a map that asks for a place reports it.
    """
    land = guess.kind == "land"
    rows = [row for row in range(len(scene.items)) if row not in guess.hidden]
    moment = len(scene.frames) - 1 if land else 0
    groups = scene.groups if scene.frame_groups is None else scene.frame_groups[moment]
    keys, images = unique_keys(scene), scene.images_at(moment)
    columns: dict[str, Any] = {
        name: None if (values := getattr(scene, name)) is None else np.asarray(values)[rows]
        for name in ("values", "sizes", "priority")
    }
    told = about(
        scene.about, Items=f"{len(rows):,} of {len(scene.items):,} items, until the answer is told", Lines=""
    )
    return replace(
        scene,
        id=f"{scene.id} question {guess.kind} {' '.join(map(str, guess.hidden))}",
        items=tuple(scene.items[row] for row in rows),
        keys=tuple(keys[row] for row in rows),
        frames=scene.frames[moment : moment + 1, rows],
        frame_names=(scene.frame_names[moment],),
        kind="still",
        title="",
        caption="click where you think it will land" if land else "",
        alt=guess.question,
        groups=None if groups is None or guess.kind == "odd" else np.asarray(groups)[rows],
        frame_groups=None,
        **columns,
        images=None if images is None else tuple(images[row] for row in rows),
        frame_images=(),
        selected=None, highlighted=(), links=(), trails=(), series=(), times=None, autoplay=False, loop=False,
        about=told, asks=land,
    )  # fmt: skip


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
            *(Link(odd, row, "torn", 10 + rank) for rank, row in enumerate(others)),
        )
    elif not links and guess.kind == "nearest" and guess.rows and asked is not None:
        links = (Link(asked, guess.rows[guess.answer]),)
    return replace(scene, links=links, selected=asked if scene.selected is None else scene.selected)


def pinned(scene: Scene, point: tuple[float, float], row: int) -> Scene:
    """Add the guessed place to a flat scene, with a dashed line to the row that it was a guess about."""
    n = len(scene.items)
    place = np.broadcast_to(np.asarray(point, dtype=np.float32), (len(scene.frames), 1, 2))
    groups = np.zeros(n, dtype=np.int64) if scene.groups is None else scene.groups
    return replace(
        scene,
        id=f"{scene.id} pin {point[0]:.4g} {point[1]:.4g}",
        items=(*scene.items, PIN_NAME),
        keys=(*unique_keys(scene), PIN_KEY),
        frames=np.concatenate([scene.frames, place], axis=1),
        groups=np.append(groups, PIN_GROUP),
        frame_groups=None
        if scene.frame_groups is None
        else np.concatenate([scene.frame_groups, np.full((len(scene.frames), 1), PIN_GROUP)], axis=1),
        values=None if scene.values is None else np.append(scene.values, 1).astype(np.float32),
        sizes=np.append(np.ones(n) if scene.sizes is None else scene.sizes, 1.7).astype(np.float32),
        priority=np.append(np.zeros(n) if scene.priority is None else scene.priority, 1e6).astype(np.float32),
        images=None if scene.images is None else (*scene.images, ""),
        links=(*scene.links, Link(n, row, "torn", 99)),
    )
