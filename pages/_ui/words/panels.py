"""What the words page says beside and below its map."""

import streamlit as st

from embeddings_core.analysis.algebra import Analogy
from embeddings_core.analysis.clustering import Clustering
from embeddings_core.maps.settings import settings
from embeddings_core.maps.trust import Trust
from embeddings_core.spaces.vocabulary import suggest
from pages._ui import cache, panels, state, word_store
from pages._ui.cache import Order
from pages._ui.word_store import StaticSpace


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


def describe_k(k: int, best: int, scores: dict[int, float]) -> str:
    """Say how well k groups fit, and which number fits best."""
    if k not in scores:
        return f"{best} groups separate these words best."
    value = scores[k]
    if k == best:
        return f"{k} groups separate these words best (silhouette {value:.2f}; 1 would be perfectly apart)."
    return (
        f"Silhouette {value:.2f} with {k} groups; {best} groups would separate better ({scores[best]:.2f})."
    )


def describe_density(found: Clustering, *, noun: str = "word") -> str:
    """Say what the density method found on the map."""
    count, alone = found.k, int((found.labels < 0).sum())
    groups = f"{count} dense group{'' if count == 1 else 's'}" if count else "No dense group"
    rest = f"{alone} {noun} belongs" if alone == 1 else f"{alone or 'no'} {noun}s belong"
    return f"{groups} on this map; {rest} to none."


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


def unknown_words(items: tuple[str, ...]) -> None:
    """Offer the nearest spellings of words that the vocabulary lacks; the live model placed them as they are."""
    unknown = cache.word_vectors(items).unknown
    offered = [(word, suggest(word)) for word in unknown[:20]]
    offered = [(word, near) for word, near in offered if near][:3]
    for place, (word, near) in enumerate(offered):
        with st.container(
            key=f"note-spelling-{place}", horizontal=True, vertical_alignment="center", gap="small"
        ):
            st.text(f"{word} is not in the vocabulary; the model placed it by its spelling. Did you mean")
            for spelling in near:
                st.button(
                    spelling,
                    key=f"spell-{place}-{spelling}",
                    on_click=state.replace,
                    args=(word, spelling, items),
                    type="tertiary",
                )


def how_it_works(order: Order) -> None:
    """Explain the map in plain words; the exact parameters follow."""
    recipe, space = order.recipe, order.space
    d = word_store.words_of(space).dimensions
    with st.expander("How it works"):
        st.markdown(
            f"Each word becomes a list of {d:,} numbers. **Similarity** is the cosine of the angle between two "
            "lists: 1 for the same direction, 0 for nothing in common. All rankings, groups and analogies are computed in those "
            f"{d:,} dimensions, never from the picture.\n\n"
            f"The **map** squeezes {d:,} dimensions into two or three. *PCA* takes the flat view with the widest spread. *UMAP* "
            "and *t-SNE* start there and move the points, step by step, until neighbours are together. Axes have no meaning; "
            "nearness has. The **trust** score says how much of the truth survived.\n\n"
            "$\\cos(a, b) = \\frac{a \\cdot b}{\\lVert a \\rVert \\, \\lVert b \\rVert}$"
        )
        st.text(
            f"The lists: {space.title}, one list a word, whatever the sentence."
            if isinstance(space, StaticSpace)
            else "The lists: all-MiniLM-L6-v2 reads each word as a sentence of its own."
        )
        if len(order.fitted) >= recipe.dimensions + 2:
            wishes = recipe.wishes()
            exact = settings(wishes.pop("method"), len(order.fitted), **wishes)
            st.caption("This map: " + " · ".join(f"{name} {value}" for name, value in exact.rows()))
