"""The exported film: one file, its own scripts and no others, words that stay words. It is played in tests/browser."""

import base64
import hashlib
import json
import re

import numpy as np
import pytest

from embeddings_core.export.html import film_html, inline, plotly_source
from embeddings_core.scenes.scene import Motion, Points, Scene

NASTY = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "\u2028",
    "<!-- --!>",
    "{style}{0}%s",
    "a\ud800",
)


@pytest.fixture(scope="module")
def page() -> str:
    frames = np.random.default_rng(0).normal(size=(3, len(NASTY), 2))
    scene = Scene(
        id=NASTY[0],
        points=Points(NASTY),
        motion=Motion(frames, ("a", NASTY[1], "c"), kind="morph"),
        title=NASTY[0],
        alt=NASTY[1],
    )
    return film_html(scene, theme="dark")


def scripts(page: str) -> list[tuple[str, str]]:
    return re.findall(r"<script([^>]*)>(.*?)</script>", page, flags=re.S)


def test_there_are_exactly_our_scripts_and_each_is_vouched_for(page: str) -> None:
    found = scripts(page)
    assert len(found) == 4 and page.count("<script") == 4
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    allowed = policy[1].replace("&#x27;", "'")
    assert "default-src 'none'" in allowed and "unsafe-inline" not in allowed.split("style-src")[0]
    for attributes, text in found:
        if "application/json" in attributes:
            continue
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in allowed


def test_words_stay_words(page: str) -> None:
    plain = page
    for _, text in scripts(page):
        plain = plain.replace(text, "")
    assert "<img" not in plain and "alert(1)</script>" not in plain
    data = json.loads(next(text for attributes, text in scripts(page) if "json" in attributes))
    assert data["scene"]["items"][0] == NASTY[0]
    assert data["scene"]["items"][4] == "{style}{0}%s"


def test_it_points_nowhere(page: str) -> None:
    outside = page
    for _, text in scripts(page):
        outside = outside.replace(text, "")
    assert not re.search(r"(?:src|href)=|url\(|@import", outside)


def test_plotly_is_the_one_that_is_installed() -> None:
    assert "plotly.js v" in plotly_source()[:200]


def test_a_script_cannot_end_its_own_element() -> None:
    assert inline("a = '</script>'; b = '<!--'") == "a = '<\\/script>'; b = '<\\!--'"
