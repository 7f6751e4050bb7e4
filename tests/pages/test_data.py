"""The page of own tables: samples, the search, a row, files taken away, and what is never in the address."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from embeddings_core.scenes.tables import Look
from embeddings_core.tables.opened import open_tables
from embeddings_core.tables.reading import read_table
from embeddings_core.tables.table import with_roles
from pages._ui import dropped, kept_addresses
from pages._ui.data import live as data_live
from pages._ui.data import panels as data_panels
from pages._ui.data import selected_rows
from pages._ui.panels import Bar
from pages._ui.shell import PAGES
from tests.pages.reading import anywhere, boxes, fine, go_to, opened, said, sent

VECTORS = "name,kind,size,v\n" + "".join(
    f'"thing {n} of {kind}",{kind},{n},"[{n % 7 + 20 * (kind == "stone")}, {n % 5}, 1]"\n'
    for n in range(30)
    for kind in ("stone", "plant")
)


@pytest.fixture
def own() -> str:
    return open_tables().open(read_table(VECTORS.encode(), name="things.csv"))


def menu(at: AppTest, name: str) -> str:
    """Return the key of a menu in the settings of the table."""
    found: str = next(each.key for each in at.selectbox if str(each.key).startswith(f"{name}-"))
    return found


def scene(at: AppTest) -> dict[str, object]:
    found: dict[str, object] = sent(at, "scene")[-1]
    return found


def asked(at: AppTest, name: str) -> str:
    """Return what the address says under a name; AppTest gives it as a list before it is written."""
    found = at.query_params[name]
    return found if isinstance(found, str) else found[0]


def test_a_sample_opens_with_its_map(root: Path) -> None:
    at = go_to(root, "data", table="wines").run()
    assert fine(at)
    assert scene(at)["groupNames"] == ["grower 2 · 71", "grower 1 · 59", "grower 3 · 48"]
    assert "from scikit-learn" in said(at)


def test_the_rows_of_a_small_table_have_their_names_on_the_map_however_long(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Look] = []
    drawn = data_live.table_scene
    monkeypatch.setattr(data_live, "table_scene", lambda *given: (looks.append(given[3]), drawn(*given))[1])
    for count, named in ((24, True), (80, False)):
        rows = "".join(
            f'"the harbour was frozen and gull number {n} sat on its mast","[{n % 7}, {n % 5}, 1]"\n'
            for n in range(count)
        )
        table = open_tables().open(read_table(f"note,v\n{rows}".encode(), name="notes.csv"))
        assert fine(go_to(root, "data", table=table)) and looks[-1].named is named


def test_an_own_table_is_searched_and_the_address_does_not_tell(root: Path, own: str) -> None:
    at = go_to(root, "data", table=own).run()
    assert fine(at) and len(scene(at)["items"]) == 60  # type: ignore[arg-type]
    at.text_input(key="search-data").set_value("of stone").run()
    assert fine(at)
    assert '30 of 60 rows: found with "of stone".' in said(at)
    assert "stone" not in str(dict(at.query_params)) and "thing" not in str(dict(at.query_params))


def test_a_pattern_that_is_none_is_told_beside_the_map(root: Path, own: str) -> None:
    at = go_to(root, "data", table=own).run()
    at.text_input(key="search-data").set_value("/(stone/").run()
    assert fine(at) and "/(stone/ is no regular expression" in said(at)
    assert "All 60 rows" in said(at) and "are kept in this picture" in said(at)


def test_a_row_is_shown_whole_with_its_neighbours(root: Path, own: str) -> None:
    at = go_to(root, "data", table=own)
    at.session_state["picked-row"] = 4
    at.session_state["look-data"] = "Row"
    at.run()
    assert fine(at) and "thing 2 of stone" in said(at)
    near = sent(at, "rows")[-1]
    assert len(near) == 8 and all("stone" in row["label"] for row in near)
    assert scene(at)["selected"] == 4


def test_a_table_that_is_gone_is_told(root: Path) -> None:
    at = go_to(root, "data", table="no-such-table").run()
    assert fine(at) and "Drop its file again" in said(at)


def test_a_role_can_be_changed(root: Path, own: str) -> None:
    at = go_to(root, "data", table=own)
    at.session_state["look-data"] = "Columns"
    at.run()
    next(box for box in at.selectbox if box.label == "Column").set_value("size").run()
    box = next(box for box in at.selectbox if box.label == "is taken as")
    assert box.value == "number"
    box.set_value("label").run()
    assert fine(at)
    found = open_tables().find(own)
    assert found is not None and found.column("size").role == "label"


def test_health_is_told_and_its_rows_can_be_looked_at(
    root: Path, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = go_to(root, "data", table=own)
    chosen: dict[str, Callable[[str], None]] = {}
    show = data_panels.ranking

    def seen(bars: list[Bar], *, on_choose: Callable[[str], None], **rest: Any) -> None:
        chosen.update(dict.fromkeys((bar.label for bar in bars), on_choose))
        show(bars, on_choose=on_choose, **rest)

    monkeypatch.setattr(data_panels, "ranking", seen)
    at.session_state["look-data"] = "Health"
    at.run()
    assert fine(at) and "Two rows at random" in said(at)
    odd = next(label for label in chosen if not label.startswith("Select"))
    row = int(odd.partition(" · ")[0].replace(",", "")) - 1
    assert all(bar["length"] is None for bar in sent(at, "rows")[-1])
    picked: list[int] = []
    monkeypatch.setattr(data_panels, "pick", picked.append)
    chosen[odd](odd)
    assert picked == [row]


def test_a_filter_is_a_chip_and_in_the_address(root: Path, own: str) -> None:
    at = go_to(root, "data", table=own, filter=["1:0", "2~10~"])
    assert fine(at) and "20 of 60 rows: kind is plant, size from 10." in said(at)
    assert at.query_params["filter"] == ["1:0", "2~10~"]
    chip = next(button for button in at.button if button.label.startswith("kind is"))
    chip.click().run()
    assert fine(at) and "40 of 60 rows: size from 10." in said(at) and "1:0" not in at.query_params["filter"]


def test_every_column_of_a_wide_table_can_be_filtered_by(root: Path) -> None:
    n = 40
    names = [f"q{place}" for place in range(60)]
    lines = [",".join(["text", *names, "end", "only", "v"])]
    for row in range(n):
        kind, only = ("north" if row % 4 else "south"), ("yes" if row < 5 else "")
        lines.append(
            ",".join(
                [
                    f"a longer text {row}",
                    *(str((row * 7 + at) % 31) for at in range(60)),
                    kind,
                    only,
                    f"[{row % 5} {row} 1]",
                ]
            )
        )
    table = read_table("\n".join(lines).encode(), name="wide.csv")
    id = open_tables().open(with_roles(table, {"only": "label"}))
    at = go_to(root, "data", table=id)
    more = next(menu for menu in at.multiselect if menu.label.endswith("more columns"))
    shown = {each.label for each in (*at.multiselect, *at.slider, *at.text_input)}
    assert {"text", "end", "only", *names} <= {*shown, *more.options}
    more.select("q57").run()
    at.slider(key=next(each.key for each in at.slider if each.label == "q57")).set_range(3, 9).run()
    asked_for = at.query_params["filter"]
    assert fine(at) and asked(at, "filter") == "58~3~9" and "q57 3 to 9" in said(at)
    again = go_to(root, "data", table=id, filter=asked_for)
    assert fine(again) and "q57 3 to 9" in said(again)
    assert next(each.value for each in again.slider if each.label == "q57") == (3, 9)


def captions(at: AppTest) -> str:
    return "\n".join(element.value for element in at.caption)


def test_chosen_rows_are_in_the_address_by_their_numbers(root: Path, own: str) -> None:
    at = go_to(root, "data", table=own)
    at.session_state["picked-row"], at.session_state["look-data"] = 4, "Row"
    at.run().button(key="select-near").click().run()
    rows = asked(at, "rows")
    assert fine(at) and "thing" not in rows and "stone" not in rows
    again = go_to(root, "data", table=own, rows=rows, only="1-3,9")
    assert fine(again) and "of 60 rows: chosen by hand." in said(again) and len(scene(again)["items"]) == 4  # type: ignore[arg-type]
    assert asked(again, "rows") == rows and asked(again, "only") == "1-3,9"
    again.button(key="chip-rows-by-hand").click().run()
    assert fine(again) and "rows" not in again.query_params and asked(again, "only") == "1-3,9"


def test_more_rows_than_an_address_holds_are_kept_under_an_id(
    root: Path, own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_addresses, "cache_folder", lambda: tmp_path)
    at = go_to(root, "data", table=own, rows="1-3,9")
    assert asked(at, "rows") == "1-3,9" and "are kept on this server" not in captions(opened(at, "Share"))
    monkeypatch.setattr(selected_rows, "ROWS_CHARACTERS", 4)
    at.session_state["picked-row"], at.session_state["look-data"] = 4, "Row"
    at.run().button(key="select-near").click().run()
    rows, told = asked(at, "rows"), said(at)
    assert fine(at) and rows.startswith("k") and len(rows) == 19
    assert "kept on this server, for 90 days" in captions(opened(at, "Share"))
    again = go_to(root, "data", table=own, rows=rows)
    assert fine(again) and asked(again, "rows") == rows
    count = next(line for line in told.splitlines() if " of 60 rows: " in line).split(":")[0]
    assert f"{count}: chosen by hand." in said(again)
    for file in (tmp_path / "addresses").iterdir():
        file.unlink()
    gone = go_to(root, "data", table=own, rows=rows)
    assert fine(gone) and "All 60 rows" in said(gone) and "rows" not in gone.query_params
    assert "rows that this address names are not kept here" in said(gone)
    gone.run()
    assert "are not kept here" in said(gone)
    gone.session_state["picked-row"], gone.session_state["look-data"] = 4, "Row"
    gone.run().button(key="select-near").click().run()
    assert "are not kept here" not in said(gone) and asked(gone, "rows") == rows


def test_rows_that_can_not_be_kept_are_said_not_to_be_in_the_address(
    root: Path, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_addresses, "keep", lambda written: "")
    monkeypatch.setattr(selected_rows, "ROWS_CHARACTERS", 4)
    at = go_to(root, "data", table=own, only="1-3")
    at.session_state["picked-row"], at.session_state["look-data"] = 4, "Row"
    at.run().button(key="select-near").click().run()
    assert fine(at) and "rows" not in at.query_params and asked(at, "only") == "1-3"
    assert "they could not be kept: it is without them" in captions(opened(at, "Share"))


@pytest.mark.parametrize(
    "odd", ["k", "k" + "0" * 18, "k../x", "61", "0", "4-2", "x", "b", "b!!", "g99", "g", "f-1", "1,,2", "²"]
)
def test_rows_of_an_address_that_do_not_fit_are_passed_over(root: Path, own: str, odd: str) -> None:
    at = go_to(root, "data", table=own, rows=odd)
    assert fine(at) and "All 60 rows" in said(at) and "rows" not in at.query_params


def test_a_selection_is_kept_compared_and_drawn_alone(root: Path, own: str) -> None:
    at = go_to(root, "data", table=own).run()
    at.text_input(key="search-data").set_value("of stone").run()
    at.text_input(key="name-0").set_value("stones").run()
    assert fine(at)
    at.text_input(key="search-data").set_value("thing 2").run()
    at.selectbox(key="compare-with").select("stones").run()
    assert fine(at)
    assert '11 rows are in both, 11 only here, 19 only in "stones".' in said(at)
    at.button(key="take-0").click().run()  # and within it, "thing 2"
    assert "11 of 60 rows" in said(at)
    at.button(key="only-these").click().run()
    assert fine(at) and len(scene(at)["items"]) == 11  # type: ignore[arg-type]
    at.button(key="chip-rows-alone").click().run()
    assert fine(at) and len(scene(at)["items"]) == 60  # type: ignore[arg-type]


def test_rows_round_one_are_selected(root: Path, own: str) -> None:
    at = go_to(root, "data", table=own)
    at.session_state["picked-row"] = 4
    at.session_state["look-data"] = "Row"
    at.run()
    at.button(key="select-near").click().run()
    assert fine(at) and "31 of 60 rows: nearest to row 5." in said(at)


def test_a_table_is_a_talk_in_one_press(root: Path, own: str) -> None:
    at = go_to(root, "data", table=own)
    at.button(key="make-a-talk").click().run()
    assert fine(at)
    talk = at.session_state["own-talk"]
    assert talk.title == "About things.csv" and len(talk.scenes) == 6
    assert (
        talk.scenes[0].slide.page_link.startswith("./data?table=")
        or "table=" in talk.scenes[0].slide.page_link
    )


def test_sentences_take_the_texts_with_their_labels_as_colours(root: Path) -> None:
    texts = "".join(f'"{said}",{label},"[{row}, {row % 2}, 1]"\n' for row, (said, label) in enumerate(SAID))
    id = open_tables().open(read_table(f"text,label,v\n{texts}".encode(), name="said.csv"))
    at = go_to(root, "data", table=id)
    at.button(key="to-sentences").click().run()
    assert fine(at)
    assert scene(at)["items"] == [said for said, _ in SAID]
    assert (
        scene(at)["groupNames"] == ["sky", "food"]
        and scene(at)["groups" if "groups" in scene(at) else "groupNames"]
    )


def test_sentences_and_words_say_what_they_left_out_of_a_table(root: Path) -> None:
    rows = "".join(
        f'"the soup was number {n % 9} of the evening",{"ab"[n % 2]}nimal,"[{n}, 1, 2]"\n' for n in range(20)
    )
    id = open_tables().open(read_table(f"text,word,v\n{rows}".encode(), name="said.csv"))
    at = go_to(root, "data", table=id)
    at.button(key="to-sentences").click().run()
    assert fine(at) and "9 of 20 rows of said.csv are here: 11 say the same as another." in said(at)
    kept, typed = at.session_state["left-out-of-table"], at.session_state["sentences"]
    for changed, told in (("", True), ("\nOne more.", False)):
        at = go_to(root, "sentences")
        at.session_state["left-out-of-table"], at.session_state["sentences"] = kept, typed + changed
        at.run()
        assert fine(at) and ("rows of said.csv" in said(at)) is told
    at = go_to(root, "data", table=id)
    at.button(key="to-context").click().run()
    assert fine(at) and "9 of 20 rows of said.csv are here: different ones that hold " in said(at)
    at = go_to(root, "data", table=id)
    at.button(key="to-words").click().run()
    assert fine(at) and "2 of 20 rows of said.csv are here: 18 say the same as another." in said(at)


def test_words_asks_about_one_of_the_words_it_takes(root: Path, own: str) -> None:
    at = go_to(root, "data", table=own)
    at.button(key="to-words").click().run()
    assert fine(at)
    asked_about = at.selectbox(key="word").value
    assert asked_about in str(at.session_state["words"]).split("\n") and asked(at, "word") == asked_about


SAID = (
    ("The sun rises over the hills.", "sky"), ("Clouds hide the moon tonight.", "sky"), ("A star fell into the sea.", "sky"),
    ("The soup is cold again.", "food"), ("Bread and butter for breakfast.", "food"),
)  # fmt: skip


REVIEWS = "review,kind,stars,price\n" + "".join(
    f'"the soup was number {n}",kind {n % 3},{n % 5},{n / 2}\n' for n in range(12)
)


def reviews_are_open(at: AppTest) -> bool:
    table = open_tables().find(str(at.session_state["table"]))
    here = "Drop a table, and ask it." in said(at)
    return fine(at) and here and table is not None and table.title == "reviews.csv" and len(table) == 12


@pytest.mark.parametrize("page", ["images", "images_and_text", "words", "present"])
def test_a_table_in_the_box_of_another_page_opens_here(root: Path, page: str) -> None:
    at = go_to(root, page, **({"which": "Your own talk"} if page == "present" else {}))
    if page == "words":
        opened(at, "Open a vector file")
    boxes(at)[0].set_value([("reviews.csv", REVIEWS.encode(), "text/csv")]).run()
    assert reviews_are_open(at)


@pytest.mark.parametrize("path", [entry.path for entry in PAGES])
def test_a_table_dropped_anywhere_on_any_page_opens_here(root: Path, path: str) -> None:
    at = AppTest.from_file(str(root / "app.py"), default_timeout=90)
    if path != "app.py":
        at.switch_page(path)
    at.run()
    anywhere(at).set_value([("reviews.csv", REVIEWS.encode(), "text/csv")]).run()
    assert reviews_are_open(at)
    assert not anywhere(at).value  # it is read once


def test_what_belongs_to_the_page_stays_there_wherever_it_is_dropped(root: Path) -> None:
    at = go_to(root, "words")
    anywhere(at).set_value([("two.txt", b"2 3\nking 1 2 3\nqueen 1 2 4\n", "text/plain")]).run()
    assert fine(at) and "Words that mean similar things sit together." in said(at)
    assert "two" in next(box.value for box in at.selectbox if box.label == "Words from")
    at = go_to(root, "images")
    picture = (root / "assets" / "favicon.png").read_bytes()
    anywhere(at).set_value([("mine.png", picture, "image/png")]).run()
    assert fine(at) and "1 of 200 pictures of your own" in said(at)
    at = go_to(root, "present")
    anywhere(at).set_value(
        [("talk.json", b'{"format": "embeddings talk", "version": 99}', "application/json")]
    ).run()
    assert fine(at) and "This talk is of version 99" in said(at)


def test_rows_in_json_are_a_table_where_talks_are_opened(root: Path) -> None:
    at = go_to(root, "present", which="Your own talk")
    rows = json.dumps([{"review": f"the soup was number {n}"} for n in range(12)]).encode()
    boxes(at)[0].set_value(("reviews.csv.json", rows, "application/json")).run()
    assert fine(at) and "Drop a table, and ask it." in said(at)


def test_what_the_browser_does_not_send_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = {"large": ["<b>big</b>.csv"], "folders": ["notes"]}
    monkeypatch.setattr(dropped, "_drop", lambda: lambda **_: SimpleNamespace(refused=refused))
    at = go_to(root, "sentences")
    assert fine(at)
    assert "Larger than 100 MB" in said(at) and "<b>big</b>.csv" in said(at)
    assert "A folder: notes. Pack it as a ZIP" in said(at)


def test_no_word_of_a_table_is_read_as_markdown(root: Path) -> None:
    picture = "![x](http://evil.example/a.png)"
    rows = "".join(f'"{picture} {n}","{picture}{n % 2}","[{n}, 1, {n % 3}]"\n' for n in range(12))
    id = open_tables().open(read_table(f'text,"{picture}",v\n{rows}'.encode(), name=f"{picture}.csv"))
    at = go_to(root, "data", table=id, filter=["1:0"])
    at.text_input(key="name-0").set_value(picture).run()
    assert fine(at) and "6 of 12 rows" in said(at)
    labels = [each.label for each in (*at.button, *at.multiselect, *at.selectbox, *at.text_input)]
    assert any("evil" in label for label in labels)
    assert not any("![" in label for label in labels)


def buttons(bars: list[Bar], *, key: str, on_choose: Callable[[str], None] | None = None, **_: Any) -> None:
    """Stand in for ranked bars, which AppTest can not click: a button a bar."""
    for place, bar in enumerate(bars):
        st.button(
            f"{bar.label} | {bar.score} | {bar.note}",
            key=f"{key}-{place}",
            on_click=on_choose,
            args=(bar.label,),
        )


@pytest.fixture
def clickable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages._ui.data.selection_summary.ranking", buttons)


@pytest.mark.usefixtures("clickable")
def test_a_group_is_chosen_and_falls_into_finer_ones(root: Path, own: str) -> None:
    at = go_to(root, "data", table=own, colour="-2")
    assert fine(at)
    largest = at.button(key="groups-of-0")
    name, count, _ = largest.label.split(" | ")
    largest.click().run()
    assert fine(at) and f"{count} of 60 rows: in {name}." in said(at)
    assert asked(at, "rows") == "g1"
    again = go_to(root, "data", table=own, rows="g1")
    assert fine(again) and f"{count} of 60 rows: in {name}." in said(again)


def test_groups_of_numbers_alone_are_named_by_columns(root: Path) -> None:
    lines = "".join(f"{n % 7 + 30 * (n % 2)},{n % 5}\n" for n in range(40))
    id = open_tables().open(read_table(f"length,width\n{lines}".encode(), name="petals.csv"))
    at = go_to(root, "data", table=id, colour="-2")
    names = scene(at)["groupNames"]
    assert fine(at) and isinstance(names, list) and len(names) > 1
    assert all(name.startswith(("length ", "width ")) for name in names) and len(set(names)) == len(names)


@pytest.mark.usefixtures("clickable")
def test_a_label_is_chosen_by_its_row_in_the_panel_and_its_mean_is_told(root: Path, own: str) -> None:
    at = go_to(root, "data", table=own)
    labels = [button.label for button in at.button if str(button.key).startswith("groups-of-")]
    assert labels == ["plant | 30 | ", "stone | 30 | "]
    at.button(key="groups-of-1").click().run()
    assert fine(at) and "30 of 60 rows: in stone." in said(at)
    assert "Two of these rows have a cosine of" in said(at)
    assert at.button(key="apart-0").label.startswith("kind: stone | 100 in 100")
    assert all("stone" in at.button(key=f"mean-inside-{place}").label for place in range(3))
    assert all("plant" in at.button(key=f"mean-outside-{place}").label for place in range(3))
    at.button(key="mean-outside-0").click().run()
    assert fine(at) and at.session_state["look-data"] == "Row" and "of plant" in said(at)


@pytest.mark.parametrize("method", ["PCA", "UMAP"])
def test_dense_regions_of_the_map_are_colours(root: Path, own: str, method: str) -> None:
    at = go_to(root, "data", table=own, colour="-4", **{"data-method": method})
    assert fine(at) and len(scene(at)["items"]) == 60  # type: ignore[arg-type]
    assert isinstance(scene(at)["groupNames"], list)


def two_columns() -> str:
    """Open 40 rows with two columns of vectors: the first ten rows change sides from the one to the other."""
    lines = "".join(
        f'thing {n},{"moved" if n < 10 else "stays"},"[{n % 2 * 9 + n % 5 / 9}, {n % 3}, 1]",'
        f'"[{(n + (n < 10)) % 2 * 9 + n % 5 / 9}, {n % 3}, 1]"\n'
        for n in range(40)
    )
    return open_tables().open(read_table(f"name,kind,before,after\n{lines}".encode(), name="two.csv"))


def test_two_columns_are_a_film_with_its_movers_told(root: Path) -> None:
    at = go_to(root, "data", table=two_columns(), **{"data-method": "PCA"})
    assert "Two maps" not in at.get("button_group")[0].proto.options.__str__()
    at.selectbox(key=menu(at, "second")).select("1").run()
    assert fine(at) and at.session_state["look-data"] == "Two maps"
    shown = scene(at)
    assert shown["frameNames"] == ["vector: before", "vector: after"] and shown["kind"] == "morph"
    assert "From vector: before to vector: after," in said(at) and "By chance 26 in 100 would." in said(at)
    assert "Least is kept where kind is moved" in said(at)
    movers = sent(at, "rows")[-1]
    assert all(int(row["label"].split()[-1]) < 10 for row in movers) and "leaves thing" in movers[0]["note"]
    at.button(key="select-movers").click().run()
    assert fine(at) and "30 of 40 rows: with the most changed company" in said(at)
    assert at.query_params["second"] == ["1"] or at.query_params["second"] == "1"


def test_a_film_to_another_column_ends_with_its_table(root: Path, own: str) -> None:
    at = go_to(
        root, "data", table=two_columns(), second="1", **{"look-data": "Two maps", "data-method": "PCA"}
    )
    assert fine(at) and scene(at)["kind"] == "morph"
    at.button(key="sample-wines").click().run()
    assert fine(at) and at.session_state["look-data"] != "Two maps"
    assert len(scene(at)["items"]) == 178  # type: ignore[arg-type]


def test_of_more_rows_than_are_fitted_there_is_no_film_and_it_is_said(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages._ui.data.two_spaces.LIVE_ROWS", 39)
    told = "A film to another model or column is made of up to 39 rows."
    at = go_to(root, "data", table=two_columns(), **{"data-method": "PCA"})
    assert fine(at) and told in captions(at) and told not in said(at)
    assert not any(each.key.startswith("second-") for each in at.selectbox)
    asked_for = {"second": "1", "look-data": "Two maps", "data-method": "PCA"}
    at = go_to(root, "data", table=two_columns(), **asked_for)
    assert fine(at) and told in said(at) and scene(at)["kind"] != "morph"
    monkeypatch.setattr("pages._ui.data.two_spaces.LIVE_ROWS", 40)
    at = go_to(root, "data", table=two_columns(), **asked_for)
    assert fine(at) and "is made of up to" not in said(at) + captions(at) and scene(at)["kind"] == "morph"


def test_a_row_tells_why_its_nearest_is_near(root: Path) -> None:
    at = go_to(root, "data", table="wines")
    at.session_state["picked-row"] = 4
    at.session_state["look-data"] = "Row"
    opened(at.run(), "Why is the first one near?")
    assert fine(at) and "They differ least in" in said(at)


def test_points_are_named_and_sized_by_columns(root: Path, own: str) -> None:
    at = go_to(root, "data", table=own, **{"label-by": "1", "size-by": "2", "colour": "2"})
    assert fine(at) and set(scene(at)["items"]) == {"stone", "plant"}  # type: ignore[call-overload]
    assert scene(at)["valuesTitle"] == "size (0 … 29)"


def test_the_chosen_rows_are_walked_through(root: Path, own: str) -> None:
    at = go_to(root, "data", table=own)
    at.text_input(key="search-data").set_value("thing 7").run()
    for place in (1, 2, 1):
        at.button(key="next-row").click().run()
        assert fine(at) and f"{place} of 2: thing 7 of {('', 'stone', 'plant')[place]}" in said(at)
    assert scene(at)["selected"] == at.session_state["picked-row"] == 14


ODD = {
    "all equal": "text,v\n" + 'the same,"[1, 2, 3]"\n' * 20,
    "one row": 'text,v\nalone,"[1, 2, 3]"\n',
    "two rows": 'text,v\none,"[1, 2, 3]"\ntwo,"[3, 2, 1]"\n',
    "zeros": "text,v\n" + "".join(f'row {n},"[0, 0, 0]"\n' for n in range(9)),
    "a label a row": "text,kind,v\n" + "".join(f'row {n},kind {n},"[{n}, {n % 3}, 1]"\n' for n in range(60)),
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_tables_are_drawn_and_grouped(root: Path, odd: str) -> None:
    id = open_tables().open(read_table(ODD[odd].encode(), name=f"{odd}.csv"))
    at = go_to(root, "data", table=id, colour="-4", **{"data-method": "PCA"})
    assert fine(at) and len(scene(at)["items"]) == ODD[odd].count("\n") - 1  # type: ignore[arg-type]
    at.selectbox(key=menu(at, "colour")).select("-2").run()
    at.text_input(key="search-data").set_value("o").run()
    assert fine(at)


def test_ranges_run_in_steps_that_fit_their_column(root: Path) -> None:
    rows = "".join(
        f'{n},{(n + 1) * 1e-5:.6f},{n + 0.5},{"9999-12-31" if n % 2 else f"19{n:02}-03-01"},"[{n % 7}, {n % 5}, 1]"\n'
        for n in range(60)
    )
    table = read_table(f"size,tiny,mass,until,v\n{rows}".encode(), name="a.csv")
    own = open_tables().open(table)
    at = go_to(root, "data", table=own)
    assert fine(at)
    found = {slider.label: slider for slider in at.slider}
    assert (found["size"].min, found["size"].max, found["size"].step) == (0, 59, 1)
    assert (found["until"].min, found["until"].max) == (1900, 9999)  # too far for a slider of days
    tiny = found["tiny"]
    assert tiny.step < (tiny.max - tiny.min) / 50 and tiny.proto.format == "%.6f"
    tiny.set_range(0.000203, 0.0006).run()
    assert fine(at) and "40 of 60 rows: tiny from 0.000203" in said(at)
    next(each for each in at.slider if each.label == "until").set_range(1920, 1959).run()
    assert fine(at) and "20 of 60 rows" in said(at)
    again = go_to(root, "data", table=own, filter=at.query_params["filter"])
    assert fine(again) and "20 of 60 rows" in said(again)
    for chip in [button for button in again.button if str(button.key).startswith("chip-")]:
        next(button for button in again.button if button.key == chip.key).click().run()
    assert fine(again) and "All 60 rows" in said(again)


def test_csv_has_a_mark_where_it_is_asked_for(root: Path, own: str, monkeypatch: pytest.MonkeyPatch) -> None:
    offered: dict[str, Callable[[], bytes]] = {}

    def button(*given: Any, **_: object) -> None:
        if len(given) > 1:
            offered[given[0]] = given[1]

    monkeypatch.setattr(st, "download_button", button)
    at = opened(go_to(root, "data", table=own), "Save")
    assert offered["CSV"]().startswith(b"\xef\xbb\xbfname,kind,size,v\n")
    at.checkbox(key="csv-mark").uncheck().run()
    assert fine(at) and offered["CSV"]().startswith(b"name,kind,size,v\n")
    assert offered["Parquet"]().startswith(b"PAR1") and offered["NPY"]().startswith(b"\x93NUMPY")


def test_a_column_may_be_called_row(root: Path) -> None:
    lines = "".join(f'{n},{n % 3},"[{n % 7}, {n % 5}, 1]"\n' for n in range(20))
    at = go_to(root, "data", table=open_tables().open(read_table(f"row,index,v\n{lines}".encode())))
    assert fine(at) and "All 20 rows" in said(at)
