"""A long day in minutes: mixed visits without a pause, a fault a minute, and what the server's memory does meanwhile.

Run: python -m tests.drill.soak [minutes of visits, default 30] [quiet minutes after, default 5] [visitors at once, default 6]

Each visit opens a page, changes what it can change there a few times, and leaves. It counts as answered where every run ended
within a minute and without an error on screen. Exit status: how many visits were not answered.
"""

import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from embeddings_core.spaces.vocabulary import load_vocabulary

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))  # the visitors of the benches

from visitors import Visitor, memory_mb, server

PAGES = (
    "",
    "words",
    "words",
    "sentences",
    "context",
    "one_hot",
    "learning",
    "images",
    "images_and_text",
    "data",
    "present",
)
METHODS = ("UMAP", "PCA", "t-SNE")
OPENINGS = ("The", "Every", "No", "Some", "Her", "His", "Their", "One")


class Day:
    """What happened so far."""

    def __init__(self, port: int, pid: int, seed: int = 7) -> None:
        self.port, self.pid = port, pid
        self.chance = random.Random(seed)  # visits to try, not secrets
        self.words = [word for word in load_vocabulary().items if word.isalpha()]
        self.answered = 0
        self.lost: Counter[str] = Counter()

    def some_words(self) -> str:
        """A list that nobody has typed before."""
        return ", ".join(self.chance.sample(self.words, self.chance.randint(4, 40)))

    def some_sentences(self) -> str:
        """Lines of words in no order: the model reads them all the same."""
        return "\n".join(
            f"{self.chance.choice(OPENINGS)} {' '.join(self.chance.sample(self.words, 6))}."
            for _ in range(12)
        )

    async def visit(self) -> None:
        """One visit from its arrival to its end."""
        page = self.chance.choice(PAGES)
        query = f"method={self.chance.choice(METHODS)}" if page in ("words", "sentences") else ""
        try:
            visitor = await Visitor.arrive(self.port, page, query)
            for _ in range(self.chance.randint(1, 4)):
                for key, text in (("words", self.some_words()), ("sentences", self.some_sentences())):
                    if key in visitor.widgets:
                        await visitor.type(key, text)
                await asyncio.sleep(self.chance.uniform(0.5, 3))
            await visitor.leave()
        except Exception as problem:  # whatever it is, this visit was not answered
            self.lose(f"{page or 'home'}: {type(problem).__name__}")
            return
        if visitor.errors:
            self.lose(f"{page or 'home'}: {visitor.errors[0][:80]}")
        else:
            self.answered += 1

    def lose(self, why: str) -> None:
        """Count a visit that was not answered, and say so at once."""
        self.lost[why] += 1
        print(f"lost: {why}", flush=True)

    async def kill_a_worker(self) -> None:
        """The process that computes maps is killed."""
        if workers := children(self.pid):
            with suppress(ProcessLookupError):
                os.kill(self.chance.choice(workers), signal.SIGKILL)

    async def leave_midway(self) -> None:
        """Three ask for large maps and are gone at once."""
        for _ in range(3):
            visitor = await Visitor.arrive(self.port, "words", "method=t-SNE")
            visitor.values[visitor.widgets["words"]] = ", ".join(self.chance.sample(self.words, 900))
            await visitor.ask()
            visitor.socket.transport.abort()

    async def forge(self) -> None:
        """Every widget gets a value that no page sends."""
        visitor = await Visitor.arrive(self.port, "words")
        for widget in list(visitor.widgets.values()):
            visitor.values[widget] = "<script>\x00\ud7ff" * 50
        await visitor.run()
        await visitor.leave()

    async def hurry(self) -> None:
        """Forty changes at once, and nobody who reads the answers."""
        visitor = await Visitor.arrive(self.port, "words", "method=UMAP")
        for _ in range(40):
            visitor.values[visitor.widgets["words"]] = self.some_words()
            await visitor.ask()
        visitor.socket.transport.abort()

    async def babble(self) -> None:
        """Bytes that are no message."""
        visitor = await Visitor.arrive(self.port, "words")
        await visitor.socket.send(os.urandom(4_096))
        await asyncio.sleep(1)
        visitor.socket.transport.abort()

    @property
    def faults(self) -> tuple[Callable[[], Awaitable[None]], ...]:
        """All faults, in turn."""
        return self.kill_a_worker, self.leave_midway, self.forge, self.hurry, self.babble


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def told(day: Day, what: str) -> float:
    """Print how it stands; return the server's memory in MB."""
    own = memory_mb(day.pid)
    workers = 0.0
    for child in children(day.pid):
        with suppress(OSError, StopIteration):
            workers += memory_mb(child)
    visits = f"{day.answered:6} visits answered, {sum(day.lost.values())} lost"
    mapped = own - memory_mb(day.pid, "RssAnon")  # files, which the system drops when it needs room
    print(
        f"{what:28} {visits}; server {own:5.0f} MB, {mapped:3.0f} of it files; workers {workers:5.0f} MB",
        flush=True,
    )
    return own


async def soak(port: int, pid: int, *, minutes: float, quiet: float, visitors: int) -> int:
    """Keep so many visitors coming for so long; return how many visits were not answered."""
    day = Day(port, pid)
    warm = await Visitor.arrive(port, "words", "method=UMAP")
    while any("warming up" in text for text in warm.texts):
        await asyncio.sleep(1)
        await warm.run()
    await warm.leave()
    for page in dict.fromkeys(PAGES):  # every page has been opened once: this is what "warm" means
        await (await Visitor.arrive(port, page)).leave()
    at_first = told(day, "warm")
    end = time.monotonic() + 60 * minutes

    async def come() -> None:
        while time.monotonic() < end:
            await day.visit()

    async def trouble() -> None:
        turn = 0
        while time.monotonic() < end:
            fault = day.faults[turn % len(day.faults)]
            try:
                await fault()
            except Exception as problem:  # the server answers even here
                day.lose(f"{fault.__name__}: {type(problem).__name__}")
            turn += 1
            told(day, f"minute {turn}, {fault.__name__}")
            await asyncio.sleep(max(0.0, min(60.0, end - time.monotonic())))

    await asyncio.gather(trouble(), *(come() for _ in range(visitors)))
    told(day, "the last has left")
    await asyncio.sleep(60 * quiet)
    after = told(day, f"{quiet:g} quiet minutes later")
    print(f"{after / at_first:.2f} of the memory when warm")
    for what, times in day.lost.most_common():
        print(f"{times:4} lost: {what}")
    return sum(day.lost.values())


def main(arguments: list[str]) -> int:
    """Read the numbers from the command line and run."""
    minutes, quiet, visitors = (*map(float, arguments), *(30.0, 5.0, 6.0)[len(arguments) :])
    log = Path(tempfile.gettempdir()) / "embeddings-visualizer-soak.log"
    print(f"what the server says: {log}")
    with server(log=log) as (port, pid):
        return asyncio.run(soak(port, pid, minutes=minutes, quiet=quiet, visitors=int(visitors)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
