"""Run the drill: every fault of the table, and for each whether it passes and why not.

Run: python -m tests.drill [numbers of single faults]
"""

import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.drill.faults import FAULTS, Fault

TESTS = Path(__file__).resolve().parents[1]


class Outcomes:
    """A plugin that notes how each test ended."""

    def __init__(self) -> None:
        self.ended: dict[str, list[tuple[str, str]]] = defaultdict(list)  # node id → (outcome, reason)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the call, and a set-up that did not pass."""
        if report.when == "call" or report.outcome != "passed":
            crash = getattr(report.longrepr, "reprcrash", None)
            reason = str(getattr(crash, "message", report.longrepr or "")).splitlines()[:1]
            self.ended[report.nodeid].append((report.outcome, reason[0] if reason else ""))

    def of(self, test: str) -> list[tuple[str, str]]:
        """Return the outcomes of a test with all its cases, or of a file."""
        start = f"tests/{test}"
        return [
            outcome
            for node, outcomes in self.ended.items()
            if node == start or node.startswith((f"{start}[", f"{start}::"))
            for outcome in outcomes
        ]


def verdict(fault: Fault, outcomes: Outcomes) -> str:
    """Say how one fault went: pass, or what failed."""
    if not fault.tests:
        return f"does not apply: {fault.why}"
    skipped = ""
    for test in fault.tests:
        ended = outcomes.of(test)
        if not ended:
            return f"FAIL: {test} was not found"
        for outcome, reason in ended:
            if outcome == "failed":
                return f"FAIL: {test}: {reason}"
        if all(outcome == "skipped" for outcome, _ in ended):
            skipped = skipped or f"skipped: {ended[0][1]}"
    return skipped or "pass"


def told(said: list[str]) -> str:
    """Count the verdicts."""
    failed, skipped, apart = (
        sum(each.startswith(start) for each in said) for start in ("FAIL", "skipped", "does not apply")
    )
    met = len(said) - failed - skipped - apart
    return (
        f"{met} of {len(said)} faults are met, {failed} FAIL, {skipped} not run here, {apart} cannot apply."
    )


def main(chosen: list[str]) -> int:
    """Run the chosen faults (all by default) and print one line for each; return how many failed."""
    faults = [fault for fault in FAULTS if not chosen or str(fault.number) in chosen]
    nodes = sorted({f"tests/{test}" for fault in faults for test in fault.tests})
    outcomes = Outcomes()
    pytest.main(["-q", "-n", "0", "--no-header", "--tb=no", *nodes], plugins=[outcomes])
    said = [verdict(fault, outcomes) for fault in faults]
    for fault, each in zip(faults, said, strict=True):
        print(f"{fault.number:3}  {fault.what:58}  {each}")
    print(told(said))
    return sum(each.startswith("FAIL") for each in said)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
