"""What can be chosen on the learning page: the text, the method, its settings, and how much is shown."""

from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embeddings_core.spaces.corpus import too_few
from embeddings_core.spaces.segmentation import remarks
from embeddings_core.training.bundled import FILES
from embeddings_core.training.configuration import (
    RATES,
    TOP,
    Source,
    TrainingConfig,
    TrainingKind,
    informative_words,
    known_kinds,
)
from embeddings_core.training.record import Training
from embeddings_core.training.runs import runs
from pages._ui import controls, from_table, state
from pages._ui.learning import own_text
from pages._ui.own_words import WANTED
from pages._ui.shell import Places

SOURCES: dict[str, Source] = {"little world": "world", "news articles": "news", "my own text": "own"}
KINDS: dict[str, TrainingKind] = {
    "skip-gram": "skipgram",
    "CBOW": "cbow",
    "fastText": "fasttext",
    "GloVe": "glove",
}
SPEEDS = {"a quarter": 0.25, "half": 0.5, "usual": 1.0, "double": 2.0, "four times": 4.0}
WORLD = 60  # words of the little world on its map
SEED = "trainseed"
TRAIN = "train"
SOURCE_HELP = (
    "Little world: 1,500 sentences made by patterns about kings, animals, food …, learnt in seconds. News: 300 short "
    "articles of 2001, 50,000 words. Your own text is not in this page's address: Back finds it in this visit only."
)
KIND_HELP = (
    "Skip-gram guesses the neighbours from a word, CBOW the word from its neighbours, fastText also looks at the letters, "
    "GloVe counts first and then fits the counts."
)


@dataclass(frozen=True, eq=False)
class Taught:
    """A training on screen: how it was configured, and which of its words are on the map."""

    config: TrainingConfig
    training: Training
    words: tuple[str, ...] = ()

    @property
    def recipe(self) -> tuple[TrainingConfig, int]:
        """What names this training: a stopped one has fewer epochs."""
        return self.config, self.training.epochs


def config(place: Places, notes: DeltaGenerator) -> TrainingConfig:
    """Ask for the text, the method and its settings, and offer to train; what is to be said of the text stands in `notes`."""
    with place.settings, st.container(width=controls.MENU):
        kind = controls.choice("Method", KINDS, key="kind", help=KIND_HELP)
        chosen = _settings(kind)
        st.caption(SOURCE_HELP)
        from_table.offer("Learning")
    with (
        place.line,
        st.container(key="typed", horizontal=True, vertical_alignment="center", gap="small", wrap=False),
    ):
        source = controls.choice("Text", SOURCES, key="text", label_visibility="collapsed")
        chosen = replace(chosen, source=source, kind=kind)
        if source == "own":
            chosen = replace(chosen, own=own_text.ask())
        else:
            own_text.not_asked()
        _button(chosen)
    with notes:
        if source == "own":
            own_text.tell_need()
        for remark in (too_few(chosen.own), *from_table.notes_of(own_text.OWN), *remarks(chosen.own)):
            if remark:
                st.caption(remark)
    return chosen


def _settings(kind: TrainingKind) -> TrainingConfig:
    glove = kind == "glove"
    usual = TrainingConfig()
    window = st.slider("Window: words to either side", 1, 10, usual.window, key="window", bind="query-params")
    dimensions = st.select_slider(
        "Numbers a word (dimensions)",
        [2, 3, 10, 25, 50, 100],
        usual.dimensions,
        key="dims",
        bind="query-params",
    )
    negatives = st.slider(
        "Wrong words for each true one", 1, 20, usual.negatives, key="negatives", bind="query-params",
        disabled=glove, help="GloVe needs none: it fits counts." if glove else None,
    )  # fmt: skip
    epochs = st.slider(
        "Epochs: times through the text", 1, 60, usual.epochs, key="passes", bind="query-params"
    )
    speed = st.select_slider(
        "Learning rate", list(SPEEDS), "usual", key="speed", bind="query-params",
        help=f"How far each step goes; the usual rate of this method is {RATES[kind]}.",
    )  # fmt: skip
    state.put(SEED, controls.seed_in_force(SEED))
    seed = st.number_input("Random seed", 0, 10_000, key=SEED, bind="query-params")
    factor = SPEEDS[str(speed)]
    return TrainingConfig(
        window=int(window), dimensions=int(dimensions), negatives=usual.negatives if glove else int(negatives),
        epochs=int(epochs), seed=int(seed), learning_rate=None if factor == 1 else factor * RATES[kind],
    )  # fmt: skip


def _button(chosen: TrainingConfig) -> None:
    if state.asked_for(TRAIN) and said(chosen):
        train(chosen)
    wanted: TrainingConfig | None = state.kept(
        WANTED, lambda: None if chosen in FILES or not said(chosen) else chosen
    )
    run = runs().known(chosen)
    if wanted == chosen and run is not None and not run.stopped:
        st.button("Train again", on_click=another, help="From another random start.")
        return
    st.button(
        "Train", type="primary", on_click=state.ask_for, args=(TRAIN,), disabled=not said(chosen),
        help="Train from random numbers, here and now.",
    )  # fmt: skip


def said(chosen: TrainingConfig) -> bool:
    """Tell whether there is a text to learn from."""
    return chosen.source != "own" or bool(chosen.own.strip())


def train(chosen: TrainingConfig) -> None:
    """Begin, or begin again, a training."""
    runs().of(chosen, again=True)
    state.put(WANTED, chosen)


def another() -> None:
    """Let the next training begin from the next seed."""
    state.put(SEED, (controls.seed_in_force(SEED) + 1) % 10_001)
    state.ask_for(TRAIN)


def words_on_the_map(taught: Taught) -> Taught:
    """Ask how many words are drawn; the commonest ones (the, of …) say little and are left out."""
    first = known_kinds() if taught.config.source == "world" else ()
    most = len(informative_words(taught.training, most=WORLD if first else TOP, first=first))
    shown = most
    if most > WORLD:  # the little world is shown whole, but for its commonest words
        shown = int(
            st.select_slider(
                "Words on the map", [20, 50, 100, 200, TOP], 100, key="mapwords", bind="query-params",
                format_func="{} words".format,
            )
        )  # fmt: skip
    return replace(taught, words=informative_words(taught.training, most=min(shown, most), first=first))


def pinned(taught: Taught) -> str:
    """Ask for the word to follow through the epochs."""
    options = list(taught.words)
    first = next((word for word in ("test", "king") if word in options), options[0])
    return controls.one_of("Neighbours of", options, key="pin", usual=first)
