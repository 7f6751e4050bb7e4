"""Memory of the server with everything warm: every page and its lenses visited once, one visitor at a time.

Run: python tests/bench/bench_memory.py
"""

import asyncio
from urllib.parse import quote

from visitors import Visitor, memory_mb, server

PAGES = (
    ("", ""),
    ("one_hot", ""),
    ("learning", ""),
    ("learning", "learn=Counts"),
    *(("sentences", f"study={lens}") for lens in ("Search", "Rank race", "Word order", "Why similar?", "A sentence grows")),
    *(("context", f"view={lens}") for lens in ("Layer by layer", "All tokens", "Attention")),
    *(("words", f"lens={lens}") for lens in ("Neighbours", "Analogy", "Clusters", "Trust", "Models")),
    ("words", "vectors=GloVe, 50 dimensions"),  # every bundled model is asked once
    ("words", "vectors=E5 small, multilingual (4-bit weights)"),
    ("sentences", "model=E5 small, multilingual (4-bit weights)&study=Search"),
    ("sentences", "study=Late interaction"),
    ("sentences", "study=Translations"),
    ("images", ""),
    ("images_and_text", ""),
    ("present", ""),
)  # fmt: skip


async def main() -> None:
    """Print the resident memory of the server after each visit, and of its worker at the end."""
    from bench_pages import children

    with server() as (port, pid):
        await asyncio.sleep(3)
        print(f"{'started':44} {memory_mb(pid):6.0f} MB", flush=True)
        first = await Visitor.arrive(port, "", "")
        await first.leave()
        await asyncio.sleep(60)
        print(f"{'warmed up by itself':44} {memory_mb(pid):6.0f} MB", flush=True)
        for page, query in PAGES:
            visitor = await Visitor.arrive(port, page, quote(query, safe="=&"))
            print(
                f"{page or 'home'} {query:30}".ljust(44),
                f"{memory_mb(pid):6.0f} MB",
                *visitor.errors,
                flush=True,
            )
            await visitor.leave()
        await asyncio.sleep(5)
        print(f"{'all pages warm':44} {memory_mb(pid):6.0f} MB")
        for child in children(pid):
            print(f"{'its worker':44} {memory_mb(child):6.0f} MB")
        print(f"{'the server at its highest':44} {memory_mb(pid, 'VmHWM'):6.0f} MB")
        print(f"{'the server without mapped files':44} {memory_mb(pid, 'RssAnon'):6.0f} MB")


if __name__ == "__main__":
    asyncio.run(main())
