"""What can be looked at while a model learns: each lens draws its panel and returns the scene for the stage."""

import hashlib
from collections.abc import Callable

import numpy as np
import streamlit as st

from embeddings_core.analysis import claims
from embeddings_core.limits import CLUSTERING_SECONDS, TEXT_CHARACTERS
from embeddings_core.scenes.charts import learning as charts
from embeddings_core.scenes.learning import kinds_of, learning_scene, window_scene
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.segmentation import words_in
from embeddings_core.training.configuration import (
    cooccurrence_counts,
    example_sentences,
    known_kinds,
    word_groups,
)
from embeddings_core.training.windows import SentenceWindows, sentence_windows
from pages._ui import cache, panels, state
from pages._ui.learning import controls as learning_controls
from pages._ui.learning.controls import Taught

IN_TABLE = 14  # words of a table that can be read


def film(taught: Taught, *, word: str = "", near: tuple[str, ...] = ()) -> Scene:
    """Return the map of the words, epoch by epoch."""
    groups = kinds_of(taught.words, known_kinds()) if taught.config.source == "world" else _found(taught)
    digest = hashlib.sha256(repr((taught.recipe, taught.words)).encode()).hexdigest()[:16]
    return learning_scene(
        taught.training, taught.words, id=f"learning {digest}", groups=groups, word=word, near=near
    )


def _found(taught: Taught) -> tuple[np.ndarray | None, tuple[str, ...]]:
    found = word_groups(taught.training, taught.words)
    return (None, ()) if found is None else (found.labels, found.names)


def neighbours(taught: Taught) -> Scene:
    """Follow the neighbours of one word through the epochs."""
    word = learning_controls.pinned(taught)
    names, ranks = charts.ranks_over_epochs(taught.training, word)
    st.caption("Rank of each word among all, the nearest on top")
    st.plotly_chart(
        charts.bump(names, ranks, theme=panels.theme()), key="bump", height=290,
        alt=f"How the {len(names)} nearest words after training climbed in rank, epoch by epoch.",
    )  # fmt: skip
    last, k = taught.training.epochs, len(names)
    before = charts.nearest_at(taught.training, word, epoch=0, k=k)
    panels.sentence(claims.learnt(word, before, names), key="claim")
    for epoch in sorted({0, 1, max(last // 4, 1), last}):
        near = charts.nearest_at(taught.training, word, epoch=epoch, k=5)
        panels.sentence(
            f"{'Before training' if not epoch else f'Epoch {epoch}'}: {', '.join(near)}", key=f"epoch-{epoch}"
        )
    return film(taught, word=word, near=names)


def loss(taught: Taught) -> Scene:
    """Show how wrong the guesses are, epoch by epoch."""
    training = taught.training
    st.plotly_chart(
        charts.loss_curve(training, theme=panels.theme()), key="loss", height=300,
        alt=f"The loss falls from {training.losses[0]:.3g} to {training.losses[-1]:.3g}.",
    )  # fmt: skip
    panels.sentence(claims.loss_fell(training.losses, training.loss_name), key="claim")
    panels.sentence(
        "From one word nobody can be sure of its neighbours, so it cannot fall to zero. "
        "A lower loss on such a small text is not always a better map.",
        key="loss-note",
    )
    return film(taught)


def sentence(taught: Taught) -> Scene:
    """Go through one sentence as training does: windows, true pairs, wrong words; for GloVe, its counts."""
    words = words_in(_sentence(taught).lower())
    seed = int(state.kept("pass", lambda: 0))
    config = taught.config
    if config.kind == "glove":
        panels.sentence(
            "GloVe does not walk through sentences: it fits the counts. They are under Counts.", key="glove"
        )
        return film(taught)
    if len(words) < 2 or not set(words) & set(taught.training.vocabulary.words):
        panels.sentence(
            "Type two words or more, at least one of them from the text that was learnt.", key="few"
        )
        return film(taught)
    seen = sentence_windows(
        " ".join(words),
        taught.training.vocabulary,
        window=config.window,
        negatives=config.negatives,
        seed=seed,
    )
    st.button(
        "Another pass", on_click=state.put, args=("pass", seed + 1), help="Draw anew what is drawn by chance."
    )
    _pairs(seen, towards_word=config.kind == "cbow")
    return window_scene(seen)


def _sentence(taught: Taught) -> str:
    examples = cache.once(example_sentences, taught.config, child=taught.config.source == "own")
    own = st.text_input(
        "A sentence", key="sentence-own", placeholder="type a sentence, or choose one below", max_chars=TEXT_CHARACTERS,
        label_visibility="collapsed",
    )  # fmt: skip
    chosen = st.selectbox("From the text", examples, key="sentence-of-text", label_visibility="collapsed")
    return str(own or "").strip() or str(chosen or "")


def _pairs(seen: SentenceWindows, *, towards_word: bool) -> None:
    dropped = [word for word, stays in zip(seen.words, seen.kept, strict=True) if not stays]
    if dropped:
        panels.sentence(f"Skipped this time, for being so frequent: {', '.join(dropped)}.", key="dropped")
    if seen.unknown:
        panels.sentence(f"Not in the text often enough: {', '.join(seen.unknown[:10])}.", key="unknown")
    pairs = [pair for window in seen.windows for pair in window.pairs]
    drawn = [words for window in seen.windows for words in window.negatives]
    panels.sentence(claims.one_pass(pairs, drawn), key="claim")
    for place, window in enumerate(seen.windows[:4]):
        if not window.pairs:
            continue
        true = ", ".join(pair[1] for pair in window.pairs)
        wrong = ", ".join(window.negatives[0])
        arrow = f"{true} → {window.word}" if towards_word else f"{window.word} → {true}"
        panels.sentence(f"{arrow}    not: {wrong} …", key=f"window-{place}")
    if not any(window.pairs for window in seen.windows):
        panels.sentence("No pair is left in this pass; take another one or a longer sentence.", key="nopair")


def counts(taught: Taught) -> Scene:
    """Show which words stand together, as GloVe counts them."""
    words = taught.words[:IN_TABLE]
    table = cache.once(cooccurrence_counts, taught.config, words, child=True, seconds=CLUSTERING_SECONDS)
    st.plotly_chart(
        charts.count_table(words, table, theme=panels.theme()), key="counts", height=400,
        alt=f"How often {len(words)} words stand together within {taught.config.window} words.",
    )  # fmt: skip
    row, column = np.unravel_index(int(np.argmax(np.triu(table, 1))), table.shape)
    panels.sentence(
        f"A pair counts 1 side by side, ½ with a word between, and so on up to {taught.config.window} words. Most together here: "
        f"{words[row]} and {words[column]} ({table[row, column]:.3g}).",
        key="counts",
    )
    return film(taught)


LENSES: dict[str, Callable[[Taught], Scene]] = {
    "Neighbours": neighbours,
    "Loss": loss,
    "One sentence": sentence,
    "Counts": counts,
}
