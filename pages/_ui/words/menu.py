"""Which word space the words are looked up in: the bundled one, a visitor's file, a training, a download."""

from collections.abc import Collection
from dataclasses import dataclass

import streamlit as st

from embeddings_core.models.bundled_words import BUNDLED_WORDS
from embeddings_core.models.catalogue_words import downloads
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.recent import recent
from embeddings_core.models.spec import ModelSpec
from embeddings_core.models.text_space import ReadWords, word_readers
from embeddings_core.spaces.space import Space
from embeddings_core.spaces.static_words import StaticWords
from embeddings_core.spaces.texts import Texts
from pages._ui import cache, controls, from_table, model_menu, own_words, panels, shell, state
from pages._ui.own_words import KEY
from pages._ui.panels import filled_when_opened
from pages._ui.words import panels as word_panels

MODEL = "minilm"  # it reads what is not among the bundled words
NEXT = "vectors-next"  # what the menu shows from the next run on
MODELS, MOST_MODELS = "models", 4  # the film of several models


@dataclass(frozen=True)
class Choice:
    """The space in force, and the download that was asked for but is not here."""

    space: Space = BUNDLED_WORDS
    missing: ModelSpec | None = None


def take_dropped() -> None:
    """Open the files of word vectors that were dropped anywhere on the page."""
    own_words.take_dropped(_look_into)


def ask() -> None:
    """Ask which space; offer to open a file."""
    own_words.own_training()
    titles = _titles()
    if (wanted := state.text(NEXT)) in titles:
        state.put(KEY, wanted)
    state.put(NEXT, "")
    named = str(st.query_params.get(KEY, ""))
    if named and named not in titles and state.held(KEY) is None:
        state.put(own_words.LOST, named)
    st.selectbox(
        "Words from", list(titles), key=KEY, bind="query-params", width=controls.MENU, on_change=state.refit
    )
    popover, opened = filled_when_opened(st.expander, "Open a vector file", key="open-vectors")
    if opened:
        with popover:
            own_words.upload(_look_into)


def chosen() -> Choice:
    """Return the choice in force; what the address says where a run that was broken off has left the menu without a value."""
    title = state.text(KEY) or str(st.query_params.get(KEY, ""))
    return Choice() if title in ("", BUNDLED_WORDS.title) else _titles().get(title, Choice())


def _titles() -> dict[str, Choice]:
    """Return what is on the menu: the bundled words, what reads any language, the visitor's own, what all share, what could
    be fetched."""
    readers = word_readers()
    here = {spec.title: Choice(ReadWords(spec.id)) for spec in readers if recent(on_disk, spec)}
    here |= {space.title: Choice(space) for space in own_words.listed()}
    absent = [spec for spec in (*downloads(), *readers) if spec.title not in here]
    return {
        BUNDLED_WORDS.title: Choice(),
        **here,
        **{f"{spec.title} (not on this computer)": Choice(missing=spec) for spec in absent},
    }


def _look_into(space: StaticWords) -> None:
    """Choose a space that was just opened."""
    state.put(NEXT, space.title)
    state.include(MODELS, space.title, most=MOST_MODELS)
    own_words.show_first(space)


def known(typed: Texts, choice: Choice) -> tuple[str, ...]:
    """Say in one line what there is to know about words and space, and return the words that it has a vector for."""
    own_words.problems()
    if lost := own_words.lost():
        shell.message(lost, kind="note")
    if choice.missing is not None:
        model_menu.explain(choice.missing, "Until then you see the bundled words.", key=KEY)
    covered = cache.coverage(typed.items, choice.space)
    told = [*typed.notes, *from_table.notes_of(state.WORDS)]
    if covered.missing:
        named = ", ".join(covered.missing[:12]) + (" …" if len(covered.missing) > 12 else "")
        told.append(f"Left out, because this space has no vector for them: {named}.")
    if covered.taken:
        named = ", ".join(f"{item} as {word}" for item, word in covered.taken[:12])
        told.append(f"Taken as this space writes them: {named}{' …' if len(covered.taken) > 12 else '.'}")
    if covered.guessed and choice.space == BUNDLED_WORDS:
        told.extend(cache.once(panels.not_read, covered.guessed, MODEL))
    told.extend(choice.space.notes())
    spelling = word_panels.spellings(covered.guessed, choice.space) if covered.guessed else ()
    panels.one_line(told, key="words", offer=word_panels.offered_spellings(spelling) if spelling else None)
    return covered.items


def own_titles(taken: Collection[str]) -> dict[str, StaticWords]:
    """Return the spaces that a comparison of models can take besides those whose titles are taken."""
    return {space.title: space for space in own_words.listed() if space.title not in taken}
