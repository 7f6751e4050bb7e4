"""The pictures of the ready talk, each drawn from real vectors: of the bundled word space, or worked out beforehand."""

from dataclasses import replace

import numpy as np

from embeddings_core.analysis.algebra import Analogy
from embeddings_core.analysis.clustering import Clustering
from embeddings_core.analysis.layer_trajectory import layer_film
from embeddings_core.analysis.neighbours import Neighbours
from embeddings_core.analysis.senses import SenseCurve
from embeddings_core.analysis.sentences import WordOrder
from embeddings_core.analysis.tokens import TokenVectors
from embeddings_core.maps.home_film import load_home_film
from embeddings_core.maps.map_view import MapView, view_map
from embeddings_core.maps.projection import project
from embeddings_core.models.registry import model_title
from embeddings_core.pictures.files import ImageFile
from embeddings_core.scenes.image_text import image_text_scene
from embeddings_core.scenes.images import dressed
from embeddings_core.scenes.maps import analogy_scene, cluster_scene, home_scene, map_scene, neighbour_words
from embeddings_core.scenes.metadata import counted, map_metadata, metadata
from embeddings_core.scenes.one_hot import one_hot_scene
from embeddings_core.scenes.scene import Link, Motion, Points, Scene
from embeddings_core.scenes.sentences import order_scene, query_scene
from embeddings_core.spaces.datasets import word_list
from embeddings_core.spaces.vocabulary import load_vocabulary

COLUMNS, GAP = 16, 4  # a word's 384 numbers are drawn as 24 rows of 16
LEAN = 50.0  # columns for a mean of 1: the first row of the cat's numbers, 0.1 on average, leans by a third of its width
SQUARE = 1.7  # times the usual size of a point
ROUND_ABOUT = 80  # words of the map round the one that is asked about
LARGE, LARGER = 1.6, 1.8  # marks, to be seen from the last row


def numbers_scene(words: tuple[str, ...]) -> Scene:
    """Unfold words into their numbers, put all three into the order of the first, and let each row lean; 4 states.

    Each number is a square, dark is low and bright is high; the same shuffle is applied to all words. At the end each row of
    squares stands to the right by the mean of its numbers, on one scale for all words: how far they agree can be seen.
    """
    space = load_vocabulary()
    vectors = space.take([space.row(word) for word in words]).vectors
    n, d = vectors.shape
    rows = -(-d // COLUMNS)
    places = np.arange(d)
    order = np.argsort(np.argsort(-vectors[0], kind="stable"), kind="stable")
    frames = np.zeros((4, n + n * d, 2), dtype=np.float32)
    for word in range(n):
        left, own = word * (COLUMNS + GAP), slice(n + word * d, n + (word + 1) * d)
        frames[:, word] = left + (COLUMNS - 1) / 2, 2.6
        frames[0, own] = left + (COLUMNS - 1) / 2, -(rows - 1) / 2
        for moment, at in ((1, places), (2, order)):
            frames[moment, own, 0] = left + at % COLUMNS
            frames[moment, own, 1] = -(at // COLUMNS)
        means = np.array([vectors[word, order // COLUMNS == row].mean() for row in range(rows)])
        frames[3, own] = frames[2, own]
        frames[3, own, 0] += LEAN * means[order // COLUMNS]
    reach = 2.5 * float(vectors.std())
    shades = np.clip(vectors / reach, -1, 1) / 2 + 0.5
    return Scene(
        id="talk numbers",
        points=Points(
            (*words, *[" "] * (n * d)),
            keys=(*words, *(f"\x1f{word} {place}" for word in words for place in places)),
            groups=np.full(n + n * d, 8, dtype=np.int64),  # the ninth group's mark is a square
            values=np.concatenate([np.full(n, 0.5), shades.ravel()]).astype(np.float32),
            values_title=f"number (−{reach:.2f} … +{reach:.2f})",
            sizes=np.concatenate([np.full(n, 0.2), np.full(n * d, SQUARE)]).astype(np.float32),
            priority=np.concatenate([np.ones(n), np.zeros(n * d)]).astype(np.float32),
        ),
        motion=Motion(
            frames,
            (
                "three words",
                f"each word is {d} numbers",
                f"all three in the order of {words[0]}'s numbers",
                "each row to the right by the mean of its 16 numbers",
            ),
            kind="morph",
            seconds=8.0,
        ),
        title="numbers",
        alt=f"{', '.join(words)}: {d} numbers each as coloured squares; sorted by {words[0]}'s, {words[1]}'s follow.",
        metadata=metadata(
            Items=counted(words, "words"),
            Model=model_title(space.model),
            Numbers=f"{d} for each, one square a number",
            Axes="none: squares are read in rows, each row from left to right",
        ),
    )


def one_hot_words_scene() -> Scene:
    """Show the words of the One-hot page, first equally far from each other, then at their learned places."""
    listed, space = word_list(), load_vocabulary()
    shown = space.take([space.row(word) for word in listed.items])
    view = view_map(shown, fitted=shown, projection=project(shown, method="pca"), recipe="talk one-hot")
    return one_hot_scene(view, groups=dict(zip(listed.items, listed.groups or (), strict=False)))


def home_at_rest() -> Scene:
    """Show Home's map as it ends, without its film."""
    scene = home_scene()
    still = Motion(scene.motion.frames[-1:], ("the same words as at the beginning",), kind="still")
    return replace(scene, id="talk home", motion=still, title="map")


def neighbours_scene(word: str, found: Neighbours) -> Scene:
    """Show the part of Home's map round a word, its points where they were, with lines to its nearest neighbours."""
    whole, (words, film) = home_scene(), load_home_film()
    row = words.row(word)
    away = np.linalg.norm(film.final - film.final[row], axis=1)
    rows = list(
        dict.fromkeys([row, *found.rows.tolist(), *np.argsort(away, kind="stable")[:ROUND_ABOUT].tolist()])
    )
    assert whole.points.groups is not None
    near = tuple(range(1, 1 + len(found.rows)))
    return Scene(
        id="talk neighbours",
        points=Points(
            tuple(words.items[at] for at in rows),
            groups=np.asarray(whole.points.groups)[rows],
            priority=1 / (1 + away[rows]),
            selected=0,
            highlighted=near,
        ),
        motion=Motion(film.final[rows][None], (f"the words around {word}",), kind="still"),
        title="neighbours",
        caption="lines go to the nearest in all 384 dimensions",
        alt=f"The part of the map round {word}, with lines to {', '.join(found.items)}.",
        links=tuple(Link(0, at, "neighbour", at) for at in near),
        metadata=metadata(
            whole.metadata,
            Items=counted([words.items[at] for at in rows], "words"),
            Picture=f"the part round {word} of a map of {len(words):,} words by UMAP, in 2-D",
            Lines=neighbour_words(found),
        ),
    )


def worked_number(result: Analogy) -> str:
    """Do the arithmetic for one of the numbers: the first that needs no minus signs and no rounding."""
    thousandths = np.rint(1000 * np.stack([*result.given, result.target])).astype(int)
    a, b, c, end = thousandths
    at = int(np.argmax((thousandths.min(axis=0) > 0) & (b - a + c == end)))
    said = [f"{value / 1000:.3f}" for value in thousandths[:, at]]
    return f"number {at + 1} of {result.given.shape[1]}: {said[1]} − {said[0]} + {said[2]} = {said[3]}"


def analogy_scenes(result: Analogy) -> tuple[Scene, Scene, Scene]:
    """Draw the three words, the arithmetic with them, and the words nearest to where it ends, without moving a point."""
    whole = analogy_scene(result)
    items = (*whole.points.items[:3], "?", *whole.points.items[4:])
    assert whole.points.groups is not None and whole.points.keys is not None
    large = np.full(len(items), LARGER, np.float32)
    sums = replace(
        whole,
        id="talk sum",
        links=tuple(link for link in whole.links if max(link.start, link.end) < 4),
        points=replace(
            whole.points,
            items=items[:4],
            keys=whole.points.keys[:4],
            groups=np.asarray(whole.points.groups)[:4],
            sizes=large[:4],
            group_names=(),
            priority=None,
        ),
        motion=replace(
            whole.motion,
            frames=whole.motion.frames[1:3, :4],
            frame_names=(
                whole.motion.frame_names[1],
                f"{whole.motion.frame_names[2]}; {worked_number(result)}",
            ),
            frame_groups=np.array([[0, 0, 1, 1], [0, 0, 1, 2]]),  # the step begins at the word itself
            seconds=5.0,
        ),
    )
    words = replace(
        sums,
        id="talk sum words",
        links=(),
        points=replace(sums.points, items=(*items[:3], " ")),
        motion=replace(
            sums.motion, frame_names=(whole.motion.frame_names[0], whole.motion.frame_names[2]), trails=()
        ),
    )
    answer = replace(
        whole,
        id="talk answer",
        caption=f"the nearest word: {result.answer}",
        points=replace(whole.points, items=items, group_names=(), selected=4, sizes=large),
        motion=replace(
            whole.motion,
            frames=whole.motion.frames[-1:],
            frame_names=whole.motion.frame_names[-1:],
            kind="still",
            trails=(),
        ),
    )
    return words, sums, answer


def word_order_scene(result: WordOrder) -> Scene:
    """Show two sentences of the same words: one point as the mean of their words, two as a model reads them."""
    scene = order_scene(result, model="minilm")
    sizes = np.asarray(LARGE * np.asarray(scene.points.sizes), np.float32)
    return replace(scene, points=replace(scene.points, sizes=sizes))


def snippets(tokens: TokenVectors) -> tuple[str, ...]:
    """Cut each sentence to the word with two words before it and two after."""
    short = []
    for sentence, (start, end) in zip(tokens.sentences, tokens.places, strict=True):
        before, after = sentence[:start].split(), sentence[end:].rstrip(".").split()
        short.append(" ".join([*before[-2:], sentence[start:end], *after[:2]]))
    return tuple(short)


def layers_scene(tokens: TokenVectors, senses: tuple[str, ...], curve: SenseCurve) -> Scene:
    """Show one word in its sentences, layer by layer, and how alike its two meanings are."""
    film = layer_film(tokens)
    names, last = tuple(dict.fromkeys(senses)), len(tokens.layer_names) - 1
    return Scene(
        id="talk bank",
        points=Points(
            snippets(tokens),
            keys=tokens.sentences,
            groups=np.array([names.index(sense) for sense in senses], dtype=np.int64),
            group_names=tuple(f"{tokens.word}: {name}" for name in names),
        ),
        motion=Motion(
            film.frames,
            (
                "before reading",
                *(f"layer {layer} of {last}" for layer in range(1, last + 1)),
            ),
            kind="recorded",
            trails=tuple(range(len(tokens))),
            series=(
                ("same meaning", tuple(float(value) for value in curve.within)),
                ("other meaning", tuple(float(value) for value in curve.between)),
            ),
            seconds=9.0,
        ),
        title="layers",
        caption=film.note,
        alt=f'"{tokens.word}" in {len(tokens)} sentences, layer by layer: {" and ".join(names)} part.',
        metadata=metadata(
            map_metadata(
                film,
                items=tokens.sentences,
                model=model_title(tokens.model),
                dimensions=tokens.vectors.shape[2],
            ),
            Items=f'"{tokens.word}" in {counted(tokens.sentences, "sentences")}',
            Picture=f"one map (PCA) a layer, in {film.dimensions}-D, each turned onto the layer before",
        ),
    )


def present(view: MapView, files: tuple[ImageFile, ...]) -> tuple[MapView, tuple[ImageFile, ...]]:
    """Leave out pictures that are not on this computer; texts stay, pictures come first."""
    there = {file.digest: file for file in files}
    wanted = [row for row, item in enumerate(view.items) if item in there or " " in item]
    projection = view.projection
    trust = projection.trust if len(wanted) == len(view.items) else None  # it was measured on all of them
    part = replace(projection, frames=projection.frames[:, wanted], trust=trust)
    shown = MapView(view.embeddings.take(wanted), part, True, view.id)
    return shown, tuple(there[item] for item in shown.items if item in there)


def within_last(scene: Scene) -> Scene:
    """Shrink earlier states, each as a whole, into the box of the last: the finished map then fills the stage.

    How large a map is means nothing.
    """
    last = scene.motion.frames[-1]
    middle, room = (last.max(axis=0) + last.min(axis=0)) / 2, np.ptp(last, axis=0)
    frames = np.array(scene.motion.frames)
    for state in frames[:-1]:
        own, reach = (state.max(axis=0) + state.min(axis=0)) / 2, np.maximum(np.ptp(state, axis=0), 1e-9)
        state[:] = (state - own) * min(1.0, float((room / reach).min())) + middle
    return replace(scene, motion=replace(scene.motion, frames=frames))


def pictures_scene(view: MapView, files: tuple[ImageFile, ...], pairs: tuple[tuple[int, int], ...]) -> Scene:
    """Show pictures that find each other: they begin in rows as they came, and lines join each pair of `pairs`."""
    scene = dressed(map_scene(view, seconds=8.0), files)
    last = scene.motion.frames[-1]
    middle, reach = (last.max(axis=0) + last.min(axis=0)) / 2, (last.max(axis=0) - last.min(axis=0)) / 2
    across = -(-len(files) // 5)  # five rows
    places = np.stack([np.arange(len(files)) % across, np.arange(len(files)) // across], axis=1)
    unit_places = 2 * places / np.maximum(places.max(axis=0), 1) - 1
    in_rows = (middle + unit_places * reach * [1, -1]).astype(np.float32)
    motion = replace(
        scene.motion,
        frames=np.concatenate([in_rows[None], scene.motion.frames]),
        frame_names=("in rows, as they came", *scene.motion.frame_names),
    )
    links = tuple(Link(row, other, "neighbour", 0) for row, other in pairs)
    told = metadata(
        scene.metadata,
        Lines="between pictures that are each other's nearest, by cosine",
        Note="the first state, in rows, is ours; the others are states of the run",
    )
    return within_last(replace(scene, title="pictures", motion=motion, links=links, metadata=told))


def captions_scene(view: MapView, files: tuple[ImageFile, ...], links: tuple[Link, ...]) -> Scene:
    """Show pictures and captions in one space, with a line from each caption to a picture."""
    scene, title = image_text_scene(view, files), "pictures and captions"
    return replace(
        scene, id="talk joint", links=links, title=title, motion=replace(scene.motion, seconds=5.0)
    )


def search_scene(view: MapView, *, query: str, vector: np.ndarray, near: Neighbours) -> Scene:
    """Show a question on its way to the sentences that are nearest to it."""
    scene = query_scene(view, query, vector, near)
    return replace(scene, id="talk search", title="search", motion=replace(scene.motion, seconds=5.0))


def groups_scene(view: MapView, clustering: Clustering, *, names: tuple[str, ...]) -> Scene:
    """Show how k-means groups the sentences; `names` are those of the groups."""
    scene = cluster_scene(view, clustering)
    items = (*view.items, *(f"centre: {name}" for name in names))
    return replace(
        scene,
        id="talk groups",
        title="k-means",
        metadata=metadata(scene.metadata, Items=counted(view.items, "sentences")),
        points=replace(scene.points, items=items, group_names=names),
        motion=replace(scene.motion, seconds=4.0),
    )
