"""What the ready talk is about, and the vectors that its scenes are drawn from: worked out beforehand by real models.

`embeddings_core.rebuild.ready_talk` makes the bundled file; with it the talk starts without loading a model.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from embeddings_core.analysis.sentence_examples import SAME_WORDS
from embeddings_core.analysis.tokens import TokenVectors
from embeddings_core.damage import DAMAGE
from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.folders import ASSETS
from embeddings_core.maps.map_view import MapView
from embeddings_core.maps.projection import Projection
from embeddings_core.maps.settings import settings
from embeddings_core.maps.trust import trust
from embeddings_core.pictures.files import ImageFile
from embeddings_core.pictures.samples import HARD_TO_NAME, sample_images, sample_photographs
from embeddings_core.spaces.datasets import BANK, Dataset
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, frozen

TALK = ASSETS / "talk.npz"
DIGITS_EACH = 2
NEIGHBOURS = 5  # that count for the trust of a map
BALANCE = {"pictures": 1.0}  # of its map, from local (0) to global (1); the others lie in the middle
WORD = "bank"
OCCURRENCES: Dataset = BANK
PAIR = SAME_WORDS[0]
_TOPICS = {
    "pets": (
        "The cat sleeps on the warm sofa.",
        "A kitten is taking a nap.",
        "My dog loves walks in the park.",
        "The puppy chews on an old shoe.",
        "Feed the rabbit twice a day.",
    ),
    "money": (
        "Stock markets fell on Monday.",
        "The central bank raised rates.",
        "Investors lost billions.",
        "Prices rose faster than wages.",
        "The firm borrowed two million.",
    ),
    "weather": (
        "It rained heavily all weekend.",
        "A storm comes in tonight.",
        "Dark clouds hang over the hills.",
        "Snow fell in the mountains.",
        "A cold north wind is blowing.",
    ),
    "kitchen": (
        "Bake the cake for forty minutes.",
        "Add two eggs and a cup of flour.",
        "Stir the soup until it boils.",
        "Fry the onions in butter.",
        "The dough needs a pinch of salt.",
    ),
}
SENTENCES = Dataset(
    "the talk",
    tuple(sentence for listed in _TOPICS.values() for sentence in listed),
    tuple(topic for topic, listed in _TOPICS.items() for _ in listed),
    "written for this application",
)
QUERY = "a pet is resting on the couch"
BELONGS = {
    "a cup of coffee": "cup of coffee",
    "a cat": "cat",
    "a rocket taking off": "rocket launch",
    "a motorcycle": "motorcycle, left eye",
    "a flower": "flower",
    "a Chinese temple": "Chinese temple",
    "a man with a camera": "photographer",
    "a brick wall": "brick wall",
    "a page of text": "scanned page",
    "an astronaut": "astronaut",
}
"""The picture that people would give each caption."""
CAPTIONS = tuple(BELONGS)
MAPS = {"pictures": "pictures", "image-text": "joint", "sentences": "sentences"}
"""The recorded maps, and what each is called in the file."""
MISSING = "The bundled vectors of the talk are missing or damaged. Make them anew: python -m embeddings_core.rebuild.ready_talk"


def pictures() -> tuple[ImageFile, ...]:
    """Return the pictures that find each other: photographs and handwritten digits."""
    return sample_images(DIGITS_EACH)


def photographs() -> tuple[ImageFile, ...]:
    """Return the pictures that share a space with captions: those with everyday names."""
    return tuple(file for file in sample_photographs() if file.name not in HARD_TO_NAME)


@dataclass(frozen=True, eq=False)
class StoredVectors:
    """An encoder of some texts alone, whose vectors were worked out beforehand: `vectors` (n, d), row i is `items[i]`."""

    items: tuple[str, ...]
    vectors: FloatArray

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Return the vectors of texts (m, d); raise BadInputError for one that is not known."""
        rows = {item: row for row, item in enumerate(self.items)}
        unknown = [item for item in items if item not in rows]
        if unknown:
            raise BadInputError(
                f'"{unknown[0][:60]}" is not a part of the talk; open the page to type your own.'
            )
        return self.vectors[[rows[item] for item in items]]


@dataclass(frozen=True, eq=False)
class TalkVectors:
    """The vectors of the talk: texts by MiniLM, a word layer by layer, and three recorded maps.

    `maps` are "pictures" (EfficientNet-Lite0), "image-text" (the bridge: pictures, then captions) and "sentences"
    (MiniLM), each with the vectors (n, d) it was made of.
    """

    texts: StoredVectors
    word: TokenVectors
    maps: dict[str, MapView]


@lru_cache(maxsize=1)
def load_talk() -> TalkVectors:
    """Load the vectors of the talk; raises ModelUnavailableError where the file is missing or damaged."""
    try:
        with TALK.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        texts = StoredVectors(lines(arrays["texts"]), frozen(arrays["text_vectors"]))
        return TalkVectors(
            texts, _word(arrays), {name: _map(arrays, stored) for name, stored in MAPS.items()}
        )
    except (*DAMAGE, BadInputError):
        raise ModelUnavailableError(MISSING) from None


def lines(stored: np.ndarray) -> tuple[str, ...]:
    """Read lines of text from an array of bytes."""
    return tuple(stored.tobytes().decode("utf-8").split("\n"))


def _word(arrays: dict[str, np.ndarray]) -> TokenVectors:
    sentences = OCCURRENCES.items
    starts = [sentence.lower().index(WORD) for sentence in sentences]
    return TokenVectors(
        word=WORD,
        vectors=arrays["word_vectors"],
        sentences=sentences,
        rows=tuple(range(len(sentences))),
        places=tuple((start, start + len(WORD)) for start in starts),
        pieces=((WORD,),) * len(sentences),
        layer_names=lines(arrays["layer_names"]),
        static=arrays["word_static"],
        model="minilm",
    )


def _map(arrays: dict[str, np.ndarray], name: str) -> MapView:
    items, made_by = lines(arrays[f"{name}_items"]), lines(arrays[f"{name}_made_by"])
    space = EmbeddingSet(items, arrays[f"{name}_vectors"], made_by[0])
    film = Projection(
        arrays[f"{name}_frames"],
        lines(arrays[f"{name}_frame_names"]),
        method="umap",
        kind="recorded",
        note=made_by[1],
        settings=settings(
            "umap",
            len(items),
            balance=BALANCE.get(name, 0.5),
            epochs=int(lines(arrays[f"{name}_frame_names"])[-1].split()[-1]),
        ).rows(),
    )
    film = replace(film, trust=trust(space, film, k=NEIGHBOURS).score)
    return MapView(space, film, True, f"talk-{name}")
