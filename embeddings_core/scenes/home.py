"""The map of the home page at rest, and with one asked word that flies in among its neighbours."""

from dataclasses import replace

import numpy as np

from embeddings_core.analysis.neighbours import Neighbours, nearest
from embeddings_core.maps.home_film import load_home_film
from embeddings_core.maps.out_of_sample import place
from embeddings_core.scenes.links import close_links
from embeddings_core.scenes.maps import home_scene, neighbour_words
from embeddings_core.scenes.metadata import metadata
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.embedding_set import EmbeddingSet

NAMED = 6  # neighbours that lines may go to


def settled_home_scene() -> Scene:
    """Return the map of the home page as it ends; its film waits for Play."""
    scene = home_scene()
    return replace(scene, motion=replace(scene.motion, autoplay=False))


def on_the_home_map(asked: EmbeddingSet) -> Neighbours:
    """Return who is nearest to an asked word among the words of the home page's map, in all dimensions."""
    words, _ = load_home_film()
    row = words.find(asked.items[0])
    return nearest(
        words,
        asked.vectors[0],
        k=NAMED,
        exclude=[] if row is None else [row],
        name=asked.items[0],
    )


def asked_home_scene(asked: EmbeddingSet) -> Scene:
    """Show one word on the home page's map with lines to its nearest, where they are close; a word that is not on it flies in.

    `asked` is one word with its vector (1, d), in the bundled space. A new word stands where its nearest in the original
    space stand (`out_of_sample.place`).
    """
    scene, (words, film) = settled_home_scene(), load_home_film()
    word, points, frames = asked.items[0], scene.points, scene.motion.frames
    found = on_the_home_map(asked)
    own = words.find(word)
    if own is None:
        own = len(words)
        spot = place(film, words, asked)
        frames = np.concatenate([frames, np.repeat(spot[None], len(frames), axis=0)], axis=1)
        assert points.groups is not None and points.priority is not None
        points = replace(
            points,
            items=(*points.items, word),
            groups=np.append(points.groups, -1),
            priority=np.append(points.priority, np.float32(1)),
        )
    rows = [int(row) for row in found.rows]
    links = close_links(own, rows, scores=found.scores, vectors=words.vectors, metric=found.metric)
    near = tuple(link.end for link in links)
    lines = f", with lines to {', '.join(words.items[row] for row in near)}" if near else ""
    return replace(
        scene,
        points=replace(points, selected=own, highlighted=near),
        motion=replace(scene.motion, frames=frames),
        links=links,
        alt=f"{word} among {len(words):,} English words{lines}. {scene.alt}",
        metadata=metadata(scene.metadata, Lines=neighbour_words(found, drawn=len(links))),
    )
