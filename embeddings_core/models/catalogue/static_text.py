"""Rows of sentence models without a network: a text is the mean of one vector for each of its word pieces."""

from embeddings_core.models.catalogue.places import HUB_NESTED
from embeddings_core.models.sentence_models import load_sentence_model
from embeddings_core.models.spec import STATIC, ModelSpec
from embeddings_core.models.static_model import MadeHere, load_distilled

POTION_PAPER = "Tulkens and van Dongen 2024, Model2Vec"
STATIC_PAPER = "Aarsen 2025, Train 400x faster Static Embedding Models"


def _static(
    id: str, title: str, dimensions: int, checkpoint: str, megabytes: float, licence: str, paper: str, note: str,
    truncates_to: tuple[int, ...] = (), estimated: bool = False,
) -> ModelSpec:  # fmt: skip
    return ModelSpec(
        id=id, title=title, family=STATIC, modality="text", dimensions=dimensions, load=load_sentence_model,
        checkpoint=checkpoint, source=HUB_NESTED, megabytes=megabytes, licence=licence, paper=paper, note=note,
        truncates_to=truncates_to, estimated=estimated,
    )  # fmt: skip


MADE_HERE = (
    ModelSpec(
        id="minilm-static", title="MiniLM distilled", family=STATIC, modality="text", dimensions=256, load=load_distilled,
        checkpoint="minilm-static", source=MadeHere(), megabytes=15.6, licence="Apache-2.0", paper=POTION_PAPER,
        note="One vector a word piece, made here from MiniLM. The order of words does not count.",
    ),
)  # fmt: skip
STATIC_TEXT_MODELS: tuple[ModelSpec, ...] = (
    _static("potion-base", "Potion base, 8 million", 256, "minishlab/potion-base-8M", 30.2, "MIT", POTION_PAPER,
            "English; one vector a word piece, distilled from a transformer and trained on. The order of words does not count."),
    _static("potion-multilingual", "Potion multilingual, 128 million", 256, "minishlab/potion-multilingual-128M", 512, "MIT",
            POTION_PAPER, "Many languages; one vector for each of 500,353 word pieces. The order of words does not count.",
            estimated=True),
    _static("static-retrieval", "Static retrieval (static-retrieval-mrl-en-v1)", 1024,
            "sentence-transformers/static-retrieval-mrl-en-v1", 125, "Apache-2.0", STATIC_PAPER,
            "English; one vector a word piece, trained for search. The order of words does not count.",
            (512, 256, 128, 64, 32)),
)  # fmt: skip
