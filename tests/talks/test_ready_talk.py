"""The ready talk says what is true: each number on a slide is worked out again here, in the plainest way."""

import json
import re

import numpy as np
import pytest

from embeddings_core.analysis.questions import Question
from embeddings_core.analysis.tokens import token_vectors
from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.export.html import fingerprint
from embeddings_core.models.registry import load_encoder
from embeddings_core.scenes.scene import Motion, Points, Scene
from embeddings_core.spaces.vectors import unit
from embeddings_core.spaces.vocabulary import load_vocabulary
from embeddings_core.talks import ready_vectors
from embeddings_core.talks.html import talk_html
from embeddings_core.talks.ready_talk import TITLE, ready_talk, ready_talk_json
from embeddings_core.talks.slides import Fact, Slide, slide_json, talk_json

NASTY = '</script><script>window.__x=1</script><img src=x onerror="window.__x=2">'


@pytest.fixture(scope="module")
def slides() -> tuple[Slide, ...]:
    return ready_talk()


def cosine(first: np.ndarray, second: np.ndarray) -> float:
    return float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))


def shown(slide: Slide) -> dict[str, str]:
    return {fact.name: fact.value for fact in slide.facts}


def test_ten_slides_and_one_to_take_home_each_with_a_film_a_sentence_and_notes(
    slides: tuple[Slide, ...],
) -> None:
    assert len(slides) == 11
    for slide in slides:
        assert 20 < len(slide.sentence) <= 95, "two lines of large type"
        assert len(slide.notes) > 80
        assert all(scene.alt for scene in slide.scenes)
        assert slide.scene.motion.kind in ("recorded", "morph", "still")
    films = [slide for slide in slides if any(len(scene.motion.frames) > 1 for scene in slide.scenes)]
    assert len(films) == 9  # the neighbours are a journey into the map before
    assert len({scene.id for slide in slides for scene in slide.scenes}) == sum(len(s.scenes) for s in slides)


def test_the_cat_is_nearer_to_the_dog(slides: tuple[Slide, ...]) -> None:
    space = load_vocabulary()
    cat, dog, car = (space.vectors[space.items.index(word)] for word in ("cat", "dog", "car"))
    facts = shown(slides[0])
    assert list(facts)[:3] == ["cat", "dog", "car"]  # what stands beside the picture before the first key
    assert facts.pop("cat").startswith(f"{cat[0]:+.2f} {cat[1]:+.2f}")
    facts = {name: value for name, value in facts.items() if name not in ("dog", "car")}
    assert facts == {"cat – dog": f"{cosine(cat, dog):.2f}", "cat – car": f"{cosine(cat, car):.2f}"}
    assert float(facts["cat – dog"]) > float(facts["cat – car"])
    assert shown(slides[1])["learned: cat – dog"] == facts["cat – dog"]


def test_the_squares_are_the_words_own_numbers(slides: tuple[Slide, ...]) -> None:
    """The same shuffle for all three; in it the cat's numbers fall from the first square to the last."""
    scene, space = slides[0].scene, load_vocabulary()
    cat = space.vectors[space.items.index("cat")]
    assert scene.points.values is not None and len(scene.points.items) == 3 + 3 * 384
    last = scene.motion.frames[2, 3:].reshape(3, 384, 2)
    offsets = last - last[:, :1]
    assert np.allclose(offsets[0], offsets[1]) and np.allclose(offsets[0], offsets[2])
    rank = -last[0, :, 1] * 1000 + last[0, :, 0]
    assert (np.diff(cat[np.argsort(rank)]) <= 1e-7).all()
    shades = np.asarray(scene.points.values[3:387])
    assert (np.argsort(shades, kind="stable")[-1:] == cat.argmax()) or shades.max() == 1.0


def test_how_far_rows_lean_is_how_far_the_words_agree(slides: tuple[Slide, ...]) -> None:
    """On one scale for all three: the dog's rows lean as the cat's do, the car's less."""
    frames = slides[0].scene.motion.frames
    lean = (frames[3] - frames[2])[3:, 0].reshape(3, 384)
    rows = frames[2][3:, 1].reshape(3, 384)
    slopes = [float(np.polyfit(rows[word], lean[word], 1)[0]) for word in range(3)]
    assert slopes[0] > slopes[1] > 1.3 * slopes[2] > 0
    assert "number (−" in slides[0].scene.points.values_title  # the scale names its real ends


def test_pictures_that_are_joined_are_each_others_nearest(slides: tuple[Slide, ...]) -> None:
    scene, view = slides[7].scene, ready_vectors.load_talk().maps["pictures"]
    alike = unit(view.embeddings.vectors) @ unit(view.embeddings.vectors).T
    np.fill_diagonal(alike, -1)
    near = alike.argmax(axis=1)
    assert len(scene.links) > 5
    assert all(near[link.start] == link.end and near[link.end] == link.start for link in scene.links)
    assert f"{len(scene.links)} lines" in slides[7].notes


def test_stored_maps_keep_nearest_neighbours_as_small_maps_do_today() -> None:
    kept = {}
    for name in ("sentences", "image-text"):
        view = ready_vectors.load_talk().maps[name]
        alike = unit(view.embeddings.vectors) @ unit(view.embeddings.vectors).T
        last = view.projection.final
        apart = np.linalg.norm(last[:, None] - last[None], axis=-1)
        np.fill_diagonal(alike, -1)
        np.fill_diagonal(apart, np.inf)
        kept[name] = float((alike.argmax(axis=1) == apart.argmin(axis=1)).mean())
    assert min(kept.values()) >= 0.7, kept


def test_the_last_slide_says_three_sentences(slides: tuple[Slide, ...]) -> None:
    assert (
        len(slides[-1].facts) == 3
        and "Go on" in slides[-1].aside
        and len(slides[-1].scene.motion.frames) == 1
    )


def test_neighbours_follow_the_space_and_not_the_picture(slides: tuple[Slide, ...]) -> None:
    whole, part, guess = slides[2].scene, slides[3].scene, slides[3].guess
    space = load_vocabulary()
    rows = {word: row for row, word in enumerate(space.items)}
    vectors = np.stack([space.vectors[rows[word]] for word in whole.points.items])
    scores = unit(vectors) @ unit(vectors[[whole.points.items.index("guitar")]])[0]
    order = [whole.points.items[row] for row in np.argsort(-scores) if whole.points.items[row] != "guitar"][
        :6
    ]
    assert list(shown(slides[3])) == order
    assert [part.points.items[link.end] for link in sorted(part.links, key=lambda link: link.rank)] == order
    assert guess is not None and guess.options[guess.answer] == order[0] and guess.hidden == (0,)
    for row, word in enumerate(part.points.items):  # the island has not moved
        assert np.array_equal(
            part.motion.frames[0, row], whole.motion.frames[-1, whole.points.items.index(word)]
        )


def test_queen_comes_first_and_the_audit_is_told(slides: tuple[Slide, ...]) -> None:
    slide, space = slides[4], load_vocabulary()
    king, man, woman = (space.vectors[space.items.index(word)] for word in ("king", "man", "woman"))
    scores = unit(space.vectors) @ unit((king - man + woman)[None])[0]
    order = [space.items[row] for row in np.argsort(-scores)[:6]]
    assert next(word for word in order if word not in ("king", "man", "woman")) == "queen"
    assert (
        slide.facts[0].name == "queen" and slide.facts[0].value == f"{scores[space.items.index('queen')]:.2f}"
    )
    assert order[0] == "king" and f"king itself scores {scores.max():.2f}" in slide.aside
    words, sums, end = slide.scenes
    assert not words.links and [item for item in words.points.items if item.strip()] == [
        "man",
        "king",
        "woman",
    ]
    for scene in (sums, end):  # no point moves but the one that takes the step
        assert np.array_equal(words.motion.frames[0, :3], scene.motion.frames[0, :3])
        assert np.array_equal(scene.motion.frames[-1, 3], sums.motion.frames[1, 3])
    place, *numbers = map(
        float, re.findall(r"[0-9.]+(?=[ :]|$)", sums.motion.frame_names[1].replace(" of 384", ""))
    )
    first, second, third, total = numbers
    assert first - second + third == pytest.approx(total, abs=1e-9)
    true = [vector[int(place) - 1] for vector in (unit(each[None])[0] for each in (king, man, woman))]
    assert numbers[:3] == pytest.approx(true, abs=5e-4)
    assert end.points.selected is not None and end.points.items[end.points.selected] == "queen"


def test_a_mean_of_words_loses_their_order(slides: tuple[Slide, ...]) -> None:
    first, second = load_encoder("minilm")(list(ready_vectors.PAIR))
    facts = shown(slides[5])
    assert facts["mean of the words"] == "1.000"
    assert facts["sentence model"] == f"{cosine(first, second):.3f}" != "1.000"
    frames = slides[5].scene.motion.frames
    assert np.allclose(frames[0, -1], frames[0, -2], atol=1e-6)
    apart = np.linalg.norm(frames[1, -1] - frames[1, -2])
    assert apart == pytest.approx(
        float(np.linalg.norm(unit(first[None]) - unit(second[None]))), abs=2e-3
    )  # not exaggerated


def test_bank_is_what_the_network_says_layer_by_layer(slides: tuple[Slide, ...]) -> None:
    fresh, slide = token_vectors(ready_vectors.OCCURRENCES.items, word="bank"), slides[6]
    kept = ready_vectors.load_talk().word
    assert np.allclose(fresh.vectors, kept.vectors, atol=1e-4) and fresh.places == kept.places
    last, senses = unit(fresh.vectors[-1]), ready_vectors.OCCURRENCES.groups or ()
    pairs = {True: [], False: []}  # type: dict[bool, list[float]]
    for i in range(8):
        for j in range(i):
            pairs[senses[i] == senses[j]].append(float(last[i] @ last[j]))
    facts = shown(slide)
    assert (
        facts["same meaning"]
        == f"{np.mean(pairs[True]):.2f}"
        > f"{np.mean(pairs[False]):.2f}"
        == facts["other meaning"]
    )
    assert len(slide.scene.motion.frames) == 7 and slide.scene.motion.kind == "recorded"


def test_stored_vectors_are_the_models_own() -> None:
    stored = ready_vectors.load_talk()
    some = [*ready_vectors.SENTENCES.items[:3], ready_vectors.QUERY]
    assert np.allclose(load_encoder("minilm")(some), stored.texts(some), atol=1e-4)
    view, files = stored.maps["pictures"], ready_vectors.pictures()
    cats = [file for file in files if file.name in ("cat", "cup of coffee")]
    fresh = load_encoder("efficientnet-lite0")(cats)
    for file, vector in zip(cats, fresh, strict=True):
        assert cosine(vector, view.embeddings.vectors[view.items.index(file.digest)]) > 0.9999


def test_captions_are_counted_as_people_would_judge(slides: tuple[Slide, ...]) -> None:
    view, files = ready_vectors.load_talk().maps["image-text"], ready_vectors.photographs()
    vectors, n = unit(view.embeddings.vectors), len(files)
    best = (vectors[n:] @ vectors[:n].T).argmax(axis=1)
    right = sum(
        files[row].name == ready_vectors.BELONGS[caption]
        for caption, row in zip(ready_vectors.CAPTIONS, best, strict=True)
    )
    assert slides[8].facts_title.startswith(f"{right} of {len(ready_vectors.CAPTIONS)} ") and right >= 8
    links = slides[8].scene.links
    assert {(link.start - n, link.end) for link in links} == set(enumerate(best.tolist()))
    assert sum(link.style == "dashed" for link in links) == len(ready_vectors.CAPTIONS) - right
    assert slides[8].scene.pictures.images is not None and all(slides[8].scene.pictures.images[:n])


def test_a_search_finds_what_shares_no_word(slides: tuple[Slide, ...]) -> None:
    stored = ready_vectors.load_talk()
    scores = unit(stored.texts(ready_vectors.SENTENCES.items)) @ unit(stored.texts([ready_vectors.QUERY]))[0]
    first, second = (ready_vectors.SENTENCES.items[row] for row in np.argsort(-scores)[:2])
    assert list(shown(slides[9]))[:2] == [first, second]
    content = {"pet", "resting", "couch"}
    assert not content & {word.strip(".").lower() for word in first.split()}
    groups = slides[9].more[0].points.groups
    assert groups is not None
    topics = ready_vectors.SENTENCES.groups or ()
    right = sum(
        max([topics[i] for i in range(20) if groups[i] == g].count(t) for t in set(topics)) for g in range(4)
    )
    assert shown(slides[9])["grouped with their topic"] == f"{right} of 20"


def test_what_is_not_a_part_of_the_talk_is_refused_in_a_sentence() -> None:
    with pytest.raises(BadInputError, match="not a part of the talk"):
        ready_vectors.load_talk().texts(["something else"])


def test_a_damaged_file_is_told(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready_vectors, "TALK", ready_vectors.TALK.with_name("lists.json"))
    with pytest.raises(ModelUnavailableError, match=r"rebuild\.ready_talk"):
        ready_vectors.load_talk.__wrapped__()


def test_stops_must_exist() -> None:
    scene = Scene(
        id="x", points=Points(("a",)), motion=Motion(np.zeros((2, 1, 2), np.float32), ("", ""), kind="morph")
    )
    assert Slide(scene, "s").stops == ((0, 1),)
    for stop in ((0, 2), (1, 0), (0, -1)):
        with pytest.raises(BadInputError):
            Slide(scene, "s", stops=(stop,))


def test_three_slides_ask_before_they_tell(slides: tuple[Slide, ...]) -> None:
    asked = {at: slide.guess for at, slide in enumerate(slides) if slide.guess}
    assert {at: guess.kind for at, guess in asked.items()} == {3: "nearest", 6: "odd", 9: "land"}
    senses = ready_vectors.OCCURRENCES.groups or ()
    odd, land = asked[6], asked[9]
    others = {senses[row] for at, row in enumerate(odd.rows) if at != odd.answer}
    assert len(others) == 1 and senses[odd.rows[odd.answer]] not in others  # by the dictionary too
    assert (
        slides[9].scene.points.items[land.answer] == ready_vectors.QUERY
        and slides[9].scene.points.selected == land.answer
    )
    for at, guess in asked.items():
        assert all(
            slides[at].scene.points.items[row] == option
            for row, option in zip(guess.rows, guess.options, strict=True)
        )
        sent = json.loads(slide_json(slides[at]))["guess"]
        assert sent["hidden"] == list(guess.hidden) and sent["question"] == guess.question


def test_a_guess_fits_its_scene() -> None:
    flat = Scene(
        id="x", points=Points(("a", "b")), motion=Motion(np.zeros((1, 2, 2), np.float32), ("",), kind="still")
    )
    with pytest.raises(BadInputError, match="row that the scene of 2 items"):
        Slide(flat, "s", guess=Question("land", "Where?", (), 2, ""))
    solid = Scene(
        id="x", points=Points(("a", "b")), motion=Motion(np.zeros((1, 2, 3), np.float32), ("",), kind="still")
    )
    with pytest.raises(BadInputError, match="flat map only"):
        Slide(solid, "s", guess=Question("land", "Where?", (), 1, ""))


def test_the_talk_travels_as_one_text(slides: tuple[Slide, ...]) -> None:
    told = json.loads(ready_talk_json())
    assert told["title"] == TITLE and len(told["slides"]) == 11
    assert [slide["sentence"] for slide in told["slides"]] == [slide.sentence for slide in slides]
    assert len(ready_talk_json()) < 1_000_000
    assert json.loads(slide_json(slides[4]))["stops"] == [[0, 0], [1, 0], [1, 1], [2, 0]]


def test_the_file_is_small_and_asks_nobody(slides: tuple[Slide, ...]) -> None:
    page = talk_html(TITLE, slides)
    assert len(page.encode()) <= 8_000_000
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page, flags=re.S)
    assert len(scripts) == 5 == page.count("<script")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy and "default-src 'none'" in policy[1].replace("&#x27;", "'")
    for attributes, text in scripts:
        if "json" not in attributes:
            assert fingerprint(text) in policy[1].replace("&#x27;", "'")
    assert not re.search(r"<(?:link|img|iframe|base)\b", re.sub(r"<script.*?</script>", "", page, flags=re.S))
    assert '"link":"words' not in page  # nothing to open live without the application


def test_hostile_words_cannot_leave_their_place() -> None:
    scene = Scene(
        id="x",
        points=Points((NASTY,)),
        motion=Motion(np.zeros((1, 1, 2), np.float32), (NASTY,), kind="still"),
        caption=NASTY,
    )
    slide = Slide(
        scene, NASTY, NASTY, NASTY, facts=(Fact(NASTY, NASTY, 0.5),), facts_title=NASTY, aside=NASTY,
        guess=Question("odd", NASTY, (NASTY, "b"), 0, NASTY),
    )  # fmt: skip
    text = talk_json(NASTY, (slide,))
    assert "<" not in text and json.loads(text)["slides"][0]["sentence"] == NASTY
    assert talk_html(NASTY, (slide,)).count("<script") == 5
