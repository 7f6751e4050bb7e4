"""A slide of a talk: a scene or a few, one sentence to read from the back row, and what the speaker may say."""

from dataclasses import dataclass
from typing import Any

from embeddings_core.analysis.questions import Question
from embeddings_core.errors import BadInputError
from embeddings_core.scenes.fields import finite
from embeddings_core.scenes.labels import TEXT_LENGTH, label
from embeddings_core.scenes.payload import payload_json, scene_payload
from embeddings_core.scenes.questions import answer_scene, question_scene
from embeddings_core.scenes.scene import Scene

ASKING = "Guess first"  # over a question whose answer the sentence would tell
Stop = tuple[int, int]  # which scene of the slide, and which of its key states


@dataclass(frozen=True)
class Fact:
    """One number beside the picture: `share` (0-1) is the length of its bar, None draws none.

    It appears at step `step` of its slide (0 is the first).
    """

    name: str
    value: str
    share: float | None = None
    step: int = 0


@dataclass(frozen=True, eq=False)
class Slide:
    """One picture of a talk, led by `sentence`; `notes` are for the speaker alone.

    `page_link` is the address of the page that shows the same live, "" for none. `more` are further scenes of
    the same slide. `stops` are the moments at which the film waits for the speaker, by default the end of each
    scene. `facts` stand beside the picture under `facts_title`; `aside` is the small print under them. `guess` is a
    question about the first scene: it is asked one step before the first stop, on the scene's last state without
    what would give the answer away (`guess.hidden`, lines, facts), and the slide as it is tells the answer.

    Raises BadInputError where a stop or a row of the guess does not exist, or a place is asked for in 3-D.
    """

    scene: Scene
    sentence: str
    notes: str = ""
    page_link: str = ""
    more: tuple[Scene, ...] = ()
    stops: tuple[Stop, ...] = ()
    facts: tuple[Fact, ...] = ()
    facts_title: str = ""
    aside: str = ""
    guess: Question | None = None

    def __post_init__(self) -> None:
        if not self.stops:
            ends = tuple((at, len(scene.motion.frames) - 1) for at, scene in enumerate(self.scenes))
            object.__setattr__(self, "stops", ends)
        self._check_guess()
        for at, frame in self.stops:
            if not 0 <= at < len(self.scenes) or not 0 <= frame < len(self.scenes[at].motion.frames):
                raise BadInputError(f"A slide stops at moment {frame} of scene {at}, which it does not have.")

    def _check_guess(self) -> None:
        guess, n = self.guess, len(self.scene.points.items)
        if guess is None:
            return
        if any(not 0 <= row < n for row in (*guess.rows, *guess.hidden)):
            raise BadInputError(f"The guess asks about a row that the scene of {n} items does not have.")
        if guess.kind == "land" and self.scene.motion.dimensions != 2:
            raise BadInputError("Where something lands can be guessed on a flat map only; choose 2-D.")

    @property
    def scenes(self) -> tuple[Scene, ...]:
        """All scenes of this slide."""
        return (self.scene, *self.more)


def shown_scenes(slide: Slide) -> tuple[Scene, ...]:
    """Return the scenes as the player takes them: a slide that asks first has one more, and the answer is marked."""
    if slide.guess is None:
        return slide.scenes
    return (
        question_scene(slide.scene, slide.guess), answer_scene(slide.scene, slide.guess), *slide.more,
    )  # fmt: skip


def gives_away(slide: Slide) -> bool:
    """Tell whether the sentence of a slide names what its question asks for."""
    guess = slide.guess
    if guess is None:
        return False
    answer = slide.scene.points.items[guess.answer] if guess.kind == "land" else guess.options[guess.answer]
    return answer.casefold() in slide.sentence.casefold()


def slide_words(slide: Slide, *, live: bool = True) -> dict[str, Any]:
    """Return what a slide says, its pictures aside, as values that fit JSON; `live` keeps the link to its page."""
    ahead = int(slide.guess is not None)  # the question is a step of its own
    return {
        "sentence": slide.sentence,
        "asking": ASKING if gives_away(slide) else slide.sentence,
        "notes": slide.notes,
        "link": slide.page_link if live else "",
        "stops": [[0, 0]] * ahead + [[scene + ahead, frame] for scene, frame in slide.stops],
        "factsTitle": slide.facts_title,
        "aside": slide.aside,
        "guess": None if slide.guess is None else guess_words(slide.guess),
        "facts": [
            [
                label(fact.name),
                label(fact.value),
                None if fact.share is None else finite(fact.share),
                fact.step + ahead,
            ]
            for fact in slide.facts
        ],
    }


def slide_json(slide: Slide, *, live: bool = True) -> str:
    """Write a slide as JSON that may stand inside an HTML script element; `live` keeps the link to its page."""
    words = slide_words(slide, live=live)
    scenes = ",".join(payload_json(scene_payload(scene)) for scene in shown_scenes(slide))
    return f'{payload_json(words)[:-1]},"scenes":[{scenes}]}}'


def guess_words(guess: Question) -> dict[str, Any]:
    """Return a guess as the player takes it: texts cut to a line or two, and numbers."""
    return {
        "kind": guess.kind,
        "question": label(guess.question, length=TEXT_LENGTH),
        "options": [label(option) for option in guess.options],
        "answer": guess.answer,
        "why": label(guess.why, length=TEXT_LENGTH),
        "rows": list(guess.rows),
        "hidden": list(guess.hidden),
        "asked": guess.answer if guess.kind == "land" else guess.asked,
    }


def talk_json(title: str, slides: tuple[Slide, ...], *, live: bool = True) -> str:
    """Write a whole talk as JSON, as the player takes it."""
    body = ",".join(slide_json(slide, live=live) for slide in slides)
    return f'{payload_json({"title": title})[:-1]},"slides":[{body}]}}'
