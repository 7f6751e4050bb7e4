"""Models opened by their name in torchvision, timm or open_clip, with the library's weights or with a file of weights.

An id is "timm:resnet10t.c3_in1k", "open_clip:ViT-B-32:openai", or, with a checkpoint, "timm:resnet10t@host-1f2e~tiny.pth".
A name is only ever looked up in its library's listing, a file only in the two folders of `user_weights`.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from embeddings_core.limits import CHECKPOINT_PARAMETERS, MODEL_PARAMETERS
from embeddings_core.models.libraries import count, full_name, open_clip_place, suggestions, timm_settings
from embeddings_core.models.open_clip_models import load_open_clip
from embeddings_core.models.sources import HubModel, OpenClipList, TorchvisionFile, WeightsFile
from embeddings_core.models.spec import Encoder, ModelSpec, Source
from embeddings_core.models.user_weights import find_file
from embeddings_core.models.vision_torch import (
    load_timm,
    load_torchvision,
    torchvision_file,
    torchvision_weights,
)
from embeddings_core.spaces.texts import clean

LIBRARIES: dict[str, Callable[[ModelSpec], Encoder]] = {
    "timm": load_timm,
    "torchvision": load_torchvision,
    "open_clip": load_open_clip,
}
ID = re.compile(
    r"(timm|torchvision|open_clip):([^@\s]{1,120})(?:@((?:host|own)-[0-9a-f]{8,24}~[^@\n]{1,80}))?"
)


def model_id(library: str, name: str, file: str = "") -> str:
    """Return the id under which a model is opened; `file` is a key of `user_weights`."""
    return f"{library}:{name}" + (f"@{file}" if file else "")


def title_of(id: str) -> str:
    """Return how a model opened by name is called on screen; the words before " from " stand for the same anywhere."""
    library, _, rest = id.partition(":")
    name, _, file = rest.partition("@")
    kind, _, file_name = file.partition("~")
    return f"{library}: {name}" + (
        f" from {'my ' if kind.startswith('own') else ''}{file_name}" if file else ""
    )


@lru_cache(maxsize=64)
def _checked(id: str) -> ModelSpec | None:
    """Make the row of an id; its file is not looked for. None for a name that its library does not list."""
    matched = ID.fullmatch(id)
    if matched is None:
        return None
    library, name, file = matched.groups()
    if full_name(library, name, architectures=bool(file)) != name:
        return None
    look = {"torchvision": _in_torchvision, "timm": _in_timm, "open_clip": _in_open_clip}[library]
    found = look(name, own=bool(file))
    return ModelSpec(
        id=id,
        title=title_of(id),
        family=library,
        modality="image-text" if library == "open_clip" else "image",
        dimensions=0,
        load=LIBRARIES[library],
        checkpoint=found.checkpoint,
        source=None if file else found.source,
        megabytes=found.parameters * 4 / 1e6,
        estimated=True,
        licence=found.licence,
        note=f"Opened by its name from {library}{', with weights of your own' if file else ''}.",
        custom=True,
    )


def row(id: str) -> ModelSpec | None:
    """Return the row of a model opened by name; None where it is not listed, too large, or its file is not here."""
    spec = _checked(id)
    if spec is None or _too_large(spec):
        return None
    file = id.partition("@")[2]
    path = find_file(file) if file else None
    if file and path is None:
        return None
    if path is None:
        return spec
    return replace(spec, checkpoint=f"{spec.checkpoint}@{path}", source=WeightsFile(path))


def refusal(id: str, typed: str) -> str:
    """Say in a sentence why a model cannot be opened by its name; "" where it can."""
    library = id.partition(":")[0]
    spec = _checked(id)
    if spec is None:
        near = suggestions(library, typed, architectures="@" in id, most=3)
        hint = f" Spelt most like it: {', '.join(near)}." if near else ""
        return f'{library} lists no model called "{clean(typed)[:80]}".{hint}'
    return _too_large(spec)


def _too_large(spec: ModelSpec) -> str:
    most = CHECKPOINT_PARAMETERS if "@own-" in spec.id else MODEL_PARAMETERS
    numbers = spec.megabytes * 1e6 / 4
    if numbers <= most:
        return ""
    return f"{spec.title} has {numbers / 1e6:,.0f} million numbers; {most / 1e6:,.0f} million are the limit here."


class _Found(NamedTuple):
    """What a library says about a name; `own` weights have no source and no licence that it could know."""

    checkpoint: str
    parameters: int
    licence: str = ""
    source: Source | None = None


def _in_torchvision(name: str, *, own: bool) -> _Found:
    weights = torchvision_weights(name)
    source = TorchvisionFile(torchvision_file(weights))
    return _Found(f"{name}:{weights.name}", int(weights.meta["num_params"]), "BSD-3-Clause", source)


def _in_timm(name: str, *, own: bool) -> _Found:
    if own:
        return _Found(name, count("timm", name))
    settings = timm_settings(name)
    source = HubModel(("model.safetensors",), ("*.json",), nested=True)
    return _Found(str(settings.hf_hub_id), count("timm", name), str(settings.license or ""), source)


def _in_open_clip(name: str, *, own: bool) -> _Found:
    if own:
        return _Found(name, count("open_clip", name))
    repository, _, file = open_clip_place(name).rpartition("/")
    return _Found(name, count("open_clip", name), source=OpenClipList(repository, file))
