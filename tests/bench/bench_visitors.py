"""Fifty visitors type known words, four seconds apart: how long a rerun takes, what it costs the server.

Run: python tests/bench/bench_visitors.py [visitors] [reruns each] [--every 4] [--method PCA]
     [--address http://127.0.0.1:8501] [--heavy 20]

Without an address it starts a server of its own and stops it afterwards. With one, the visitors go to a server that
runs already, such as a proxy before several processes; its CPU is not known here unless `--pid` names the processes.
"""

import argparse
import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from visitors import Visitor, cpu_seconds, memory_mb, server

from embeddings_core.spaces.vocabulary import load_vocabulary

THINK = 4.0
WARM_UP = 25.0  # seconds that the background work of a fresh server takes at least
QUIET = 0.1  # CPU seconds within two seconds: less means that it is done
COMMON = [word for word in load_vocabulary().items[:3000] if len(word) > 3]


@dataclass
class Tally:
    """What a hall of visitors saw: the seconds of each opening and rerun, what the pages said went wrong, and lost visits."""

    opened: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


async def visit(address: str, query: str, turns: int, seed: int, tally: Tally, *, every: float) -> None:
    """Arrive, type ten new words `turns` times, leave; a visit that breaks off is lost."""
    dice = random.Random(seed)
    await asyncio.sleep(dice.random() * every)
    try:
        begun = time.monotonic()
        visitor = await Visitor.arrive(address, "words", query)
        tally.opened.append(time.monotonic() - begun)
        for _ in range(turns):
            await asyncio.sleep(every * (0.5 + dice.random()))
            tally.times.append(await visitor.type("words", ", ".join(dice.sample(COMMON, 10))))
        tally.errors += visitor.errors
        await visitor.leave()
    except Exception as error:  # whatever ends a visit early counts, and the others go on
        tally.lost.append(f"{type(error).__name__}: {error}"[:120])


async def burden(address: str, seed: int, tally: Tally) -> None:
    """Ask for one large map by UMAP after another, each of 600 to 1,500 other words, until the others are done."""
    dice = random.Random(10_000 + seed)
    try:
        visitor = await Visitor.arrive(address, "words", "method=UMAP")
        while True:
            await asyncio.sleep(dice.random() * THINK)
            tally.times.append(
                await visitor.type("words", ", ".join(dice.sample(COMMON, dice.randint(600, 1500))))
            )
            tally.errors += visitor.errors
            visitor.errors.clear()
    except asyncio.CancelledError:
        raise
    except Exception as error:  # whatever ends a visit early counts, and the others go on
        tally.lost.append(f"{type(error).__name__}: {error}"[:120])


async def hall(
    address: str, query: str, visitors: int, turns: int, heavy: int, *, every: float
) -> tuple[Tally, Tally]:
    """Let everybody in; return what those who type saw, and those who ask for large maps meanwhile."""
    tally, burdened = Tally(), Tally()
    behind = [asyncio.ensure_future(burden(address, seed, burdened)) for seed in range(heavy)]
    if heavy:
        await asyncio.sleep(2 * THINK)
    await asyncio.gather(
        *(visit(address, query, turns, seed, tally, every=every) for seed in range(visitors))
    )
    for task in behind:
        task.cancel()
    await asyncio.gather(*behind, return_exceptions=True)
    return tally, burdened


def warm(address: str, query: str, pids: Sequence[int]) -> None:
    """Wait until the first visitor has been served and the background work is done."""

    async def first() -> None:
        await (await Visitor.arrive(address, "words", query)).leave()

    asyncio.run(first())
    time.sleep(WARM_UP)
    for _ in range(60):
        before = sum(map(cpu_seconds, pids))
        time.sleep(2)
        if sum(map(cpu_seconds, pids)) - before < QUIET:
            break


def measure(address: str, pids: Sequence[int], wanted: argparse.Namespace) -> None:
    """Run the load on a server and print what came of it."""
    query, visitors, turns = f"method={wanted.method}", wanted.visitors, wanted.turns
    warm(address, query, pids)
    before = sum(map(cpu_seconds, pids))
    tally, burdened = asyncio.run(hall(address, query, visitors, turns, wanted.heavy, every=wanted.every))
    spent = sum(map(cpu_seconds, pids)) - before
    times, opened = (sorted(seconds) or [float("nan")] for seconds in (tally.times, tally.opened))
    print(
        f"{visitors} visitors, {len(tally.times)} of {visitors * turns} reruns finished, {len(tally.lost)} visits lost "
        f"{set(tally.lost) or ''}, {len(tally.errors)} errors {set(tally.errors) or ''}"
    )
    for name, seconds in ("rerun", times), ("opening the page", opened):
        print(
            f"{name}: median {statistics.median(seconds) * 1000:.0f} ms, "
            f"95th percentile {seconds[int(0.95 * len(seconds))] * 1000:.0f} ms"
        )
    if wanted.heavy:
        print(
            f"beside {wanted.heavy} heavy visitors: {len(burdened.times)} large maps, {len(burdened.lost)} lost "
            f"{set(burdened.lost) or ''}, {len(burdened.errors)} errors {set(burdened.errors) or ''}"
        )
    if pids:
        each = spent / (len(tally.times) + visitors)
        print(f"server CPU per rerun {each * 1000:.1f} ms, memory {sum(map(memory_mb, pids)):.0f} MB")


def main() -> None:
    """Read the command line, start a server where none is named, and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("visitors", nargs="?", type=int, default=50)
    parser.add_argument("turns", nargs="?", type=int, default=6, help="reruns of each visitor")
    parser.add_argument("--every", type=float, default=THINK, help="seconds between the words of a visitor")
    parser.add_argument("--method", default="PCA", help="as the address names it: PCA, UMAP, t-SNE")
    parser.add_argument("--address", default="", help="of a running server; by default one is started")
    parser.add_argument(
        "--pid", type=int, nargs="*", default=[], help="processes of that server, for their CPU"
    )
    parser.add_argument("--heavy", type=int, default=0, help="visitors who ask for large maps all the time")
    wanted = parser.parse_args()
    if wanted.address:
        measure(wanted.address, wanted.pid, wanted)
        return
    with server() as (port, pid):
        measure(f"http://127.0.0.1:{port}", [pid], wanted)


if __name__ == "__main__":
    main()
