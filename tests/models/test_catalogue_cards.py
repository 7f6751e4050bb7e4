"""Sizes and licences of the catalogue against the cards that they were read off: a row that changes must change this table."""

from typing import NamedTuple

import pytest

from embeddings_core.models.catalogue import MODELS
from embeddings_core.models.spec import ModelSpec
from embeddings_core.models.static_model import MadeHere

BY_ID = {spec.id: spec for spec in MODELS}
APACHE, MIT, NOT_COMMERCIAL = "Apache-2.0", "MIT", "CC BY-NC 4.0 (no commercial use)"


class Card(NamedTuple):
    """What was read of a row on 2026-11-30, from stored copies of public pages.

    `page` is the size as the page writes it; "about" where no page was found, and `where` says what it follows from. Else
    `where` is the page; on the hub it is "Files and versions" with the revision, whose tags name the licence, too.
    """

    id: str
    licence: str
    page: str
    where: str


CARDS = (
    # text
    Card("mpnet", APACHE, "438 MB", "hub, 9a32259"),
    Card("multi-qa-mpnet", "not stated on its card", "438 MB", "hub, f9f1275: no licence among its tags"),
    Card("multilingual-minilm", APACHE, "471 MB", "hub, main (86741b4)"),
    Card("e5-small", MIT, "133 MB", "hub, f9611f0"),
    Card("e5-base", MIT, "438 MB", "hub, 5073c80 and main (f52bf8e)"),
    Card("e5-large", MIT, "1.34 GB", "hub, refs/pr/20 and main (f169b11)"),
    Card("multilingual-e5-small", MIT, "471 MB", "hub, 62ff60a; licence: refs/pr/15"),
    Card("multilingual-e5-base", MIT, "1.11 GB", "hub, 87d6695"),
    Card("multilingual-e5-large", MIT, "2.24 GB", "hub, main (ab10c1a)"),
    Card("multilingual-e5-large-instruct", MIT, "1.12 GB", "hub, 173dc09"),
    Card("bge-small", MIT, "133 MB", "hub, 35baf77"),
    Card("bge-base", MIT, "438 MB", "hub, refs/pr/9; licence: refs/pr/3"),
    Card("bge-large", MIT, "1.34 GB", "hub, ea626b6"),
    Card("bge-m3", MIT, "2.27 GB", "hub, 520193c: pytorch_model.bin"),
    Card("embedding-gemma", "Gemma Terms of Use", "about 1,230 MB",
         "307,581,696 numbers (mteb's table) of 4 bytes; licence: the card of its sister qat-q8_0-unquantized"),
    Card("qwen3-embedding", APACHE, "1.19 GB", "1,191,586,416 bytes in a copy with the same SHA-256; licence: README, main"),
    Card("gte-modernbert", APACHE, "298 MB", "hub, refs/pr/8"),
    Card("nomic-v1.5", APACHE, "547 MB", "hub, model.safetensors at refs/pr/22; licence: refs/pr/39"),
    Card("nomic-v2-moe", APACHE, "1.9 GB", "hub, 11920f9"),
    Card("arctic-m-v2", APACHE, "1.22 GB", "hub, f7108c7"),
    Card("jina-v5-small", NOT_COMMERCIAL, "about 1,192 MB",
         "596,049,920 numbers (mteb's table) of 2 bytes; licence: jina.ai/models"),
    Card("jina-v3", NOT_COMMERCIAL, "1.14 GB", "hub, 2a44e8e"),
    Card("use-multilingual", APACHE, "539 MB", "hub, 471e36f"),
    Card("use", APACHE, "about 1,038 MB", "1.03 GB and 8.22 MB unpacked: the copy Dimitre/universal-sentence-encoder (9b553ff)"),
    Card("bert", APACHE, "440 MB", "hub, refs/pr/23"),
    Card("potion-base", MIT, "30.2 MB", "hub, ad78550"),
    Card("potion-multilingual", MIT, "about 512 MB", "500,353 x 256 numbers of 4 bytes; licence: README, main (d1b76e7)"),
    Card("static-retrieval", APACHE, "125 MB", "hub, f60985c"),
    Card("colbert-small", APACHE, "134 MB", "hub, a985057"),
    Card("moderncolbert", APACHE, "596 MB", "hub, main (6605e43); licence: its model card"),
    Card("bge-m3-tokens", MIT, "2.27 GB", "hub, 520193c; colbert_linear.pt has 2.1 MB"),
    Card("bge-m3-words", MIT, "2.27 GB", "hub, 520193c"),
    Card("ms-marco-minilm", APACHE, "90.9 MB", "hub, refs/pr/1 of ms-marco-MiniLM-L-6-v2, its name before"),
    # pictures
    Card("resnet50", "BSD-3-Clause", "97.79 MiB", "torchvision's table of weights; licence: its README"),
    Card("vit-b-16", "BSD-3-Clause", "330.285 MiB", "torchvision's table of weights; licence: its README"),
    Card("dinov2", APACHE, "88.2 MB", "hub, cace07a"),
    Card("dinov3", "DINOv3 License", "86.4 MB", "hub, main (3bf4720)"),
    Card("clip-laion", MIT, "605 MB", "the copy jinaai/clip-models (e2454c7); licence: README, main"),
    Card("clip-openai", APACHE, "605 MB", "hub, ab5b8ef: timm's copy; OpenAI's own repository says MIT"),
    Card("siglip", APACHE, "813 MB", "hub, main (41f5757)"),
    Card("siglip2", APACHE, "about 1,501 MB",
         "375.2 million numbers of 4 bytes (its sisters at 384 and 512 pixels: 1.5 GB, Apache-2.0)"),
    Card("mobileclip2", "Apple AMLR (research only)", "398 MB",
         "hub, main (ac6b37c); licence: its sisters S0 and L-14, and LICENSE_MODELS of apple/ml-mobileclip"),
    # words: gensim-data, list.json at bd93f51
    Card("word2vec", "not stated in gensim's list", "1.74 GB", "1,743,563,840 bytes"),
    Card("glove-100", "PDDL", "134 MB", "134,300,434 bytes"),
    Card("glove-200", "PDDL", "264 MB", "264,336,934 bytes"),
    Card("glove-300", "PDDL", "394 MB", "394,362,229 bytes"),
    Card("fasttext", "CC-BY-SA-3.0", "1.01 GB", "1,005,007,116 bytes"),
    Card("mean-of-word2vec", "not stated in gensim's list", "1.74 GB", "as word2vec"),
    Card("mean-of-glove", "PDDL", "134 MB", "as glove-100"),
    Card("mean-of-fasttext", "CC-BY-SA-3.0", "1.01 GB", "as fasttext"),
)  # fmt: skip


def as_written(spec: ModelSpec, unit: str) -> str:
    """Write a size as its page does: the hub rounds to three digits, torchvision counts in 2^20 bytes."""
    if unit == "MiB":
        return f"{spec.megabytes * 1e6 / 2**20:.1f} MiB"
    return f"{spec.megabytes / 1e3:.3g} GB" if unit == "GB" else f"{spec.megabytes:.3g} MB"


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.id)
def test_a_row_says_what_its_card_says(card: Card) -> None:
    spec = BY_ID[card.id]
    assert spec.licence == card.licence and card.where
    assert spec.estimated == card.page.startswith("about ")
    if spec.estimated:
        assert spec.size == card.page
        return
    number, unit = card.page.split()
    assert as_written(spec, unit) == (f"{float(number):.1f} MiB" if unit == "MiB" else card.page)


def test_every_row_that_is_fetched_has_its_card() -> None:
    fetched = {spec.id for spec in MODELS if not spec.bundled and not isinstance(spec.source, MadeHere)}
    assert fetched == {card.id for card in CARDS} and len(CARDS) == len(fetched)


def test_a_licence_with_conditions_is_shown_before_the_download() -> None:
    free = {APACHE, MIT, "BSD-3-Clause", "PDDL", "CC-BY-SA-3.0"}
    for card in CARDS:
        spec = BY_ID[card.id]
        if card.licence not in free and not card.licence.startswith("not stated"):
            assert spec.terms.startswith("https://") or spec.refused
