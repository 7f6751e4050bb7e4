"""What a text model does not read, or not in words: unknown signs, what is in another language, what is beyond its last token."""

from collections.abc import Sequence
from dataclasses import dataclass

from embeddings_core.models.locked_encoder import LockedEncoder
from embeddings_core.models.spec import Encoder
from embeddings_core.spaces.segmentation import words_in

UNKNOWN = ("[UNK]", "<unk>")
USUAL, MANY = (
    1.1,
    1.3,
)  # pieces a word: of English news (99 of 100 sentences have below 1.5), and from where on it is said
ALONE, A_SENTENCE = (
    1.75,
    4,
)  # pieces a word of one text among English ones, and its words: no sentence of English news has so many
A_TEXT, LATIN = 3, 0x24F  # words of a text whose pieces are counted, and the last letter of the Latin script
NAMED, LETTERS = 6, 40  # items that a sentence names, and the letters of each


@dataclass(frozen=True)
class Unread:
    """Items of which a model reads nothing (`blank`), some pieces only (`partly`), or the beginning only (`cut`).

    `spelled` are read in pieces of words, `pieces` a word in the mean; 0 where they are letters of another script, read one or
    two at a time. `tokens` is how many pieces the model reads, 0 where that is not known.
    """

    blank: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    tokens: int = 0
    spelled: tuple[str, ...] = ()
    pieces: float = 0.0

    def sentences(self) -> tuple[str, ...]:
        """Say it, one sentence a kind."""
        told = []
        if len(self.blank) > 1:
            told.append(
                f"{_named(self.blank)} are the same to this model: it has no piece for them, so it reads nothing."
            )
        elif self.blank:
            told.append(f"{_named(self.blank)} says nothing to this model: it has no piece for it.")
        if self.partly:
            told.append(f"Signs that this model does not know are skipped in {_named(self.partly)}.")
        if self.spelled:
            counted = f" ({self.pieces:.1f} a word; English has {USUAL})" if self.pieces else ""
            told.append(
                f"This model reads {_named(self.spelled)} in small pieces{counted}, not in words: other languages, names and "
                "jargon are placed by spelling more than by meaning."
            )
        if self.cut:
            several = f"{len(self.cut)} texts are longer" if len(self.cut) > 1 else "One text is longer"
            rest = "the rest of each" if len(self.cut) > 1 else "the rest of it"
            told.append(
                f"{several} than this model reads ({self.tokens} pieces of words); {rest} counts for nothing: {_named(self.cut)}."
            )
        return tuple(told)


def unread(items: Sequence[str], encoder: Encoder) -> Unread:
    """Look at the pieces that an encoder's tokenizer makes of n items; nothing is said of one without such a tokenizer."""
    inner = encoder.inner if isinstance(encoder, LockedEncoder) else encoder
    tokenizer = getattr(inner, "tokenizer", None)
    limit = getattr(tokenizer, "truncation", None)
    if (
        not items
        or tokenizer is None
        or not hasattr(tokenizer, "encode_batch")
        or not isinstance(limit, dict)
    ):
        return Unread()
    blank, partly, cut, foreign = [], [], [], []
    texts: list[tuple[str, int, int]] = []  # with the pieces and the words of each
    for item, encoding in zip(items, tokenizer.encode_batch(list(items)), strict=True):
        pieces = [
            piece for piece, special in zip(encoding.tokens, encoding.special_tokens_mask, strict=True)
            if not special or piece in UNKNOWN
        ]  # fmt: skip
        unknown = sum(piece in UNKNOWN for piece in pieces)
        if unknown == len(pieces):
            blank.append(item)
        elif unknown:
            partly.append(item)
        if encoding.overflowing:
            cut.append(item)
        letters = [sign for sign in item if sign.isalpha()]
        read, words = sum(any(map(str.isalpha, piece)) for piece in pieces) - unknown, len(words_in(item))
        if 2 * sum(ord(sign) > LATIN for sign in letters) > len(letters) > 1:
            if read > unknown and 2 * read >= len(letters):  # a piece for a letter or two
                foreign.append(item)
        elif words >= A_TEXT:
            texts.append((item, read, words))
    in_pieces = [each for each in texts if each[1] >= MANY * each[2]]
    if _pieces_a_word(texts) < MANY:
        in_pieces = [each for each in in_pieces if each[1] >= ALONE * each[2] and each[2] >= A_SENTENCE]
    spelled = [item for item, *_ in in_pieces]
    return Unread(
        tuple(blank), tuple(partly), tuple(cut), int(limit["max_length"]),
        (*spelled, *foreign), _pieces_a_word(in_pieces) if spelled else 0.0,
    )  # fmt: skip


def _pieces_a_word(texts: Sequence[tuple[str, int, int]]) -> float:
    return sum(read for _, read, _ in texts) / max(sum(words for *_, words in texts), 1)


def _named(items: Sequence[str]) -> str:
    """Write a few items as a list: "a, b and c"."""
    names = [item if len(item) <= LETTERS else f"{item[: LETTERS - 1]}…" for item in items[:NAMED]]
    if len(items) > NAMED:
        return f"{', '.join(names)} and {len(items) - NAMED} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
