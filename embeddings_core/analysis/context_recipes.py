"""What can be asked of a word in its sentences: small values in, a result out, the same each time."""

from dataclasses import dataclass

from embeddings_core import jobs
from embeddings_core.analysis import context
from embeddings_core.analysis.context_lists import CONTEXT_LISTS
from embeddings_core.analysis.senses import (
    SenseCurve,
    film_method,
    find_senses,
    join_senses,
    layer_film,
    sense_curve,
)
from embeddings_core.analysis.sentence_lists import known_groups
from embeddings_core.limits import PROJECTION_SECONDS
from embeddings_core.maps.projection import Projection


@dataclass(frozen=True, eq=False)
class Elevator:
    """A word on its way through the layers: its vectors, the film, the curve of its senses.

    `given` tells that the senses come from a bundled list; `found` counts the occurrences that the model, left
    alone, puts with the same sense; `joined` are rows whose sense the model decided.
    """

    tokens: context.TokenVectors
    film: Projection
    curve: SenseCurve
    given: bool
    found: int
    joined: tuple[int, ...]


def elevator(
    sentences: tuple[str, ...], word: str, model: str, dimensions: int = 2, method: str = ""
) -> Elevator:
    """Follow a word through all layers; senses are those of a bundled list, or two that the model makes itself.

    `method` as in `layer_film`; UMAP runs in the worker process.
    """
    tokens = context.token_vectors(sentences, word=word, model=model)
    chosen = film_method(tokens, method)
    if chosen == "umap":
        film = jobs.run(layer_film, tokens, dimensions=dimensions, method=chosen, timeout=PROJECTION_SECONDS)
    else:
        film = layer_film(tokens, dimensions=dimensions, method=chosen)
    listed = CONTEXT_LISTS.get(word.lower())
    known = known_groups(sentences, {word: listed}) if listed is not None else None
    alone = find_senses(tokens)
    if known is None:
        return Elevator(tokens, film, sense_curve(tokens, senses=alone), False, 0, ())
    labels = tuple(known[row] for row in tokens.rows)
    senses = join_senses(tokens, labels)
    first = [sense == senses[0] for sense in senses]
    agree = sum(own == (label == "sense 1") for own, label in zip(first, alone, strict=True))
    return Elevator(
        tokens,
        film,
        sense_curve(tokens, senses=senses),
        True,
        max(agree, len(senses) - agree),
        tuple(row for row, label in enumerate(labels) if not label),
    )


def tokens_of(sentence: str, model: str) -> context.TokenMatrix:
    """Return every token of a sentence at every layer; see `context.token_matrix`."""
    return context.token_matrix(sentence, model=model)
