"""Scenes of learning: the map epoch by epoch, and one pass over a sentence, window by window."""

import hashlib
from collections.abc import Sequence

import numpy as np

from embeddings_core.scenes.metadata import counted, map_metadata, metadata
from embeddings_core.scenes.one_hot import groups_of
from embeddings_core.scenes.scene import Link, Motion, Points, Scene
from embeddings_core.spaces.vectors import FloatArray
from embeddings_core.training.record import Training, training_film
from embeddings_core.training.windows import SentenceWindows

SECONDS_AN_EPOCH = 0.55
LINE, STEP = 6, 1.5  # words side by side, and the room each gets: their labels fit
ROLES = ("the word", "wrong words", "its window: true pairs", "skipped this time")
CENTRE, NEGATIVE, CONTEXT, SKIPPED, WAITING = 0, 1, 2, 3, -1
METHODS = {
    "skipgram": "word2vec (skip-gram)", "cbow": "word2vec (CBOW)", "fasttext": "fastText", "glove": "GloVe",
}  # fmt: skip
BAG = "all words of the text"


def learning_scene(
    training: Training,
    words: Sequence[str],
    *,
    id: str,
    groups: tuple[np.ndarray | None, tuple[str, ...]] = (None, ()),
    word: str = "",
    near: Sequence[str] = (),
) -> Scene:
    """Play a training from noise to structure on some of its words; the loss is the linked curve.

    Lines lead from the followed word to those `near` it.
    """
    film = training_film(training, words=words)
    numbers, names = groups
    losses = training.losses.tolist()
    row = words.index(word) if word in words else None
    known = [words.index(other) for other in near if row is not None and other in words]
    links = tuple(Link(row or 0, other, "neighbour", rank) for rank, other in enumerate(known))
    return Scene(
        id=id,
        points=Points(
            tuple(words),
            groups=numbers,
            group_names=names,
            priority=np.linspace(1, 0, len(words), dtype=np.float32),
        ),
        motion=Motion(
            film.frames,
            film.frame_names,
            kind="recorded",
            trails=() if row is None else (row,),
            series=(("loss", (float("nan"), *losses)),),  # nothing is guessed before training
            seconds=min(max(SECONDS_AN_EPOCH * training.epochs, 4.0), 20.0),
        ),
        title="training",
        alt=f"{len(words)} words move from random places to groups in {training.epochs} epochs of training.",
        links=links,
        metadata=metadata(
            map_metadata(
                film, items=words, model=training.kind, dimensions=training.snapshots.shape[2], noun="words"
            ),
            Model=f"{METHODS.get(training.kind, training.kind)}, trained on a text of "
            f"{int(training.vocabulary.counts.sum()):,} words",
            Settings=", ".join(f"{name} {value:g}" for name, value in training.settings.items()),
        ),
    )


def kinds_of(words: Sequence[str], known: dict[str, str]) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Return the groups of words whose kind is known."""
    return groups_of(words, known)


def window_scene(seen: SentenceWindows) -> Scene:
    """Play one training pass over a sentence: a word steps forward, its window answers, wrong words are drawn.

    One recorded frame a window; of the wrong words those drawn for its first pair. They wait in a bag under the
    sentence. Where a word stands means nothing but its place in the sentence.
    """
    n = len(seen.words)
    drawn = [list(dict.fromkeys(window.negatives[0])) if window.negatives else [] for window in seen.windows]
    wrong = list(dict.fromkeys(name for names in drawn for name in names))
    home = _lines(n)
    below = float(home[:, 1].min()) - 1.3 if n else 0.0
    bag = np.tile(np.array([[STEP * (LINE - 1) / 2, below - 1.2]], dtype=np.float32), (len(wrong) + 1, 1))
    kept = [place for place, stays in enumerate(seen.kept) if stays]
    waiting = np.array([WAITING if stays else SKIPPED for stays in seen.kept] + [WAITING] * len(bag))
    frames, roles, names = [np.concatenate([home, bag])], [waiting], ["before the pass"]
    for window, taken in zip(seen.windows, drawn, strict=True):
        frame, role = frames[0].copy(), waiting.copy()
        centre, around = kept[window.place], [kept[place] for place in window.contexts]
        frame[centre, 1] += 0.45
        frame[around, 1] += 0.18
        role[centre], role[around] = CENTRE, CONTEXT
        for place, name in enumerate(taken):
            row = n + 1 + wrong.index(name)
            frame[row] = (STEP * (place % LINE), below - 0.7 * (place // LINE))
            role[row] = NEGATIVE
        frames.append(frame)
        roles.append(role)
        names.append(
            f"{window.word}: {_count(len(around), 'true pair')}, {_count(len(taken), 'wrong word')} a pair"
        )
    digest = hashlib.sha256(repr((seen.words, seen.kept, seen.windows)).encode()).hexdigest()[:16]
    return Scene(
        id=f"windows {digest}",
        points=Points(
            (*seen.words, BAG, *wrong),
            keys=(*(f"sentence {place}" for place in range(n)), "bag", *(f"wrong {name}" for name in wrong)),
            groups=roles[-1],
            group_names=ROLES,
            priority=np.concatenate([np.full(n, 2.0), [3.0], np.ones(len(wrong))]).astype(np.float32),
        ),
        motion=Motion(
            np.stack(frames),
            tuple(names),
            kind="recorded",
            frame_groups=np.stack(roles),
            seconds=max(1.8 * len(seen.windows), 3.0),
        ),
        title="one pass over a sentence",
        alt=f"A window slides over {n} words; below them the wrong words drawn for each.",
        metadata=metadata(
            Items=counted(seen.words, "words of one sentence"),
            Picture="one pass of training over the sentence, window by window",
            Axes="left to right is the order of the sentence; nothing else has a meaning",
        ),
    )


def _lines(count: int) -> FloatArray:
    """Place words in lines from left to right, top to bottom: (count, 2)."""
    places = np.arange(count)
    return np.stack([STEP * (places % LINE), -1.1 * (places // LINE)], axis=1).astype(np.float32)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
