"""Guess first, on any page with a map: a question, its options or a click, the truth, and the score of the visit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import streamlit as st

from embeddings_core.analysis.questions import Question, placement_error, questions
from embeddings_core.scenes.questions import answer_scene, pinned, question_scene
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from pages._ui import controls, panels, state
from pages._ui.options import options

KINDS = {"nearest": "nearest", "odd one out": "odd", "where it lands": "land"}
KIND, TYPED, TURN, ANSWERS = "guess", "landing", "guess-turn", "guess-answers"
PLACED = (
    "Click on the map where you think it will land; or press Tab until the map is framed, lead the cross-hair with the "
    "arrow keys, and press Enter."
)
Point = tuple[float, float]


@dataclass(frozen=True)
class Answer:
    """What was said to one question: the number of an option or a place, and whether it was right."""

    right: bool
    choice: int | None = None
    point: Point | None = None


@dataclass(frozen=True, eq=False)
class Board:
    """What a question is about: item i of `space` is row i of the scene `whole`.

    `told` returns the scene that tells who is near to a row; `row` is the one to ask about, by default drawn anew
    for each question among the rows `within`, by default all, which alone may be nearest; `question` is asked in place of
    the usual one where a picture stands for the item. `images` are data: URLs of the items, none where they have
    none. `noun` is what they are called.
    """

    space: EmbeddingSet
    whole: Scene
    told: Callable[[int], Scene]
    noun: str
    row: int | None = None
    images: tuple[str, ...] = ()
    within: tuple[int, ...] | None = None
    question: str = ""


def kind(without: str = "") -> str:
    """Ask what to guess: "nearest", "odd" or "land", or those `without` one."""
    offered = {title: each for title, each in KINDS.items() if each != without}
    return controls.choice("What to guess", offered, key=KIND)


def turn() -> int:
    """Return the number of the question."""
    return state.kept(TURN, int)


def play(board: Board, what: str) -> Scene:
    """Ask a question of this kind; once it is answered show the truth and keep the score."""
    n = len(board.space)
    if what == "land" and board.whole.motion.dimensions != 2:
        panels.sentence("Where something lands can be guessed on a flat map only; choose 2-D.", key="flat")
        return board.whole
    if n < 3:
        panels.sentence(f"A question needs at least 3 {board.noun}: add another.", key="few")
        return board.whole
    rows = range(n) if board.within is None else board.within
    if board.row is None and not rows:
        panels.sentence(f"The model reads none of these {board.noun}: add others.", key="unread")
        return board.whole
    row = rows[int(np.random.default_rng(turn()).integers(len(rows)))] if board.row is None else board.row
    guess = next(iter(questions(board.space, row=row, seed=turn(), kinds=(what,), within=board.within)), None)
    if guess is None:
        panels.sentence(
            f"Nothing stands out among these {board.noun}: they are too alike. Add others.", key="alike"
        )
        st.button("Another question", on_click=_next)
        return board.whole
    return _asked(board, replace(guess, question=board.question or guess.question))


def _asked(board: Board, guess: Question) -> Scene:
    """Show the question and its options, or the answer; return the scene that goes with it."""
    answers: dict[str, Answer] = state.kept(ANSWERS, dict)
    asked, positions = question_scene(board.whole, guess), board.whole.motion.frames[-1]
    name = f"{asked.id} {turn()} {guess.question}"
    if guess.kind == "land" and (point := state.placed_on(asked.id)) is not None:
        answers.setdefault(name, Answer(placement_error(positions, guess.answer, point).right, point=point))
    answer = answers.get(name)
    panels.sentence(guess.question, key="guess-question")
    about = guess.answer if guess.kind == "land" else guess.asked
    if about is not None and board.images and board.images[about]:
        st.image(board.images[about], width=140, alt="The picture that is asked about.")
    if guess.options:
        options(
            guess.options,
            key="guess-options",
            images=tuple(board.images[row] for row in guess.rows) if board.images else (),
            right=None if answer is None else guess.answer,
            chosen=None if answer is None else answer.choice,
            on_choose=partial(_say, name, guess.answer),
        )
    elif answer is None:
        panels.sentence(PLACED, key="guess-click")
    if answer is None:
        _score(answers)
        return asked
    if answer.point is not None:
        panels.sentence(placement_error(positions, guess.answer, answer.point).sentence, key="guess-miss")
    panels.sentence(guess.why, key="guess-why")
    st.button("Next question", on_click=_next, type="primary")
    _score(answers)
    scene = answer_scene(board.whole if about is None else board.told(about), guess)
    return scene if answer.point is None else pinned(scene, answer.point, guess.answer)


def _say(name: str, right: int, choice: int) -> None:
    answers: dict[str, Answer] = state.kept(ANSWERS, dict)
    answers.setdefault(name, Answer(choice == right, choice))


def _next() -> None:
    state.put_all({TURN: turn() + 1, TYPED: ""})


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
