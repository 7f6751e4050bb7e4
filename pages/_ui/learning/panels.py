"""What the learning page says: how far a training is, what is shown, how it works."""

import uuid

import streamlit as st

from embeddings_core.errors import EmbeddingsError
from embeddings_core.training.bundled import FILES, bundled_training
from embeddings_core.training.configuration import TrainingConfig
from embeddings_core.training.runs import TrainingRun, runs
from embeddings_core.training.word_spaces import keep_training
from pages._ui import cache, own_words, panels, shell, state
from pages._ui.learning import controls as learning_controls
from pages._ui.learning.controls import KINDS, SOURCES, Taught
from pages._ui.own_words import WANTED

ASKED = 24  # words of a training that the words page begins with
LAST = "training-last"  # the training whose film was on screen last


def visitor() -> str:
    """Return a name for this visit, so that a run knows who watches it."""
    return state.kept("visitor", lambda: uuid.uuid4().hex)


def taught(chosen: TrainingConfig) -> Taught:
    """Return the training to show: the one that was asked for, else the last picture while it is under way."""
    wanted: TrainingConfig | None = state.kept(WANTED, lambda: None)
    if not learning_controls.said(chosen):
        panels.sentence(
            "Paste a text above and press Train; until then you see the training before.", key="own"
        )
    if wanted is not None:
        run = runs().of(wanted)
        if run.result is None:
            _tell(run)
        elif wanted == chosen or chosen not in FILES:
            state.put(LAST, wanted)
    if chosen in FILES and chosen != wanted:
        state.put(LAST, chosen)
    last: TrainingConfig = state.kept(LAST, TrainingConfig)
    known = runs().known(last)
    shown = last if known is not None or last in FILES else TrainingConfig()
    own = chosen.source == "own" and learning_controls.said(chosen)
    if own and wanted != chosen and (shown.source, shown.own) != ("own", chosen.own):
        panels.sentence(
            f"The picture is still of {_named(shown)}: press Train to learn from your text.", key="of-another"
        )
    return Taught(shown, known if known is not None else cache.once(bundled_training, shown))


def _named(config: TrainingConfig) -> str:
    """Say what a training learnt from."""
    title = next(title for title, name in SOURCES.items() if name == config.source)
    return "the text before" if config.source == "own" else f"the {title}"


def _tell(run: TrainingRun) -> None:
    """Show how far a run is, or why it failed; what was on screen stays there."""
    problem = run.problem
    if problem is None:
        run.watch(visitor())
        _watch(run)
    elif isinstance(problem, EmbeddingsError):
        shell.message(str(problem))
    else:
        raise problem


@st.fragment(run_every=0.5)
def _watch(run: TrainingRun) -> None:
    if run.over:
        st.rerun()
    run.watch(visitor())
    with st.container(key="training", horizontal=True, vertical_alignment="center", gap="medium"):
        st.progress(run.done / max(run.total, 1), text=progress_text(run))
        st.button(
            "Stop", on_click=stop, args=(run,), disabled=run.stopping,
            help="Ends after the present epoch; the epochs that are done are kept and shown.",
        )  # fmt: skip


def progress_text(run: TrainingRun) -> str:
    """Say where a run is."""
    if run.stopping:
        return f"Stopping after epoch {run.done + 1} …"
    if run.ahead:
        return run.place("training")
    if not run.done:
        return "Reading the text …"
    return f"Epoch {run.done} of {run.total}; the picture is still the one before."


def stop(run: TrainingRun) -> None:
    """Stop a run; where others watch it too it goes on for them, and this visitor returns to the picture before."""
    if not run.stop(visitor()):
        state.put(WANTED, None)


def about(shown: Taught) -> None:
    """Say what is on screen, and lead to its words on the words page."""
    training, config = shown.training, shown.config
    source = next(title for title, name in SOURCES.items() if name == config.source)
    kind = next(title for title, name in KINDS.items() if name == config.kind)
    ended = (
        f"stopped after {training.epochs} of {config.epochs} epochs"
        if training.stopped
        else f"{training.epochs} epochs"
    )
    panels.sentence(
        f"{kind} on {source}: {int(training.vocabulary.counts.sum()):,} words of text, {len(training.vocabulary):,} different "
        f"ones learnt, {training.snapshots.shape[2]} numbers each, {ended}.",
        key="below",
    )
    space = keep_training(own_words.shelf(), config, training)
    st.page_link(  # an address, for a page with choices in its own address cannot be left by a program
        "pages/words.py", label="Ask this space", query_params=own_words.address(space, shown.words[:ASKED]),
        help="Neighbours, analogies and maps of these words on the words page, beside other models.",
    )  # fmt: skip


def how_it_works(shown: Taught) -> None:
    """Explain the four methods in plain words; the objective follows."""
    with st.expander("How it works"):
        st.markdown(EXPLANATION)
        st.latex(GLOVE if shown.config.kind == "glove" else SAMPLING)


# line breaks inside a paragraph are blanks in Markdown
EXPLANATION = """
Every word begins with **random numbers**. The program reads the text again and again (each time is an *epoch*)
and plays one guessing game: which words stand near this one? Where a guess is wrong, the numbers are moved a
little. Words that have the same neighbours are pushed to the same places. That is all.

*Skip-gram* takes a word and pulls it towards the words of its window, and away from a few words drawn at random
(the *wrong words*, or negatives). *CBOW* guesses the word from the mean of its window. *fastText* gives numbers
to groups of letters and adds them up, so that even unseen words get a vector. *GloVe* first counts how often words stand
together, near pairs counting more, and then fits numbers to the logarithms of the counts.

In the first epochs all words move the same way: the first thing learnt is what all words have in common. Only then
do they part.

The film is **recorded**: each state is the vectors after that epoch of this very run, all seen along the main axes
(PCA) of the last one, so that nothing turns while you watch. Colours are the groups found at the end (k-means
in all dimensions) or, in the little world, what the words are. Neighbours are ranked in all dimensions, among the words that the
run keeps on record (the 400 most frequent).

A text of 50,000 words is tiny: real models read billions. What comes out is true of this text only.
"""
SAMPLING = (
    r"-\log \sigma(v_{word} \cdot u_{neighbour}) - \sum_{wrong} \log \sigma(-v_{word} \cdot u_{wrong})"
    r"\qquad \text{(Mikolov et al. 2013)}"
)
GLOVE = (
    r"\tfrac12 \sum_{i,j} f(x_{ij})\,(w_i \cdot c_j + b_i + d_j - \log x_{ij})^2, \quad f(x) = \min(1, (x / x_{max})^{3/4})"
    r"\qquad \text{(Pennington et al. 2014)}"
)
