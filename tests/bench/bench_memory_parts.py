"""What holds how much: libraries and networks in a fresh process, one after the other (Linux).

Run: python tests/bench/bench_memory_parts.py
Own memory is what only this process has (RssAnon), mapped what lies in files and can be read again (RssFile).
"""

import gc
from collections.abc import Callable
from importlib import import_module

from visitors import memory_mb

from embeddings_core.memory import give_back, large_blocks_apart

PAGES = ("home", "words.live", "sentences.live", "context.live", "one_hot.live", "learning.live", "images.live",
         "images_and_text.live", "data.live", "present.stage")  # fmt: skip


def here() -> tuple[float, float]:
    """Return the own and the mapped memory of this process in MB."""
    from os import getpid

    gc.collect()
    return memory_mb(getpid(), "RssAnon"), memory_mb(getpid(), "RssFile")


def step(name: str, work: Callable[[], object]) -> None:
    """Do some work and print by how much it made this process larger."""
    own, mapped = here()
    work()
    after, mapped_after = here()
    print(
        f"{name:44} {after - own:+6.0f} own {mapped_after - mapped:+6.0f} mapped, {after + mapped_after:5.0f} in all",
        flush=True,
    )


def main() -> None:
    """Open everything that comes along, in the order in which a server does."""
    large_blocks_apart()
    print(f"{'Python':44} {here()[0]:6.0f} own {here()[1]:6.0f} mapped")
    for library in ("numpy", "pyarrow", "pandas", "streamlit.web.bootstrap", "plotly.graph_objects"):
        step(library, lambda library=library: import_module(library))  # type: ignore[misc]
    step("the pages", lambda: [import_module(f"pages._ui.{page}") for page in PAGES])

    import embeddings_core as ec
    from embeddings_core.models.bundled_words import BUNDLED_WORDS
    from embeddings_core.models.contextual import contextual_model
    from embeddings_core.models.vision import stages
    from embeddings_core.pictures.samples import sample_photographs
    from embeddings_core.spaces.corpus import news_sentences

    news = list(news_sentences())[:160]
    step("bundled words", BUNDLED_WORDS.reference)
    step(
        "onnx, onnxruntime, tokenizers",
        lambda: [import_module(n) for n in ("onnx", "onnxruntime", "tokenizers")],
    )
    step("MiniLM", lambda: ec.load_encoder("minilm"))
    step("  160 sentences", lambda: ec.load_encoder("minilm")(news))
    step("  6 texts of 256 tokens", lambda: ec.load_encoder("minilm")(["word and more " * 200] * 6))
    step("  40 sentences with attention", lambda: contextual_model().read(news[:40], attentions=True))
    step("EfficientNet-Lite0", lambda: ec.load_encoder("efficientnet-lite0"))
    pictures = sample_photographs()[:8]
    step("  8 pictures", lambda: ec.load_encoder("efficientnet-lite0")(pictures))
    step("  their stages", lambda: stages(ec.load_encoder("efficientnet-lite0"), pictures))
    step("E5", lambda: ec.load_encoder("e5-small-q4"))
    step("  160 sentences", lambda: ec.load_encoder("e5-small-q4")(news))
    step("GloVe", lambda: ec.load_encoder("glove-50"))
    words = ec.load_encoder("glove-50").inner.space  # type: ignore[attr-defined] # static words have one
    step("  searched, its words looked up", lambda: (ec.nearest(words, "king"), words.rows))
    step("scikit-learn (TF-IDF of the rank race)", lambda: import_module("sklearn.feature_extraction.text"))
    step("what is free given back", give_back)


if __name__ == "__main__":
    main()
