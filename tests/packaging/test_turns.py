"""Turns: few at once, whoever waits gets in, whatever those inside do."""

import threading
import time

import pytest

from embeddings_core.turns import Turns


def test_no_more_have_a_turn_than_there_are_turns() -> None:
    turns, inside, most = Turns(at_once=2), 0, 0
    counting = threading.Lock()

    def visit() -> None:
        nonlocal inside, most
        with turns.turn():
            with counting:
                inside += 1
                most = max(most, inside)
            time.sleep(0.01)
            with counting:
                inside -= 1

    visits = [threading.Thread(target=visit) for _ in range(12)]
    for each in visits:
        each.start()
    for each in visits:
        each.join(5)
    assert most == 2 and inside == 0


def test_who_has_a_turn_goes_on_with_it() -> None:
    turns = Turns(at_once=1, longest=60)
    with turns.turn(), turns.turn():
        pass
    with turns.turn():  # it was given back once, at its end
        pass


def test_who_waits_for_something_else_lets_others_in_and_goes_on_without_waiting() -> None:
    turns, entered, leave = Turns(at_once=1, longest=60), threading.Event(), threading.Event()

    def other() -> None:
        with turns.turn():
            entered.set()
            leave.wait(5)

    waiting = threading.Thread(target=other)
    with turns.turn():
        waiting.start()
        assert not entered.wait(0.05)
        with turns.aside():
            assert entered.wait(5)
        leave.set()  # reached though the other has the one turn
    waiting.join(5)
    with turns.aside(), turns.turn():  # outside of a turn there is none to give back
        pass


def test_who_comes_back_from_a_computation_keeps_nobody_from_their_turn() -> None:
    turns, entered = Turns(at_once=1, longest=60), threading.Event()

    def other() -> None:
        with turns.turn():
            entered.set()

    waiting = threading.Thread(target=other)
    with turns.turn():
        with turns.aside():
            pass
        waiting.start()
        assert entered.wait(5)
    waiting.join(5)


def test_a_turn_that_lasts_keeps_nobody_from_theirs() -> None:
    turns, entered = Turns(at_once=1, longest=0.05), threading.Event()

    def other() -> None:
        with turns.turn():
            entered.set()

    waiting = threading.Thread(target=other)
    with turns.turn():
        waiting.start()
        assert entered.wait(5)
    waiting.join(5)


def test_a_turn_ends_with_an_error() -> None:
    turns = Turns(at_once=1, longest=60)
    for _ in range(2):
        with pytest.raises(KeyError), turns.turn():
            raise KeyError
