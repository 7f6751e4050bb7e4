"""Where open_clip keeps the weights of its models, and the programs that fetch them."""

from pathlib import Path

from embeddings_core.models import downloads
from embeddings_core.models.spec import ModelSpec

CLIP_WEIGHTS, CLIP_INSTEAD = "open_clip_model.safetensors", "open_clip_pytorch_model.bin"


def fetch_clip(name: str, *wanted: str) -> None:
    """Download a model of open_clip from the hub: one file of weights, the older kind where there is no other.

    Such repositories also hold the same weights for other libraries, which would double the download. The older
    kind is read as numbers only.
    """
    from huggingface_hub import snapshot_download

    folder = Path(snapshot_download(name, allow_patterns=list(wanted)))
    if not (folder / CLIP_WEIGHTS).exists():
        snapshot_download(name, allow_patterns=[CLIP_INSTEAD])


def tagged_file(spec: ModelSpec) -> Path | None:
    """Return where open_clip keeps the weights of an "architecture:tag", None where they are not here."""
    from huggingface_hub import try_to_load_from_cache

    owner, _, file = _on_hub(spec).rpartition("/")
    for name in (file,) if file else (CLIP_WEIGHTS, CLIP_INSTEAD):
        for ending in (".safetensors", Path(name).suffix):
            found = try_to_load_from_cache(owner, str(Path(name).with_suffix(ending)))
            if isinstance(found, str):  # a file is linked into its snapshot only once it is whole
                return Path(found)
    return None


def _on_hub(spec: ModelSpec) -> str:
    """Return the hub's name of open_clip's "architecture:tag", "owner/model/" or with a file behind; every row has one."""
    import open_clip

    return str(open_clip.get_pretrained_cfg(*spec.checkpoint.split(":", 1)).get("hf_hub", ""))


def tagged_folder(spec: ModelSpec) -> Path:
    """Return the folder in which the weights of an "architecture:tag" arrive."""
    return downloads.hub_folder() / f"models--{_on_hub(spec).rpartition('/')[0].replace('/', '--')}"


def fetch_tagged(checkpoint: str) -> None:
    """Download open_clip's weights of an "architecture:tag" and the tokenizer that belongs to them."""
    import open_clip

    name, _, tag = checkpoint.partition(":")
    open_clip.get_tokenizer(name)
    open_clip.download_pretrained(open_clip.get_pretrained_cfg(name, tag))
