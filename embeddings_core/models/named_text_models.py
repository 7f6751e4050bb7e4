"""Text models beyond the catalogue: what lies in the hub's cache, in the folder that the host names, or is asked for by name.

Nothing that a visitor types becomes a path, only safetensors are read, and no code of a model is run.
"""

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from embeddings_core.errors import BadInputError
from embeddings_core.models.catalogue import MODELS
from embeddings_core.models.downloads import PROBE_SECONDS
from embeddings_core.models.sentence_models import load_plain_encoder, load_sentence_model
from embeddings_core.models.sources import HUB_NAME, HubModel, check_name, hub_folder, repository_folder
from embeddings_core.models.spec import Encoder, ModelSpec, Prompt

FOLDER = "EMBEDDINGS_VISUALIZER_MODELS"  # a folder of model folders that whoever starts the server names
LISTED = 30  # models of either place on the menu
LARGEST_JSON = 2**20  # bytes of a description that is read
LISTING_BYTES = 4 * 2**20
PICTURES = ("preprocessor_config.json", "open_clip_config.json")  # what also or only reads pictures has one
TOKENIZERS = ("tokenizer.json", "vocab.txt", "tokenizer_config.json")
NAMED_ON_HUB = HubModel(nested=True)
PAPER, FAMILY = "its authors' page on the hub", "opened by its name"
SENTENCES = "Trained for whole sentences; opened as its authors saved it."
TOKENS = "Not trained for whole sentences: a sentence is the mean of its tokens."


def text_models_here() -> tuple[ModelSpec, ...]:
    """List the text models on this computer that are not in the catalogue: the host's folder first, then the hub's cache."""
    known = {spec.checkpoint for spec in MODELS}
    names = [
        folder.name[8:].replace("--", "/", 1)
        for folder in _sorted(hub_folder())
        if folder.name[:8] == "models--"
    ]
    cached = (row(f"hub:{name}") for name in names if name not in known)
    hosted = (row(f"folder:{folder.name}") for folder in _sorted(_hosted()))
    return (*[spec for spec in hosted if spec][:LISTED], *[spec for spec in cached if spec][:LISTED])


def row(id: str) -> ModelSpec | None:
    """Return the row of a model on this computer, "hub:owner/name" or "folder:name"; None where it is not here."""
    kind, _, name = id.partition(":")
    folder: Path | None = None
    if kind == "hub" and HUB_NAME.fullmatch(name) and ".." not in name:
        folder = _snapshot(name)
    elif kind == "folder" and _hosted() is not None:
        folder = next((each for each in _sorted(_hosted()) if each.name == name), None)
    if folder is None or not reads_text(folder):
        return None
    whole = (folder / "modules.json").is_file()
    size = sum(path.stat().st_size for path in folder.rglob("*.safetensors"))
    return ModelSpec(
        id=id, title=name if kind == "hub" else f"{name} (folder of the host)", family=FAMILY, modality="text", dimensions=0,
        load=load_named_text_model, checkpoint=str(folder.absolute()), megabytes=size / 1e6, prompt=_prompt(folder), paper=PAPER,
        note=SENTENCES if whole else TOKENS, source=NAMED_ON_HUB, custom=True,
    )  # fmt: skip


def asked_row(name: str, *, megabytes: float = 0.0, licence: str = "") -> ModelSpec:
    """Return the row of a hub model that is asked for by name, on this computer or not.

    Raises BadInputError for what is no name of the form owner/model.
    """
    check_name(name)
    if Path(name).exists():  # a path of this computer is no name, whatever it looks like
        raise BadInputError(f'"{name[:80]}" is not the name of a model on the hub.')
    here = row(f"hub:{name}")
    return here or ModelSpec(
        id=f"hub:{name}", title=name, family=FAMILY, modality="text", dimensions=0, load=load_named_text_model, checkpoint=name,
        megabytes=megabytes, licence=licence, paper=PAPER, source=NAMED_ON_HUB, custom=True,
    )  # fmt: skip


def load_named_text_model(spec: ModelSpec) -> Encoder:
    """Open a folder of a text model: as a sentence model where it was saved as one, else as the mean of its tokens."""
    if not (Path(spec.checkpoint) / "modules.json").is_file():
        return load_plain_encoder(spec)
    return load_sentence_model(spec)


def reads_text(folder: Path) -> bool:
    """Tell whether a folder holds a text model that can be opened: safetensors, a tokenizer, no pictures, no code of its own."""
    described = _read_json(folder / "config.json")
    pictures = any((folder / name).is_file() for name in PICTURES) or "vision_config" in described
    if pictures or "auto_map" in described:
        return False
    if (folder / "modules.json").is_file():
        modules = _read_json(folder / "modules.json").get("list", [])
        kinds = [str(each.get("type", "")) for each in modules if isinstance(each, dict)]
        ours = all(kind.startswith("sentence_transformers.") and "CLIP" not in kind for kind in kinds)
        return bool(kinds) and ours and any(folder.rglob("*.safetensors"))
    words = any((folder / name).is_file() for name in TOKENIZERS)
    return bool(described.get("model_type")) and words and any(folder.glob("*.safetensors"))


def has_layers(spec: ModelSpec) -> bool:
    """Tell whether a model by name can be opened for its layers: a transformer with its tokenizer's own file."""
    folder = Path(spec.checkpoint)
    return (
        bool(_read_json(folder / "config.json").get("model_type")) and (folder / "tokenizer.json").is_file()
    )


class HubAnswer(NamedTuple):
    """What the hub says about a model: the size of its safetensors, its licence, whether it has safetensors at all."""

    megabytes: float
    licence: str
    safetensors: bool


def ask_hub(name: str) -> HubAnswer | None:
    """Ask the hub, for at most three seconds, what a model costs.

    None where the hub does not answer or does not know it.
    """
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    address = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    if not address.startswith(("http://", "https://")):
        return None
    try:
        request = Request(f"{address}/api/models/{check_name(name)}?blobs=true")  # noqa: S310 # scheme checked above
        with urlopen(request, timeout=PROBE_SECONDS) as answer:  # noqa: S310
            described = json.loads(answer.read(LISTING_BYTES))
        files = [
            each
            for each in described.get("siblings", [])
            if str(each.get("rfilename", "")).endswith(".safetensors")
        ]
        size = sum(float(each.get("size") or 0) for each in files) / 1e6
        licence = str((described.get("cardData") or {}).get("license") or "not stated")[:60]
        return HubAnswer(size, licence, bool(files))
    except (URLError, OSError, ValueError, AttributeError, TypeError, RecursionError):
        return None


def _hosted() -> Path | None:
    named = os.environ.get(FOLDER, "")
    folder = Path(named).expanduser()
    return folder if named and folder.is_dir() else None


def _sorted(folder: Path | None) -> list[Path]:
    if folder is None or not folder.is_dir():
        return []
    return sorted(each for each in folder.iterdir() if each.is_dir())


def _snapshot(name: str) -> Path | None:
    """Return the folder of a hub model's files: the one that its main branch names, else the newest."""
    home = repository_folder(name)
    try:
        main = home / "snapshots" / (home / "refs" / "main").read_text("utf-8").strip()
        if main.parent == home / "snapshots" and main.is_dir():
            return main
    except (OSError, ValueError):
        pass
    return max(_sorted(home / "snapshots"), key=lambda each: each.stat().st_mtime, default=None)


def _read_json(path: Path) -> dict[str, Any]:
    """Read a small JSON file: a list comes back under "list", what cannot be read is empty."""
    try:
        if path.stat().st_size > LARGEST_JSON:
            return {}
        described = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if isinstance(described, list):
        return {"list": described}
    return described if isinstance(described, dict) else {}


def _prompt(folder: Path) -> Prompt:
    """Return the prompts that a model's authors saved with it."""
    described = _read_json(folder / "config_sentence_transformers.json")
    saved = described.get("prompts")
    prompts = (
        {str(key): text for key, text in saved.items() if isinstance(text, str)}
        if isinstance(saved, dict)
        else {}
    )
    usual = prompts.get(str(described.get("default_prompt_name")), "")
    passages = (prompts[key] for key in ("passage", "document") if key in prompts)
    return Prompt(prompts.get("query", "") or usual, next(passages, "") or usual)
