"""A hundred visitors watch the talk and step every five seconds: how long the server takes, and whether any is lost.

Run: python tests/bench/bench_talk.py [visitors] [steps each]

The slides of a talk go to the browser once, and the keys are handled there: watching costs the server nothing but the
opening of the page. So three things are measured side by side, in one run on one machine:

- "watch": every visitor opens Present and, every five seconds, opens it again at the next slide (what a reload or a
  second clicker does): the most that stepping could ever cost;
- "edit": every visitor has an own talk of ten scenes and every five seconds moves one of them (a rerun that sends the talk);
- "bare": the same number of visitors with a page of one button, which is Streamlit itself on this machine.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from visitors import Visitor, cpu_seconds, memory_mb, server

THINK = 5.0
BARE = 'import streamlit as st\nst.button("on", key="on")\nst.text("A page of one button.")\n'


@dataclass
class Tally:
    """What one hall of visitors saw: seconds of each opening and of each step, and what went wrong."""

    opened: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lost: int = 0
    bytes: int = 0


Visit = Callable[[int, int, random.Random, Tally], Coroutine[Any, Any, None]]


async def arrive(port: int, tally: Tally, page: str, query: str = "") -> Visitor:
    start = time.perf_counter()
    visitor = await Visitor.arrive(port, page, query)
    tally.opened.append(time.perf_counter() - start)
    return visitor


async def watch(port: int, steps: int, dice: random.Random, tally: Tally) -> None:
    visitor = await arrive(port, tally, "present", "which=The+ready+talk")
    for step in range(steps):
        await asyncio.sleep(THINK * (0.5 + dice.random()))
        visitor.query = f"which=The+ready+talk&slide={step % 10 + 1}"
        tally.steps.append(await visitor.run())
    await left(visitor, tally)


async def edit(port: int, steps: int, dice: random.Random, tally: Tally) -> None:
    visitor = await arrive(port, tally, "present", "which=Your+own+talk")
    await visitor.press("start-from-ready")
    for step in range(steps):
        await asyncio.sleep(THINK * (0.5 + dice.random()))
        tally.steps.append(await visitor.press("scene-down" if step % 2 == 0 else "scene-up"))
    await left(visitor, tally)


async def bare(port: int, steps: int, dice: random.Random, tally: Tally) -> None:
    visitor = await arrive(port, tally, "")
    for _ in range(steps):
        await asyncio.sleep(THINK * (0.5 + dice.random()))
        tally.steps.append(await visitor.press("on"))
    await left(visitor, tally)


async def left(visitor: Visitor, tally: Tally) -> None:
    tally.errors += visitor.errors
    tally.bytes += visitor.bytes
    await visitor.leave()


async def hall(visit: Visit, port: int, visitors: int, steps: int) -> Tally:
    tally = Tally()

    async def one(seed: int) -> None:
        dice = random.Random(seed)
        await asyncio.sleep(dice.random() * THINK)
        try:
            await visit(port, steps, dice, tally)
        except Exception as error:
            tally.lost += 1
            tally.errors.append(f"{type(error).__name__}: {error}")

    await asyncio.gather(*(one(seed) for seed in range(visitors)))
    return tally


def told(name: str, tally: Tally, *, cpu: float, memory: float, expected: int) -> None:
    def figures(times: list[float]) -> str:
        if not times:
            return "none"
        late = sorted(times)[min(int(0.95 * len(times)), len(times) - 1)]
        return f"median {statistics.median(times) * 1000:.0f} ms, 95th percentile {late * 1000:.0f} ms"

    print(
        f"{name}: {len(tally.steps)} of {expected} steps finished, {tally.lost} visitors lost {set(tally.errors) or ''}"
    )
    print(f"  step  {figures(tally.steps)}")
    print(f"  open  {figures(tally.opened)}")
    runs = len(tally.steps) + len(tally.opened)
    print(
        f"  server CPU per run {cpu / max(runs, 1) * 1000:.1f} ms, {tally.bytes / max(runs, 1) / 1e3:.0f} kB sent, "
        f"memory {memory:.0f} MB",
        flush=True,
    )


def main() -> None:
    """Fill the hall three times and print what came of it."""
    visitors = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "bare.py"
        script.write_text(BARE, "utf-8")
        with server(script) as (port, pid):
            measured("bare", bare, port, pid, visitors, steps)
    with server() as (port, pid):
        asyncio.run(warm(port))
        measured("watch", watch, port, pid, visitors, steps)
        measured("edit", edit, port, pid, visitors, steps)


def measured(name: str, visit: Visit, port: int, pid: int, visitors: int, steps: int) -> None:
    before = cpu_seconds(pid)
    tally = asyncio.run(hall(visit, port, visitors, steps))
    told(name, tally, cpu=cpu_seconds(pid) - before, memory=memory_mb(pid), expected=visitors * steps)


async def warm(port: int) -> None:
    """Wait until the first visitor has been served and the background work is done."""
    visitor = await Visitor.arrive(port, "present")
    await visitor.leave()
    await asyncio.sleep(25)


if __name__ == "__main__":
    main()
