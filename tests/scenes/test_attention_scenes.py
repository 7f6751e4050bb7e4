"""Attention as arcs: what is drawn is what the head does, in the scene, on its way to the browser and in files."""

import io
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from embeddings_core.analysis.attention import SentenceAttention, all_attention
from embeddings_core.errors import BadInputError
from embeddings_core.export.film_files import render
from embeddings_core.export.film_frames import FilmFrames
from embeddings_core.export.film_states import FilmStates
from embeddings_core.export.map_painter import arc
from embeddings_core.export.options import ExportOptions, Format
from embeddings_core.scenes.attention import AHEAD, BACK, MARK, MOST, SEEN, attention_film, attention_scene
from embeddings_core.scenes.metadata import full_metadata
from embeddings_core.scenes.payload import scene_payload
from embeddings_core.scenes.scene import Link, Scene
from embeddings_core.scenes.scene_json import read_scene, scene_record
from embeddings_core.scenes.theme import STAGE_COLOURS, rgb
from embeddings_core.scenes.thumbnail import thumbnail
from embeddings_core.talks.own_talk import cut, first_caption

TOKENS = ("[CLS]", "<b>", "bank", "sleeps", "[SEP]")
SVG = "{http://www.w3.org/2000/svg}"


def attention(weights: np.ndarray) -> SentenceAttention:
    n = weights.shape[-1]
    special = (True, *(False,) * (n - 2), True)
    return SentenceAttention("<b> bank sleeps", TOKENS[:n], special, (2,), weights.astype(np.float32))


def known() -> SentenceAttention:
    """Layer 1, head 1 (of 1 × 2): "bank" looks back at [CLS] (0.5), ahead at "sleeps" (0.3) and keeps 0.2."""
    weights = np.tile(np.eye(5), (1, 2, 1, 1))
    weights[0, 0, 2] = (0.5, 0, 0.2, 0.3, 0)
    weights[0, 0, 1] = (0, 0.97, 0, 0, 0.03)
    return attention(weights)


@pytest.mark.parametrize("looker", [None, 3])
def test_every_arc_is_a_weight_of_the_head_and_none_is_missing(looker: int | None) -> None:
    found = all_attention("I sat by the river bank and watched the boats.", "bank", "minilm")
    scene = attention_scene(found, 3, 4, model="minilm", looker=looker)
    drawn = {(link.start, link.end): link.weight for link in scene.links}
    n, expected = len(found.tokens), {}
    for start in range(n) if looker is None else [looker]:
        for end in range(n):
            weight = float(found.weights[2, 3, start, end])
            if start != end and weight >= SEEN:
                expected[start, end] = weight
    assert len(expected) > (20 if looker is None else 2) and drawn == pytest.approx(expected)
    ranked = [link.weight for link in sorted(scene.links, key=lambda link: link.rank)]
    assert ranked == sorted(ranked, reverse=True)
    assert all(link.group == (AHEAD if link.end > link.start else BACK) for link in scene.links)
    assert scene.points.selected == looker and scene.points.items == found.tokens


def test_tokens_stand_in_reading_order_in_one_row_with_room_for_their_letters() -> None:
    scene = attention_scene(known(), 1, 1, model="minilm")
    x, y = scene.motion.frames[0].T
    assert (np.diff(x) > 0).all() and not y.any()
    rooms = [(len(a) + len(b)) / 2 for a, b in pairwise(TOKENS)]
    assert (np.diff(x) > rooms).all()
    assert scene.points.groups is not None and scene.points.groups.tolist() == [MARK, -1, -1, -1, MARK]
    assert scene.points.group_names[MARK] == "the model's own marks"


def test_a_large_point_keeps_its_attention() -> None:
    sizes = attention_scene(known(), 1, 1, model="minilm").points.sizes
    alone = attention_scene(known(), 1, 1, model="minilm", looker=2).points.sizes
    assert sizes is not None and alone is not None
    assert (
        sizes[0] > sizes[1] > sizes[2]
        and alone[2] == sizes[2]
        and set(np.delete(alone, 2)) == {np.float32(0.6)}
    )


def test_many_arcs_are_cut_to_the_strongest() -> None:
    rows = np.random.default_rng(0).dirichlet(np.full(60, 0.3), size=60)
    found = SentenceAttention(
        "x", tuple(f"t{i}" for i in range(60)), (False,) * 60, (), rows[None, None].astype(np.float32)
    )
    scene = attention_scene(found, 1, 1, model="minilm")
    weights = rows - np.diag(np.diag(rows))
    assert len(scene.links) == MOST and scene.points.group_names == (
        "looks back (below)",
        "looks ahead (above)",
    )
    assert min(link.weight for link in scene.links) == pytest.approx(
        float(np.sort(weights, axis=None)[-MOST]), abs=1e-6
    )


def test_who_only_looks_at_itself_has_no_arcs() -> None:
    scene = attention_scene(known(), 1, 2, model="minilm")
    assert scene.links == () and "No token looks at another" in scene.alt
    assert render(scene, ExportOptions("svg")).content


def test_the_card_and_the_description_say_which_head() -> None:
    scene = attention_scene(known(), 1, 1, model="minilm", looker=2)
    rows = dict(full_metadata(scene))
    assert "layer 1, head 1, bank looking" in rows["Lines"] and "order of reading" in rows["Axes"]
    assert rows["Model"].startswith("MiniLM") and rows["Film"] == "a still picture"
    assert "bank looks at [CLS] (50 %); bank looks at sleeps (30 %)" in scene.alt
    assert first_caption(scene, "A claim.") == "bank looks at [CLS], sleeps"
    other = attention_scene(known(), 1, 2, model="minilm")
    assert scene.id == other.id and scene.points.keys == other.points.keys  # restyled, not begun anew


def test_an_arc_rises_to_the_left_of_its_way() -> None:
    places = np.array([[100.0, 200.0, 1.0], [300.0, 200.0, 1.0]])  # pixels, y down
    there, back = (arc(Link(a, b, "arc", bend=0.25), places, 1.0) for a, b in ((0, 1), (1, 0)))
    np.testing.assert_allclose([there[0, :2], there[-1, 2:]], places[:, :2], atol=1e-9)
    assert there[:, 1].min() == pytest.approx(150) and there[:, 1].max() == pytest.approx(200)
    assert back[:, 1].max() == pytest.approx(250) and back[:, 1].min() == pytest.approx(200)
    half = arc(Link(0, 1, "arc", bend=0.25), places, 0.5)
    np.testing.assert_allclose(half[-1, 2:], [200, 150])


@pytest.mark.parametrize(
    "wrong", [{"weight": 1.5}, {"weight": float("nan")}, {"bend": -1.0}, {"bend": 3.0}, {"group": -1}]
)
def test_an_impossible_arc_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadInputError, match="arc"):
        Link(0, 1, "arc", 0, **wrong)  # type: ignore[arg-type]


def test_the_browser_and_a_talk_file_get_every_arc() -> None:
    scene = attention_scene(known(), 1, 1, model="minilm", looker=2)
    sent = scene_payload(scene)["scene"]["links"]
    assert [link[:4] + link[5:] for link in sent] == [
        [2, 0, "arc", pytest.approx(0.5), BACK],
        [2, 3, "arc", pytest.approx(0.3), AHEAD],
    ]
    assert sent[0][4] == scene.links[0].bend > 0
    mixed = replace(scene, links=(*scene.links, Link(0, 1, "dashed", 7)))
    assert read_scene(scene_record(mixed), {}).links == mixed.links
    assert scene_record(mixed)["links"][-1] == [0, 1, "torn", 7]  # as talks always had it


BROKEN: tuple[list[object], ...] = (
    [0, 1, "arc", 0],
    [0, 1, "arc", 0, 1, 0.5],
    [0, 1, "path", 0, 1, 0.5, 0.5],
    [0, 1, "arc", 0, 1, 2.0, 0.5],
    [0, 1, "arc", 0, 0.5, 0.5, 0.5],
    [0, 1, "arc", 0, 1, "x", 0.5],
)


@pytest.mark.parametrize("link", BROKEN, ids=str)
def test_a_broken_arc_of_a_talk_file_is_refused(link: list[object]) -> None:
    values = scene_record(attention_scene(known(), 1, 1, model="minilm"))
    with pytest.raises(BadInputError):
        read_scene({**values, "links": [link]}, {})


def coloured(pixels: np.ndarray, group: int) -> np.ndarray:
    """Return which rows of a light picture hold pixels of a category's colour, at any strength an arc may have."""
    ground, full = np.array([251, 251, 248]) / 255, np.array(rgb(STAGE_COLOURS["light"][group]))
    shade = ground + (full - ground) * 0.75  # weight 0.43
    return np.flatnonzero((np.abs(pixels / 255 - shade).max(axis=2) < 0.03).sum(axis=1) > 2)


def looking(way: tuple[int, int]) -> Scene:
    weights = np.eye(5)[None, None].repeat(1, axis=0)
    weights[0, 0, way[0], [way[0], way[1]]] = (0.571, 0.429)
    return attention_scene(attention(weights), 1, 1, model="minilm", looker=way[0])


@pytest.mark.parametrize("kind", ["png", "sheet-png"])
def test_a_picture_shows_back_below_and_ahead_above(kind: Format) -> None:
    for way, group in (((1, 3), AHEAD), ((3, 1), BACK)):
        with Image.open(io.BytesIO(render(looking(way), ExportOptions(kind)).content)) as picture:
            pixels = np.asarray(picture.convert("RGB")).astype(float)
        scene = replace(looking(way), links=())
        with Image.open(io.BytesIO(render(scene, ExportOptions(kind)).content)) as picture:
            bare = np.asarray(picture.convert("RGB")).astype(float)
        rows = coloured(pixels, group)
        assert len(rows) > 20 and not len(coloured(bare, group))
        ring = np.flatnonzero(
            (np.abs(pixels - [67, 83, 201]).max(axis=2) < 20).sum(axis=1)
        )  # round who looks
        middle = (ring.min() + ring.max()) / 2
        assert (rows.max() <= middle + 2) if group == AHEAD else (rows.min() >= middle - 2)


@pytest.mark.parametrize("kind", ["svg", "sheet-svg"])
def test_an_svg_holds_the_arcs_and_the_words(kind: Format) -> None:
    scene = looking((1, 3))
    root, bare = (
        ElementTree.fromstring(render(each, ExportOptions(kind)).content)
        for each in (scene, replace(scene, links=()))
    )
    strokes = [list(each.iter(f"{SVG}line")) for each in (root, bare)]
    assert len(strokes[0]) - len(strokes[1]) >= 16
    words = [element.text for element in root.iter(f"{SVG}text")]
    assert all(words.count(token) >= 1 for token in TOKENS)


def test_all_of_an_arc_is_in_the_box_whatever_side_it_takes() -> None:
    scene = looking((0, 4))
    box = FilmStates(scene).box
    rise = scene.links[0].bend * float(scene.motion.frames[0, 4, 0] - scene.motion.frames[0, 0, 0])
    assert box.half[1] == pytest.approx(rise) and box.centre[1] == pytest.approx(0)


def test_the_thumbnail_of_a_talk_shows_arcs() -> None:
    import base64

    picture = base64.b64decode(thumbnail(looking((1, 3))).split(",")[1]).decode()
    path = ElementTree.fromstring(picture).find(f"{SVG}path[@stroke='{STAGE_COLOURS['light'][AHEAD]}']")
    assert path is not None and "A" in str(path.get("d"))


@pytest.mark.parametrize("looker", [None, 3])
def test_the_film_has_the_mean_of_the_heads_of_every_layer(looker: int | None) -> None:
    found = all_attention("I sat by the river bank and watched the boats.", "bank", "minilm")
    scene = attention_film(found, model="minilm", looker=looker)
    means, n = found.weights.astype(np.float64).mean(axis=1), len(found.tokens)
    drawn = {(link.start, link.end): link.weights for link in scene.links}
    who = range(n) if looker is None else [looker]
    wanted = {(a, b) for a in who for b in range(n) if a != b and means[:, a, b].max() >= SEEN}
    assert set(drawn) == wanted and len(wanted) > (40 if looker is None else 3)
    for (start, end), weights in drawn.items():
        assert weights == pytest.approx(means[:, start, end].tolist(), abs=1e-6)
    assert (
        scene.motion.kind == "recorded"
        and len(scene.motion.frames) == 6
        and (scene.motion.frames == scene.motion.frames[0]).all()
    )
    assert "layer 3 of 6, mean of 12 heads" in scene.motion.frame_names[2]
    assert "mean of its 12 heads" in dict(full_metadata(scene))["Lines"]
    ((name, marks),) = scene.motion.series
    own = means[:, list(who)][:, :, [0, n - 1]].sum(axis=2).mean(axis=1)
    assert "own marks" in name and marks == pytest.approx(own.tolist(), abs=1e-6)
    assert scene.id != attention_scene(found, 6, 1, model="minilm").id  # another film: it plays


def changing() -> Scene:
    """Two layers of one head: "<b>" looks at "sleeps" in the first and at "[CLS]" in the second."""
    weights = np.tile(np.eye(5), (2, 1, 1, 1))
    weights[0, 0, 1, [1, 3]] = (0.571, 0.429)
    weights[1, 0, 1, [1, 0]] = (0.571, 0.429)
    return attention_film(attention(weights), model="minilm", looker=1)


def test_between_two_layers_an_arc_goes_from_one_weight_to_the_other() -> None:
    scene, states = changing(), FilmStates(changing())
    ahead = next(link for link in scene.links if link.group == AHEAD)
    assert [states.weight(ahead, p) for p in (0, 0.5, 1)] == pytest.approx([0.429, 0.2145, 0], abs=1e-6)
    assert scene.alt.count("looks at") == 1 and "<b> looks at [CLS] (43 %)" in scene.alt  # as it ends
    for moment, seen, gone in ((0, AHEAD, BACK), (1, BACK, AHEAD)):
        pixels = FilmFrames(scene).pixels(moment)[..., :3].astype(float)
        assert len(coloured(pixels, seen)) > 20 and not len(coloured(pixels, gone))


def test_a_changing_arc_travels_to_the_browser_and_to_talk_files_and_can_be_cut() -> None:
    scene = changing()
    sent = scene_payload(scene)["scene"]["links"]
    assert sorted(link[6] for link in sent) == [[0.0, 0.429], [0.429, 0.0]]
    again = read_scene(scene_record(scene), {})
    assert [link.weights for link in again.links] == [
        pytest.approx(link.weights, abs=1e-4) for link in scene.links
    ]
    end = cut(scene, 1, 1)
    assert end.motion.kind == "still" and [link.weights for link in end.links] == [
        link.weights[1:] for link in scene.links
    ]
    assert [link.weight for link in end.links] == [link.weights[1] for link in scene.links]


def test_an_arc_that_changes_has_one_possible_weight_a_frame() -> None:
    with pytest.raises(BadInputError, match="arc"):
        Link(0, 1, "arc", weights=(0.5, 1.5))
    with pytest.raises(BadInputError, match="one weight a frame"):
        replace(changing(), links=(Link(0, 1, "arc", weights=(0.5,)),))
    values = scene_record(changing())
    with pytest.raises(BadInputError):
        read_scene({**values, "links": [[0, 1, "arc", 0, 1, 0.5, 0.5, 0.1]]}, {})
