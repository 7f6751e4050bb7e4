"""Sentences and shortened texts that the panels of several pages use."""

from embeddings_core.analysis.clustering import Clustering
from embeddings_core.spaces.datasets import Dataset


def lines(listed: Dataset) -> str:
    """Write a list one item a line."""
    return "\n".join(listed.items)


def short(text: str, *, characters: int = 60) -> str:
    """Cut a text for a sentence about it."""
    return text if len(text) <= characters else text[: characters - 1] + "…"


def describe_density(found: Clustering, *, noun: str = "word") -> str:
    """Say what the density method found on the map."""
    count, alone = found.k, int((found.labels < 0).sum())
    groups = f"{count} dense group{'' if count == 1 else 's'}" if count else "No dense group"
    rest = f"{alone} {noun} belongs" if alone == 1 else f"{alone or 'no'} {noun}s belong"
    return f"{groups} on this map; {rest} to none."
