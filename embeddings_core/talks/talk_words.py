"""The first half of the ready talk: words as numbers, on a map, with their neighbours, and in sums."""

from dataclasses import replace
from urllib.parse import urlencode

import numpy as np

from embeddings_core.analysis.algebra import Analogy, analogy
from embeddings_core.analysis.neighbours import nearest
from embeddings_core.analysis.questions import nearest_question
from embeddings_core.maps.home_film import load_home_film
from embeddings_core.maps.map_view import view_map
from embeddings_core.maps.projection import project
from embeddings_core.scenes.maps import analogy_scene, home_scene, neighbour_words
from embeddings_core.scenes.metadata import counted, metadata
from embeddings_core.scenes.one_hot import one_hot_scene
from embeddings_core.scenes.scene import Link, Motion, Points, Scene
from embeddings_core.spaces.datasets import word_list
from embeddings_core.spaces.vectors import similarity
from embeddings_core.spaces.vocabulary import load_vocabulary
from embeddings_core.talks.slides import Fact, Slide
from embeddings_core.talks.talk_numbers import TRIO, numbers_scene

CENTRE_WORD, ROUND_ABOUT = "guitar", 80
LARGE = 1.8  # marks of the arithmetic, to be seen from the last row
OTHERS = ("bass", "violin", "piano")  # that the hall may take for the nearest


def live(page: str, **chosen: str) -> str:
    """Return the address of a page with these choices in it."""
    return f"{page}?{urlencode(chosen)}" if chosen else page


def cosines() -> tuple[float, float]:
    """Return the cosines of cat with dog and of cat with car, in the bundled word space."""
    space = load_vocabulary()
    vectors = space.take([space.row(word) for word in TRIO]).vectors
    near, far = similarity(vectors[:1], vectors[1:])[0]
    return float(near), float(far)


def numbers_slide() -> Slide:
    """Begin: three words are three lists of numbers."""
    near, far = cosines()
    return Slide(
        numbers_scene(),
        "An embedding is a list of numbers that stands for a meaning.",
        "Each word becomes 384 numbers; nobody chose them, a network learned them from text. Press on: all three "
        "lists are put into the order of the cat's numbers. The dog's follow the same slope, the car's less so. "
        "How much two lists agree is one number, the cosine: 1 means the same direction.",
        live("words", words=", ".join(TRIO), lens="Similarity"),
        stops=((0, 1), (0, 2)),
        facts=(Fact("cat – dog", f"{near:.2f}", near, 1), Fact("cat – car", f"{far:.2f}", far, 1)),
        facts_title="How far they agree",
        aside="Cosine: 1 is the same direction, 0 is unrelated.",
    )


def one_hot_slide() -> Slide:
    """Show what numbers without meaning would be."""
    listed = word_list()
    space = load_vocabulary()
    shown = space.take([space.row(word) for word in listed.items])
    view = view_map(shown, fitted=shown, projection=project(shown, method="pca"), recipe="talk one-hot")
    near, far = cosines()
    return Slide(
        one_hot_scene(view, groups=dict(zip(listed.items, listed.groups or (), strict=False))),
        "Number the words one by one, and all are equally far. Embeddings bring the similar together.",
        "One-hot: word number 7 is a 1 in place 7 and zeros elsewhere. Every pair is 1.414 apart, so cat is as far "
        "from dog as from car. Press on: the same words take their learned places, and groups appear.",
        "one_hot",
        stops=((0, 0), (0, 1)),
        facts=(
            Fact("one-hot: cat – dog", "0.00", 0.0),
            Fact("one-hot: cat – car", "0.00", 0.0),
            Fact("learned: cat – dog", f"{near:.2f}", near, 1),
            Fact("learned: cat – car", f"{far:.2f}", far, 1),
        ),
        facts_title="Cosine",
    )


def map_slide() -> Slide:
    """Let the word space organise itself."""
    scene = home_scene()
    return Slide(
        scene,
        "Nobody sorted these words: the numbers alone make islands.",
        f"{len(scene.points.items):,} words. The film is the real run of UMAP, which draws near what is near in 384 "
        "dimensions. Colours are our names for topics; the method never saw them. The axes mean nothing, only "
        "nearness does.",
        "./",
    )


def neighbours_slide() -> Slide:
    """Go down to one island, let the hall guess who is nearest, and tell."""
    words, film = load_home_film()
    whole = home_scene()
    row = words.row(CENTRE_WORD)
    found = nearest(words, row, k=6)
    away = np.linalg.norm(film.final - film.final[row], axis=1)
    rows = list(
        dict.fromkeys([row, *found.rows.tolist(), *np.argsort(away, kind="stable")[:ROUND_ABOUT].tolist()])
    )
    assert whole.points.groups is not None
    near = tuple(range(1, 1 + len(found.rows)))
    scene = Scene(
        id="talk neighbours",
        points=Points(
            tuple(words.items[at] for at in rows),
            groups=np.asarray(whole.points.groups)[rows],
            priority=1 / (1 + away[rows]),
            selected=0,
            highlighted=near,
        ),
        motion=Motion(film.final[rows][None], (f"the words around {CENTRE_WORD}",), kind="still"),
        title="neighbours",
        caption="lines go to the nearest in all 384 dimensions",
        alt=f"The part of the map round {CENTRE_WORD}, with lines to {', '.join(found.items)}.",
        links=tuple(Link(0, at, "neighbour", at) for at in near),
        metadata=metadata(
            whole.metadata,
            Items=counted([words.items[at] for at in rows], "words"),
            Picture=f"the part round {CENTRE_WORD} of a map of {len(words):,} words by UMAP, in 2-D",
            Lines=neighbour_words(found),
        ),
    )
    return Slide(
        scene,
        "Near means alike: every word has neighbours.",
        f"Let the hall guess first, by show of hands or by keys 1 to 4. Then press on: {CENTRE_WORD} "
        "appears. The lines show the true order, from "
        "all 384 numbers and not from the picture: a flat map must tear some neighbours apart. Ask the hall for another "
        "word and open the page live.",
        live("words", words=", ".join(scene.points.items[:40]), word=CENTRE_WORD),
        facts=tuple(
            Fact(item, f"{score:.2f}", float(score))
            for item, score in zip(found.items, found.scores, strict=True)
        ),
        facts_title=f"Nearest to {CENTRE_WORD}",
        aside=f"Among the {len(words):,} words of the map, by cosine.",
        guess=nearest_question(
            words.take(rows),
            0,
            seed=0,
            within=[near[0], *(scene.points.items.index(word) for word in OTHERS)],
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
    large = np.full(len(items), LARGE, np.float32)
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


def analogy_slide() -> Slide:
    """Do sums with meanings, and check them."""
    result = analogy(load_vocabulary(), "man", "king", "woman", k=4)
    raw, (words, sums, answer) = result.raw, analogy_scenes(result)
    ranked = tuple(
        Fact(item, f"{score:.2f}", float(score), 3)
        for item, score in zip(result.answers.items, result.answers.scores, strict=True)
    )
    return Slide(
        words,
        f"king − man + woman ≈ {result.answer}: directions carry meaning.",
        "Step by step: the three words, the step from man to king, the same step from woman, the nearest word. "
        f"The audit: counting the words we put in, {raw.items[0]} itself would be nearest ({raw.scores[0]:.2f}); they are "
        f"left out by custom. The lead of {result.answer} is {result.gap:.2f}. Famous, true, and fragile. The picture is "
        "the plane through the three words, in true distances; the answers are dropped onto it.",
        live("words", lens="Analogy", a="man", b="king", c="woman"),
        more=(sums, answer),
        stops=((0, 0), (1, 0), (1, 1), (2, 0)),
        facts=ranked,
        facts_title="Nearest to king − man + woman",
        aside=f"Audit: {raw.items[0]} itself scores {raw.scores[0]:.2f}; the words we put in are left out.",
    )
