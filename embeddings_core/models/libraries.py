"""The networks that torchvision, timm and open_clip list: their names, how large they are, and making one without weights."""

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from embeddings_core.errors import requires
from embeddings_core.models.runtime import ready_torch
from embeddings_core.models.vision_torch import timm_network, torchvision_network

LONGEST = 120  # characters of a name
PUBLISHED_SIZES = {  # millions of numbers where the text half is described on the hub only; source: open_clip's model_profile.csv
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
    requires(library)
    if library == "torchvision":
        import torchvision

        return tuple(torchvision.models.list_models(module=torchvision.models))
    if library == "timm":
        import timm

        if architectures:
            return tuple(dict.fromkeys((*timm.list_models(), *timm.list_models(pretrained=True))))
        return tuple(name for name in timm.list_models(pretrained=True) if timm_settings(name).hf_hub_id)
    if library == "open_clip":
        import open_clip

        pairs = (
            f"{name}:{tag}"
            for name, tag in open_clip.list_pretrained()
            if open_clip.get_pretrained_cfg(name, tag).get("hf_hub")
        )
        return tuple(open_clip.list_models()) if architectures else tuple(pairs)
    return ()


def timm_settings(name: str) -> Any:
    """Return timm's own description of a network's weights: hub name, licence, tag."""
    from timm.models import get_pretrained_cfg

    return get_pretrained_cfg(name)


def open_clip_place(name: str) -> str:
    """Return where the hub has open_clip's "architecture:tag": "owner/model/", or with a file behind."""
    import open_clip

    return str(open_clip.get_pretrained_cfg(*name.split(":", 1)).get("hf_hub", ""))


def full_name(library: str, typed: str, *, architectures: bool = False) -> str:
    """Return a typed name as its library lists it, "" where it lists no such name; "resnet10t" finds its usual weights."""
    typed = typed.strip()[:LONGEST].removeprefix("timm/")
    names = listing(library, architectures=architectures)
    same = next((name for name in names if name.lower() == typed.lower()), "")
    if same or not typed or architectures:
        return same
    tagged = [name for name in names if re.split(r"[.:]", name.lower())[0] == typed.lower()]
    if library == "timm" and tagged:
        usual = f"{typed.lower()}.{timm_settings(typed.lower()).tag}"
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


def count(library: str, name: str) -> int:
    """Count the numbers of a network without making them; 0 where that cannot be told."""
    try:
        return sum(part.numel() for part in skeleton(library, name, None).parameters())
    except (OSError, NotImplementedError, RuntimeError, TypeError, ValueError, KeyError, AttributeError):
        if library == "open_clip":  # a text half that is described on the hub
            return round(1e6 * PUBLISHED_SIZES.get(name.partition(":")[0], 0.0))
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
