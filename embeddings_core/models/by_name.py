"""Any model of torchvision, timm or open_clip by its name, with the library's own weights or with a file of one's own.

An id is "timm:resnet10t.c3_in1k", "open_clip:ViT-B-32:openai", or, with a checkpoint, "timm:resnet10t@host-1f2e~tiny.pth".
A name is only ever looked up in its library's listing, a file only in the two folders of `checkpoints`.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from embeddings_core.limits import CHECKPOINT_PARAMETERS, MODEL_PARAMETERS
from embeddings_core.models.checkpoints import find_file
from embeddings_core.models.image_text import load_open_clip
from embeddings_core.models.runtime import ready_torch
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.models.vision_torch import (
    load_timm,
    load_torchvision,
    timm_network,
    torchvision_network,
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
LONGEST = 120  # characters of a name
ELSEWHERE = {  # millions of numbers where the text half is described on the hub only; source: open_clip's model_profile.csv
    "roberta-ViT-B-32": 212.72,
    "xlm-roberta-base-ViT-B-32": 366.12,
    "xlm-roberta-large-ViT-H-14": 1193.01,
    "mt5-base-ViT-B-32": 365.71,
    "mt5-xl-ViT-H-14": 2306.75,
    "nllb-clip-base": 501.89,
    "nllb-clip-large": 1399.22,
    "nllb-clip-base-siglip": 93.18 + 414.04,  # SigLIP's image half and the text half of nllb-clip-base
    "nllb-clip-large-siglip": 428.23 + 767.14,
}


@lru_cache(maxsize=8)
def listing(library: str, *, architectures: bool = False) -> tuple[str, ...]:
    """Return a library's own list of names: of those with weights to be had, or of all architectures."""
    ready_torch()
    if library == "torchvision":
        import torchvision

        return tuple(torchvision.models.list_models(module=torchvision.models))
    if library == "timm":
        import timm

        if architectures:
            return tuple(dict.fromkeys((*timm.list_models(), *timm.list_models(pretrained=True))))
        return tuple(name for name in timm.list_models(pretrained=True) if _timm_settings(name).hf_hub_id)
    if library == "open_clip":
        import open_clip

        pairs = (
            f"{name}:{tag}"
            for name, tag in open_clip.list_pretrained()
            if open_clip.get_pretrained_cfg(name, tag).get("hf_hub")
        )
        return tuple(open_clip.list_models()) if architectures else tuple(pairs)
    return ()


def _timm_settings(name: str) -> Any:
    from timm.models import get_pretrained_cfg

    return get_pretrained_cfg(name)


def full_name(library: str, typed: str, *, architectures: bool = False) -> str:
    """Return a typed name as its library lists it, "" where it lists no such name; "resnet10t" finds its usual weights."""
    typed = typed.strip()[:LONGEST].removeprefix("timm/")
    names = listing(library, architectures=architectures)
    same = next((name for name in names if name.lower() == typed.lower()), "")
    if same or not typed or architectures:
        return same
    tagged = [name for name in names if re.split(r"[.:]", name.lower())[0] == typed.lower()]
    if library == "timm" and tagged:
        usual = f"{typed.lower()}.{_timm_settings(typed.lower()).tag}"
        return usual if usual in tagged else tagged[0]
    return tagged[0] if len(tagged) == 1 else ""


def suggestions(library: str, typed: str, *, architectures: bool = False, most: int = 6) -> tuple[str, ...]:
    """Return names of a library that are spelt most like what was typed: those that begin so, hold it, or nearly match."""
    typed = typed.strip().lower()[:LONGEST]
    names = {name.lower(): name for name in listing(library, architectures=architectures)}
    begin = [name for name in names if name.startswith(typed)]
    hold = [name for name in names if typed in name]
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(re.split(r"[.:]", name)[0], name)
    near = [plain[name] for name in get_close_matches(typed, plain, most, 0.6)]
    near += get_close_matches(typed, names, most, 0.5)
    ranked = dict.fromkeys((*sorted(begin, key=len), *sorted(hold, key=len), *near))
    return tuple(names[name] for name in ranked)[:most] if typed else ()


def identity(library: str, name: str, file: str = "") -> str:
    """Return the id under which a model is opened; `file` is a key of `checkpoints`."""
    return f"{library}:{name}" + (f"@{file}" if file else "")


def title_of(id: str) -> str:
    """Return how a model opened by name is called on screen; the words before " from " stand for the same anywhere."""
    library, _, rest = id.partition(":")
    name, _, file = rest.partition("@")
    kind, _, told = file.partition("~")
    return f"{library}: {name}" + (f" from {'my ' if kind.startswith('own') else ''}{told}" if file else "")


@lru_cache(maxsize=64)
def _checked(id: str) -> ModelSpec | None:
    """Make the row of an id; its file is not looked for. None for a name that its library does not list."""
    matched = ID.fullmatch(id)
    if matched is None:
        return None
    library, name, file = matched.groups()
    if full_name(library, name, architectures=bool(file)) != name:
        return None
    look = {"torchvision": _torchvision_row, "timm": _timm_row, "open_clip": _open_clip_row}[library]
    checkpoint, parameters, licence = look(name, own=bool(file))
    return ModelSpec(
        id=id,
        title=title_of(id),
        family=library,
        modality="joint" if library == "open_clip" else "image",
        dimensions=0,
        load=LIBRARIES[library],
        checkpoint=checkpoint,
        megabytes=parameters * 4 / 1e6,
        licence=licence,
        note=f"Opened by its name from {library}{', with weights of your own' if file else ''}.",
        guest=True,
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
    return replace(spec, checkpoint=f"{spec.checkpoint}@{path}") if file else spec


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


def count(library: str, name: str) -> int:
    """Count the numbers of a network without making them; 0 where that cannot be told."""
    try:
        return sum(part.numel() for part in skeleton(library, name, None).parameters())
    except (OSError, NotImplementedError, RuntimeError, TypeError, ValueError, KeyError, AttributeError):
        if library == "open_clip":  # a text half that is described on the hub
            return round(1e6 * ELSEWHERE.get(name.partition(":")[0], 0.0))
        return 0  # a network that works out numbers while it is made


def skeleton(library: str, name: str, state: dict[str, Any] | None) -> Any:
    """Make a network whose parts have shapes and no numbers, as `network` makes it."""
    with ready_torch().device("meta"):
        return network(library, name, state)


def network(library: str, name: str, state: dict[str, Any] | None) -> Any:
    """Make a network without weights, with as many classes as a checkpoint names (None: the usual number)."""
    if library == "torchvision":
        return torchvision_network(name, state)
    if library == "timm":
        return timm_network(name, state)
    import open_clip

    device = ready_torch().get_default_device()
    return open_clip.create_model(name.partition(":")[0], load_weights=False, device=device)


def _torchvision_row(name: str, *, own: bool) -> tuple[str, int, str]:
    weights = torchvision_weights(name)
    return f"{name}:{weights.name}", int(weights.meta["num_params"]), "BSD-3-Clause"


def _timm_row(name: str, *, own: bool) -> tuple[str, int, str]:
    if own:
        return name, count("timm", name), ""
    settings = _timm_settings(name)
    return str(settings.hf_hub_id), count("timm", name), str(settings.license or "")


def _open_clip_row(name: str, *, own: bool) -> tuple[str, int, str]:
    return name, count("open_clip", name), ""
