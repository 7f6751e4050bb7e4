"""Sentence models of the usual libraries: what sentence-transformers opens, bare encoders, the Universal Sentence Encoder.

Prompts are the authors' own and are put in front of a text by `LockedEncoder.prompted`, nowhere else.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np

from embeddings_core.errors import ModelUnavailableError, requires
from embeddings_core.models.runtime import ready_torch, translated
from embeddings_core.models.sources import check_name, tensorflow_hub_folder
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.spaces.vectors import FloatArray


class SentenceEncoder:
    """A sentence-transformers model: texts → (n, d) float32, length 1 where the authors normalise.

    `model` is the library's own object.
    """

    def __init__(self, model: Any) -> None:
        from sentence_transformers.sentence_transformer.modules import StaticEmbedding

        self.model = model
        self.static = isinstance(
            model[0], StaticEmbedding
        )  # a table of word pieces: it takes bare strings only

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Encode all texts in one call; the library sorts them by length."""
        texts: list[Any] = [str(item) for item in items]
        if not self.static:
            # a bare string that looks like an address or a file is fetched by models that also take images
            texts = [{"text": text} for text in texts]
        vectors = self.model.encode(texts, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(vectors, dtype=np.float32)


def open_checkpoint(
    kind: Literal["SentenceTransformer", "MultiVectorEncoder", "CrossEncoder"],
    where: str,
    **reading: bool | str | None,
) -> Any:
    """Open a checkpoint by a class of sentence-transformers: a hub name that is on disk, or a folder.

    Only safetensors are read unless `reading` says otherwise, no code of the model is run, and nothing is fetched.
    """
    ready_torch()
    import sentence_transformers

    if not where or not Path(where).is_dir():
        check_name(where)
    return getattr(sentence_transformers, kind)(
        where, device="cpu", local_files_only=True, model_kwargs={"use_safetensors": True, **reading}
    )


def load_sentence_model(spec: ModelSpec) -> Encoder:
    """Open `spec.checkpoint` with sentence-transformers; see `open_checkpoint`."""
    # float32 whatever the file holds: half the digits are slower on most processors
    model = open_checkpoint("SentenceTransformer", spec.checkpoint, dtype="float32")
    model.default_prompt_name = None  # prompts are put in front by `LockedEncoder.prompted`, once
    return SentenceEncoder(model)


def load_from_pickled_weights(spec: ModelSpec) -> Encoder:
    """Open a model that is published without safetensors: its .bin is read as numbers only, no object is made."""
    return SentenceEncoder(
        open_checkpoint("SentenceTransformer", spec.checkpoint, use_safetensors=None, weights_only=True)
    )


def load_plain_encoder(spec: ModelSpec) -> Encoder:
    """Open a bare transformer encoder and take the mean of its last layer's tokens: it was not trained for this."""
    ready_torch()
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    where = spec.checkpoint
    if not Path(where).is_dir():
        check_name(where)
    local = {"local_files_only": True}
    network = Transformer(
        where, model_kwargs={"use_safetensors": True, **local}, processor_kwargs=local, config_kwargs=local
    )
    pooling = Pooling(network.get_embedding_dimension(), pooling_mode="mean")
    return SentenceEncoder(SentenceTransformer(modules=[network, pooling], device="cpu"))


class UniversalSentenceEncoder:
    """Cer et al. 2018 through TensorFlow Hub: texts → (n, 512) float32; `model` is the loaded graph."""

    def __init__(self, model: Callable[[Sequence[str]], Any]) -> None:
        self.model = model

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Encode all texts in one call."""
        return np.asarray(self.model([str(item) for item in items]), dtype=np.float32)


def load_universal(spec: ModelSpec, *, opener: Callable[[str], Any] | None = None) -> Encoder:
    """Open the original Universal Sentence Encoder from disk: `spec.checkpoint` is its address or a folder.

    `opener` takes the folder and returns the model; by default TensorFlow Hub's. Raises MissingExtraError
    without TensorFlow Hub, ModelUnavailableError where the model was not fetched.
    """
    folder = (
        Path(spec.checkpoint) if Path(spec.checkpoint).is_dir() else tensorflow_hub_folder(spec.checkpoint)
    )
    if opener is None:
        requires("tensorflow_hub")
        import tensorflow_hub

        opener = tensorflow_hub.load
    if not (folder / "saved_model.pb").is_file():
        raise ModelUnavailableError(
            f"{spec.title} is not on this computer ({spec.size}); download it first, "
            "or choose its distilled form, which needs no extra packages."
        )
    with translated(spec.title):
        return UniversalSentenceEncoder(opener(str(folder)))
