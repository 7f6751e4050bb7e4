"""The operator's endpoint in the menus: it reads the sentences, the page says where they go, and it is absent unless named."""

from pathlib import Path

import pytest

from embeddings_core.models.endpoint import ADDRESS, MODEL
from tests.models.test_endpoint import Server, server, vector
from tests.pages.reading import fine, go_to, ranked, said

__all__ = ["server"]  # a fixture
TEXT = "A cat.\nThe dog bites the man.\nMan in a car"


def test_sentences_are_read_by_the_endpoint_and_the_page_says_so(root: Path, server: type[Server]) -> None:
    at = go_to(
        root, "sentences", method="PCA", sentences=TEXT, query="a car", model="own endpoint: nomic-embed-text"
    )
    assert fine(at) and at.selectbox(key="model").value == "own endpoint: nomic-embed-text"
    assert "Each text is sent to 127.0.0.1:" in said(at) and "and nowhere else" in said(at)
    cosine = {
        text: sum(a * b for a, b in zip(vector(text), vector("a car"), strict=True))
        for text in TEXT.split("\n")
    }
    norm = {text: sum(a * a for a in vector(text)) ** 0.5 for text in cosine}
    assert ranked(at) == sorted(cosine, key=lambda text: -cosine[text] / norm[text])
    assert {text for each in server.asked for text in each["input"]} >= {*TEXT.split("\n"), "a car"}


def test_what_fails_there_is_said_on_the_page(root: Path, server: type[Server]) -> None:
    server.kind = "redirect"
    at = go_to(
        root,
        "sentences",
        method="PCA",
        sentences="One.\nAnother.",
        query="q",
        model="own endpoint: nomic-embed-text",
    )
    assert not at.exception and "redirect" in said(at) + " ".join(
        each.value for each in (*at.error, *at.warning)
    )
    assert not server.away


def test_it_is_not_there_unless_it_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESS, raising=False)
    monkeypatch.delenv(MODEL, raising=False)
    at = go_to(root, "sentences", method="PCA")
    assert fine(at) and not any("endpoint" in option for option in at.selectbox(key="model").options)
