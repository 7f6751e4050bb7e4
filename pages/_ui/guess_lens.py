"""The guessing lens: a question about the words on the map, then the answer from their real vectors, and a score."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import streamlit as st

from embeddings_core.figures.guess_scenes import answer_scene, pinned, question_scene
from embeddings_core.figures.scene import Scene
from embeddings_core.figures.scenes import map_scene, neighbour_scene
from embeddings_core.guess import Guess, questions
from embeddings_core.landing import landing
from embeddings_core.neighbours import nearest
from embeddings_core.texts import clean
from pages._ui import cache, controls, panels, state, word_store
from pages._ui.cache import Order
from pages._ui.options import options

KINDS = {"nearest": "nearest", "odd one out": "odd", "where it lands": "land"}
KIND, WORD, TURN, ANSWERS = "guess", "landing", "guess-turn", "guess-answers"
LINES = 5
Point = tuple[float, float]


@dataclass(frozen=True)
class Answer:
    """What was said to one question: the number of an option or a place, and whether it was right."""

    right: bool
    choice: int | None = None
    point: Point | None = None


def guesses(order: Order) -> Scene:
    """Ask a question about the words on the map; once it is answered, show the truth and keep the score."""
    kind = controls.choice("What to guess", KINDS, key=KIND)
    turn = state.kept(TURN, int)
    if kind == "land":
        if order.recipe.dimensions != 2:
            panels.sentence("Where a word lands can be guessed on a flat map only; choose 2-D.", key="flat")
            return map_scene(cache.view(order))
        word = _newcomer(order, turn)
        if not word:
            return map_scene(cache.view(order))
        order = replace(order, shown=(*order.shown, word))
    shown = cache.view(order)
    if len(shown.items) < 3:
        panels.sentence("A question needs at least 3 words: add another below.", key="few")
        return map_scene(shown)
    row = (
        len(shown.items) - 1
        if kind == "land"
        else int(np.random.default_rng(turn).integers(len(shown.items)))
    )
    guess = next(
        (each for each in questions(shown.embeddings, row=row, seed=turn) if each.kind == kind), None
    )
    if guess is None:
        panels.sentence(
            "Nothing stands out among these words: their vectors are too alike. Add others.", key="alike"
        )
        st.button("Another question", on_click=_next)
        return map_scene(shown)
    return _asked(order, guess, f"{shown.id} {kind} {turn} {guess.question}")


def _newcomer(order: Order, turn: int) -> str:
    """Ask for a word that is not on the map; where none is typed, offer a neighbour of one that is."""
    typed = st.text_input(
        "A word that is not on the map", key=WORD, bind="query-params", max_chars=80, placeholder="or guess the one below",
    )  # fmt: skip
    word = clean(str(typed or "")).strip()
    if not word:
        return _offered(order, turn)
    if word in order.shown:
        panels.sentence(f"{word} is on the map already; type another word.", key="there")
        return ""
    if not cache.vectors_of((word,), order.space).items:
        panels.sentence(f"This space has no vector for {word}; type another word.", key="lost")
        return ""
    return word


def _offered(order: Order, turn: int) -> str:
    """Return a word of the space that is near to one on the map, but is not there yet."""
    shown = cache.view(order)
    if not shown.items:
        panels.sentence("Type some words first: then guess where another one lands.", key="few")
        return ""
    rng = np.random.default_rng(turn)
    own = int(rng.integers(len(shown.items)))
    space = word_store.words_of(order.space)
    here = {item.lower() for item in shown.items}
    near = nearest(space, shown.embeddings.vectors[own], k=40).items
    fresh = [
        item for item in near if item.lower() not in here and shown.items[own].lower() not in item.lower()
    ]
    return fresh[int(rng.integers(min(len(fresh), 12)))] if fresh else ""


def _asked(order: Order, guess: Guess, name: str) -> Scene:
    """Show the question and its options, or the answer; return the scene that goes with it."""
    shown = cache.view(order)
    answers: dict[str, Answer] = state.kept(ANSWERS, dict)
    asked = question_scene(map_scene(shown), guess)
    if guess.kind == "land" and (point := state.placed_on(asked.id)) is not None:
        told = landing(shown.projection.final, guess.answer, point)
        answers.setdefault(name, Answer(told.right, point=point))
    answer = answers.get(name)
    panels.sentence(guess.question, key="guess-question")
    if guess.options:
        options(
            guess.options,
            key="guess-options",
            right=None if answer is None else guess.answer,
            chosen=None if answer is None else answer.choice,
            on_choose=partial(_say, name, guess.answer),
        )
    elif answer is None:
        panels.sentence("Click on the map where you think it will land.", key="guess-click")
    if answer is None:
        _score(answers)
        return asked
    if answer.point is not None:
        panels.sentence(
            landing(shown.projection.final, guess.answer, answer.point).sentence, key="guess-miss"
        )
    panels.sentence(guess.why, key="guess-why")
    st.button("Next question", on_click=_next, type="primary")
    _score(answers)
    return _answer(order, guess, answer)


def _answer(order: Order, guess: Guess, answer: Answer) -> Scene:
    shown = cache.view(order)
    row = guess.answer if guess.kind == "land" else guess.asked
    if row is None:
        return answer_scene(map_scene(shown), guess)
    scene = answer_scene(neighbour_scene(shown, nearest(shown.embeddings, row, k=LINES)), guess)
    return scene if answer.point is None else pinned(scene, answer.point, row)


def _say(name: str, right: int, choice: int) -> None:
    answers: dict[str, Answer] = state.kept(ANSWERS, dict)
    answers.setdefault(name, Answer(choice == right, choice))


def _next() -> None:
    state.put_all({TURN: state.kept(TURN, int) + 1, WORD: ""})


def _anew() -> None:
    state.put(ANSWERS, {})
    _next()


def _score(answers: dict[str, Answer]) -> None:
    """Say quietly how many were right; begin anew on request."""
    if not answers:
        return
    with st.container(key="guess-score", horizontal=True, vertical_alignment="center", gap="small"):
        right = sum(answer.right for answer in answers.values())
        st.text(f"{right} of {len(answers)} guessed right")
        st.button("Start the score anew", on_click=_anew, type="tertiary")
