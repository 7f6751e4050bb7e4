"""A word on its way through the layers of a language model: one map a layer, and where its meanings part."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core import jobs
from embeddings_core.analysis.senses import SenseCurve, find_senses, join_senses, sense_curve
from embeddings_core.analysis.sentence_examples import CONTEXT_LISTS, known_groups
from embeddings_core.analysis.tokens import TokenMatrix, TokenVectors, token_vectors
from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import Projection, project
from embeddings_core.maps.timeline import align_states
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, unit

ENOUGH_FOR_UMAP = 15  # occurrences; of fewer UMAP would rather invent groups than find them
PCA_NOTE = "Each frame is one layer's own map (PCA), turned onto the layer before, never stretched."
UMAP_NOTE = (
    "Each frame is one layer's own map (UMAP), started from the map of the layer before and turned onto it; its size is the "
    "true spread of the layer."
)


@dataclass(frozen=True, eq=False)
class LayerTrajectory:
    """A word on its way through the layers: its vectors, the film, the curve of its senses.

    `given` tells that the senses come from a bundled list or from the visitor, not from the model itself; `found` counts the
    occurrences that the model, left alone, puts with the same sense; `joined` are rows whose sense the model decided.
    """

    tokens: TokenVectors
    film: Projection
    curve: SenseCurve
    given: bool
    found: int
    joined: tuple[int, ...]

    @property
    def sentence(self) -> str:
        """What the curve proves, in one sentence; where the model itself made the groups it proves nothing."""
        if self.given or len(set(self.curve.senses)) < 2:
            return self.curve.sentence
        return (
            "The two groups are what the model itself made of these sentences: that they part proves nothing. Say which sentence "
            "has which meaning, and see whether the model agrees."
        )

    def own_kind_nearest(self) -> tuple[int, int, int]:
        """Return how many occurrences have one of their own sense nearest: on the last map, and in all numbers; of how many."""
        senses = np.asarray(self.curve.senses, dtype=object)
        counted = np.array([np.count_nonzero(senses == sense) > 1 for sense in senses])
        if len(set(self.curve.senses)) < 2 or not counted.any():
            return 0, 0, 0
        points = self.film.final
        apart = np.linalg.norm(points[:, None] - points[None], axis=-1)
        alike = unit(self.tokens.vectors[-1]) @ unit(self.tokens.vectors[-1]).T
        found = []
        for nearness in (-apart, alike):
            nearness = np.array(nearness, dtype=np.float64)
            np.fill_diagonal(nearness, -np.inf)
            found.append(int(np.count_nonzero((senses[nearness.argmax(axis=1)] == senses)[counted])))
        return found[0], found[1], int(counted.sum())

    @property
    def on_the_map(self) -> str:
        """Whether the last map shows what the numbers say; nothing where there are no two senses to compare."""
        shown, true, of = self.own_kind_nearest()
        if not of or not self.given:
            return ""
        told = f"In all numbers {true} of {of} have one of their own meaning nearest, on the last map {shown}"
        if 2 * true <= of:
            return f"{told}: the model does not keep these meanings apart."
        return f"{told}: the map hides what the numbers know." if shown < true - of // 10 else f"{told}."


def layer_trajectory(
    sentences: tuple[str, ...],
    word: str,
    model: str,
    dimensions: int = 2,
    method: str = "",
    told: tuple[str, ...] = (),
) -> LayerTrajectory:
    """Follow a word through all layers; senses are those of a bundled list, or two that the model makes itself.

    `told` says the sense of each sentence ("" where it is not said) in place of a list. `method` as in `layer_film`; UMAP
    runs in the worker process.
    """
    tokens = token_vectors(sentences, word=word, model=model)
    chosen = film_method(tokens, method)
    if chosen == "umap":
        film = jobs.run(layer_film, tokens, dimensions=dimensions, method=chosen)
    else:
        film = layer_film(tokens, dimensions=dimensions, method=chosen)
    listed = CONTEXT_LISTS.get(word.lower())
    known = known_groups(sentences, {word: listed}) if listed is not None else None
    if any(told):
        known = told
    alone = find_senses(tokens)
    if known is None:
        return LayerTrajectory(tokens, film, sense_curve(tokens, senses=alone), False, 0, ())
    labels = tuple(known[row] for row in tokens.rows)
    senses = join_senses(tokens, labels)
    first = [sense == senses[0] for sense in senses]
    agree = sum(own == (label == "sense 1") for own, label in zip(first, alone, strict=True))
    return LayerTrajectory(
        tokens,
        film,
        sense_curve(tokens, senses=senses),
        True,
        max(agree, len(senses) - agree),
        tuple(row for row, label in enumerate(labels) if not label),
    )


def layer_film(
    tokens: TokenVectors | TokenMatrix, *, dimensions: int = 2, method: str = "", seed: int = 0
) -> Projection:
    """Map a word's occurrences at every layer: one recorded frame a layer, (layers, occurrences, 2 or 3).

    `method` is "pca" or "umap"; by default UMAP for a word's 15 occurrences or more, PCA below and for the
    tokens of a sentence. By PCA each layer has a map of its own. By UMAP each layer's run starts from the map
    of the layer before (the first one from PCA) and then gets the true spread of its layer, which UMAP does not
    know. Each frame is turned and mirrored (never stretched) onto the layer before by orthogonal Procrustes
    (Schönemann 1966), so that what moves is what the layer did. Raises BadInputError for other dimensions than
    2 or 3.
    """
    if dimensions not in (2, 3):
        raise BadInputError(f"A map has 2 or 3 dimensions, not {dimensions}.")
    if film_method(tokens, method) == "umap":
        states = _warm_started([unit(layer) for layer in tokens.vectors], dimensions, seed)
        frames = align_states(states, anchor=0, scale=False)
        used = (("seed", str(seed)),)
        return Projection(frames, tokens.layer_names, "umap", "recorded", note=UMAP_NOTE, settings=used)
    states = [_plane(unit(layer), dimensions) for layer in tokens.vectors]
    frames = align_states(states, anchor=0, scale=False)
    return Projection(frames, tokens.layer_names, "pca", "recorded", note=PCA_NOTE)


def film_method(tokens: TokenVectors | TokenMatrix, method: str = "") -> str:
    """Return what draws a film: the method asked for, or what suits so many occurrences."""
    if method not in ("", "pca", "umap"):
        raise BadInputError(f'There is no film called "{method}"; choose pca or umap.')
    several = isinstance(tokens, TokenVectors) and len(tokens) >= ENOUGH_FOR_UMAP
    return method or ("umap" if several else "pca")


def _warm_started(layers: Sequence[FloatArray], dimensions: int, seed: int) -> list[FloatArray]:
    """Run UMAP on each layer, starting where the layer before ended; each map gets its layer's true spread."""
    states: list[FloatArray] = []
    start: FloatArray | None = None
    for number, layer in enumerate(layers):
        points = EmbeddingSet(tuple(map(str, range(len(layer)))), layer, f"layer {number}")
        start = project(points, method="umap", dimensions=dimensions, seed=seed, start=start).final
        centred = start - start.mean(axis=0)
        spread = float(np.sqrt(((layer - layer.mean(axis=0)) ** 2).sum(axis=1).mean()))
        size = float(np.sqrt((centred**2).sum(axis=1).mean()))
        states.append(centred * (spread / size if size else 0.0))
    return states


def _plane(vectors: FloatArray, dimensions: int) -> FloatArray:
    centred = vectors - vectors.mean(axis=0)
    left, size, _ = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    points = (left * size)[:, :dimensions]
    missing = dimensions - points.shape[1]
    return np.pad(points, ((0, 0), (0, missing))).astype(np.float32)
