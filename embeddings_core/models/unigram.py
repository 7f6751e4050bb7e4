"""Cut text into the word pieces of a unigram model (Kudo 2018), as SentencePiece does for XLM-RoBERTa.

The `tokenizers` library does the same, but takes 0.9 CPU seconds and 250 MB to open 250,000 pieces; a table of Python's
takes a tenth of both, and the network after it is what costs.
"""

import unicodedata
from array import array
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from embeddings_core.spaces.vectors import FloatArray

SIGN = "▁"  # U+2581 stands for the blank before a word
UNKNOWN_COSTS = 10.0  # an unknown character is this much less likely than the rarest piece
REMEMBERED = 20_000  # words whose pieces are kept


class UnigramTokenizer:
    """Texts → numbers of pieces. `pieces` stand in the order of their numbers, `scores` (pieces,) are log probabilities.

    `special` pieces are never found in a text, `unknown` is the number for characters that no piece holds. `replaced`
    says what becomes of a character first.
    """

    def __init__(
        self,
        pieces: Sequence[str],
        scores: FloatArray,
        *,
        unknown: int,
        special: Collection[int],
        replaced: Mapping[int, str],
    ) -> None:
        # no piece and no word holds a blank, so it can stand for the sign here: 250,000 strings of one byte a letter, not two
        self._numbers = {piece.replace(SIGN, " "): number for number, piece in enumerate(pieces)}
        for number in special:
            del self._numbers[pieces[number].replace(SIGN, " ")]
        self._scores = array("f", scores.tolist())
        self._longest = max(map(len, self._numbers), default=1)
        self._worst = (
            min((self._scores[number] for number in self._numbers.values()), default=0.0) - UNKNOWN_COSTS
        )
        self._unknown, self._replaced = unknown, dict(replaced)
        self._word = lru_cache(REMEMBERED)(self._best)

    def __call__(self, text: str) -> list[int]:
        """Cut a text: composed characters, those to be replaced replaced, blanks at the ends and doubled ones left out."""
        words = unicodedata.normalize("NFC", text).translate(self._replaced).split(" ")
        return [number for word in words if word for number in self._word(word)]

    def _best(self, word: str) -> tuple[int, ...]:
        """Find the pieces whose scores sum to the most: for each end the best piece that stops there (Viterbi)."""
        text, known, scores = " " + word.replace(SIGN, " "), self._numbers.get, self._scores
        n = len(text)
        best = [0.0] + [float("-inf")] * n
        begun, chosen = [0] * (n + 1), [self._unknown] * (n + 1)
        for start in range(n):
            so_far = best[start]
            if so_far + self._worst > best[start + 1]:
                best[start + 1], begun[start + 1], chosen[start + 1] = (
                    so_far + self._worst,
                    start,
                    self._unknown,
                )
            for stop in range(start + 1, min(start + self._longest, n) + 1):
                number = known(text[start:stop])
                if number is not None and so_far + scores[number] > best[stop]:
                    best[stop], begun[stop], chosen[stop] = so_far + scores[number], start, number
        found: list[int] = []
        at = n
        while at:
            number = chosen[at]
            if not (
                number == self._unknown and found and found[-1] == number
            ):  # a run of unknown ones is one
                found.append(number)
            at = begun[at]
        return tuple(reversed(found))
