"""What can be looked at in the space of pictures and captions: each lens draws its panel and returns the scene."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from embeddings_core.analysis import claims
from embeddings_core.analysis.closeness import closeness, described
from embeddings_core.analysis.neighbours import scores_of
from embeddings_core.pictures import modality_gap, retrieval, zero_shot
from embeddings_core.pictures.caption_examples import LABELS, TEMPLATES
from embeddings_core.pictures.image_text_space import classes_seen, nearest_pictures
from embeddings_core.scenes.charts.image_text import pair_boxes, retrieval_matrix
from embeddings_core.scenes.image_text import found_scene, gap_scene, image_text_scene, text_priority
from embeddings_core.scenes.judged import judged_scene
from embeddings_core.scenes.maps import empty_scene
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.texts import clean, split_words
from embeddings_core.spaces.vectors import FloatArray, similarity
from pages._ui import cache, controls, panels, question_board, state
from pages._ui.images_and_text import panels as image_text_panels
from pages._ui.images_and_text.panels import ASK, CAPTION, FROM_PICTURE, FROM_WORDS, Given
from pages._ui.panels import Bar, ranking
from pages._ui.question_board import Board

SHOWN, LINKED = 7, 3  # bars in a ranking; lines on the map
LARGEST = 40  # rows and columns of the matrix: more would be too small to read
MOST_LABELS = 30
TEMPERATURE = "How sharply the labels are told apart: low, and the best one takes nearly all; high, and all get the same."
TEMPERATURES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)


@dataclass(frozen=True)
class Lens:
    """One way to look: what draws its panel, and whether the map is the one asked for."""

    look: Callable[[Given], Scene]
    on_map: bool = True


def on_map(given: Given) -> Scene:
    """Return the map of what there is."""
    return (
        image_text_scene(cache.view(given.request), given.pictures.files)
        if given.request.shown
        else empty_scene()
    )


def find(given: Given) -> Scene:
    """Rank pictures by a caption, or captions by a picture."""
    if image_text_panels.missing(given, least="then words find pictures, and pictures find words."):
        return on_map(given)
    state.default(ASK, FROM_WORDS)
    asked = st.segmented_control(
        "Search from", [FROM_WORDS, FROM_PICTURE], key=ASK, required=True, bind="query-params"
    )
    by_picture = asked == FROM_PICTURE
    row = (
        image_text_panels.pick_picture(given)
        if by_picture
        else image_text_panels.pick("Caption", given.captions, key=CAPTION)
    )
    table = retrieval.retrieve(*given.vectors)
    scores = table.scores[row] if by_picture else table.scores[:, row]
    best = (table.texts_of if by_picture else table.images_of)[row]
    names = given.captions if by_picture else given.pictures.names
    thumbnails = [""] * len(names) if by_picture else [file.thumbnail for file in given.pictures.files]
    pairs = cache.reference(given.space) if by_picture else cache.once(nearest_pictures, given.space)
    bars = [
        Bar(
            names[other],
            f"{scores[other]:.2f}",
            max(float(scores[other]), 0.0),
            panels.worth(float(scores[other]), pairs),
            f"Look from {names[other]}",
            image=thumbnails[other],
        )
        for other in best[:SHOWN]
    ]
    back = (table.images_of[best[0]] if by_picture else table.texts_of[best[0]])[0]
    askers = given.pictures.names if by_picture else given.captions
    panels.sentence(claims.chooses_back(askers[row], names[best[0]], askers[back]), key="claim")
    ranking(
        bars, key="image-text-found", film=f"{asked}|{row}|{'|'.join(bar.label for bar in bars)}",
        on_choose=image_text_panels.look_from_caption if by_picture else image_text_panels.look_from_picture,
    )  # fmt: skip
    if by_picture and given.spec.id == "bridge":
        sees(given, row)
    start, others = (row, best + given.n) if by_picture else (row + given.n, best)
    near = [int(other) for other in others[:LINKED]]
    told = described(panels.short(askers[row], characters=40), scores, pairs)
    notes = (*[""] * given.n, *told) if by_picture else told
    return judged_scene(found_scene(on_map(given), start, near), notes, rows=near)


def sees(given: Given, row: int) -> None:
    """Say what the network inside the bridge took the picture for: it explains hits and misses."""
    found = cache.once(classes_seen, given.pictures.keys[row], given.pictures.owner)
    named = ", ".join(f"{name} {p:.0%}" for name, p in zip(found.names, found.probabilities, strict=True))
    panels.sentence(f"Of its 1,000 things the network sees here: {named}.", key="sees")


def matrix(given: Given) -> Scene:
    """Show every picture against every caption."""
    if image_text_panels.missing(given, least="the matrix compares every picture with every caption."):
        return on_map(given)
    table = retrieval.retrieve(*given.vectors)
    scores = table.scores[:LARGEST, :LARGEST]
    if scores.size < table.scores.size:
        panels.sentence(
            f"The first {scores.shape[0]} of {given.n} pictures and {scores.shape[1]} of {len(given.captions)} captions; "
            "more would be too small to read.",
            key="cut",
        )
    rows = retrieval.diagonal(scores)
    files = [given.pictures.files[row] for row in rows]
    pairs = retrieval.mutual(scores)
    panels.sentence(claims.mutual_choices(scores, len(pairs)), key="claim")
    figure = retrieval_matrix(
        scores[rows], [file.name for file in files], [file.thumbnail for file in files],
        given.captions[:LARGEST], theme=panels.theme(),
    )  # fmt: skip
    st.plotly_chart(
        figure, key="image-text-matrix", height=max(480, 150 + 14 * len(files)),
        alt=f"Heat map: cosine of {len(files)} pictures, one a row, with {scores.shape[1]} captions, one a column.",
    )  # fmt: skip
    panels.sentence(
        f"○ the best caption of a picture, □ the best picture of a caption; both together: they choose each other, as "
        f"{len(pairs)} pair{'' if len(pairs) == 1 else 's'} here. Bright is near; cosines from {scores.min():.2f} to "
        f"{scores.max():.2f}.",
        key="matrix",
    )
    return on_map(given)


def naming(given: Given) -> Scene:
    """Name a picture by typed labels, without any training."""
    if not given.n:
        panels.sentence("Add a picture: then type labels, and see which suits it best.", key="missing")
        return on_map(given)
    row = image_text_panels.pick_picture(given)
    state.default("labels", ", ".join(LABELS))
    typed = split_words(str(st.text_input("Labels", key="labels", bind="query-params")), limit=MOST_LABELS)
    state.default("template", zero_shot.TEMPLATE)
    with st.popover("Template and temperature", key="how-named"):
        template = clean(str(st.text_input("Put into", key="template", bind="query-params", max_chars=200)))
        with st.container(key="presets", horizontal=True, gap="small", width=controls.MENU):
            for preset in TEMPLATES:
                st.button(preset, key=f"template-{preset}", on_click=state.put, args=("template", preset))
        own = given.space.temperature
        nearest = min(TEMPERATURES, key=lambda value: abs(np.log(value / own)))
        first = controls.first("temperature", nearest, allowed=TEMPERATURES, read=float)
        temperature = float(
            st.select_slider("Temperature", TEMPERATURES, first, key="temperature", help=TEMPERATURE)
        )
        controls.tell("temperature", temperature)
    if template.count("{}") != 1:
        panels.sentence(
            'The template needs {} once, where the label goes; "a photo of a {}" is used.', key="template"
        )
        template = zero_shot.TEMPLATE
    if not typed.items:
        panels.sentence("Type one or more labels, separated by commas.", key="labels")
        return on_map(given)
    asked = zero_shot.prompts(typed.items, template=template)
    own_vector = cache.vectors_of(given.request.shown, given.request.space).vectors[row : row + 1]
    scores = similarity(own_vector, cache.vectors_of(asked, given.space).vectors)[0]
    parts = zero_shot.shares(scores[None], temperature=temperature)[0]
    judged = closeness([float(scores.max())], cache.reference(given.space))
    worth = judged[0].judgement if judged else ""
    panels.sentence(claims.wins_by(typed.items, scores, parts, worth), key="claim")
    _share_bars(typed.items, scores, parts)
    panels.sentence(
        f'Read as "{asked[0]}" …; cosines divided by {temperature:g} (this model\'s own: {own:.2g}). The shares only compare '
        "these labels: one of them always wins.",
        key="naming",
    )
    if given.spec.id == "bridge":
        sees(given, row)
    return _labelled(given, row, typed.items, asked, scores)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 else "< 1 %"


def _share_bars(labels: tuple[str, ...], scores: FloatArray, parts: FloatArray) -> None:
    bars = [
        Bar(labels[place], _percent(float(parts[place])), float(parts[place]), f"cosine {scores[place]:.3f}")
        for place in np.argsort(-scores, kind="stable")[: SHOWN + 1]
    ]
    ranking(bars, key="image-text-shares", film="|".join(bar.label for bar in bars), delay=100)


def _labelled(
    given: Given, row: int, labels: tuple[str, ...], asked: tuple[str, ...], scores: FloatArray
) -> Scene:
    """Let the labels take the captions' place on the map."""
    request = replace(given.request, shown=(*given.request.shown[: given.n], *asked))
    scene = image_text_scene(
        cache.view(request), given.pictures.files, texts=labels, kinds=("labels", "pictures")
    )
    best = np.argsort(-scores, kind="stable")[:3] + given.n
    scene = found_scene(scene, row, best.tolist())
    return replace(scene, points=replace(scene.points, priority=text_priority(scores, given.n)))


def gap(given: Given) -> Scene:
    """Measure how far pictures and captions keep apart, and play the film that brings them together."""
    if image_text_panels.missing(given, least="the gap lies between the two clouds."):
        return on_map(given)
    dimensions = controls.choice("Space", {"2-D": 2, "3-D": 3}, key="gap_space")
    images, texts = given.vectors
    found = modality_gap.modality_gap(images, texts, steps=5)
    closed = modality_gap.without_means(images, texts)
    before, after = modality_gap.pair_scores(images, texts), modality_gap.pair_scores(*closed)
    chance = modality_gap.gap_by_chance(images, texts)
    panels.sentence(
        f"The two centres lie {found.distance:.2f} apart; dealt at random into two piles they would be {chance:.2f} apart. "
        f"With each cloud's own mean taken off: {found.distances[-1]:.2f}."
        + (" No more than chance: there is no gap here." if found.distance <= chance else ""),
        key="gap",
    )
    panels.sentence(_why(given.spec.id), key="why")
    if given.n + len(given.captions) > 2:
        st.plotly_chart(
            pair_boxes(before, after, theme=panels.theme()), key="image-text-pairs", height=250,
            alt="Cosines of two captions, two pictures, and a picture with a caption, before and after the means are taken off.",
        )  # fmt: skip
        panels.sentence(
            f"The nearest item is of the same kind for {modality_gap.same_kind(images, texts):.0%} of all before, "
            f"{modality_gap.same_kind(*closed):.0%} after. The best caption changes for "
            f"{retrieval.changed_best(similarity(images, texts), similarity(*closed))} of "
            f"{given.n} pictures.",
            key="kinds",
        )
    return gap_scene(found, cache.view(given.request), given.pictures.files, dimensions=dimensions)


def _why(model: str) -> str:
    if model == "bridge":
        return (
            "Why? Each picture is a mixture of ten class names, and mixtures lie nearer to the middle than captions do: this "
            "gap is what the bridge makes it. CLIP's is the famous one: two networks start in two corners of the space, and "
            "training never has to bring the corners together."
        )
    return (
        "Why? Each of the two networks starts in its own narrow corner of the space. Training only asks that a picture be nearer "
        "to its caption than to the others, which works across a gap; so the corners never have to meet."
    )


def guess(given: Given) -> Scene:
    """Ask which caption is nearest to a picture, or where a picture lands among pictures and captions."""
    what, shown, n = question_board.kind(without="odd"), cache.view(given.request), given.n
    whole = image_text_scene(shown, given.pictures.files) if shown.items else empty_scene()
    if image_text_panels.missing(given, least="then guess which caption belongs to which picture."):
        return whole
    row = int(np.random.default_rng(question_board.turn()).integers(n))
    rows = tuple(range(n, len(shown.items)))

    def told(row: int) -> Scene:
        scores = scores_of(shown.embeddings, shown.embeddings.vectors[row])[n:]
        return found_scene(whole, row, [n + int(other) for other in np.argsort(-scores, kind="stable")[:3]])

    space = replace(shown.embeddings, items=(*given.pictures.names, *given.captions))
    images = (*(file.thumbnail for file in given.pictures.files), *("" for _ in rows))
    asked = (
        "Which caption is nearest to this picture?" if what == "nearest" else "Where will this picture land?"
    )
    board = Board(space, whole, told, "pictures and captions", row, images, rows, asked)
    return question_board.play(board, what)


LENSES: dict[str, Lens] = {
    "Find": Lens(find),
    "Retrieval matrix": Lens(matrix),
    "What is it?": Lens(naming),
    "Modality gap": Lens(gap, on_map=False),
    "Guess first": Lens(guess),
}
