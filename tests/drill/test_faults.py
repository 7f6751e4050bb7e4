"""The table of the drill names tests that exist."""

import ast
from pathlib import Path

import pytest

from tests.drill.__main__ import Outcomes, told, verdict
from tests.drill.faults import FAULTS, LISTED, Fault

TESTS = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault.number))
def test_each_row_has_tests_that_exist_or_says_why_not(fault: Fault) -> None:
    assert bool(fault.tests) != bool(fault.why)
    for test in fault.tests:
        file, _, name = test.partition("::")
        tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
        defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert not name or name in defined, test


def test_the_rows_are_numbered_without_a_gap_and_all_of_the_list_are_among_them() -> None:
    """Each of the 88 is run, but for those that stand here with why they cannot be."""
    assert [fault.number for fault in FAULTS] == list(range(1, len(FAULTS) + 1)) and len(FAULTS) > LISTED
    not_run = {fault.number: fault.why for fault in FAULTS if not fault.tests}
    assert set(not_run) == {80} and "bench_visitors.py" in not_run[80]
    assert len({fault.what for fault in FAULTS}) == len(FAULTS)


def test_the_drill_counts_what_it_did_not_run_as_not_run() -> None:
    outcomes = Outcomes()
    outcomes.ended = {  # type: ignore[assignment]
        "tests/a.py::test_one[x]": [("passed", "")], "tests/a.py::test_one[y]": [("skipped", "no Chromium")],
        "tests/b.py::test_two": [("skipped", "no Chromium")], "tests/c.py::test_three": [("failed", "why")],
    }  # fmt: skip
    faults = [
        Fault(1, "one", ("a.py::test_one",)), Fault(2, "two", ("a.py::test_one", "b.py::test_two")),
        Fault(3, "three", ("a.py", "c.py")),
        Fault(4, "four", ("d.py",)), Fault(5, "five", (), "why not"),
    ]  # fmt: skip
    said = [verdict(fault, outcomes) for fault in faults]
    assert said == [
        "pass",
        "skipped: no Chromium",
        "FAIL: c.py: why",
        "FAIL: d.py was not found",
        "does not apply: why not",
    ]
    assert told(said) == "1 of 5 faults are met, 2 FAIL, 1 not run here, 1 cannot apply."
