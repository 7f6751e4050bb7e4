"""The words page as its visitors use it: type, add, remove, choose, ask, share."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core.spaces.texts import split_words
from embeddings_core.spaces.vocabulary import load_vocabulary
from tests.awkward import TEXTS
from tests.pages.reading import fine, go_to, opened, ranked, said, sent

# half a surrogate pair cannot cross the wire: the core meets it in uploaded files only
SENDABLE = {name: text for name, text in TEXTS.items() if text == text.encode("utf-8", "replace").decode()}
LENSES = ("Neighbours", "Similarity", "Analogy", "Clusters", "Trust", "Models", "Guess first")


def open_words(root: Path, **query: str) -> AppTest:
    return go_to(root, "words", **({"method": "PCA"} | query))


@pytest.mark.parametrize("lens", LENSES)
def test_every_lens_opens_on_the_live_example(root: Path, lens: str) -> None:
    at = open_words(root, lens=lens)
    assert fine(at)
    assert "king" in at.text_area[0].value
    assert ("true neighbours are kept" in said(at)) == (lens not in ("Analogy", "Models"))  # other pictures


def test_an_address_rebuilds_the_picture_after_the_list_has_grown(root: Path) -> None:
    few, many = (
        "cat, dog, king",
        "queen, king, prince, cat, dog, horse, car, truck, red, green, blue, one, two",
    )

    def shown(at: AppTest) -> tuple[object, ...]:
        assert fine(at)
        groups = next(slider.value for slider in at.slider if slider.label == "Number of groups (k)")
        return groups, at.session_state["method"], at.text_area[0].value

    first = AppTest.from_file(str(root / "app.py"), default_timeout=90)
    first.query_params.update({"words": few, "lens": "Clusters"})  # so few are drawn by PCA, in 2 groups
    first.switch_page("pages/words.py")
    first.run()
    first.text_area[0].set_value(many).run()
    assert shown(first)[0] != 6 and shown(first)[1] == "PCA"  # what a visit that begins with many words shows
    again = AppTest.from_file(str(root / "app.py"), default_timeout=90)
    again.query_params.update(first.query_params)
    again.query_params.update({"words": many, "lens": "Clusters"})  # in a browser bound widgets write these
    again.switch_page("pages/words.py")
    again.run()
    assert shown(again) == shown(first)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("pca", "PCA"), ("tsne", "t-SNE"), ("T-sne", "t-SNE"), ("umap", "UMAP"), ("UMAP", "UMAP")],
)
def test_an_address_names_a_method_in_any_spelling(root: Path, written: str, meant: str) -> None:
    at = open_words(root, words="cat, dog, king, car, sun, moon", method=written)
    assert fine(at) and at.session_state["method"] == meant
    assert at.query_params["method"] in (meant, [meant])


def test_an_address_that_asks_for_what_cannot_be_gets_what_can(root: Path) -> None:
    at = open_words(root, words="cat, dog, king, car", lens="Clusters", method="<b>", clusters="99")
    assert fine(at)
    assert at.session_state["method"] == "PCA" and at.session_state["clusters"] == 4
    at = open_words(root, words="cat, dog, king, car", lens="Clusters", clusters="many")
    assert not at.exception and 1 <= at.session_state["clusters"] <= 4


@pytest.mark.parametrize("method", ["UMAP", "t-SNE", "PCA"])
@pytest.mark.parametrize("space", ["2-D", "3-D"])
def test_every_map_is_drawn(root: Path, method: str, space: str) -> None:
    at = open_words(root, method=method, space=space)
    assert fine(at)
    assert "Trust" in said(at)


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("words", ["cat", "cat dog", "cat dog car", "cat dog car tree"])
def test_few_words_are_the_normal_case(root: Path, lens: str, words: str) -> None:
    at = open_words(root, words=words, lens=lens)
    assert fine(at)


@pytest.fixture(scope="module")
def typing(root: Path) -> AppTest:
    """One visit in which one text after the other is typed: to open the page costs as much as to type."""
    return open_words(root)


@pytest.mark.parametrize("text", SENDABLE.values(), ids=SENDABLE.keys())
def test_awkward_text_gets_a_picture_or_a_sentence(typing: AppTest, text: str) -> None:
    typing.text_area[0].set_value(text).run()
    assert fine(typing) and typing.text_area[0].value == text


def test_a_word_enters_and_leaves(root: Path) -> None:
    at = open_words(root, words="king, queen, man, woman, cat, dog, car, truck")
    at.text_input(key="newcomer").set_value("ice cream").run()
    assert at.text_area[0].value.endswith("truck, ice cream")
    assert at.selectbox(key="word").value == "ice cream"
    assert at.text_input(key="newcomer").value == ""
    assert any(button.label == "Settle everyone anew" for button in at.button)
    opened(at, "Options")
    # The click comes with what was typed: both hold.
    at.text_area[0].set_value(at.text_area[0].value + ", wolf")
    next(button for button in at.button if button.label == "Take this word off the map").click().run()
    assert "ice cream" not in at.text_area[0].value and at.text_area[0].value.endswith("truck, wolf")
    assert fine(at)


@pytest.mark.parametrize("typed", ['"rock, paper", tiger, ice cream', '"ice cream"', "ice cream, cat"])
def test_phrases_stay_whole_while_words_come_and_go(root: Path, typed: str) -> None:
    at = open_words(root, words=typed)
    before = split_words(typed).items
    at.text_input(key="newcomer").set_value("dog, wolf and co.").run()
    assert split_words(at.text_area[0].value).items == (*before, "dog, wolf and co.")
    opened(at, "Options")
    next(button for button in at.button if button.label == "Take this word off the map").click().run()
    assert split_words(at.text_area[0].value).items == before and fine(at)


def test_the_old_words_stay_where_they_are(root: Path) -> None:
    from embeddings_core.maps.request import MapOptions, MapRequest
    from embeddings_core.models.bundled_words import BUNDLED_WORDS
    from pages._ui import cache

    fitted = ("king", "queen", "man", "woman", "cat", "dog", "car", "truck")
    before = cache.view(MapRequest(fitted, fitted, MapOptions("umap"), BUNDLED_WORDS))
    after = cache.view(MapRequest((*fitted[1:], "prince"), fitted, MapOptions("umap"), BUNDLED_WORDS))
    assert (after.projection.final[:-1] == before.projection.final[1:]).all()


def test_the_ranking_is_brute_force(root: Path) -> None:
    space = load_vocabulary()
    at = open_words(root, words="king queen man", word="king", among="the whole vocabulary")
    row = space.row("king")
    scores = space.vectors @ space.vectors[row]
    scores[row] = -2
    expected = [space.items[other] for other in scores.argsort()[::-1][:8]]
    assert ranked(at) == expected


def test_a_misspelling_is_offered_its_spelling(root: Path) -> None:
    at = open_words(root, words="elefant, tiger, lion")
    offered = [button for button in at.button if button.label == "elephant"]
    assert offered
    offered[0].click().run()
    assert at.text_area[0].value.startswith("elephant, tiger")


def test_an_example_is_one_click(root: Path) -> None:
    at = open_words(root)
    at.button(key="example-animals").click().run()
    assert "king" not in at.text_area[0].value and fine(at)


@pytest.mark.parametrize("query", [{"seed": "²"}, {"fitted": "\u200b\ncat\nking"}, {"word": "\u200b"}])
def test_an_address_that_is_no_number_or_no_word_is_harmless(root: Path, query: dict[str, str]) -> None:
    at = open_words(root, words="cat, dog, king, car", **query)
    assert fine(at) and "Trust" in said(at)


def test_a_url_rebuilds_the_picture(root: Path) -> None:
    at = open_words(root, words="cat,dog,car,truck,ship,plane", word="dog", lens="Trust", space="3-D")
    assert at.text_area[0].value == "cat,dog,car,truck,ship,plane"
    assert at.selectbox(key="word").value == "dog"
    assert "Preserved neighbours of dog" in said(at)


@pytest.mark.parametrize(
    "query",
    [
        {"method": "<script>"}, {"space": "4-D"}, {"seed": "x"}, {"seed": "-5"}, {"k": "99999"}, {"word": "<img src=x>"},
        {"lens": "Nothing"}, {"film": "from PCA 9-D"}, {"film": "from x"}, {"neighbours": "1e9"}, {"fitted": "\x00\n\n"},
        {"metric": "evil"}, {"lens": "Models", "models": "x"}, {"clusters": "0"}, {"a": "", "lens": "Analogy"}, {"balance": "100"},
    ],
    ids=str,
)  # fmt: skip
def test_a_forged_url_is_harmless(root: Path, query: dict[str, str]) -> None:
    at = open_words(root, **query)
    assert fine(at)


def test_an_analogy_is_answered_and_audited(root: Path) -> None:
    at = open_words(root, lens="Analogy", a="man", b="king", c="woman")
    assert ranked(at)[0] == "queen"
    assert "The nearest word of all is king" in said(at)
    at.text_input(key="c").set_value("a phrase nobody stored").run()
    assert fine(at)


def test_several_models_tell_whose_neighbours_changed(root: Path) -> None:
    at = open_words(root, lens="Models")
    assert "in 100 of the 5 nearest" in said(at)
    movers = next(rows for rows in sent(at, "rows") if rows[0]["note"].startswith("leaves"))
    assert movers and all(row["hint"] == f"Show {row['label']} and its neighbours" for row in movers)
    kept = [int(row["score"].removesuffix(" of 5")) for row in movers]
    # whose neighbours change most is first
    assert kept == sorted(kept) and max(kept) < 5
    for row, number in zip(movers, kept, strict=True):
        assert row["length"] == pytest.approx(number / 5)
        left, joined = row["note"].removeprefix("leaves ").split("; joins ")
        assert len(left.split(", ")) == len(joined.split(", ")) == min(5 - number, 3)
        assert not {row["label"]} & {*left.split(", "), *joined.split(", ")}
        assert not {*left.split(", ")} & {*joined.split(", ")}
    at.multiselect(key="models").set_value(["spelling only"]).run()
    assert "Choose at least 2 models" in said(at) and fine(at)


@pytest.mark.parametrize(
    "words",
    [
        "otter, heron, oboe, harp, tango, waltz",
        "otter, heron, oboe, harp, tango, waltz, polka, marble, basalt",
    ],
)
def test_the_lens_on_trust_begins_with_the_trust_that_is_said_below(root: Path, words: str) -> None:
    """Among nine words it counted three neighbours and the line below five: two figures for one picture."""
    at = go_to(root, "words", words=words, lens="Trust", method="PCA")
    first, second = re.findall(r"^Trust (\d\.\d\d)", said(at), re.MULTILINE)
    assert first == second and fine(at)
