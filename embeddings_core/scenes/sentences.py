"""Scenes of sentences: a query that flies in, a race of rankers, word order, words left out, a sentence that grows."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from embeddings_core.analysis.neighbours import Neighbours
from embeddings_core.analysis.rankers import RankRace
from embeddings_core.analysis.sentence_examples import sentence_groups
from embeddings_core.analysis.sentences import GrowingSentence, WhySimilar, WordOrder
from embeddings_core.maps.map_view import MapView
from embeddings_core.maps.out_of_sample import place
from embeddings_core.models.registry import model_title
from embeddings_core.scenes.links import close_links
from embeddings_core.scenes.maps import map_scene, neighbour_words, view_metadata
from embeddings_core.scenes.metadata import METRIC_WORDS, counted, map_metadata, metadata
from embeddings_core.scenes.scene import Link, Metadata, Motion, Points, Scene
from embeddings_core.scenes.theme import OKABE_ITO
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray

RACERS = 12  # sentences of one race: more lines cannot be followed
HEADING = 2.1  # rows above the first: room for a label between
WIDE = 1.45  # width of a drawn chart ÷ its height
TRACK = 2.0  # the same for a race: as wide as a large stage, so that its sentences have room
QUERY_KEY, GROWING_KEY = "\x1fquery", "\x1fgrowing"


def digest(*parts: str) -> str:
    """Return a short name of what a scene shows."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def coloured(items: tuple[str, ...]) -> tuple[IntArray | None, tuple[str, ...]]:
    """Return each sentence's group and the groups' names, where they come from a bundled list."""
    groups = sentence_groups(items)
    if groups is None:
        return None, ()
    names = tuple(dict.fromkeys(group for group in groups if group))
    return np.array([names.index(group) if group else -1 for group in groups], dtype=np.int64), names


def sentence_scene(view: MapView) -> Scene:
    """Show the map of sentences with its film."""
    groups, names = coloured(view.items)
    scene = map_scene(view)
    return replace(
        scene,
        metadata=view_metadata(view, noun="sentences"),
        points=replace(scene.points, groups=groups, group_names=names),
    )


def query_scene(
    view: MapView, query: str, vector: FloatArray, neighbours: Neighbours, *, film: bool = True
) -> Scene:
    """Let a query fly onto the map of sentences, and draw lines to its nearest in rank order.

    The query, vector (d,), waits where it belongs on the finished map, and the sentences gather round it; without
    `film` they stand still. A query that is one of the sentences is no new point.
    """
    scene = sentence_scene(view)
    if not film:
        scene = replace(
            scene,
            motion=replace(
                scene.motion,
                frames=scene.motion.frames[-1:],
                frame_names=("the sentences stay",),
                kind="still",
            ),
        )
    rows = [int(row) for row in neighbours.rows]
    own = view.items.index(query) if query in view.items else len(view.items)
    links = close_links(
        own, rows, scores=neighbours.scores, vectors=view.embeddings.vectors, metric=neighbours.metric
    )
    close = tuple(link.end for link in links)
    scene = replace(
        scene, metadata=metadata(scene.metadata, Lines=neighbour_words(neighbours, drawn=len(links)))
    )
    if own < len(view.items):
        return replace(scene, links=links, points=replace(scene.points, selected=own, highlighted=close))
    asked = EmbeddingSet((query,), vector[None])
    at = place(view.projection, view.embeddings, asked)
    return replace(
        scene,
        id=f"{view.id}-{digest(query, str(film))}",
        links=links,
        points=replace(
            scene.points,
            items=(*view.items, query),
            keys=(*view.items, QUERY_KEY),
            groups=None if scene.points.groups is None else np.append(scene.points.groups, -1),
            selected=own,
            highlighted=close,
        ),
        motion=replace(
            scene.motion,
            frames=np.concatenate(
                [scene.motion.frames, np.repeat(at[None], len(scene.motion.frames), 0)], axis=1
            ),
        ),
    )


def race_rows(race: RankRace, *, most: int = RACERS) -> tuple[int, ...]:
    """Return the sentences that take part: those that any ranker puts furthest ahead, in the order of the list."""
    best = np.asarray(race.ranks).min(axis=0)
    last = np.asarray(race.ranks)[-1]
    return tuple(sorted(np.lexsort((last, best))[:most].tolist()))


def race_scene(race: RankRace, *, model: str) -> Scene:
    """Race the sentences: each ranker is a column, the nearest sentence on top; points travel from column to column.

    A morph between real rankings. Grey points found nothing in common with the query (score 0); equal scores
    keep the order of the list.
    """
    rows = race_rows(race)
    m, rankers = len(rows), len(race.rankers)
    ranks, scores = np.asarray(race.ranks)[:, rows], np.asarray(race.scores)[:, rows]
    width = TRACK * (m + 1)
    columns = np.linspace(0.0, 0.54 * width, rankers)
    order = np.array([np.lexsort((np.arange(m), row)) for row in ranks])
    # what stands still: the names above, a dot for every place, and one far right that keeps room for words
    dots = [(x, -float(row)) for x in columns for row in range(m)]
    still = np.array([*((x, HEADING) for x in columns), *dots, (width, HEADING)])
    frames = np.zeros((rankers, m + len(still), 2), dtype=np.float32)
    frames[:, m:] = still
    for column in range(rankers):
        frames[column, order[column], 1] = -np.arange(m, dtype=np.float32)
        frames[column, :m, 0] = columns[column]
    own = np.arange(m) % len(OKABE_ITO)  # a colour each, so that the eye can follow a line
    background = np.full((rankers, len(still)), -1)
    groups = np.concatenate([np.where(np.round(scores, 6) <= 0, -1, own), background], axis=1)
    first = int(ranks[-1].argmin())
    sentences = tuple(race.sentences[row] for row in rows)
    return Scene(
        id="race " + digest(race.query, model, *race.sentences),
        points=Points(
            (
                *sentences,
                *(heading(race, ranker) for ranker in range(rankers)),
                *[" "] * (len(dots) + 1),
            ),
            keys=(*sentences, *(f"\x1frace {place}" for place in range(len(still)))),
            groups=groups[-1].astype(np.int64),
            sizes=np.array([1.1] * m + [0.2] * len(still), dtype=np.float32),
            priority=np.array([0.5] * m + [1.0] * rankers + [0.0] * (len(dots) + 1), dtype=np.float32),
            selected=first,
        ),
        motion=Motion(
            frames,
            tuple(race_caption(race, column) for column in range(rankers)),
            kind="morph",
            frame_groups=groups.astype(np.int64),
            trails=tuple(range(m)),
            series=(("place of the winner", tuple(float(place) for place in ranks[:, first])),),
            seconds=10.0,
        ),
        title="Rank race",
        alt=f'Who is nearest to "{race.query}"? '
        + " ".join(race_caption(race, column) + "." for column in range(rankers)),
        metadata=race_metadata(race, sentences, model),
    )


def heading(race: RankRace, ranker: int) -> str:
    """Return what stands above a column: the ranker, in short where years are told beside it."""
    name = race.rankers[ranker].replace(
        "mean of GloVe word vectors", "GloVe" if race.years else "mean of GloVe words"
    )
    return name.replace("word vectors", "words")


def race_caption(race: RankRace, ranker: int) -> str:
    """Say in one line what a ranker puts first."""
    name, scores = race.rankers[ranker], np.round(np.asarray(race.scores[ranker]), 6)
    if not len(scores) or scores.max() <= 0:
        return f"{name}: no sentence has anything in common with the query"
    if race.years and race.years[ranker]:
        name = f"{name.replace('mean of GloVe word vectors', 'GloVe mean')}, {race.years[ranker]}"
    winners = [text for text, rank in zip(race.sentences, race.ranks[ranker], strict=True) if rank == 1]
    more = f" and {len(winners) - 1} more" if len(winners) > 1 else ""
    return f"{name}: {winners[0]}{more}"


def order_scene(result: WordOrder, *, model: str, mean: bool = False) -> Scene:
    """Move two sentences from the mean of their words to where the model puts them; if that is a `mean`, nothing moves."""
    film, n = result.film(still=mean), len(result.words)
    return Scene(
        id="order " + digest(model, *result.sentences),
        points=Points(
            (*result.words, *result.sentences),
            keys=(*(f"\x1fword {word}" for word in result.words), "\x1ffirst", "\x1fsecond"),
            groups=np.array([-1] * n + [0, 1], dtype=np.int64),
            group_names=("first sentence", "second sentence"),
            sizes=np.array([0.8] * n + [1.5, 1.5], dtype=np.float32),
            priority=np.array([0.0] * n + [1.0, 1.0], dtype=np.float32),
        ),
        motion=Motion(film.frames, film.frame_names, kind=film.kind, trails=(n, n + 1), seconds=5.0),
        title="Word order",
        alt=f"{' '.join(name + '.' for name in film.frame_names)} {' / '.join(result.sentences)}",
        metadata=order_metadata(result, model),
    )


def signed(change: float) -> str:
    """Print a change with its sign: +0.12, −0.30, or 0.00 where nothing is left of it.

    >>> signed(-0.3), signed(0.001)
    ('−0.30', '0.00')
    """
    return "0.00" if abs(change) < 0.005 else f"{change:+.2f}".replace("-", "−")


def why_scene(result: WhySimilar, *, model: str) -> Scene:
    """Push each word to where the cosine goes without it: to the left it falls, to the right it rises.

    Words stand in reading order, the second sentence under the first; a morph between "all words in place" and
    the real cosines.
    """
    first, second = result.words
    shares = np.concatenate([result.first, result.second]).astype(np.float64)
    n = len(shares)
    heights = -np.concatenate([np.arange(len(first)), len(first) + 1 + np.arange(len(second))]).astype(
        np.float64
    )
    depth = n + 1.0
    reach = 0.42 * WIDE * depth / max(float(np.abs(shares).max(initial=0.0)), 1e-6)
    frames = np.zeros((2, n + 2, 2), dtype=np.float32)
    frames[:, :n, 1] = heights
    frames[1, :n, 0] = -shares * reach
    frames[:, n:, 1] = 0.8, -depth + 0.2
    signs = [f"{word}  {signed(-share)}" for word, share in zip((*first, *second), shares, strict=True)]
    return Scene(
        id="why " + digest(model, *result.sentences),
        points=Points(
            (*signs, f"cosine {result.cosine:.2f}", " "),
            keys=tuple(f"\x1fwhy {row}" for row in range(n + 2)),
            groups=np.array([0] * len(first) + [1] * len(second) + [-1, -1], dtype=np.int64),
            group_names=("words of the first", "words of the second"),
            sizes=np.array([1.0] * n + [0.2, 0.2], dtype=np.float32),
            priority=np.append(np.abs(shares), [1.0, 0.0]).astype(np.float32),
        ),
        motion=Motion(
            frames,
            (
                f"all words in place: cosine {result.cosine:.2f}",
                "each word left out in turn: left, the cosine falls; right, it rises",
            ),
            kind="morph",
            trails=tuple(range(min(n, 60))),
            seconds=4.0,
        ),
        title="Why similar?",
        alt=result.sentence,
        links=(Link(n, n + 1, "dashed"),),
        metadata=why_metadata(result, model),
    )


def growing_scene(view: MapView, growing: GrowingSentence, *, model: str) -> Scene:
    """Lead a sentence, word by word, over the standing map of the others: a recorded film."""
    steps, n = len(growing.words), len(view.items)
    frames = np.repeat(
        np.concatenate([view.projection.final, np.zeros((1, view.projection.dimensions))])[None], steps, 0
    )
    frames[:, n] = place(view.projection, view.embeddings, growing.space)
    groups, names = coloured(view.items)
    return Scene(
        id=f"{view.id}-grows-{digest(model, growing.beginnings[-1])}",
        points=Points(
            (*view.items, "the growing sentence"),
            keys=(*view.items, GROWING_KEY),
            groups=None if groups is None else np.append(groups, -1),
            group_names=names,
            selected=n,
        ),
        motion=Motion(
            frames.astype(np.float32),
            growing.beginnings,
            kind="recorded" if steps > 1 else "still",
            trails=(n,),
            series=(("cosine with the whole", tuple(float(value) for value in growing.to_whole)),)
            if steps > 1
            else (),
            seconds=max(3.0, 1.1 * steps),
        ),
        map_id=view.id,
        title="A sentence grows",
        alt=f"The path of a sentence over the map, word by word: {growing.beginnings[-1]}",
        metadata=metadata(
            view_metadata(view, noun="sentences"), Lines="the path of a sentence that is read word by word"
        ),
    )


def race_metadata(race: RankRace, sentences: Sequence[str], model: str) -> Metadata:
    """Say what a race shows: its sentences and query, the rankers, and what stands where."""
    return metadata(
        Items=f'{counted(sentences, "sentences")}; the query "{race.query[:120]}"',
        Model=f"{', '.join(race.rankers)} ({model_title(model)})",
        Picture="a race of rankings: each column is one ranker, the nearest sentence on top",
        Axes="left to right: the rankers; up and down: the place in the ranking",
    )


def order_metadata(result: WordOrder, model: str) -> Metadata:
    """Say what the picture of two sentences of the same words shows."""
    size = result.wholes.shape[1]
    return metadata(
        map_metadata(
            result.film(), items=result.sentences, model=model_title(model), dimensions=size, noun="sentences"
        ),
        Axes="left to right: the direction in which the model tells the two apart, in true distance; up and down: the "
        "widest spread of the rest",
    )


def why_metadata(result: WhySimilar, model: str) -> Metadata:
    """Say what the picture of words left out shows."""
    return metadata(
        Items=counted(result.sentences, "sentences"),
        Model=model_title(model),
        Nearness=METRIC_WORDS["cosine"],
        Picture="each word is left out in turn, and the cosine of the two sentences is taken again",
        Axes="left: the cosine falls without the word; right: it rises; up and down: the order of the words",
    )
