"""Late interaction, recomputed with loops, and by torch's own reading of the model where that is here."""

import numpy as np
import pytest

from embeddings_core.analysis.late_interaction import Tokens, late_interaction, token_vectors_of
from embeddings_core.errors import BadInputError
from embeddings_core.models.contextual import contextual_model
from embeddings_core.models.registry import load_encoder
from embeddings_core.scenes.late_interaction import late_scene

TEXTS = (
    "The cat sleeps on the warm sofa.",
    "Stock markets fell sharply on Monday.",
    "A kitten is taking a nap.",
)
QUERY = "a pet on the couch"


def test_every_token_finds_its_best() -> None:
    query, *texts = token_vectors_of((QUERY, *TEXTS))
    assert query.tokens == ("a", "pet", "on", "the", "couch") and "[CLS]" not in texts[0].tokens
    encoder = load_encoder("minilm")
    single = encoder(list(TEXTS)) @ encoder([QUERY])[0]
    result = late_interaction(query, texts, single=single)
    readings = contextual_model("minilm").read([QUERY, *TEXTS])
    for place, text in enumerate(texts):
        scores = []
        for row in range(1, len(query.tokens) + 1):  # row 0 is the mark at the beginning
            a = readings[0].layers[-1][row]
            cosines = [
                float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
                for b in readings[place + 1].layers[-1][1:-1]
            ]
            assert result.best[place][row - 1] == int(np.argmax(cosines)) and len(cosines) == len(text.tokens)
            scores.append(max(cosines))
        assert result.scores[place] == pytest.approx(np.mean(scores), abs=1e-5)
    assert result.first == (int(np.argmax(result.scores)), int(np.argmax(single)))


def made(text: str, *rows: list[float]) -> Tokens:
    return Tokens(text, tuple("abcdef"[: len(rows)]), np.array(rows, dtype=np.float32))


def test_it_says_whether_both_ways_agree() -> None:
    query, one, two = made("q", [1, 0], [0, 1]), made("one", [1, 0]), made("two", [0.6, 0.8], [1, 0])
    agree = late_interaction(query, [one, two], single=np.array([0.1, 0.9], dtype=np.float32))
    assert agree.scores.tolist() == pytest.approx([0.5, 0.9]) and "agree on every place" in agree.sentence
    differ = late_interaction(query, [one, two], single=np.array([0.9, 0.1], dtype=np.float32))
    assert (
        'Token by token "two" is first (0.90); by one vector it is number 2, behind "one" (0.90)'
        in differ.sentence
    )
    with pytest.raises(BadInputError):
        late_interaction(query, [made("empty")], single=np.zeros(1, np.float32))


def test_lines_lead_to_the_best_token() -> None:
    query, two = made("q", [1, 0], [0, 1], [0, 1]), made("two", [0.6, 0.8], [1, 0])
    result = late_interaction(query, [two], single=np.array([0.5], dtype=np.float32))
    scene = late_scene(result, 0)
    assert "MiniLM" in str(scene.metadata)
    other = str(late_scene(result, 0, model="ColBERT").metadata)
    assert "ColBERT" in other and "MiniLM" not in other
    assert [(link.start, link.end) for link in scene.links] == [(0, 4), (1, 3), (2, 3)]
    end = scene.motion.frames[1]
    assert end[0, 1] == end[4, 1] and end[1, 1] == end[2, 1] == end[3, 1] and end[1, 0] != end[2, 0]
