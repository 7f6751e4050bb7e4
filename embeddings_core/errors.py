"""What can go wrong, as the user meets it.

    EmbeddingsError            shown to the user as a message
    ├── UnknownModelError      lists the known ids
    ├── MissingExtraError      carries the pip command
    ├── ModelUnavailableError  weights are not on disk and may not be fetched
    ├── BadInputError          too few items, unreadable file, wrong shape, over a limit
    └── JobError               stopped by time, memory or a crash; the last picture stays

A message says what was wrong with the input, the limit with its number, and what to do next.
"""

from collections.abc import Iterable


class EmbeddingsError(Exception):
    """The root: catch this to show every expected failure as one sentence."""


class UnknownModelError(EmbeddingsError):
    """A model id that the catalogue does not hold."""

    def __init__(self, model: str, known: Iterable[str]) -> None:
        self.model = model
        self.known = tuple(known)
        super().__init__(f'There is no model called "{model}". Known models: {", ".join(self.known)}.')


class MissingExtraError(EmbeddingsError):
    """A feature whose optional packages are not installed."""

    def __init__(self, feature: str, extra: str) -> None:
        self.feature = feature
        self.extra = extra
        super().__init__(f"{feature} needs packages that are not installed: pip install -e '.[{extra}]'")


class ModelUnavailableError(EmbeddingsError):
    """Weights that are not on this computer and may not or can not be fetched."""


class BadInputError(EmbeddingsError):
    """Input that cannot be used; the message names the limit and the way out."""


class JobError(EmbeddingsError):
    """A computation that was stopped by time, memory or a crash."""
