"""The program that fetches weights, in a process of its own: `python -m embeddings_core.models.download_command KIND NAME ...`.

It fetches with the library that reads the weights later, into that library's own folder. Whoever starts it watches the
folder grow and ends it (`downloads.fetch`).
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from embeddings_core.models.runtime import ready_torch


def from_hub(name: str, *patterns: str, older: str) -> None:
    """Fetch the files of a hub model that match; `older` ones where no file of weights came with them."""
    from huggingface_hub import snapshot_download

    folder = Path(snapshot_download(name, allow_patterns=list(patterns)))
    if older and not any(folder.glob("*.safetensors")):
        snapshot_download(name, allow_patterns=[older])


def from_open_clip(checkpoint: str) -> None:
    """Fetch open_clip's weights of an "architecture:tag" and the tokenizer that belongs to them."""
    ready_torch()
    import open_clip

    name, _, tag = checkpoint.partition(":")
    open_clip.get_tokenizer(name)
    open_clip.download_pretrained(open_clip.get_pretrained_cfg(name, tag))


def from_torchvision(checkpoint: str) -> None:
    """Fetch torchvision's weights of a "network:weights", checked against their hash."""
    from embeddings_core.models.vision_torch import torchvision_weights

    torchvision_weights(checkpoint).get_state_dict(progress=False, check_hash=True, weights_only=True)


def from_gensim(name: str) -> None:
    """Fetch word vectors; the program that lies beside them on gensim's list is not run."""
    import gensim.downloader

    gensim.downloader.load(name, return_path=True)


def from_tensorflow_hub(address: str) -> None:
    """Fetch a model of TensorFlow Hub."""
    import tensorflow_hub

    tensorflow_hub.resolve(address)


BY_NAME: dict[str, Callable[[str], None]] = {
    "open_clip": from_open_clip,
    "torchvision": from_torchvision,
    "gensim": from_gensim,
    "tensorflow_hub": from_tensorflow_hub,
}


def main(arguments: Sequence[str]) -> None:
    """Fetch what the arguments name."""
    parser = argparse.ArgumentParser(prog="download_command", description="Fetch the weights of one model.")
    parser.add_argument("kind", choices=("hub", *BY_NAME))
    parser.add_argument("name", help="what the library calls the model")
    parser.add_argument("patterns", nargs="*", help="files of a hub model that are wanted")
    parser.add_argument(
        "--older", default="", help="a file of a hub model that is wanted where no other came"
    )
    asked = parser.parse_args(arguments)
    if asked.kind == "hub":
        from_hub(asked.name, *asked.patterns, older=asked.older)
    else:
        BY_NAME[asked.kind](asked.name)


if __name__ == "__main__":
    main(sys.argv[1:])
