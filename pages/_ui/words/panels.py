"""What the words page says beside and below its map."""

import streamlit as st

from embeddings_core.analysis.algebra import Analogy
from embeddings_core.maps.request import MapRequest
from embeddings_core.maps.settings import settings
from embeddings_core.maps.trust import Trust
from embeddings_core.spaces.vocabulary import suggest
from pages._ui import cache, panels, state


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


def unknown_words(items: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    """Offer the nearest spellings of words that the vocabulary lacks; the live model placed them as they are."""
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
