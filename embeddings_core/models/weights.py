"""Checkpoints: read without running what is in them, and laid into a network only where every part fits."""

from pathlib import Path
from typing import Any

from embeddings_core.errors import ModelUnavailableError
from embeddings_core.models.runtime import ready_torch


def split_checkpoint(checkpoint: str) -> tuple[str, Path | None]:
    """Split "name@file" into the name and the file, "name" into the name and nothing."""
    name, _, file = checkpoint.partition("@")
    return name, Path(file) if file else None


def read_weights(path: Path) -> dict[str, Any]:
    """Read a checkpoint without running anything in it: name → tensor.

    Raises ModelUnavailableError where the file is missing, damaged, or holds more than numbers.
    """
    torch = ready_torch()
    if not path.is_file():
        raise ModelUnavailableError("There is no such file of weights on this computer; check its name.")
    try:
        if path.suffix == ".safetensors":
            from safetensors.torch import load_file

            found: dict[str, Any] = load_file(str(path))
        else:
            found = torch.load(path, map_location="cpu", weights_only=True)
        for wrapper in ("state_dict", "model"):
            found = found[wrapper] if isinstance(found.get(wrapper), dict) else found
        return {str(name).removeprefix("module."): tensor for name, tensor in found.items()}
    except Exception as error:  # whatever a damaged or hostile file makes the readers raise
        raise ModelUnavailableError(
            "These weights are damaged, or they would run code when opened; save them as safetensors."
        ) from error


def fit(model: Any, state: dict[str, Any], name: str) -> dict[str, Any]:
    """Return those weights if each part of the network has its own, of its shape, and nothing is left over.

    Raises ModelUnavailableError, which names the first part that does not fit.
    """
    wanted = {key: tuple(part.shape) for key, part in model.state_dict().items()}
    given = {key: tuple(getattr(part, "shape", ("no numbers",))) for key, part in state.items()}
    counted = "num_batches_tracked"  # older files lack these counters; they change nothing
    wrong = [
        key
        for key in (*wanted, *given)
        if wanted.get(key) != given.get(key) and not (key.endswith(counted) and key not in given)
    ]
    if wrong:
        told = (
            f"{wrong[0][:60]} is {given.get(wrong[0], 'missing')}, not {wanted.get(wrong[0], 'a part of it')}"
        )
        raise ModelUnavailableError(
            f"These weights do not belong to {name}: {told}. Check the name of the network."
        )
    return state
