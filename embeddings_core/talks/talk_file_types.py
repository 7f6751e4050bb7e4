"""What a talk file holds, in types: its reader, its writer and `assets/talk.schema.json` are made of them.

Names are those of the file. Text that is too long is cut, an address that is none is left out; everything else that does
not fit is refused in a sentence.
"""

import re
from collections.abc import Mapping
from dataclasses import KW_ONLY, asdict, dataclass
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, TypeAdapter

from embeddings_core.analysis.questions import Question, QuestionKind
from embeddings_core.errors import BadInputError
from embeddings_core.limits import CAPTION_CHARACTERS, IMAGES, NOTES_CHARACTERS, TALK_SCENES
from embeddings_core.scenes.fields import Row, Text
from embeddings_core.scenes.reading import made_adapter, read, wrong
from embeddings_core.scenes.scene import DESCRIBED
from embeddings_core.scenes.scene_json import StoredScene, tidy
from embeddings_core.spaces.texts import clean
from embeddings_core.talks.own_talk import OwnScene
from embeddings_core.talks.slides import Fact, Slide

Format = Literal["embeddings talk"]
Version = Literal[1]
PAGE = re.compile(r"\./|[a-z_]{1,40}")
FILMS, STOPS, FACTS, QUESTIONS, OPTIONS = 10, 200, 30, 10, 6
QUERY_CHARACTERS = 100_000  # 5,000 words in an address; browsers open 2 million
WHAT = "It"  # a scene, after its number


def lines(text: str) -> str:
    """Return text of several lines, readable and cut at the limit of notes."""
    return "\n".join(
        clean(line, limit=NOTES_CHARACTERS) for line in text[:NOTES_CHARACTERS].splitlines()
    ).strip()


def page_name(text: str) -> str:
    """Return the name of a page of this application; "" where it is none."""
    return text if PAGE.fullmatch(text) else ""


def page_query(text: str) -> str:
    """Return what an address says after the question mark; "" where it is longer than any address."""
    return "" if len(text) > QUERY_CHARACTERS else "".join(letter for letter in text if letter.isprintable())


def at_most(characters: int) -> Any:
    """Take text, and tell the schema how long it may be."""
    return Field(strict=True, json_schema_extra={"maxLength": characters})


Sentence = Annotated[
    str, at_most(CAPTION_CHARACTERS), AfterValidator(partial(clean, limit=CAPTION_CHARACTERS))
]
Notes = Annotated[str, at_most(NOTES_CHARACTERS), AfterValidator(lines)]
Page = Annotated[
    str, Field(strict=True, json_schema_extra={"pattern": f"^({PAGE.pattern})$"}), AfterValidator(page_name)
]
Query = Annotated[str, at_most(QUERY_CHARACTERS), AfterValidator(page_query)]
Bar = Annotated[float, Field(strict=True, ge=0, le=1)]
Step = Annotated[int, Field(strict=True, ge=0, le=STOPS)]
DataUrl = Annotated[str, Field(pattern="^data:image/(png|jpeg|webp|gif);base64,")]


@dataclass(frozen=True)
class StoredQuestion:
    """A question in a file."""

    __pydantic_config__ = DESCRIBED

    kind: QuestionKind
    question: Text
    _: KW_ONLY
    options: Annotated[tuple[Text, ...], Field(max_length=OPTIONS)] = ()
    answer: Row = 0
    """Which option is right, from 0; for land, the item's row."""
    why: Text = ""
    rows: Annotated[tuple[Row, ...], Field(max_length=OPTIONS)] = ()
    """The options' rows."""
    asked: Row | None = None
    """The row that is asked about."""


@dataclass(frozen=True, kw_only=True)
class StoredSlide:
    """A scene of a talk in a file: what it says, where it is live, and its films."""

    __pydantic_config__ = DESCRIBED

    caption: Sentence = ""
    """The sentence in large type."""
    notes: Notes = ""
    """For the speaker alone."""
    page: Page = ""
    """The page of the program that shows this live; ./ is Home."""
    query: Query = ""
    """What its address says after the question mark: the recipe of the picture, typed words included."""
    first: Annotated[Row, Field(alias="from")] = 0
    """The key state of the first film at which it begins, from 0."""
    last: Annotated[Row | None, Field(alias="to")] = None
    """The key state at which it ends; by default its last."""
    questions: Annotated[tuple[StoredQuestion, ...], Field(max_length=QUESTIONS)] = ()
    """What can be asked before the picture tells the answer."""
    ask: Row | None = None
    """Which of the questions is asked; by default none."""
    stops: Annotated[tuple[tuple[Row, Row], ...], Field(max_length=STOPS)] = ()
    """Where the talk waits: film, key state; by default the end of each film."""
    facts_title: Text = ""
    """What stands over the numbers."""
    facts: Annotated[tuple[tuple[Text, Text, Bar | None, Step], ...], Field(max_length=FACTS)] = ()
    """Numbers beside the picture: name, value, length of the bar from 0 to 1 or none, step at which it appears."""
    aside: Text = ""
    """The small print under them."""
    films: Annotated[tuple[StoredScene, ...], Field(min_length=1, max_length=FILMS)]
    """What is shown, one after the other."""


@dataclass(frozen=True)
class StoredUpload:
    """One of the speaker's own pictures."""

    image: Annotated[str, Field(pattern="^data:image/")]
    _: KW_ONLY
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class StoredTalk:
    """At most 20 MB and 100 scenes. Names that are not listed here are ignored. A later program opens this version too."""

    __pydantic_config__ = DESCRIBED

    format: Format = "embeddings talk"
    version: Version = 1
    title: Sentence = ""
    scenes: Annotated[tuple[StoredSlide, ...], Field(min_length=1, max_length=TALK_SCENES)]
    images: Mapping[str, DataUrl] = Field(default_factory=dict)
    """Thumbnails by name: data: URLs of PNG, JPEG, WebP or GIF pictures, at most 1,024 pixels a side."""
    uploads: Annotated[tuple[StoredUpload, ...], Field(max_length=IMAGES)] = ()
    """The speaker's own pictures, as data: URLs."""


def slides() -> TypeAdapter[StoredSlide]:
    """Return pydantic's reader and writer of a scene of a talk, made once."""
    return made_adapter(StoredSlide)


def read_slide(entry: Any, images: Mapping[str, str]) -> OwnScene:
    """Make a scene of a file's values; `images` are the data: URLs of the file by their names.

    Raises BadInputError, in a sentence, for the first thing that does not fit.
    """
    if not isinstance(entry, dict):
        raise wrong(WHAT, "values", "an object with names")
    given = {name: value for name, value in entry.items() if value is not None}
    if not given.get("films"):
        raise BadInputError("Its picture is missing.")
    stored = read(slides(), given, what=WHAT, context={"images": images})
    slide = Slide(
        stored.films[0],
        stored.caption,
        stored.notes,
        f"{stored.page}?{stored.query}" if stored.page and stored.query else stored.page,
        stored.films[1:],
        stored.stops,
        tuple(Fact(*fact) for fact in stored.facts),
        stored.facts_title,
        stored.aside,
    )
    questions = tuple(Question(**asdict(question)) for question in stored.questions)
    return OwnScene(slide, "", stored.first, stored.last, questions, stored.ask)


def slide_record(scene: OwnScene) -> dict[str, Any]:
    """Return a scene as plain values that fit JSON; what has its usual value is left out."""
    slide = scene.slide
    page, _, query = slide.page_link.partition("?")
    ends = tuple((at, len(film.motion.frames) - 1) for at, film in enumerate(slide.scenes))
    stored = StoredSlide(
        caption=slide.sentence,
        notes=slide.notes,
        page=page,
        query=query,
        first=scene.first,
        last=scene.last,
        questions=tuple(StoredQuestion(**asdict(question)) for question in scene.questions),
        ask=scene.ask,
        stops=() if slide.stops == ends else slide.stops,
        facts_title=slide.facts_title,
        facts=tuple((fact.name, fact.value, fact.share, fact.step) for fact in slide.facts),
        aside=slide.aside,
        films=slide.scenes,
    )
    values: dict[str, Any] = slides().dump_python(stored, mode="json", by_alias=True)
    return {
        name: value
        for name, value in values.items()
        if value not in (None, "", []) and (name, value) != ("from", 0)
    }


def talk_schema() -> dict[str, Any]:
    """Return the JSON Schema of a talk file."""
    schema = made_adapter(StoredTalk).json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A talk of the embeddings visualizer",
        **tidy({name: value for name, value in schema.items() if name != "title"}),
        "required": ["format", "version", "scenes"],
    }
