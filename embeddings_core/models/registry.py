"""Finds, lists and loads models: what every page and every call of the library asks for a model."""

import threading

from embeddings_core.errors import ModelUnavailableError, UnknownModelError
from embeddings_core.limits import CUSTOM_MODELS, MODELS_BYTES
from embeddings_core.models import catalogue, named_image_models, named_text_models
from embeddings_core.models.endpoint import ID, endpoint_row
from embeddings_core.models.locked_encoder import LockedEncoder
from embeddings_core.models.runtime import set_environment, translated
from embeddings_core.models.spec import Modality, ModelSpec

loaded: dict[str, LockedEncoder] = {}  # the models in memory, by their ids; the one used last at the end
_table = threading.Lock()  # guards the two tables here
_loading: dict[str, threading.Lock] = {}  # one a model: two visitors never load the same one at once


def list_models(modality: Modality | None = None) -> tuple[ModelSpec, ...]:
    """List the rows of the catalogue, of one modality or of all."""
    return tuple(spec for spec in catalogue.MODELS if modality in (None, spec.modality))


def find_model(model: str) -> ModelSpec:
    """Return the row with this id, of the catalogue, of a model opened by name ("hub:owner/model"), or of the operator's endpoint.

    Raises UnknownModelError, which lists the ids of the catalogue.
    """
    spec = next((spec for spec in catalogue.MODELS if spec.id == model), None)
    if spec is None and model.startswith(ID):
        named = endpoint_row()
        spec = named if named is not None and named.id == model else None
    elif spec is None and ":" in model:
        spec = named_text_models.row(model) or named_image_models.row(model)
    if spec is None:
        raise UnknownModelError(model, {spec.id: spec for spec in catalogue.MODELS})
    return spec


def model_title(model: str) -> str:
    """Return what a model is called: the title of its row, or its own name where there is none."""
    try:
        return find_model(model).title
    except UnknownModelError:
        return model


def load_encoder(model: str | ModelSpec) -> LockedEncoder:
    """Load a model once a process and return its encoder: items → (n, d) float32.

    Takes an id or a row of your own. Raises UnknownModelError, MissingExtraError, or ModelUnavailableError where the
    weights are not on disk or a row is known but not offered.
    """
    spec = find_model(model) if isinstance(model, str) else model
    if spec.refused:
        raise ModelUnavailableError(f"{spec.title} is not offered. {spec.refused}")
    with _table:
        lock = _loading.setdefault(spec.id, threading.Lock())
    with lock:  # the second who asks waits and gets what the first one loaded
        encoder = loaded.get(spec.id)
        if encoder is None or encoder.spec != spec:
            set_environment()
            parts = [load_encoder(part) for part in spec.parts]
            with translated(spec.title):
                encoder = LockedEncoder(spec.load(spec, *parts), spec)
        with _table:
            loaded.pop(spec.id, None)
            loaded[spec.id] = encoder  # at the end: used last
            for old in [id for id, other in loaded.items() if other.spec.custom][:-CUSTOM_MODELS]:
                del loaded[old]
            _make_room(spec.id)
    return encoder


def _make_room(spared: str) -> None:
    """Let downloaded models go that rested longest, until the others fit (`limits.MODELS_BYTES`)."""
    sizes = {id: other.spec.megabytes * 1e6 for id, other in loaded.items() if not other.spec.bundled}
    over = sum(sizes.values()) - MODELS_BYTES
    for id, size in sizes.items():
        if over <= 0:
            return
        if id != spared:
            over -= size
            del loaded[id]
