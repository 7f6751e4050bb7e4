"""The word spaces that a visitor can look into: their own files and trainings, files beside the server, downloads.

What is a visitor's own stays in the visit, named by content, and is shared with nobody.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import cast
from uuid import uuid4

from embeddings_core import jobs
from embeddings_core.analysis.model_comparison import ModelComparison, compare_models, known_in
from embeddings_core.errors import BadInputError
from embeddings_core.limits import VECTOR_SECONDS, VECTOR_SPACES_BYTES
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.registry import find_model, list_models, load_encoder
from embeddings_core.models.sources import gensim_files
from embeddings_core.models.spec import ModelSpec
from embeddings_core.models.words import StaticWords
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.files.uploads import local_files, open_on_disk
from embeddings_core.spaces.files.word_vectors import WordVectors
from embeddings_core.spaces.texts import unlike
from embeddings_core.spaces.vocabulary import load_vocabulary
from embeddings_core.training.bundled import FILES, bundled_training
from embeddings_core.training.configuration import TrainingConfig
from embeddings_core.training.news_words import news_words
from embeddings_core.training.record import Training
from pages._ui import state

OWN, OWNER = "word-spaces", "word-spaces-owner"
METHODS = {"skipgram": "skip-gram", "cbow": "CBOW", "fasttext": "fastText", "glove": "GloVe"}
TEXTS = {"world": "the little world", "news": "the news articles", "own": "my own text"}


@dataclass(frozen=True)
class StaticSpace:
    """A space of static words, one vector a word: part of every key under which something in it is remembered.

    `id` says which one, by content where it is a file; `owner` whose visit it belongs to, "" where all share it.
    """

    id: str
    title: str
    owner: str = ""


def own() -> dict[StaticSpace, WordVectors]:
    """Return the spaces of this visit, the oldest first."""
    kept: dict[StaticSpace, WordVectors] = state.kept(OWN, dict)
    return kept


def _key(id: str, title: str) -> StaticSpace:
    return StaticSpace(id, title, state.kept(OWNER, lambda: uuid4().hex))


def keep_file(digest: str, words: WordVectors) -> StaticSpace:
    """Keep an opened file in the visit; the oldest files go where all together would be too large."""
    kept, id = own(), f"file:{digest}"
    space = _key(id, _free_title(words.model, id))
    for same in [each for each in kept if each.id == id]:  # also under another name
        del kept[same]
    kept[space] = replace(words, model=space.title)  # what films and recipe cards call it
    while sum(each.vectors.nbytes for each in kept.values()) > VECTOR_SPACES_BYTES and len(kept) > 1:
        del kept[next(iter(kept))]
    return space


def _free_title(title: str, id: str) -> str:
    taken = {space.title for space in own() if space.id != id} | {space.title for space in shared()}
    return unlike(title, taken)


def keep_training(config: TrainingConfig, training: Training) -> StaticSpace:
    """Keep what a visitor trained: its most frequent words with the vectors after the last epoch."""
    if config in FILES:
        return recorded(config)
    digest = hashlib.sha256(repr((config, training.epochs)).encode()).hexdigest()[:24]
    space = _key(f"lesson:{digest}", f"my training: {METHODS[config.kind]} on {TEXTS[config.source]}")
    for other in [each for each in own() if each.id.startswith("lesson:") and each != space]:
        del own()[other]  # the last one counts
    if space not in own():
        own()[space] = _trained(training, space.title)
    return space


def recorded(config: TrainingConfig) -> StaticSpace:
    """Return the space of a training that is bundled."""
    return StaticSpace(
        f"recorded:{config.source}", f"trained: {METHODS[config.kind]} on {TEXTS[config.source]}"
    )


def _trained(training: Training, title: str) -> WordVectors:
    words = training.final
    note = f"The {len(words):,} most frequent words of the text, after {training.epochs} epochs."
    return WordVectors(words.items, words.vectors, title, layout="trained here", notes=(note,))


def forget(space: StaticSpace) -> None:
    """Take one of the visitor's own spaces away."""
    own().pop(space, None)


def shared() -> tuple[StaticSpace, ...]:
    """Return the spaces that everybody on this server can look into now."""
    return (
        *(StaticSpace(f"model:{spec.id}", spec.title) for spec in downloads() if on_disk(spec)),
        *(StaticSpace(f"local:{_stamp(path)}", path.name) for path in local_files()),
        StaticSpace("news", "word2vec on 300 news articles"),
        *(recorded(config) for config in FILES),
    )


def downloads() -> tuple[ModelSpec, ...]:
    """Return the catalogue's rows of static words that are not bundled: word2vec, GloVe, fastText."""
    return tuple(spec for spec in list_models("word") if not spec.bundled)


def _stamp(path: Path) -> str:
    told = path.stat()
    return f"{path.name}|{told.st_size}|{told.st_mtime_ns}"


def opened(space: StaticSpace) -> WordVectors:
    """Return the words of a space; raise BadInputError where it is no longer here."""
    mine = own().get(space)
    if mine is not None:
        return mine
    return _opened(space.id)


def words_of(space: object) -> EmbeddingSet:
    """Return every word of a space of words; the bundled ones for any other."""
    return opened(space) if isinstance(space, StaticSpace) else load_vocabulary()


@lru_cache(maxsize=4)  # those of 200,000 words are mapped from the disk
def _opened(id: str) -> WordVectors:
    kind, _, name = id.partition(":")
    if kind == "news":
        return jobs.within(VECTOR_SECONDS).run(news_words)
    if kind == "model":
        spec = find_model(name)
        for path in gensim_files(spec.checkpoint)[:1]:
            open_on_disk(path, name=spec.title)
        return cast(StaticWords, load_encoder(name).inner).space
    if kind == "recorded":
        config = next(config for config in FILES if config.source == name)
        return _trained(bundled_training(config), recorded(config).title)
    for path in local_files():
        if kind == "local" and _stamp(path) == name:
            return open_on_disk(path)
    raise BadInputError("This word space is no longer here; open its file again, or choose another model.")


def through(items: tuple[str, ...], spaces: tuple[str | StaticSpace, ...]) -> ModelComparison:
    """Take words through several models; of this visit's own spaces only these words go to the worker."""
    given = {each.id: known_in(opened(each), items) for each in spaces if isinstance(each, StaticSpace)}
    ids = tuple(each.id if isinstance(each, StaticSpace) else each for each in spaces)
    return jobs.run(compare_models, items, ids, given=given)


def titled(space: StaticSpace) -> str:
    """Say what kind of space this is: its layout, how many words, how long a vector."""
    words = opened(space)
    return f"{len(words):,} words × {words.dimensions:,} numbers ({words.layout})"


def notes(space: StaticSpace) -> Sequence[str]:
    """Return what a visitor should know about a space: what was cut, repaired, left out."""
    return opened(space).notes
