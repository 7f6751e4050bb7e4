"""What the context page asks, and says beside its stage."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embeddings_core.analysis.attention import HeadPattern, SentenceAttention
from embeddings_core.analysis.layer_trajectory import LayerTrajectory
from embeddings_core.analysis.neighbours import Neighbours, nearest, row_or_none
from embeddings_core.analysis.senses import shared_word
from embeddings_core.analysis.sentence_examples import CONTEXT_LISTS
from embeddings_core.analysis.tokens import occurrences
from embeddings_core.limits import CONTEXT_SENTENCES
from embeddings_core.models.catalogue_words import glove_words
from embeddings_core.models.spec import ModelSpec
from embeddings_core.scenes.charts.basic import curve, one_point
from embeddings_core.spaces.static_words import StaticWords
from embeddings_core.spaces.texts import Texts, clean, split_lines
from pages._ui import cache, controls, from_table, panels, shell, state
from pages._ui.panels import Bar, lines, ranking, short

SENTENCES, WORD, LENS = "contexts", "meaning", "view"
FIRST = "bank"
STATIC_NEIGHBOURS = 6
SENSES, MEANINGS = "senses", ("A", "B", "C")  # one letter a sentence, in the address
TOLD = 40  # sentences that one says the meaning of by hand


@dataclass(frozen=True)
class Spoken:
    """What was typed: the word, the sentences that hold it, and all sentences."""

    word: str
    holders: tuple[str, ...]
    sentences: tuple[str, ...]


def spoken(notes: DeltaGenerator) -> Spoken:
    """Ask for a word and for sentences that share it, with a live example and more of one click each.

    What is to be said of them stands in `notes`.
    """
    sentences = split_lines(str(state.default(SENTENCES, lines(CONTEXT_LISTS[FIRST])) or "")).items
    state.default(WORD, asked_of(sentences, FIRST))
    typed = st.text_input(
        "The word",
        key=WORD,
        bind="query-params",
        max_chars=60,
        placeholder="the word",
        label_visibility="collapsed",
        width=150,
    )
    text = controls.text_box(
        "Sentences that share it, one a line",
        key=SENTENCES,
        hint="Sentences that share the word, one a line …",
        on_change=_ask_anew,
    )
    with controls.examples_menu():
        for word, listed in CONTEXT_LISTS.items():
            shown = {SENTENCES: lines(listed), WORD: word}
            st.button(word, key=f"context-{word}", on_click=state.put_all, args=(shown,))
        from_table.offer("Context")
    with notes:
        return _read(split_lines(text), clean(str(typed or "")))


def asked_of(sentences: Sequence[str], word: str) -> str:
    """Return the word where one of the sentences holds it, else the one that most of them share, where there is one."""
    if not sentences or any(occurrences(word, text) for text in sentences):
        return word
    return shared_word(sentences) or word


def _ask_anew() -> None:
    """Other sentences ask for another word, unless they hold the one that is asked for."""
    state.put(WORD, asked_of(split_lines(state.text(SENTENCES)).items, clean(state.text(WORD))))


def _read(typed: Texts, word: str) -> Spoken:
    cleaned = controls.noted(typed, *from_table.notes_of(SENTENCES))
    holders = tuple(item for item in cleaned.items if occurrences(word, item))
    missing = [item for item in cleaned.items if item not in set(holders)]
    if word and missing and holders:
        named = "; ".join(short(item) for item in missing[:3]) + (" …" if len(missing) > 3 else "")
        do = "does not hold" if len(missing) == 1 else "do not hold"
        shell.message(f'{len(missing)} of {len(cleaned.items)} {do} "{word}": {named}', kind="note")
    if len(holders) > CONTEXT_SENTENCES:
        shell.message(f"{len(holders):,} sentences; the first {CONTEXT_SENTENCES} are followed.", kind="note")
    return Spoken(word, holders[:CONTEXT_SENTENCES], cleaned.items)


def missing(said: Spoken) -> str:
    """Say what is needed before anything can be shown; nothing where all is there."""
    if not said.word:
        return "Type a word, and sentences that share it."
    if not said.sentences:
        return f'Type sentences that hold "{said.word}", one a line.'
    if not said.holders:
        return f'None of the sentences holds "{said.word}" as a whole word; type one that does.'
    return ""


def senses(trajectory: LayerTrajectory) -> None:
    """Say where the meanings part, draw the curve, and say where the senses come from."""
    panels.sentence(trajectory.sentence, key="parting")
    if on_map := trajectory.on_the_map:
        panels.sentence(on_map, key="on-the-map")
    within, between = (
        [float(value) for value in values] for values in (trajectory.curve.within, trajectory.curve.between)
    )
    names = (
        ("same meaning", "different meanings") if trajectory.given else ("in one group", "between the groups")
    )
    known: dict[str, Sequence[float]] = dict(zip(names, (within, between), strict=True))
    drawn = {name: values for name, values in known.items() if np.isfinite(values).all()}
    if drawn:
        figure = curve(
            list(range(len(within))), drawn, theme=panels.theme(), x_title="layer (0 = before any)", y_title="cosine",
            mark=trajectory.curve.parting,
        )  # fmt: skip
        st.plotly_chart(figure, key="senses", height=230, theme=None, alt=trajectory.curve.sentence)
    static(trajectory)
    total = len(trajectory.tokens)
    if trajectory.given and total > 2:
        panels.sentence(
            f"Without these colours the model forms two groups itself: {trajectory.found} of {total} agree with them.",
            key="alone",
        )
    for row in trajectory.joined[:3]:
        panels.sentence(
            f'"{short(trajectory.tokens.sentences[row])}" is nearest to: {trajectory.curve.senses[row]}.',
            key=f"joined-{row}",
        )
    for place, note in enumerate(trajectory.tokens.notes[:4]):
        panels.sentence(note, key=f"token-note-{place}")


def told_senses(sentences: Sequence[str]) -> tuple[str, ...]:
    """Let the visitor say which sentence has which meaning; () where nothing is said. The address holds it."""
    letters = str(st.query_params.get(SENSES, ""))
    held = [
        letter if letter in MEANINGS else ""
        for letter in letters[: len(sentences)].ljust(len(sentences), "-")
    ]
    popover, opened = panels.filled_when_opened(st.popover, "Which meaning?", key="which-meaning")
    if opened and len(sentences) <= TOLD:
        with popover:
            st.caption(
                "Say which sentences share a meaning: then the curve compares meanings, not the model's own groups."
            )
            for place, text in enumerate(sentences):
                key = f"meaning-{crc32(text.encode('utf-8', 'replace'))}"
                if state.returning(key):
                    state.put(key, held[place] or None)
                    state.returned(key)
                chosen = st.segmented_control(short(text), MEANINGS, default=held[place] or None, key=key)
                held[place] = str(chosen or "")
    said = "".join(letter or "-" for letter in held)
    if said.strip("-"):
        if st.query_params.get(SENSES) != said:
            st.query_params[SENSES] = said
        return tuple(letter and f"meaning {letter}" for letter in held)
    st.query_params.pop(SENSES, None)
    return ()


def static(trajectory: LayerTrajectory) -> None:
    """Show the static vector beside the film: one point, always the same."""
    count = len(trajectory.tokens)
    panels.sentence(
        "A static vector (as of Word2Vec or GloVe) knows no sentence: one vector a word, always the same.",
        key="static",
    )
    st.plotly_chart(
        one_point(trajectory.tokens.word, count, theme=panels.theme()),
        key="static",
        height=44,
        theme=None,
        config={"staticPlot": True, "displayModeBar": False},
        alt=f"One point: the static vector of the word is the same in all {count} places.",
    )
    glove = glove_words()
    found = None if glove is None else cache.once(static_neighbours, trajectory.tokens.word, glove)
    if found is not None:
        told = ", ".join(f"{word} {score:.2f}" for word, score in zip(found.items, found.scores, strict=True))
        panels.sentence(
            f'GloVe\'s one vector of "{found.query}" is nearest to the same words in every sentence (cosine): {told}.',
            key="static-neighbours",
        )


def static_neighbours(word: str, space: StaticWords) -> Neighbours | None:
    """Return the words nearest to the one vector that a space of static words has for this word; None where it has
    none."""
    words = space.words()
    row = row_or_none(words, word)
    return None if row is None else nearest(words, row, k=STATIC_NEIGHBOURS)


def one_head(found: SentenceAttention) -> tuple[int, int]:
    """Ask for a layer and a head, counted from 1; heads with a clear habit are one click away."""
    layers, heads = found.weights.shape[:2]
    patterns = found.patterns
    first = patterns[-1] if patterns else HeadPattern("", 1, 1, 0.0)
    if patterns:
        with st.popover("Heads with a habit", key="habits"), st.container(key="queries", gap=None):
            st.caption("Heads with a clear habit in this sentence. They look at …")
            for each in patterns:
                st.button(
                    f"{each.pattern} ({100 * each.share:.0f} %)", key=f"habit-{each.pattern}", on_click=state.put_all,
                    args=({"layer": each.layer, "head": each.head},), type="tertiary",
                )  # fmt: skip
    left, right = st.columns(2)
    with left:
        layer = controls.how_many("Layer", layers, value=first.layer, key="layer")
    with right:
        head = controls.how_many("Head", heads, value=first.head, key="head")
    return layer, head


def looks_by_layer(attention: SentenceAttention, token: int) -> None:
    """Draw what one token looks at in every layer, the mean over the heads: the four that it looks at most."""
    means = attention.weights.mean(axis=1)[:, token]
    layers, name = len(means), attention.tokens[token]
    best = [int(place) for place in means.max(axis=0).argsort()[::-1][:4]]
    first, last = (attention.tokens[int(row.argmax())] for row in (means[0], means[-1]))
    panels.sentence(
        f'"{name}" looks most at "{first}" in the first layer and at "{last}" in the last.', key="looks-film"
    )
    told = {
        f"{place + 1} {attention.tokens[place]}" + (" (itself)" if place == token else ""): means[
            :, place
        ].tolist()
        for place in best
    }
    figure = curve(
        list(range(1, layers + 1)),
        told,
        theme=panels.theme(),
        x_title="layer",
        y_title="share of its attention",
    )
    st.plotly_chart(
        figure, key="looks-film", height=300, theme=None,
        alt=f"Share of the attention of {name} that goes to {len(best)} tokens, by layer.",
    )  # fmt: skip


def looks(attention: SentenceAttention, layer: int, head: int, token: int) -> None:
    """Rank what one token looks at in one head."""
    weights = attention.weights[layer - 1, head - 1, token]
    best = weights.argsort()[::-1][:6]
    name = attention.tokens[token]
    panels.sentence(
        f'In layer {layer}, head {head}, "{name}" looks most at "{attention.tokens[best[0]]}": {weights[best[0]]:.0%} of its '
        f"attention; shared out evenly, each would get {1 / len(weights):.0%}.",
        key="looks",
    )
    bars = [
        Bar(
            attention.tokens[place] if place != token else f"{name} (itself)",
            f"{weights[place]:.2f}",
            float(weights[place]),
            f"{100 * weights[place]:.0f} % of its attention",
        )
        for place in best
    ]
    if attention.special[int(best[0])]:
        panels.sentence("The model's own marks collect attention that has nowhere better to go.", key="marks")
    ranking(bars, key="looks", film=f"{attention.sentence}|{layer}|{head}|{token}", delay=100, step=80)


def how_it_works(spec: ModelSpec) -> None:
    """Explain the page in plain words; the formulas follow."""
    with st.expander("How it works"):
        st.markdown(
            "A language model starts like a dictionary: every word gets one list of numbers, the same in every sentence, plus a "
            "trace of its place. Then come **layers**. In each, every word looks at the others (*attention*) and takes up a part "
            "of what it sees. After some layers the *bank* of a river and the *bank* with the money have become two.\n\n"
            "**Layer by layer**: each frame is a map of that layer's vectors of the chosen word, turned onto the one before and "
            "never stretched: by PCA, or, from 15 occurrences on, by UMAP, which starts each layer from the map of the layer "
            "before. The curve compares pairs of the same meaning with pairs of different meanings; the meanings "
            "part where the gap first reaches half of its largest value.\n\n"
            "**Attention**: each head gives every word 100 % of attention to share out. Attention shows where information flows, "
            "which is not yet why a model decides. The film takes the mean over the heads of each layer: head 3 of one "
            "layer has nothing to do with head 3 of the next.\n\n"
            "$\\text{attention} = \\text{softmax}\\left(\\frac{Q K^\\top}{\\sqrt{d}}\\right)$"
        )
        st.text(f"Model: {spec.title}. {spec.paper}. Licence {spec.licence or 'not stated'}.")
