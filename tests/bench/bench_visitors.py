"""Fifty visitors type known words, four seconds apart: how long a rerun takes, what it costs the server.

Run: python tests/bench/bench_visitors.py [visitors] [reruns each]
"""

import asyncio
import random
import statistics
import sys
import time

from visitors import Visitor, cpu_seconds, memory_mb, server

from embeddings_core.spaces.vocabulary import load_vocabulary

THINK = 4.0
COMMON = [word for word in load_vocabulary().items[:3000] if len(word) > 3]


async def visit(port: int, turns: int, seed: int, times: list[float], errors: list[str]) -> None:
    dice = random.Random(seed)
    await asyncio.sleep(dice.random() * THINK)
    visitor = await Visitor.arrive(port, "words", "method=pca")
    for _ in range(turns):
        await asyncio.sleep(THINK * (0.5 + dice.random()))
        times.append(await visitor.type("words", ", ".join(dice.sample(COMMON, 10))))
    errors += visitor.errors
    await visitor.leave()


async def hall(port: int, visitors: int, turns: int) -> tuple[list[float], list[str]]:
    times: list[float] = []
    errors: list[str] = []
    await asyncio.gather(*(visit(port, turns, seed, times, errors) for seed in range(visitors)))
    return times, errors


def main() -> None:
    """Run the load and print what came of it."""
    visitors = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    turns = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    with server() as (port, pid):
        asyncio.run(warm(port))
        before = cpu_seconds(pid)
        times, errors = asyncio.run(hall(port, visitors, turns))
        spent = cpu_seconds(pid) - before
        late = sorted(times)[int(0.95 * len(times))]
        each = spent / (len(times) + visitors)
        print(
            f"{visitors} visitors, {len(times)} of {visitors * turns} reruns finished, {len(errors)} errors {set(errors) or ''}"
        )
        print(f"rerun: median {statistics.median(times) * 1000:.0f} ms, 95th percentile {late * 1000:.0f} ms")
        print(f"server CPU per rerun {each * 1000:.1f} ms, memory {memory_mb(pid):.0f} MB")


async def warm(port: int) -> None:
    """Wait until the first visitor has been served and the background work is done."""
    visitor = await Visitor.arrive(port, "words", "method=pca")
    await visitor.leave()
    time.sleep(25)


if __name__ == "__main__":
    main()
