"""Recipe cards of the pictures that are no maps: a race of rankings, two orders of the same words, words left out."""

from collections.abc import Sequence

from embeddings_core.analysis.rankers import RankRace
from embeddings_core.analysis.sentences import WhySimilar, WordOrder
from embeddings_core.scenes.metadata import METRIC_WORDS, counted, map_metadata, metadata, model_title
from embeddings_core.scenes.scene import Metadata


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
        map_metadata(result.film(), items=result.sentences, model=model, dimensions=size, noun="sentences"),
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
