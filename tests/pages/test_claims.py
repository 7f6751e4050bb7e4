"""Every lens says one sentence made of its own numbers; the sentences themselves are tested in tests/analysis/test_claims.py."""

import re
from pathlib import Path

import pytest

from tests.pages.reading import fine, go_to, said

CLAIMS: dict[tuple[str, str, str], str] = {
    ("words", "lens", "Neighbours"): r"is nearest to king.*map",
    ("words", "lens", "Similarity"): r"Most alike are .* least ",
    ("words", "lens", "Analogy"): r"nearest even with the inputs left in|wins only because",
    ("words", "lens", "Concept axis"): r"stands furthest towards|Type a word",
    ("words", "lens", "Clusters"): r"of one group have a mean cosine",
    ("words", "lens", "Hubs"): r"is among the \d+ nearest of",
    ("words", "lens", "Trust"): r"a random picture would keep",
    ("words", "lens", "Models"): r"By chance \d+ in 100 would|follow|least 2 models",
    ("sentences", "study", "Search"): r"The nearest shares",
    ("sentences", "study", "Rank race"): r"is number \d|agree on the first|cannot answer",
    ("sentences", "study", "Word order"): r"both are (the very same point|two points)",
    ("sentences", "study", "Why similar?"): r"does most: without it|No single word",
    ("sentences", "study", "A sentence grows"): r"turns the meaning most",
    ("sentences", "study", "Late interaction"): r"Token by token|Both ways put",
    ("sentences", "study", "Similarity"): r"Most alike are",
    ("sentences", "study", "Clusters"): r"of one group have a mean cosine",
    ("sentences", "study", "Distil"): r"nearest neighbour",
    ("sentences", "study", "Unrelated pairs"): r"Nine in ten random pairs",
    ("context", "view", "Layer by layer"): r"layer",
    ("context", "view", "All tokens"): r"Before any layer two tokens",
    ("context", "view", "Attention"): r"shared out evenly, each would get",
    ("images", "look", "Neighbours"): r"is nearest to moon surface.*map",
    ("images", "look", "Clusters"): r"of one group have a mean cosine",
    ("images", "look", "Two models"): r"unrelated models would share",
    ("images", "look", "Probe"): r"unchanged",
    ("images", "look", "Depth"): r"olour (gives|does|counts)",
    ("images", "look", "Numbers"): r"The numbers of .* agree with those of",
    ("images_and_text", "match", "Find"): r"suits .* best",
    ("images_and_text", "match", "Retrieval matrix"): r"choose each other; with random scores",
    ("images_and_text", "match", "What is it?"): r"leads .* in cosine",
    ("images_and_text", "match", "Modality gap"): r"dealt at random into two piles",
    ("learning", "learn", "Neighbours"): r"after training \d+ were among",
    ("learning", "learn", "Loss"): r"How wrong the guesses are",
    ("learning", "learn", "One sentence"): r"This pass pulls \d+ true pairs together",
    ("learning", "learn", "Counts"): r"Most together here",
    ("one_hot", "onehot", "Vectors"): r"One-hot: every two words are 1.41 apart. Dense:",
    ("one_hot", "onehot", "Distances"): r"dense: from",
    ("one_hot", "onehot", "Memory"): r"one-hot takes",
    ("one_hot", "onehot", "Fewer dimensions"): r"are kept with 64 numbers and",
    ("one_hot", "onehot", "Fewer bits"): r"%|bit",
}


@pytest.mark.parametrize(("page", "key", "lens"), CLAIMS)
def test_every_lens_says_what_its_numbers_say(root: Path, page: str, key: str, lens: str) -> None:
    at = go_to(root, page, **{key: lens, "method": "PCA"})
    assert fine(at)
    if "warming up" not in said(at):
        assert re.search(CLAIMS[page, key, lens], said(at)), said(at)


def test_no_lens_is_forgotten() -> None:
    from pages._ui.context.lenses import LENSES as CONTEXT
    from pages._ui.images.lenses import LENSES as IMAGES
    from pages._ui.images_and_text.lenses import LENSES as BOTH
    from pages._ui.learning.lenses import LENSES as LEARNING
    from pages._ui.one_hot.lenses import LENSES as ONE_HOT
    from pages._ui.sentences.lenses import LENSES as SENTENCES
    from pages._ui.words.lenses import LENSES as WORDS

    pages = {
        "words": WORDS, "sentences": SENTENCES, "context": CONTEXT, "images": IMAGES, "images_and_text": BOTH,
        "learning": LEARNING, "one_hot": ONE_HOT,
    }  # fmt: skip
    elsewhere = {
        "Guess first",
        "Translations",
    }  # a question tells afterwards; tests/pages/test_translations.py
    for page, lenses in pages.items():
        assert set(lenses) - elsewhere <= {lens for name, _, lens in CLAIMS if name == page}
