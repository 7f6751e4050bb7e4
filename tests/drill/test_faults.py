"""The table of the drill names tests that exist."""

import ast
from pathlib import Path

import pytest

from tests.drill.faults import FAULTS, Fault

TESTS = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault.number))
def test_each_row_has_tests_that_exist_or_says_why_not(fault: Fault) -> None:
    assert bool(fault.tests) != bool(fault.why)
    for test in fault.tests:
        file, _, name = test.partition("::")
        tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
        defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert not name or name in defined, test


def test_the_rows_are_numbered_without_a_gap() -> None:
    assert [fault.number for fault in FAULTS] == list(range(1, len(FAULTS) + 1))
