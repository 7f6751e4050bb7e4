"""Late interaction: every token of a query looks for its best token in a text, and the text is scored by what they find.

MaxSim after Khattab and Zaharia 2020, ColBERT. The token vectors come from a model that was trained for it where one is on this
computer, else from the last layer of a sentence model, which was trained for one vector a text: that shows how the score is
made, not how well it can do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.models.contextual import Reading, contextual_model
from embeddings_core.models.registry import find_model, load_encoder
from embeddings_core.models.token_models import TokenReader, Tokens
from embeddings_core.spaces.vectors import FloatArray, IntArray, frozen, unit


@dataclass(frozen=True, eq=False)
class LateInteraction:
    """A query against texts, token by token and vector by vector.

    `best[t]` (query tokens,) is the token of text t that each query token finds, `found[t]` (query tokens,) their cosines;
    `scores` (texts,) are the means of `found` (MaxSim divided by the number of query tokens), `single` (texts,) the cosines
    of one vector a text.
    """

    query: Tokens
    texts: tuple[Tokens, ...]
    best: tuple[IntArray, ...]
    found: tuple[FloatArray, ...]
    scores: FloatArray
    single: FloatArray

    @property
    def first(self) -> tuple[int, int]:
        """The texts that come first: by tokens, and by one vector."""
        return int(self.scores.argmax()), int(self.single.argmax())

    @property
    def sentence(self) -> str:
        """Whether the two ways to score agree, in one sentence."""
        by_tokens, by_vector = self.first
        ranks = [
            np.argsort(np.argsort(-values, kind="stable"), kind="stable")
            for values in (self.scores, self.single)
        ]
        moved = int((ranks[0] != ranks[1]).sum())
        if by_tokens != by_vector:
            return (
                f'Token by token "{self.texts[by_tokens].text}" is first ({self.scores[by_tokens]:.2f}); by one vector it is '
                f'number {int(ranks[1][by_tokens]) + 1}, behind "{self.texts[by_vector].text}" ({self.single[by_vector]:.2f}).'
            )
        if len(self.texts) == 1 or not moved:
            return f'Both ways put "{self.texts[by_tokens].text}" first and agree on every place.'
        return f'Both ways put "{self.texts[by_tokens].text}" first; {moved} of {len(self.texts)} texts change their place.'


def read_tokens(
    query: str, texts: Sequence[str], *, model: str = "minilm"
) -> tuple[Tokens, tuple[Tokens, ...]]:
    """Read a query and the texts that it looks through, token by token.

    `model` is a row that keeps one vector a token, which reads queries and texts each in its way, or a text model.
    """
    if find_model(model).modality != "tokens":
        asked, *read = token_vectors_of((query, *texts), model=model)
        return asked, tuple(read)
    encoder = load_encoder(model)
    with encoder.lock:
        inner = cast(TokenReader, encoder.inner)
        return inner.read([query], role="query")[0], inner.read(texts, role="passage")


def token_vectors_of(texts: Sequence[str], *, model: str = "minilm") -> tuple[Tokens, ...]:
    """Read texts and return the vectors of their tokens in the last layer, without the marks that a model adds itself."""
    return tuple(
        _own(text, reading)
        for text, reading in zip(texts, contextual_model(model).read(list(texts)), strict=True)
    )


def _own(text: str, reading: Reading) -> Tokens:
    rows = [row for row, (start, end) in enumerate(reading.offsets) if end > start]
    return Tokens(text, tuple(reading.tokens[row] for row in rows), frozen(unit(reading.layers[-1][rows])))


def late_interaction(query: Tokens, texts: Sequence[Tokens], *, single: FloatArray) -> LateInteraction:
    """Score texts by MaxSim; `single` (texts,) are the cosines of their single vectors.

    Raises BadInputError where the query or a text has no token.
    """
    if not texts or not query.tokens or any(not text.tokens for text in texts):
        raise BadInputError("Late interaction needs a query and texts with at least one token each.")
    best, found = [], []
    for text in texts:
        cosines = query.vectors @ text.vectors.T
        best.append(np.asarray(cosines.argmax(axis=1), dtype=np.int64))
        found.append(frozen(cosines.max(axis=1)))
    scores = np.array([float(each.mean()) for each in found], dtype=np.float32)
    return LateInteraction(query, tuple(texts), tuple(best), tuple(found), frozen(scores), frozen(single))
