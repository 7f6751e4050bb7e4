"""Another order of the words of any sentence: two parts that change places, or, where none are found, all words backwards."""

import re
from dataclasses import dataclass

from embeddings_core.analysis.sentences import LONGEST, TYPED_WORD

_DETERMINERS = "a an the my your his her its our their this that these those every each some any no"
_PREPOSITIONS = """
about above across after against along among around at before behind below beside between by during for from in inside into like
near of off on onto outside over past round than through to towards under until upon with within without
"""
_VERBS = """
am are asks bites bought brings broke built buys called calls carries caught chases chased drives eats fears feeds finds followed
follows found gave gets gives had has hates have heals hears held helped helps help hit holds is keeps killed kills knows leads left
likes liked lost love loved loves made makes meets met moves needs need owns paid pays reads saw sees sells sent serves shows sold
stole stops takes taught teaches tells took wants want was watches were won wins wrote writes
"""
_BOUNDS = """
again ago already also always and as be been because but can cannot could did do does early even ever going he here how i if it just
late may me might must never not now only or please shall she should so soon still them there they today together tomorrow tonight
too very we what when where which while who why will would yesterday yet you
"""
DETERMINERS, PREPOSITIONS = frozenset(_DETERMINERS.split()), frozenset(_PREPOSITIONS.split())
VERBS, BOUNDS = frozenset(_VERBS.split()), frozenset(_BOUNDS.split())
FUNCTION = DETERMINERS | PREPOSITIONS | VERBS | BOUNDS  # words that no part goes across
PLURALS = {"children", "feet", "men", "mice", "people", "police", "teeth", "women"}
LONGEST_PART = 3  # words: an article, perhaps another word, and what it is about
MOST = 400  # characters of a sentence that fits its box
SWAPPED, BACKWARDS = "two parts swapped", "all words backwards"  # what was done to a sentence
EDGES = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True)
class OtherOrder:
    """The words of a sentence in another order; `how` says what was done to it."""

    text: str
    how: str


def other_order(sentence: str) -> OtherOrder | None:
    """Return the same words in an order that says something else, where a rule finds one, else the words backwards.

    Two parts that stand round one preposition or common verb change places: an article or the like with one or two words
    each, or single words that begin and end the sentence. None for a single word, and for what is too long to be compared.

    >>> other_order("The dog bites the man.")
    OtherOrder(text='The man bites the dog.', how='two parts swapped')
    >>> other_order("The printer on the second floor is jammed.").text
    'The second floor on the printer is jammed.'
    >>> other_order("We drove from Rome to Pisa.").text, other_order("Machines help people!").text
    ('We drove from Pisa to Rome.', 'People help machines!')
    >>> other_order("Please water the plants!")
    OtherOrder(text='Plants the water Please!', how='all words backwards')
    """
    words = list(TYPED_WORD.finditer(sentence))
    if not 2 <= len(words) <= LONGEST or len(sentence) > MOST:
        return None
    return _swapped(sentence, words) or _backwards(sentence, [word[0] for word in words])


def _swapped(sentence: str, words: list[re.Match[str]]) -> OtherOrder | None:
    bare = [EDGES.sub("", word[0]) for word in words]
    low = [word.casefold() for word in bare]
    whole = [word[0] == core for word, core in zip(words, bare, strict=True)]  # no mark beside it
    five = (
        len(words) == 5 and low[0] in DETERMINERS and low[3] in DETERMINERS
    )  # whatever stands between is the verb
    for at in range(1, len(words) - 1):
        if not (whole[at] and (low[at] in PREPOSITIONS | VERBS or (five and at == 2))):
            continue
        first, end = _begins(low, whole, at), _ends(low, whole, at)
        if first is None or end is None or (low[first] in DETERMINERS) != (low[at + 1] in DETERMINERS):
            continue
        left, right = bare[first:at], bare[at + 1 : end]
        if left[-1].casefold() == right[-1].casefold() or _plural(left[-1]) != _plural(right[-1]):
            continue  # "the man bite the dogs" would be told by its grammar
        one, two = (" ".join(part) for part in (left, right))
        if not first and one[:1].isupper():
            one = one if two[:1].isupper() else one[:1].lower() + one[1:]
            two = two[:1].upper() + two[1:]
        text = (
            sentence[: words[first].start()] + two + sentence[words[at - 1].end() : words[at + 1].start()] + one
            + sentence[words[end - 1].start() + words[end - 1][0].index(bare[end - 1]) + len(bare[end - 1]) :]
        )  # fmt: skip
        return OtherOrder(text, SWAPPED)
    return None


def _begins(low: list[str], whole: list[bool], at: int) -> int | None:
    """Return where the part begins that ends before a word; None where there is none that could change places."""
    first = at - 1
    while (
        first >= 0
        and whole[first]
        and low[first]
        and low[first] not in FUNCTION
        and at - first < LONGEST_PART
    ):
        first -= 1
    if first >= 0 and first < at - 1 and whole[first] and low[first] in DETERMINERS:
        return first
    alone = at - 1 if whole[at - 1] and low[at - 1] and low[at - 1] not in FUNCTION else None
    if alone is None or (alone and low[alone - 1] not in ("from", "between")):
        return None
    return alone


def _ends(low: list[str], whole: list[bool], at: int) -> int | None:
    """Return where the part after a word ends; None where there is none that could change places."""
    determined = low[at + 1] in DETERMINERS
    end = first = at + 1 + determined
    if determined and not whole[at + 1]:
        return None
    while end < len(low) and low[end] and low[end] not in FUNCTION:
        end += 1
        if not whole[end - 1]:
            break  # a mark ends it
    if not first < end <= first + (LONGEST_PART - 1 if determined else 1):
        return None
    return end


def _plural(word: str) -> bool:
    low = word.casefold()
    return low in PLURALS or (low.endswith("s") and not low.endswith("ss"))


def _backwards(sentence: str, words: list[str]) -> OtherOrder | None:
    bare = [core for word in reversed(words) if (core := EDGES.sub("", word))]
    if [word.casefold() for word in bare] == [word.casefold() for word in reversed(bare)]:
        return None
    end = re.search(r"[.!?…]*$", sentence.rstrip())
    text = " ".join(bare) + (end[0] if end else "")
    if sentence.lstrip()[:1].isupper():
        text = text[:1].upper() + text[1:]
    return OtherOrder(text, BACKWARDS)
