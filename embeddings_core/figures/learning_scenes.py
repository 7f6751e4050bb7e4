"""Scenes of learning: the map epoch by epoch, and one pass over a sentence, window by window."""

import hashlib
from collections.abc import Sequence

import numpy as np

from embeddings_core.figures.one_hot_scenes import groups_of
from embeddings_core.figures.scene import Scene
from embeddings_core.training.record import Training, training_film
from embeddings_core.training.windows import SentenceWindows
from embeddings_core.vectors import FloatArray

SECONDS_AN_EPOCH = 0.55
LINE = 7  # words side by side: their labels fit
ROLES = ("the word", "its window: true pairs", "drawn wrong words", "skipped this time", "waiting")
CENTRE, CONTEXT, NEGATIVE, SKIPPED, WAITING = range(5)


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

    `near` are words to be marked with the followed one.
    """
    film = training_film(training, words=words)
    numbers, names = groups
    losses = training.losses.tolist()
    row = words.index(word) if word in words else None
    return Scene(
        id=id,
        items=tuple(words),
        frames=film.frames,
        frame_names=film.frame_names,
        kind="recorded",
        title="training",
        alt=f"{len(words)} words move from random places to groups in {training.epochs} epochs of training.",
        groups=numbers,
        group_names=names,
        priority=np.linspace(1, 0, len(words), dtype=np.float32),
        selected=row,
        highlighted=tuple(words.index(other) for other in near if other in words) if row is not None else (),
        trails=() if row is None else (row,),
        series=(("loss", (losses[0], *losses)),) if losses else (),
        seconds=min(max(SECONDS_AN_EPOCH * training.epochs, 4.0), 20.0),
    )


def kinds_of(words: Sequence[str], known: dict[str, str]) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Return the groups of words whose kind is known."""
    return groups_of(words, known)


def window_scene(seen: SentenceWindows) -> Scene:
    """Play one training pass over a sentence: the word steps forward, its window answers, wrong words are drawn.

    One recorded frame a window. Where a word stands means nothing but its place in the sentence.
    """
    n = len(seen.words)
    wrong = list(
        dict.fromkeys(name for window in seen.windows for names in window.negatives for name in names)
    )
    home = _lines(n)
    lowest = float(home[:, 1].min()) if n else 0.0
    pool = _lines(len(wrong)) + np.array([0.0, lowest - 2.4], dtype=np.float32)
    kept = [place for place, stays in enumerate(seen.kept) if stays]
    frames, roles, names = [np.concatenate([home, pool])], [_roles(seen, len(wrong))], ["one pass begins"]
    for window in seen.windows:
        frame, role = frames[0].copy(), roles[0].copy()
        centre, around = kept[window.place], [kept[place] for place in window.contexts]
        frame[centre, 1] += 0.42
        frame[around, 1] += 0.18
        role[centre], role[around] = CENTRE, CONTEXT
        drawn = sorted({n + wrong.index(name) for names_ in window.negatives for name in names_})
        frame[drawn, 1] += 0.3
        role[drawn] = NEGATIVE
        frames.append(frame)
        roles.append(role)
        pairs = len(window.contexts)
        names.append(
            f"{window.word}: {window.radius} to each side, {pairs} true pair{'' if pairs == 1 else 's'}, {len(drawn)} wrong words"
        )
    digest = hashlib.sha256(repr((seen.words, seen.kept, seen.windows)).encode()).hexdigest()[:16]
    return Scene(
        id=f"windows {digest}",
        items=(*seen.words, *wrong),
        keys=(*(f"sentence {place}" for place in range(n)), *(f"wrong {name}" for name in wrong)),
        frames=np.stack(frames),
        frame_names=tuple(names),
        kind="recorded",
        title="one pass over a sentence",
        alt=f"A window slides over {n} words; below them the wrong words drawn for each.",
        groups=roles[-1],
        frame_groups=np.stack(roles),
        group_names=ROLES,
        priority=np.concatenate([np.ones(n), np.full(len(wrong), 0.5)]).astype(np.float32),
        seconds=max(1.6 * len(seen.windows), 3.0),
    )


def _lines(count: int) -> FloatArray:
    """Place words in lines from left to right, top to bottom: (count, 2)."""
    places = np.arange(count)
    return np.stack([places % LINE, -(places // LINE)], axis=1).astype(np.float32)


def _roles(seen: SentenceWindows, wrong: int) -> np.ndarray:
    return np.array(
        [WAITING if stays else SKIPPED for stays in seen.kept] + [WAITING] * wrong, dtype=np.int64
    )
