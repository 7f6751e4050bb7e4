"""What the heads of a language model attend to in a sentence: one head, all of them, and the ones worth showing first."""

from dataclasses import dataclass

import numpy as np

from embeddings_core.analysis.tokens import checked_text, occurrences
from embeddings_core.errors import BadInputError
from embeddings_core.models.contextual import contextual_model
from embeddings_core.spaces.texts import clean
from embeddings_core.spaces.vectors import FloatArray, frozen

BEFORE, AFTER, END, WORD = "the word before", "the word after", "the end mark", "a word further away"
CLEAR = 0.3  # share of the attention; below it there is no pattern to speak of


@dataclass(frozen=True)
class HeadPattern:
    """A head that does one thing more than any other head: `layer` and `head` count from 1, `share` is 0–1."""

    pattern: str
    layer: int
    head: int
    share: float


@dataclass(frozen=True, eq=False)
class Attention:
    """The attention of one head: `weights` (tokens, tokens), rows attend to columns, each row sums to 1."""

    sentence: str
    tokens: tuple[str, ...]
    weights: FloatArray
    layer: int
    head: int
    model: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", frozen(self.weights))


@dataclass(frozen=True, eq=False)
class SentenceAttention:
    """Every head on one sentence: `weights` (layers, heads, tokens, tokens), rows attend to columns, each row sums to 1.

    `special` (tokens,) marks what the model adds itself; `chosen` are the tokens of the chosen word.
    """

    sentence: str
    tokens: tuple[str, ...]
    special: tuple[bool, ...]
    chosen: tuple[int, ...]
    weights: FloatArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", frozen(self.weights))

    @property
    def patterns(self) -> tuple[HeadPattern, ...]:
        """The heads that attend most to the word before, to the word after, to the end mark (shares are means over
        the words of this sentence), and from the chosen word to one further away; unclear ones are left out.

        Such patterns were described by Clark et al. 2019, What Does BERT Look At?
        """
        words = [place for place, own in enumerate(self.special) if not own]
        found = []
        pairs = {BEFORE: -1, AFTER: +1}
        for pattern, step in pairs.items():
            looks = [(place, place + step) for place in words if place + step in words]
            if looks:
                rows, columns = np.array(looks).T
                found.append(self._most(pattern, self.weights[:, :, rows, columns].mean(axis=-1)))
        if words and self.special[-1]:
            found.append(self._most(END, self.weights[:, :, words, -1].mean(axis=-1)))
        others = [place for place in words if len(self.tokens[place].strip("#▁Ġ")) > 2]
        far = [(own, place) for own in self.chosen for place in others if abs(own - place) > 1]
        if far:
            rows, columns = np.array(far).T
            found.append(self._most(WORD, self.weights[:, :, rows, columns].max(axis=-1)))
        return tuple(each for each in found if each.share >= CLEAR)

    def _most(self, pattern: str, shares: FloatArray) -> HeadPattern:
        layer, head = np.unravel_index(int(shares.argmax()), shares.shape)
        return HeadPattern(pattern, int(layer) + 1, int(head) + 1, float(shares[layer, head]))


def attention(sentence: str, *, layer: int, head: int, model: str = "minilm") -> Attention:
    """Return the attention weights of one head on a sentence, (tokens, tokens).

    `layer` counts from 1, as the embedding layer has no heads; `head` counts from 1. Raises BadInputError
    outside.
    """
    text = checked_text(sentence, what="sentence")
    network = contextual_model(model)
    depth = len(network.layer_names) - 1
    if not 1 <= layer <= depth:
        raise BadInputError(f"This model has the layers 1 to {depth}; there is no layer {layer}.")
    if not 1 <= head <= network.heads:
        raise BadInputError(f"This model has the heads 1 to {network.heads}; there is no head {head}.")
    (reading,) = network.read([text], attentions=True)
    assert reading.attentions is not None
    return Attention(text, reading.tokens, reading.attentions[layer - 1, head - 1], layer, head, model)


def all_attention(sentence: str, word: str = "", model: str = "minilm") -> SentenceAttention:
    """Return what every head of a model does on a sentence; `word` marks the chosen word's tokens.

    Raises BadInputError for an empty text, ModelUnavailableError where the model is not on disk.
    """
    text = clean(sentence)
    if not text:
        raise BadInputError("A sentence is empty; type at least one letter.")
    (reading,) = contextual_model(model).read([text], attentions=True)
    assert reading.attentions is not None
    places = occurrences(word, text)
    chosen = tuple(
        token
        for token, (left, right) in enumerate(reading.offsets)
        if right > left and any(left < end and right > start for start, end in places)
    )
    special = tuple(start == end for start, end in reading.offsets)
    return SentenceAttention(text, reading.tokens, special, chosen, reading.attentions)
