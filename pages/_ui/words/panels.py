"""What the words page says beside and below its map."""

from functools import partial

import streamlit as st

from embeddings_core.analysis import spelling
from embeddings_core.analysis.algebra import Analogy
from embeddings_core.maps.request import MapRequest
from embeddings_core.maps.settings import settings
from embeddings_core.maps.trust import Trust
from embeddings_core.spaces.space import Space
from pages._ui import cache, panels, state

LOOKED_AT = 20  # unknown words that are looked at
SHOWN = 1  # spellings that the line itself names: it has the width of the panel


def audit(result: Analogy) -> None:
    """Say what to think of an analogy: what wins without the usual exclusion, by how much, how far off."""
    if not result.answer:
        return
    if result.only_by_exclusion:
        panels.sentence(
            f"The nearest word of all is {result.raw.items[0]}, one of the inputs. The answer wins only because "
            "inputs are left out, as is the custom.",
            key="raw",
        )
    else:
        panels.sentence(f"{result.answer} is nearest even with the inputs left in.", key="raw")
    second = result.answers.items[1] if len(result.answers.items) > 1 else ""
    gap = f" It leads {second} by {result.gap:.3f}." if second else ""
    panels.sentence(
        f"The arithmetic misses {result.answer} by {result.miss:.2f}; the step from {result.a} to {result.b} is "
        f"{result.step:.2f} long.{gap}",
        key="miss",
    )


def trust_sentences(result: Trust) -> None:
    """Say how many true neighbours the picture kept."""
    panels.sentence(
        f"Trust {result.score:.2f}: of each word's {result.k} nearest in truth, {round(100 * result.score)} in 100 are also among "
        f"its {result.k} nearest in this picture; a random picture would keep {round(100 * result.chance)}. Bright points kept "
        "theirs; do not trust the surroundings of dark ones.",
        key="trust",
    )


def true_and_false_neighbours(word: str, result: Trust, row: int, items: tuple[str, ...]) -> None:
    """List which true neighbours of one word the picture preserves, which it misses, and which near ones are false."""
    truth = result.of(row)
    said = {
        f"Preserved neighbours of {word}": truth.preserved,
        "Missing neighbours (dashed)": truth.missing,
        "False neighbours (near here only)": truth.false,
    }
    for place, (what, rows) in enumerate(said.items()):
        panels.sentence(
            f"{what}: {', '.join(items[other] for other in rows) or 'none'}.", key=f"kept-{place}"
        )


def spellings(guessed: tuple[str, ...], space: Space) -> tuple[tuple[str, str], ...]:
    """Return (typed, meant) pairs for words outside of the vocabulary that look mistyped; names never do.

    Nor does anything beside a word of other letters (könig, hund): whoever types that writes another language. A name (Siobhán)
    does not say so.
    """
    in_small = [word for word in guessed if word == word.lower()]
    if any(letter.isalpha() and not letter.isascii() for word in in_small for letter in word):
        return ()
    small = tuple(word for word in in_small[:LOOKED_AT] if spelling.suggest(word))
    return cache.once(probably_meant, small, space) if small else ()


def probably_meant(words: tuple[str, ...], space: Space) -> tuple[tuple[str, str], ...]:
    """Look at where the model puts the words, and return (typed, meant) pairs."""
    placed = cache.vectors_of(words, space)
    pairs = zip(placed.items, placed.vectors, strict=True)
    return tuple((word, meant) for word, vector in pairs for meant in spelling.probably_meant(word, vector))


def offered_spellings(pairs: tuple[tuple[str, str], ...]) -> panels.Offer:
    """Offer what was probably meant; the model placed the words as they are."""
    meant = list(dict.fromkeys(meant for _, meant in pairs))
    more = " …" if len(meant) > SHOWN else "?"
    return panels.Offer("Did you mean", ", ".join(meant[:SHOWN]) + more, partial(_spellings, pairs))


def _spellings(pairs: tuple[tuple[str, str], ...]) -> None:
    for word in dict.fromkeys(word for word, _ in pairs):
        with st.container(key=f"spellings-{word}", horizontal=True, vertical_alignment="center", gap="small"):
            st.text(f"{word} is placed as spelled; instead:")
            for meant in (meant for typed, meant in pairs if typed == word):
                st.button(
                    meant, key=f"spell-{word}-{meant}", on_click=state.replace, args=(word, meant), type="tertiary"
                )  # fmt: skip


def how_it_works(request: MapRequest) -> None:
    """Explain the map in plain words; the exact parameters follow."""
    options = request.options
    d = cache.view(request).embeddings.dimensions
    st.markdown(
        f"Each word becomes a list of {d:,} numbers. **Similarity** is the cosine of the angle between two "
        "lists: 1 for the same direction, 0 for nothing in common. All rankings, groups and analogies are computed in those "
        f"{d:,} dimensions, never from the picture.\n\n"
        f"The **map** squeezes {d:,} dimensions into two or three. *PCA* takes the flat view with the widest spread. *UMAP* "
        "and *t-SNE* start there and move the points, step by step, until neighbours are together. Axes have no meaning; "
        "nearness has. The **trust** score says how much of the truth survived.\n\n"
        "$\\cos(a, b) = \\frac{a \\cdot b}{\\lVert a \\rVert \\, \\lVert b \\rVert}$"
    )
    st.text(f"The lists: {request.space.about}")
    if len(request.fitted) >= options.dimensions + 2:
        keywords = options.keywords(request.space)
        exact = settings(keywords.pop("method"), len(request.fitted), **keywords)
        st.caption("This map: " + " · ".join(f"{name} {value}" for name, value in exact.rows()))
