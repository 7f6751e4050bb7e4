"""A visitor's own talk: scenes in an order, each with its caption, notes and film range. Every change makes a new talk."""

import json
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from itertools import takewhile
from typing import Any

import numpy as np

from embeddings_core.analysis.questions import Question, questions
from embeddings_core.errors import BadInputError
from embeddings_core.limits import TALK_SCENES
from embeddings_core.scenes.payload import payload_json, scene_payload
from embeddings_core.scenes.scene import Scene
from embeddings_core.scenes.thumbnail import thumbnail
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.talks.slides import Slide, shown_scenes, slide_words

TITLE = "My talk"
NAMED = 3  # neighbours told in a caption


@dataclass(frozen=True, eq=False)
class OwnScene:
    """One scene of an own talk: a slide with its whole film, and how it is shown.

    `key` names the scene within its talk. The film of the slide's first picture plays from key state `first` to
    `last` (None: to its end); a slide of several pictures or stops is shown as it is. `questions` are those that can
    be asked before the picture tells the answer, `ask` says which one is (None: none).

    Raises BadInputError where such a key state or question does not exist.
    """

    slide: Slide
    key: str = ""
    first: int = 0
    last: int | None = None
    questions: tuple[Question, ...] = ()
    ask: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.end < len(self.slide.scene.motion.frames):
            states = len(self.slide.scene.motion.frames)
            raise BadInputError(
                f"The film has the key states 0 to {states - 1}; it cannot play from {self.first} to {self.end}."
            )

        if self.ask is not None and not 0 <= self.ask < len(self.questions):
            raise BadInputError(
                f"There is no question {self.ask + 1}; the scene has {len(self.questions)} of them."
            )
        for guess in self.questions:
            replace(self.slide, guess=guess)  # refuses a question about rows that the picture does not have

    @property
    def end(self) -> int:
        """The key state at which the film ends."""
        return len(self.slide.scene.motion.frames) - 1 if self.last is None else self.last

    @property
    def has_range(self) -> bool:
        """Whether a part of the film can be chosen: one picture that moves, and waits at its end only."""
        states = len(self.slide.scene.motion.frames)
        return not self.slide.more and states > 1 and self.slide.stops == ((0, states - 1),)

    @cached_property
    def played(self) -> Slide:
        """The slide as the player shows it: the chosen part of the film, under ids that no other scene has."""
        slide = self.slide
        if self.has_range:
            slide = replace(slide, scene=cut(slide.scene, self.first, self.end), stops=())
        part = f"{self.key} {self.first}-{self.end}"
        named = [replace(scene, id=f"{part} {at} {scene.id}") for at, scene in enumerate(slide.scenes)]
        guess = None if self.ask is None else self.questions[self.ask]
        return replace(slide, scene=named[0], more=tuple(named[1:]), guess=guess)

    @cached_property
    def pictures(self) -> dict[str, str]:
        """Each picture of the played slide as JSON, as the player takes it, under a name that its content decides."""
        texts = [payload_json(scene_payload(scene)) for scene in shown_scenes(self.played)]
        return {blake2b(text.encode(), digest_size=9).hexdigest(): text for text in texts}

    @cached_property
    def thumbnail(self) -> str:
        """A small picture of the scene, as a data: URL."""
        return thumbnail(self.played.scenes[-1])

    @cached_property
    def words(self) -> dict[str, Any]:
        """What the played slide says, as plain values."""
        return slide_words(self.played)


@dataclass(frozen=True, eq=False)
class OwnTalk:
    """Scenes in the order in which they are shown. `made` counts every scene there ever was: keys are not reused.

    Raises BadInputError where there are more than 100 scenes.
    """

    title: str = TITLE
    scenes: tuple[OwnScene, ...] = ()
    made: int = 0

    def __post_init__(self) -> None:
        if len(self.scenes) > TALK_SCENES:
            raise BadInputError(
                f"A talk holds at most {TALK_SCENES} scenes, and this one is full; take a scene out first."
            )

    def place(self, key: str) -> int:
        """Return where the scene of this name stands, counted from 0; raises BadInputError where it does not."""
        for at, scene in enumerate(self.scenes):
            if scene.key == key:
                return at
        raise BadInputError("This scene is no longer in the talk.")


def cut(scene: Scene, first: int, last: int) -> Scene:
    """Return the part of a film from key state `first` to `last`; one state alone is a still picture."""
    if (first, last) == (0, len(scene.motion.frames) - 1):
        return scene
    own = slice(first, last + 1)
    whole = (
        np.arange(len(scene.motion.frames)) if scene.motion.times is None else np.asarray(scene.motion.times)
    )
    share = float((whole[last] - whole[first]) / (whole[-1] - whole[0]))
    return replace(
        scene,
        links=tuple(
            replace(link, weight=max(link.weights[own]), weights=link.weights[own]) if link.weights else link
            for link in scene.links
        ),
        caption=scene.caption if last > first else scene.motion.frame_names[last],
        motion=replace(
            scene.motion,
            frames=scene.motion.frames[own],
            frame_names=scene.motion.frame_names[own],
            frame_groups=None if scene.motion.frame_groups is None else scene.motion.frame_groups[own],
            series=tuple((name, values[own]) for name, values in scene.motion.series),
            times=None if scene.motion.times is None else scene.motion.times[own],
            seconds=max(scene.motion.seconds * share, 1.0),
            kind=scene.motion.kind if last > first else "still",
        ),
        pictures=replace(
            scene.pictures,
            frame_images=tuple((row, pictures[own]) for row, pictures in scene.pictures.frame_images),
        ),
    )


def added(talk: OwnTalk, *scenes: OwnScene, at: int | None = None) -> OwnTalk:
    """Put scenes into a talk under new keys, at its end or before place `at`."""
    fresh = tuple(
        replace(scene, key=f"s{number}") for number, scene in enumerate(scenes, start=talk.made + 1)
    )
    at = len(talk.scenes) if at is None else at
    return replace(talk, scenes=(*talk.scenes[:at], *fresh, *talk.scenes[at:]), made=talk.made + len(fresh))


def moved(talk: OwnTalk, key: str, by: int) -> OwnTalk:
    """Move a scene by so many places towards the end (or, below 0, the start); the ends hold it."""
    at = talk.place(key)
    left = [scene for scene in talk.scenes if scene.key != key]
    left.insert(min(max(at + by, 0), len(left)), talk.scenes[at])
    return replace(talk, scenes=tuple(left))


def duplicated(talk: OwnTalk, key: str) -> OwnTalk:
    """Put a second one of a scene behind it."""
    at = talk.place(key)
    return added(talk, talk.scenes[at], at=at + 1)


def removed(talk: OwnTalk, key: str) -> OwnTalk:
    """Take a scene out."""
    at = talk.place(key)
    return replace(talk, scenes=(*talk.scenes[:at], *talk.scenes[at + 1 :]))


def edited(talk: OwnTalk, key: str, **changes: Any) -> OwnTalk:
    """Change a scene: fields of OwnScene, and `sentence` or `notes` of its slide."""
    at = talk.place(key)
    scene = talk.scenes[at]
    words = {name: changes.pop(name) for name in ("sentence", "notes") if name in changes}
    if words:
        changes["slide"] = replace(scene.slide, **words)
    return replace(talk, scenes=(*talk.scenes[:at], replace(scene, **changes), *talk.scenes[at + 1 :]))


def as_own(slide: Slide) -> OwnScene:
    """Return a slide of the ready talk as a scene of an own one; its question stays and is asked."""
    if slide.guess is None:
        return OwnScene(slide)
    return OwnScene(replace(slide, guess=None), questions=(slide.guess,), ask=0)


def questions_about(scene: Scene, embeddings: EmbeddingSet | None) -> tuple[Question, ...]:
    """Return what can be asked before this picture is shown, from the vectors of its items.

    `embeddings` hold them by name, in any order; marks that are no items (centres) stand behind the items.
    """
    if embeddings is None:
        return ()
    rows = {item: row for row, item in enumerate(embeddings.items)}
    shown = [rows[item] for item in takewhile(rows.__contains__, scene.points.items)]
    if not shown:
        return ()
    row = (
        scene.points.selected
        if scene.points.selected is not None and scene.points.selected < len(shown)
        else None
    )
    flat = scene.motion.dimensions == 2
    return tuple(
        guess for guess in questions(embeddings.take(shown), row=row) if flat or guess.kind != "land"
    )


def first_caption(scene: Scene, claim: str) -> str:
    """Suggest a sentence for a picture: whose nearest, or what it looks at, or else what its page claims."""
    if scene.points.selected is not None:
        own = [
            link
            for link in sorted(scene.links, key=lambda link: link.rank)
            if link.start == scene.points.selected
        ]
        ends = [link.end for link in own if link.style in ("neighbour", "arc")]
        if ends:
            chosen, names = (
                scene.points.items[scene.points.selected],
                [scene.points.items[row] for row in ends[:NAMED]],
            )
            if own[0].style == "arc":
                return f"{chosen} looks at {', '.join(names)}"
            if any(
                name.endswith((".", "?", "!")) for name in (chosen, *names)
            ):  # sentences would run together
                return f"Nearest to “{chosen}”: “{names[0]}”"
            return f"Nearest to {chosen}: {', '.join(names)}"
    return claim.split(". ")[0].rstrip(".") + "." if claim else scene.title


def own_talk_json(talk: OwnTalk) -> str:
    """Write what the player in the application needs beside the pictures: words, and each picture by its name."""
    slides: list[dict[str, Any]] = [{**scene.words, "scenes": list(scene.pictures)} for scene in talk.scenes]
    return json.dumps({"title": talk.title, "slides": slides})
