"""Which word space the words are looked up in: the bundled one, a visitor's file, a training, a download."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from embeddings_core.limits import FILE_BYTES, VECTOR_WORDS
from embeddings_core.models.spec import ModelSpec
from embeddings_core.spaces.files.uploads import read_vector_uploads
from embeddings_core.spaces.texts import joined
from embeddings_core.training.configuration import TrainingConfig
from pages._ui import cache, model_menu, state, uploads, word_store
from pages._ui.cache import WORD_SPACE
from pages._ui.learning.controls import WANTED
from pages._ui.recipe import Recipe
from pages._ui.word_store import StaticSpace
from pages._ui.words import panels as word_panels

KEY = "vectors"  # the menu, also in the address
TURN, TOLD, NEXT = "vectors-turn", "vectors-told", "vectors-next"
BUNDLED = "MiniLM, the bundled words"
MODELS, MOST_MODELS = "models", 4  # the film of several models
ENDINGS = ["bin", "txt", "vec", "ftz", "gz", "tsv", "npy", "npz"]
HELP = (
    "word2vec (.bin, .txt), GloVe (.txt), fastText (.vec, .bin, .ftz: letters give unseen words a vector), the Embedding "
    "Projector's tensors.tsv with its metadata.tsv, NumPy tables; also packed (.gz). The first "
    f"{VECTOR_WORDS:,} words are read. The file stays in this visit; nothing in it is run."
)


@dataclass(frozen=True)
class Choice:
    """The space in force, and the download that was asked for but is not here."""

    space: str | StaticSpace = WORD_SPACE
    missing: ModelSpec | None = None


def ask() -> None:
    """Ask which space; offer to open a file."""
    own_training()
    titles = _titles()
    if (wanted := state.text(NEXT)) in titles:
        state.put(KEY, wanted)
    state.put(NEXT, "")
    st.selectbox(
        "Words from", list(titles), key=KEY, bind="query-params", width=250, label_visibility="collapsed",
        on_change=state.refit,
    )  # fmt: skip
    with st.popover("Open a vector file"):
        upload(_look_into)


def chosen() -> Choice:
    """Return the choice in force."""
    return _titles().get(state.text(KEY), Choice())


def _titles() -> dict[str, Choice]:
    """Return what is on the menu: the bundled words, the visitor's own, what all share, what could be fetched."""
    here = {space.title: Choice(space) for space in (*reversed(word_store.own()), *word_store.shared())}
    absent = [spec for spec in word_store.downloads() if spec.title not in here]
    return {
        BUNDLED: Choice(),
        **here,
        **{f"{spec.title} (not on this computer)": Choice(missing=spec) for spec in absent},
    }


def own_training() -> None:
    """Let what this visitor trained on the learning page be a space here."""
    wanted = state.held(WANTED)
    training = cache.training_runs().known(wanted) if isinstance(wanted, TrainingConfig) else None
    if isinstance(wanted, TrainingConfig) and training is not None:
        word_store.keep_training(wanted, training)


def _look_into(space: StaticSpace) -> None:
    """Choose a space that was just opened."""
    state.put(NEXT, space.title)
    state.include(MODELS, space.title, most=MOST_MODELS)


def upload(then: Callable[[StaticSpace], None]) -> None:
    """Open what was dropped, in the worker; `then` gets the last of the spaces in it."""
    turn = state.kept(TURN, int)
    dropped = st.file_uploader(
        "A file of word vectors", type=ENDINGS, accept_multiple_files=True, key=f"vector-files-{turn}", help=HELP,
        max_upload_size=FILE_BYTES // 2**20,
    )  # fmt: skip
    st.caption(f"Up to {FILE_BYTES // 2**20} MB; the first {VECTOR_WORDS:,} words are read.")
    for space in word_store.own():
        st.button(
            f"Take {space.title} away", key=f"away-{space.id}", type="tertiary", on_click=away, args=(space,)
        )
    if not dropped:
        return
    bar = st.progress(0.0, "Reading the vectors …")
    batch = read_vector_uploads(
        [(file.name, file.getvalue()) for file in dropped],
        progress=lambda done: bar.progress(min(done / len(dropped), 1.0), f"{done} read"),
    )
    for file in dropped:
        uploads.free(file)
    spaces = [word_store.keep_file(digest, words) for digest, words in batch.spaces]
    state.put(TOLD, batch.problems)
    state.put(TURN, turn + 1)
    if spaces:
        then(spaces[-1])
        state.refit()
    st.rerun()


def address(space: StaticSpace, words: tuple[str, ...]) -> dict[str, str]:
    """Return what the words page's address needs to begin with this space and these words."""
    return {KEY: space.title, state.WORDS: joined(words), state.WORD: words[0] if words else ""}


def problems() -> None:
    """Say what was wrong with files that were dropped, until that is dismissed."""
    told: tuple[str, ...] = state.kept(TOLD, tuple)
    if told:
        with st.container(
            key="problem-told-vectors", horizontal=True, vertical_alignment="center", gap="small"
        ):
            st.text("\n".join(told[:4]))
            st.button("Dismiss", key="vectors-dismiss", type="tertiary", on_click=state.put, args=(TOLD, ()))


def known(items: tuple[str, ...], choice: Choice) -> tuple[str, ...]:
    """Say what there is to know about the space, and return the words that it has a vector for."""
    problems()
    if choice.missing is not None:
        model_menu.explain(choice.missing, "Until then you see the bundled words.", key=KEY)
    space = choice.space
    if not isinstance(space, StaticSpace):
        word_panels.unknown_words(items)
        return items
    words = cache.known_words(items, space)
    told = [f"{space.title}: {word_store.titled(space)}, one vector a word, whatever the sentence."]
    told += word_store.notes(space)
    there = set(words.items)
    if lost := [item for item in items if item not in there]:
        named = ", ".join(lost[:12]) + (" …" if len(lost) > 12 else "")
        told.append(f"Left out, because this space has no vector for them: {named}.")
    with st.container(key="note-space"):
        st.text(" ".join(told))
    return words.items


def order(items: tuple[str, ...], choice: Choice, recipe: Recipe) -> cache.Order:
    """Return what is to be on the map; words of an older map that this space lacks are forgotten."""
    fitted = state.fitted(items)
    if isinstance(choice.space, StaticSpace):
        fitted = cache.known_words(fitted, choice.space).items or items
    return cache.Order(items, fitted, cache.possible(recipe), choice.space)


def away(space: StaticSpace) -> None:
    """Take an own space away and go back to the bundled words."""
    word_store.forget(space)
    state.put(KEY, BUNDLED)
    state.refit()


def extra_titles() -> dict[str, StaticSpace]:
    """Return the spaces that a comparison of models can take besides the built-in and the downloaded ones."""
    spaces: list[Any] = [*word_store.own(), *word_store.shared()]
    return {
        space.title: space
        for space in spaces
        if space.id.partition(":")[0] in ("file", "lesson", "local", "news", "recorded")
    }
