"""One word list through several models."""

from pathlib import Path

import numpy as np
import pytest

from embeddings_core.analysis.comparison import compare
from embeddings_core.analysis.model_comparison import BUILT_IN, compare_models, known_in, tell, word_spaces
from embeddings_core.errors import BadInputError
from embeddings_core.models import registry
from embeddings_core.spaces.datasets import word_list
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vocabulary import load_vocabulary
from embeddings_core.training.news_words import news_words

WORDS = word_list().items


def space(name: str):
    return next(each for each in word_spaces() if each.id == name)


def test_the_sentence_model_is_the_bundled_space() -> None:
    found = space("minilm").read(("king", "queen"))
    vocabulary = load_vocabulary()
    np.testing.assert_array_equal(found.vectors[0], vocabulary.vectors[vocabulary.row("king")])


def test_word_pieces_are_the_rows_of_the_models_own_table() -> None:
    from transformers import AutoModel

    from embeddings_core.models.minilm import minilm_folder
    from embeddings_core.models.runtime import ready_torch

    ready_torch()
    table = AutoModel.from_pretrained(str(minilm_folder())).get_input_embeddings().weight.detach().numpy()
    row = next(
        i for i, line in enumerate((minilm_folder() / "vocab.txt").read_text().splitlines()) if line == "king"
    )
    np.testing.assert_array_equal(space("pieces").read(("king",)).vectors[0], table[row])


def test_spelling_knows_letters_only() -> None:
    """ "cat" shares its pieces with "cats" and none with "dog": cosine 0 there."""
    found = space("spelling").read(("cat", "cats", "dog")).vectors
    assert found[0] @ found[1] > 0 and found[0] @ found[2] == 0


def test_the_same_words_in_every_frame() -> None:
    found = compare_models((*WORDS, "qzxvk"), ("minilm", "pieces", "spelling"))
    assert found.items == (*WORDS, "qzxvk") and found.lost == ()
    assert found.film.frames.shape == (3, len(WORDS) + 1, 2) and found.film.kind == "morph"
    size = [np.sqrt(((frame - frame.mean(0)) ** 2).sum(1).mean()) for frame in found.film.frames]
    np.testing.assert_allclose(size, size[0], rtol=1e-3)
    expected = compare(found.sets[0], found.sets[1], k=5)
    np.testing.assert_array_equal(found.comparisons[0].shared, expected.shared)


def test_words_that_one_model_lacks_are_named() -> None:
    words = ("man", "woman", "car", "water", "blorft")
    news = known_in(news_words(), words)
    found = compare_models(words, ("minilm", "news"), given={"news": news})
    assert "blorft" in found.lost and "blorft" not in found.items


TOO_LITTLE = [
    (("cat", "dog"), ("minilm", "pieces")),
    (WORDS, ("minilm",)),
    (WORDS, ("x", "y")),
    ((), ("minilm", "pieces")),
]


@pytest.mark.parametrize("words,spaces", TOO_LITTLE)
def test_too_little_gets_a_sentence(words: tuple[str, ...], spaces: tuple[str, ...]) -> None:
    with pytest.raises(BadInputError, match=r"needed|needs"):
        compare_models(words, spaces)


def test_a_mover_is_told_from_the_data() -> None:
    found = compare_models(WORDS, ("minilm", "spelling"))
    [change] = found.comparisons[0].biggest_changes(1)
    assert tell(change).startswith(f"{change.item} lost {change.lost[0]}")
    assert len({each.id for each in BUILT_IN}) == len(BUILT_IN)


def test_downloaded_word_models_join_and_their_means_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(
        registry, "loaded", dict(registry.loaded)
    )  # these few words are GloVe in this test alone
    registry.loaded.pop("glove-100", None)
    folder = tmp_path / "glove-wiki-gigaword-100"
    folder.mkdir()
    (folder / "glove-wiki-gigaword-100.txt").write_bytes(b"king 1 0\nqueen 1 0.1\ncat 0 1\ndog 0.1 1\n")
    found = {space.id for space in word_spaces()}
    assert "glove-100" in found and "mean-of-glove" not in found
    found = compare_models(("king", "queen", "cat", "dog", "blorft"), ("minilm", "glove-100"))
    assert found.items == ("king", "queen", "cat", "dog") and found.lost == ("blorft",)


def test_a_space_of_ones_own_is_given_along() -> None:
    own = EmbeddingSet(("king", "queen", "cat"), np.eye(3, 2, dtype=np.float32), "mine.txt")
    found = compare_models(("king", "queen", "cat", "dog"), ("file:1", "minilm"), given={"file:1": own})
    assert found.titles[0] == "mine.txt" and found.lost == ("dog",)
    np.testing.assert_array_equal(found.sets[0].vectors, own.vectors)
