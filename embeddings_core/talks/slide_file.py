"""One scene of a talk file: what it says, where it is live, and its films."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from embeddings_core.analysis.questions import KINDS, Question
from embeddings_core.errors import BadInputError
from embeddings_core.limits import CAPTION_CHARACTERS, TALK_WORDS
from embeddings_core.scenes.scene_json import read_scene, scene_record
from embeddings_core.talks.json_values import Values
from embeddings_core.talks.own_talk import OwnScene
from embeddings_core.talks.slides import Fact, Slide

PAGE = re.compile(r"\./|[a-z_]{1,40}")
FILMS, STOPS, FACTS, QUESTIONS, OPTIONS = 10, 200, 30, 10, 6
QUERY_CHARACTERS = 100_000  # 5,000 words in an address; browsers open 2 million


def own_scene_record(scene: OwnScene) -> dict[str, Any]:
    """Return a scene as plain values that fit JSON; what has its usual value is left out."""
    slide = scene.slide
    page, _, query = slide.page_link.partition("?")
    ends = [[at, len(film.motion.frames) - 1] for at, film in enumerate(slide.scenes)]
    stops = [list(stop) for stop in slide.stops]
    values: dict[str, Any] = {
        "caption": slide.sentence,
        "notes": slide.notes,
        "page": page,
        "query": query,
        "from": scene.first or None,
        "to": scene.last,
        "questions": [asdict(guess) for guess in scene.questions],
        "ask": scene.ask,
        "stops": None if stops == ends else stops,
        "facts_title": slide.facts_title,
        "facts": [[fact.name, fact.value, fact.share, fact.step] for fact in slide.facts],
        "aside": slide.aside,
        "films": [scene_record(film) for film in slide.scenes],
    }
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def read_own_scene(entry: Any, images: Mapping[str, str]) -> OwnScene:
    """Make a scene of JSON values; raises BadInputError, in a sentence, for the first thing that does not fit."""
    given = Values(entry, "It")
    films = given.listed("films", most=FILMS)
    if not films:
        raise BadInputError("Its picture is missing.")
    scenes = [read_scene(film, images) for film in films]
    slide = Slide(
        scenes[0],
        given.text("caption", limit=CAPTION_CHARACTERS),
        given.text("notes", limit=TALK_WORDS, lines=True),
        address(given),
        tuple(scenes[1:]),
        stops(given),
        facts(given),
        given.text("facts_title"),
        given.text("aside"),
    )
    first, last = given.integer("from"), given.integer("to")
    return OwnScene(slide, "", first or 0, last, guesses(given), given.integer("ask"))


def address(given: Values) -> str:
    """Return the address of a page of this application; "" where it is none."""
    page, query = given.text("page"), given.values.get("query")
    if not PAGE.fullmatch(page):
        return ""
    if not isinstance(query, str) or not query or len(query) > QUERY_CHARACTERS:
        return page
    return f"{page}?{''.join(letter for letter in query if letter.isprintable())}"


def guesses(given: Values) -> tuple[Question, ...]:
    """Return the questions that can be asked before the picture is shown."""
    found = []
    for entry in given.listed("questions", most=QUESTIONS) or ():
        asked = Values(entry, "A question")
        rows = asked.numbers("rows", most=OPTIONS, dtype=np.int64)
        found.append(
            Question(
                asked.one_of("kind", KINDS),  # type: ignore[arg-type]
                asked.text("question"),
                asked.texts("options", most=OPTIONS) or (),
                asked.integer("answer") or 0,
                asked.text("why"),
                () if rows is None else tuple(rows.tolist()),
                asked.integer("asked"),
            )
        )
    return tuple(found)


def stops(given: Values) -> tuple[tuple[int, int], ...]:
    """Return the moments at which the film waits."""
    found = []
    for entry in given.listed("stops", most=STOPS) or ():
        if not isinstance(entry, list) or len(entry) != 2 or not all(type(number) is int for number in entry):
            raise given.wrong("stops", "pairs of whole numbers: which film, which of its key states")
        found.append((entry[0], entry[1]))
    return tuple(found)


def facts(given: Values) -> tuple[Fact, ...]:
    """Return the numbers beside the picture: [name, value, length of the bar or nothing, step] each."""
    found = []
    for entry in given.listed("facts", most=FACTS) or ():
        if not isinstance(entry, list) or len(entry) != 4:
            raise given.wrong("facts", "lists of a name, a value, a share and a step")
        fact = Values(
            dict(zip(("name", "value", "share", "step"), entry, strict=True)), "A number beside the picture"
        )
        share = None if entry[2] is None else fact.number("share", 0.0, low=0.0, high=1.0)
        found.append(
            Fact(fact.text("name"), fact.text("value"), share, int(fact.number("step", 0, low=0, high=STOPS)))
        )
    return tuple(found)
