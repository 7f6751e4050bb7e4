"""Scenes of a word in its sentences: occurrences, or all tokens, on their way through the layers of a model."""

import numpy as np

from embeddings_core.analysis.layer_trajectory import LayerTrajectory
from embeddings_core.analysis.tokens import TokenMatrix
from embeddings_core.maps.methods import title_of
from embeddings_core.maps.projection import Projection
from embeddings_core.models.registry import model_title
from embeddings_core.scenes.metadata import counted, map_metadata, metadata
from embeddings_core.scenes.scene import Motion, Points, Scene
from embeddings_core.scenes.sentences import digest
from embeddings_core.spaces.vectors import FloatArray, unit

SNIPPET = 31  # characters of a label: what the stage shows of one
EMBEDDED = "embedding"


def snippet(sentence: str, place: tuple[int, int], *, characters: int = SNIPPET) -> str:
    """Return the word at a place (start, end in characters) with its neighbours, cut at blanks, … where cut.

    >>> snippet("I sat by the river bank and watched the boats.", (19, 23))
    '… by the river bank and watched …'
    """
    start, end = place
    left, right = start, end
    words_left, words_right = sentence[:start].split(" "), sentence[end:].split(" ")
    while True:  # take the nearer side first, as long as there is room
        before = len(words_left[-1]) + (len(words_left) > 1) if words_left and left > 0 else 0
        after = len(words_right[0]) + (len(words_right) > 1) if words_right and right < len(sentence) else 0
        from_left = bool(before) and (start - left <= right - end or not after)
        step = before if from_left else after
        if not step or right - left + step > characters:
            break
        if from_left:
            words_left.pop()
            left -= step
        else:
            words_right.pop(0)
            right += step
    cut = sentence[max(left, 0) : right].strip()
    return f"{'… ' if left > 0 else ''}{cut}{' …' if right < len(sentence) else ''}"


def layer_trajectory_scene(trajectory: LayerTrajectory) -> Scene:
    """Take all occurrences of a word up through the layers; colours are senses, the curve is their gap."""
    tokens, curve = trajectory.tokens, trajectory.curve
    names = tuple(dict.fromkeys(curve.senses))
    gap = curve.within - curve.between
    drawn = f"{trajectory.film.method} {trajectory.film.dimensions}"
    return Scene(
        id="layers " + digest(tokens.model, tokens.word, *tokens.sentences, *curve.senses, drawn),
        points=Points(
            tuple(snippet(text, place) for text, place in zip(tokens.sentences, tokens.places, strict=True)),
            keys=tuple(
                f"{start} {text}" for text, (start, _) in zip(tokens.sentences, tokens.places, strict=True)
            ),
            groups=np.array([names.index(sense) for sense in curve.senses], dtype=np.int64),
            group_names=names if len(names) > 1 else (),
        ),
        motion=Motion(
            trajectory.film.frames,
            tuple(frame_name(trajectory, layer) for layer in range(len(tokens.layer_names))),
            kind="recorded",
            series=(("gap between the meanings", tuple(map(float, gap))),) if np.isfinite(gap).all() else (),
            seconds=1.6 * len(tokens.layer_names),
        ),
        title="Layer by layer",
        alt=f"{len(tokens)} occurrences of {tokens.word}, layer by layer. {trajectory.sentence} {trajectory.on_the_map}".strip(),
        metadata=metadata(
            map_metadata(
                trajectory.film,
                items=tokens.sentences,
                model=model_title(tokens.model),
                dimensions=tokens.vectors.shape[2],
            ),
            Items=f'"{tokens.word}" in {counted(tokens.sentences, "sentences")}',
            Picture=f"one map ({title_of(trajectory.film.method)}) a layer, in {trajectory.film.dimensions}-D, each turned onto "
            "the one before",
            Groups="the meanings, as people told them"
            if trajectory.given
            else "two, as the model itself parts them",
        ),
    )


def frame_name(trajectory: LayerTrajectory, layer: int) -> str:
    """Name one frame of the film: where it is, and what happens there."""
    name = trajectory.tokens.layer_names[layer]
    if name == EMBEDDED:
        return "before any layer: the word and its place, no neighbours yet"
    return f"{name}: the meanings part" if layer == trajectory.curve.parting else name


def tokens_scene(matrix: TokenMatrix, film: Projection) -> Scene:
    """Take all tokens of a sentence up through the layers; colour is the place in the sentence."""
    n = len(matrix.tokens)
    alike = tuple(float(value) for value in togetherness(matrix.vectors))
    return Scene(
        id="tokens " + digest(matrix.model, matrix.sentence),
        points=Points(
            matrix.tokens,
            keys=tuple(f"{place} {token}" for place, token in enumerate(matrix.tokens)),
            values=np.linspace(0, 1, n, dtype=np.float32),
            values_title="place in the sentence, first to last",
            sizes=np.where(matrix.special, 0.7, 1.2).astype(np.float32),
            priority=np.where(matrix.special, 0.0, 1.0).astype(np.float32),
        ),
        motion=Motion(
            film.frames,
            tuple("before any layer" if name == EMBEDDED else name for name in matrix.layer_names),
            kind="recorded",
            series=(("mean cosine of all pairs", alike),) if n > 1 else (),
            seconds=1.4 * len(matrix.layer_names),
        ),
        title="All tokens",
        alt=f"All {n} tokens of one sentence, layer by layer: {' '.join(matrix.tokens)}",
        metadata=metadata(
            map_metadata(
                film,
                items=matrix.tokens,
                model=model_title(matrix.model),
                dimensions=matrix.vectors.shape[2],
                noun="tokens",
            ),
            Picture=f"one map (PCA) a layer, in {film.dimensions}-D, each turned onto the layer before",
        ),
    )


def togetherness(vectors: FloatArray) -> FloatArray:
    """Return the mean cosine of all pairs of tokens at each layer: (layers, tokens, d) → (layers,)."""
    units = unit(vectors)
    pairs = np.triu_indices(vectors.shape[1], 1)
    cosines = np.einsum("lid,ljd->lij", units, units)[:, pairs[0], pairs[1]]
    return np.asarray(cosines.mean(axis=1) if cosines.size else np.ones(len(vectors)), dtype=np.float32)
