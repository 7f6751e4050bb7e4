"""What each test costs in CPU seconds, its servers, browsers and worker processes counted.

`EMBEDDINGS_CPU=costs.tsv python -m pytest -n 0 -p tests.bench.cpu_seconds tests/pages` appends a line for each test;
`python -m tests.bench.cpu_seconds costs.tsv [depth]` adds them up: by folder (1), by file (2), by test (3). Linux only.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

TICKS = os.sysconf("SC_CLK_TCK")
OWN = str(os.getpid())


def spent(process: str) -> float:
    """Return the CPU seconds of a process and of all that it has started, the ended ones too."""
    seconds: dict[str, float] = {}
    children: dict[str, list[str]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = status.read_text().rsplit(")", 1)[1].split()
            seconds[status.parent.name] = sum(int(field) for field in fields[11:15]) / TICKS
            children.setdefault(fields[1], []).append(status.parent.name)
    found = [process]
    for one in found:
        found += children.get(one, [])
    return sum(seconds.get(one, 0.0) for one in found)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Write what a test has cost, its fixtures included; background work counts where it falls."""
    before, own = spent(OWN), os.times()
    yield
    after, now = spent(OWN), os.times()
    here = now.user + now.system - own.user - own.system
    with Path(os.environ.get("EMBEDDINGS_CPU", "costs.tsv")).open("a") as costs:
        costs.write(f"{after - before:.2f}\t{here:.2f}\t{now.elapsed - own.elapsed:.2f}\t{item.nodeid}\n")


def report(path: str, *, depth: int) -> None:
    """Print CPU seconds, those of pytest's own process among them, tests and clock seconds, the dearest first."""
    total: Counter[str] = Counter()
    own: Counter[str] = Counter()
    clock: Counter[str] = Counter()
    tests: Counter[str] = Counter()
    for line in Path(path).read_text().splitlines():
        all_of_it, here, wall, test = line.split("\t", 3)
        file = test.split("::")[0]
        folder = "/".join(file.split("/")[:2]) if file.count("/") > 1 else "tests"
        name = (folder, file, test)[depth - 1]
        total[name] += float(all_of_it)
        own[name] += float(here)
        clock[name] += float(wall)
        tests[name] += 1
    for name, seconds in total.most_common():
        print(f"{seconds:8.1f} {own[name]:8.1f} {tests[name]:6d} {clock[name]:8.0f}  {name}")
    print(f"{total.total():8.1f} {own.total():8.1f} {tests.total():6d} {clock.total():8.0f}  in all")


if __name__ == "__main__":
    report(sys.argv[1], depth=int(sys.argv[2]) if len(sys.argv) > 2 else 1)
