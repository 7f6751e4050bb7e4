"""What was probably meant: mistyped words get an offer, and rare words do not."""

from embeddings_core.analysis.spelling import probably_meant
from embeddings_core.models.embed import embed_words
from tests.models.test_glove_package import needs_glove


@needs_glove
def test_rare_words_are_no_misspellings_and_misspellings_are() -> None:
    rare = ["doze", "spatula", "sieve", "vole", "shrew", "brine", "hoe", "loom"]
    typos = {
        "recieve": "receive", "definately": "definitely", "seperate": "separate", "teh": "the", "occured": "occurred",
        "goverment": "government", "calender": "calendar", "accomodate": "accommodate", "wierd": "weird", "hosptial": "hospital",
    }  # fmt: skip
    placed = embed_words([*rare, *typos]).words
    found = {
        word: probably_meant(word, vector) for word, vector in zip(placed.items, placed.vectors, strict=True)
    }
    assert {word: meant for word, meant in found.items() if word in rare and meant} == {}
    assert [word for word, meant in typos.items() if meant not in found[word]] == []
