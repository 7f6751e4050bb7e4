"""Own input in place of an example: the question, the numbers and the method are about what was typed."""

import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core.maps.request import METHODS, MapOptions, MapRequest
from embeddings_core.models.bundled_words import BUNDLED_WORDS
from embeddings_core.spaces.vectors import unit
from pages._ui import cache
from pages._ui.state import is_new
from tests.pages.reading import bars, fine, go_to, opened, ranked, said, sent

TOOLS = "hammer, wrench, pliers, chisel, flute, oboe, trumpet, cello, sparrow, heron, eagle, owl"
OFFICE = (
    "The printer on the second floor is jammed.\nWho booked the large meeting room?\nThe copier is out of toner.\n"
    "Our meeting moves to Thursday.\nPlease water the plants.\nThe canteen serves soup today."
)


def method(at: AppTest) -> object:
    return at.session_state["method"]


@pytest.mark.parametrize(
    ("before", "now", "new"),
    [
        ("abcd", "abce", False),
        ("abcd", "abxy", False),
        ("abcd", "axyz", True),
        ("", "a", True),
        ("a", "", True),
    ],
)
def test_new_is_what_keeps_fewer_than_half(before: str, now: str, new: bool) -> None:
    assert is_new(tuple(before), tuple(now)) is new


def test_the_asked_word_is_one_of_the_visitors(root: Path) -> None:
    at = go_to(root, "words")
    assert at.selectbox(key="word").value == "king"
    at.text_area[0].set_value(TOOLS).run()
    asked = at.selectbox(key="word")
    assert asked.value == "hammer" and "king" not in asked.options and at.query_params["word"] == "hammer"
    assert set(ranked(at)) <= set(TOOLS.split(", ")) and fine(at)


def test_a_word_that_was_typed_away_is_not_asked_any_more(root: Path) -> None:
    at = go_to(root, "words", words=TOOLS, word="owl", method="PCA")
    at.text_area[0].set_value(TOOLS.removesuffix(", owl")).run()
    assert at.selectbox(key="word").value == "hammer" and method(at) == "PCA"
    at.text_area[0].set_value(TOOLS).run()
    assert at.selectbox(key="word").value == "hammer" and fine(at)


def test_an_address_that_asks_for_another_word_wins(root: Path) -> None:
    at = go_to(root, "words", words=TOOLS, word="violin", k="3", method="t-SNE")
    assert at.selectbox(key="word").value == "violin" and len(ranked(at)) == 3 and method(at) == "t-SNE"
    at.text_area[0].set_value(TOOLS + ", drill").run()
    assert at.selectbox(key="word").value == "violin" and len(ranked(at)) == 3 and method(at) == "t-SNE"


def test_method_and_numbers_suit_the_new_list(root: Path) -> None:
    at = go_to(root, "words", words="red, green, blue, pink", lens="Clusters", clusters="4")
    assert method(at) == "PCA"
    at.text_area[0].set_value(TOOLS).run()
    assert method(at) == "UMAP" and fine(at)
    assert next(slider.value for slider in at.slider if slider.label == "Number of groups (k)") == 3


def test_a_method_that_was_chosen_stays_and_too_few_words_are_drawn_by_pca(root: Path) -> None:
    at = go_to(root, "words", method="PCA")
    at.text_area[0].set_value(TOOLS).run()
    assert method(at) == "PCA" and fine(at)
    morphed = go_to(root, "words", method="UMAP", space="3-D", film="from UMAP 2-D", words="red, green, blue")
    assert fine(morphed) and "UMAP needs 5 items, this map has 3: PCA draws it." in said(morphed)
    morphed.text_area[0].set_value(TOOLS).run()
    assert method(morphed) == "UMAP" and "PCA draws it" not in said(morphed) and fine(morphed)


def test_the_number_of_neighbours_begins_anew(root: Path) -> None:
    at = go_to(root, "words", method="PCA", k="3")
    assert len(ranked(at)) == 3
    at.text_area[0].set_value(TOOLS).run()
    assert len(ranked(at)) == 8 and at.query_params["k"] == "8"


def test_own_sentences_empty_the_query_and_suggest_one_of_themselves(root: Path) -> None:
    at = go_to(root, "sentences", method="PCA")
    assert at.text_input(key="query").value == "How is the economy doing?"
    at.text_area[0].set_value(OFFICE).run()
    assert at.text_input(key="query").value == "" and "Type a query" in said(at) and fine(at)
    offered = [button for button in at.button if str(button.key).startswith("query-")]
    assert offered and all(str(button.key).removeprefix("query-") in OFFICE for button in offered)
    offered[0].click().run()
    assert at.text_input(key="query").value in OFFICE and bars(at) and fine(at)


def test_a_query_that_the_visitor_typed_stays(root: Path) -> None:
    at = go_to(root, "sentences", method="PCA", query="who waters the flowers")
    at.text_area[0].set_value(OFFICE).run()
    assert at.text_input(key="query").value == "who waters the flowers"
    assert ranked(at)[0] == "Please water the plants."


def test_an_address_with_own_sentences_asks_nothing_of_ours(root: Path) -> None:
    at = go_to(root, "sentences", method="PCA", sentences=OFFICE)
    assert at.text_input(key="query").value == "" and fine(at)


@pytest.mark.parametrize("lens", ["Why similar?", "A sentence grows"])
def test_what_is_compared_is_among_the_new_sentences(root: Path, lens: str) -> None:
    at = go_to(root, "sentences", method="PCA", study=lens)
    at.text_area[0].set_value(OFFICE).run()
    chosen = [at.selectbox(key=key).value for key in ("left", "right", "growing") if key in at.session_state]
    assert chosen and all(str(each) in OFFICE for each in chosen)
    assert len(set(chosen)) == len(chosen) and fine(at)


def test_word_order_offers_own_sentences_in_another_order_and_says_which(root: Path) -> None:
    own = f"{OFFICE}\n![x](http://127.0.0.1:9/x.png) and the rest."
    at = go_to(root, "sentences", study="Word order", sentences=own)
    assert fine(at) and "A known example; put in two of your own" in said(at)
    offered = [button for button in at.button if str(button.key).startswith("pair-")][:2]
    jammed, other = (str(button.key).removeprefix("pair-") for button in offered)
    assert jammed == "The printer on the second floor is jammed." and "two parts swapped" in offered[0].label
    assert other in own and "all words backwards" in offered[1].label
    offered[0].click().run()
    assert at.text_input(key="one").value == jammed and fine(at)
    assert at.text_input(key="other").value == "The second floor on the printer is jammed."
    assert "A known example" not in said(at) and "both are" in said(at)
    at.text_area[0].set_value(own.splitlines()[-1]).run()
    (first, *_) = (button for button in at.button if str(button.key).startswith("pair-"))
    assert first.label.startswith("\\!\\[x\\]") and fine(at)  # nothing of it is fetched


def test_an_analogy_of_no_own_word_is_said_to_be_an_example(root: Path) -> None:
    at = go_to(root, "words", method="PCA", lens="Analogy", words=TOOLS)
    assert fine(at) and "A known example; put three words of your own" in said(at)
    at.text_input(key="a").set_value("flute").run()
    assert fine(at) and "A known example" not in said(at)
    at = go_to(root, "words", method="PCA", lens="Analogy", words="king, queen, throne, crown")
    assert fine(at) and "A known example" not in said(at)


SPRINGS = (
    "The spring broke inside the old clock.\nA steel spring pushes the door shut.\nIn spring the birds come back.\n"
    "Flowers open in spring."
)


def test_the_word_that_is_followed_stands_in_the_new_sentences(root: Path) -> None:
    at = go_to(root, "context")
    assert at.text_input(key="meaning").value == "bank"
    at.text_area[0].set_value(SPRINGS).run()
    assert (
        at.text_input(key="meaning").value == "spring"
        and fine(at)
        and "None of the sentences" not in said(at)
    )
    assert len(sent(at, "scene")[0]["items"]) == 4
    at.text_area[0].set_value(f"{SPRINGS}\nThe clock has a new spring.").run()
    at.text_input(key="meaning").set_value("clock").run()
    at.text_area[0].set_value(f"{SPRINGS}\nThe clock is late.").run()
    assert at.text_input(key="meaning").value == "clock" and fine(
        at
    )  # it is in them: nothing asks for another
    of_address = go_to(root, "context", contexts=SPRINGS)
    assert of_address.text_input(key="meaning").value == "spring" and fine(of_address)
    forged = go_to(root, "context", contexts=SPRINGS, meaning="zebra")
    assert 'None of the sentences holds "zebra"' in said(forged)


def spelling_offers(at: AppTest) -> list[str]:
    return [button.label for button in at.button if str(button.key).startswith("spell-")]


def test_words_that_the_model_knows_and_names_get_no_spelling_help(root: Path) -> None:
    at = go_to(
        root, "words", method="PCA", words="ramen, sushi, taco, vegan, brunch, Kowalsky, Ottavio, Freind"
    )
    assert fine(at) and spelling_offers(at) == [] and "Did you mean" not in said(at)


def test_words_of_another_language_get_no_spelling_help(root: Path) -> None:
    german = go_to(root, "words", method="PCA", words="könig, hund, katze, cat, dog")
    assert fine(german) and spelling_offers(german) == [] and "Did you mean" not in said(german)
    name = go_to(root, "words", method="PCA", words="Siobhán, recieve, cat, dog, Zürich")
    assert "receive" in spelling_offers(name)  # names are of any language
    alone = go_to(root, "words", method="PCA", words="hund, cat, dog")
    assert "Did you mean" in said(alone)  # nothing tells that hund is no slip of the finger


def test_what_is_mistyped_is_offered_in_one_line(root: Path) -> None:
    typed = "wierd, goverment, calender, seperate, tiger, tiger, sushi"
    at = go_to(root, "words", method="PCA", words=typed)
    lines = [line for line in said(at).splitlines() if "Did you mean" in line]
    assert len(lines) == 1 and {"weird", "government"} <= set(spelling_offers(at))
    (menu,) = (
        box.proto.popover.label for box in at.get("popover") if box.proto.popover.label.startswith("weird")
    )
    assert len(f"{lines[0]} {menu}") < 32  # it fits the width of the panel
    assert "sushi is placed" not in said(at) and "wierd is placed as spelled; instead:" in said(at)
    assert "1 duplicate was merged." in said(at)  # in the popover beside it
    at.button(key="spell-wierd-weird").click().run()
    assert at.text_area[0].value.startswith("weird, goverment") and fine(at)


def groups_on_stage(at: AppTest) -> list[str]:
    return list(sent(at, "scene")[0]["groupNames"] or [])


def test_own_words_are_coloured_by_groups_named_from_themselves(root: Path) -> None:
    at = go_to(root, "words", method="PCA", words=TOOLS)
    named = groups_on_stage(at)
    assert len(named) == 3 and fine(at) and "One colour" not in said(at)
    assert {word for name in named for word in name.split(", ")} <= set(TOOLS.split(", "))


def test_words_without_groups_have_one_colour_and_it_is_said(root: Path) -> None:
    at = go_to(root, "words", method="PCA", words="anchor, violet, soup, kettle, crow, bread, mouse, treaty")
    assert (
        groups_on_stage(at) == []
        and "One colour: no groups stand apart among these words." in said(at)
        and fine(at)
    )


def test_the_lens_that_divides_says_so_where_nothing_stands_apart(root: Path) -> None:
    none = "anchor, violet, soup, kettle, crow, bread, mouse, treaty"
    at = go_to(root, "words", method="PCA", words=none, lens="Clusters")
    assert "No groups stand apart among these words, though: k-means divides whatever it gets." in said(at)
    assert "No groups stand apart" not in said(
        go_to(root, "words", method="PCA", words=TOOLS, lens="Clusters")
    )
    assert any("nearest of k centres" in each.value for each in at.caption) and fine(at)


def test_a_word_alone_is_no_group(root: Path) -> None:
    at = go_to(root, "words", method="PCA", words="love, joy, hammer, wrench", lens="Clusters", clusters="4")
    assert fine(at) and said(at).count("is alone: no group") == 4
    assert "Every group is a single word: that is no grouping." in said(at)


def test_own_sentences_are_grouped_and_named_by_their_words(root: Path) -> None:
    at = go_to(root, "sentences", method="PCA", sentences=OFFICE, study="Clusters")
    assert fine(at) and groups_on_stage(at) and "groups separate these sentences best" in said(at)
    words = OFFICE.lower()
    for name in groups_on_stage(at):
        assert all(
            word in words for word in name.lstrip("0123456789 ").split(", ") if not word.startswith("group")
        )


def nearest_shared(vectors: np.ndarray, places: np.ndarray) -> int:
    """By the book: of how many items the nearest by cosine is the nearest on the map."""
    alike = unit(vectors) @ unit(vectors).T
    apart = np.linalg.norm(places[:, None] - places[None], axis=-1)
    np.fill_diagonal(alike, -2)
    np.fill_diagonal(apart, np.inf)
    return int((alike.argmax(axis=1) == apart.argmin(axis=1)).sum())


def test_the_menu_of_methods_says_what_each_keeps_of_own_words(root: Path) -> None:
    at = go_to(root, "words", words=TOOLS, method="PCA")
    assert fine(at) and "kept, of 12" not in said(at)  # no other map is fitted before somebody asks
    opened(at, "What each method keeps")
    items, counts = tuple(TOOLS.split(", ")), []
    for title, method in METHODS.items():
        shown = cache.view(MapRequest(items, items, MapOptions(method), BUNDLED_WORDS))
        assert shown.projection.method == method
        kept = nearest_shared(shown.embeddings.vectors, shown.projection.final)
        counts.append(f"{title} {kept}" + " (this map)" * (title == "PCA"))
        if title == "PCA":
            assert f"Nearest neighbour kept: {kept} of 12." in said(at)
    assert f"Nearest neighbour kept, of 12: {', '.join(counts)}." in said(at).splitlines(), said(at)
    few = opened(go_to(root, "words", words="hammer, oboe, owl, moon, soup"), "What each method keeps")
    assert fine(few) and "t-SNE draws these 5 on a line" in said(few)
    assert re.search(r"kept, of 5: UMAP \d, PCA \d \(this map\)\.", said(few))


def test_what_the_model_cannot_read_is_said(root: Path) -> None:
    at = go_to(root, "words", method="PCA", words="🦊, 🛶, river, boat")
    assert "🦊 and 🛶 are the same to this model" in said(at) and fine(at)
    assert "🛶 is the same as 🦊: their numbers are equal" in said(at) and "is nearest to" not in said(at)
    assert [row["note"] for row in bars(at) if row["label"] == "🛶"] == ["the same to this model"]
    long = "The lantern burns. " * 90
    at = go_to(root, "sentences", method="PCA", sentences=f"{long}\nA boat sails.\nIt rains.")
    assert "One text is longer than this model reads (256 pieces" in said(at) and fine(at)
