"""The word spaces of this visit: opened files and trainings, and how a file is opened."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from embeddings_core.limits import FILE_BYTES, VECTOR_WORDS
from embeddings_core.models.bundled_words import BUNDLED_WORDS
from embeddings_core.spaces.files.uploads import read_vector_uploads
from embeddings_core.spaces.space import Space
from embeddings_core.spaces.static_words import OwnWords, StaticWords, WordShelf
from embeddings_core.spaces.texts import joined, split_words
from embeddings_core.training.configuration import TrainingConfig
from embeddings_core.training.runs import runs
from embeddings_core.training.word_spaces import keep_training, shared_spaces
from pages._ui import controls, dropped, own_tables, state
from pages._ui.history import go_to
from pages._ui.panels import short

SHELF = "word-spaces"
KEY = "vectors"  # the menu of the words page, also in the address
WANTED = "training-wanted"  # what the visitor asked to be trained; None for the recorded run
BEFORE = "vectors-before"  # the first words of a file that are shown, and what was typed before
TURN, TOLD = "vectors-turn", "vectors-told"
LOST = "vectors-lost"  # what the address called them
NO_GROUPS = "no groups"
SHOWN = 24  # words of a file that are on the map after it was opened
HELP = (
    "word2vec (.bin, .txt), GloVe (.txt), fastText (.vec, .bin, .ftz: letters give unseen words a vector), the Embedding "
    "Projector's tensors.tsv with its metadata.tsv, tables (.csv), NumPy tables; also packed (.gz, .zip). The first "
    f"{VECTOR_WORDS:,} words are read. The file stays in this visit; nothing in it is run."
)


def shelf() -> WordShelf:
    """Return the word spaces of this visit."""
    kept: WordShelf = state.kept(SHELF, WordShelf)
    return kept


def listed() -> tuple[StaticWords, ...]:
    """Return every space of static words that this visit can use: its own, the newest first, then what all share."""
    return (*reversed(shelf()), *shared_spaces())


def only_here(space: Space) -> str:
    """Say who sees the picture of a link whose space is this visit's own; "" where it is not."""
    if not any(own == space for own in shelf()):
        return ""
    return (
        f"The vectors of {space.title} are in this visit only: elsewhere, and after a reload, the link shows the bundled words and "
        "says so. Hand the film or the talk on instead."
    )


def lost() -> str:
    """Say that the address was made with vectors that are not here; "" where they are, or where others were chosen since."""
    named = state.text(LOST)
    return (
        f'This address was made with the vectors of "{short(named)}". They are not here, so you see the bundled words; open the '
        "file again (Settings) to have the whole picture."
        if named and state.text(KEY) == BUNDLED_WORDS.title
        else ""
    )


def own_training() -> None:
    """Let what this visitor trained on the learning page be a space here."""
    wanted = state.held(WANTED)
    training = runs().known(wanted) if isinstance(wanted, TrainingConfig) else None
    if isinstance(wanted, TrainingConfig) and training is not None:
        keep_training(shelf(), wanted, training)


def address(space: StaticWords, words: tuple[str, ...]) -> dict[str, str]:
    """Return what the words page's address needs to begin with this space and these words."""
    return {KEY: space.title, state.WORDS: joined(words), state.WORD: words[0] if words else ""}


def away(space: OwnWords) -> None:
    """Take an own space away; the words page goes back to the bundled words."""
    shelf().forget(space)
    state.put(KEY, BUNDLED_WORDS.title)
    shown, before = state.kept(BEFORE, lambda: ("", ""))
    if before and state.text(state.WORDS) == shown:
        state.show(before)  # what was typed before the file's first words took its place
    state.refit()


def upload(then: Callable[[OwnWords], None]) -> None:
    """Ask for a file of word vectors; `then` gets the last of the spaces in it."""
    turn = state.kept(TURN, int)
    chosen = st.file_uploader(
        "A file of word vectors", accept_multiple_files=True, key=f"vector-files-{turn}", help=HELP,
        max_upload_size=FILE_BYTES // 2**20,
    )  # fmt: skip
    st.caption(f"Up to {FILE_BYTES // 2**20} MB; the first {VECTOR_WORDS:,} words are read.")
    for space in shelf():
        st.button(
            f"Take {space.title} away", key=f"away-{space.id}", type="tertiary", on_click=away, args=(space,)
        )
        _columns(space)
    if chosen:
        _take(chosen, then)


def take_dropped(then: Callable[[OwnWords], None]) -> None:
    """Open what was dropped anywhere on the page as if it had been chosen."""
    dropped.box()
    if files := dropped.here():
        with st.container(key="drawing"):
            _take(files, then)


def _take(files: Sequence[Any], then: Callable[[OwnWords], None]) -> None:
    """Open files in the worker, and go to the table where that is what they are."""
    if own_tables.lead(files, endings=own_tables.NEVER_VECTORS) or own_tables.lead_where_all_are_tables(
        files
    ):
        state.put(TURN, state.kept(TURN, int) + 1)
        go_to(own_tables.PAGE)
    bar = st.progress(0.0, "Reading the vectors …")
    batch = read_vector_uploads(
        [(file.name, file.getvalue()) for file in files],
        progress=lambda done: bar.progress(min(done / len(files), 1.0), f"{done} read"),
    )
    if not batch.spaces and own_tables.lead(files):  # no vectors, but a table
        state.put(TURN, state.kept(TURN, int) + 1)
        go_to(own_tables.PAGE)
    for file in files:
        controls.free(file)
    taken = [space.title for space in shared_spaces()]
    spaces = [shelf().keep_file(digest, words, taken=taken) for digest, words in batch.spaces]
    state.put(TOLD, batch.problems)
    state.put(TURN, state.kept(TURN, int) + 1)
    if spaces:
        then(spaces[-1])
        state.refit()
    st.rerun()


def _columns(space: OwnWords) -> None:
    """Ask which column of the metadata gives the names, and which the groups."""
    words = space.opened()
    if len(words.columns) < 2:
        return
    titles = [title for title, _ in words.columns]
    now = {cells: title for title, cells in reversed(words.columns)}
    keys = f"names-{space.id}", f"groups-{space.id}"
    with st.container(horizontal=True):
        st.selectbox(
            f"Names of {space.title}", titles, index=titles.index(now.get(words.items, titles[0])), key=keys[0],
            on_change=_choose, args=(space, keys),
        )  # fmt: skip
        groups = [NO_GROUPS, *titles]
        st.selectbox(
            "Groups", groups, index=groups.index(now.get(words.groups or (), NO_GROUPS)), key=keys[1],
            on_change=_choose, args=(space, keys),
        )  # fmt: skip


def _choose(space: OwnWords, keys: tuple[str, str]) -> None:
    name, group = map(state.text, keys)
    show_first(shelf().choose(space, name=name, group=None if group == NO_GROUPS else group))
    state.refit()


def show_first(space: StaticWords) -> None:
    """Put the first words of a space on the map where it has no vector for most of what is typed; say so."""
    typed = split_words(state.text(state.WORDS)).items
    if typed and 2 * len(space.coverage(typed).items) >= len(typed):
        return
    first = space.opened().first_words(SHOWN)
    state.put(BEFORE, (joined(first), state.text(state.WORDS)))
    state.show(joined(first), word=first[0] if first else None)
    told: tuple[str, ...] = state.kept(TOLD, tuple)
    state.put(
        TOLD, (*told, f"Most of your words are not in {space.title}; its first {len(first)} are on the map.")
    )


def problems() -> None:
    """Say what was wrong with files that were dropped, until that is dismissed."""
    told: tuple[str, ...] = state.kept(TOLD, tuple)
    if told:
        with st.container(
            key="problem-told-vectors", horizontal=True, vertical_alignment="center", gap="small"
        ):
            st.text("\n".join(told[:4]))
            st.button("Dismiss", key="vectors-dismiss", type="tertiary", on_click=state.put, args=(TOLD, ()))
