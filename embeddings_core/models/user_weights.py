"""Weights that users bring: files in the folder that the host names, or uploaded by a visitor and checked in the worker."""

import atexit
import hashlib
import os
import re
import shutil
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from embeddings_core.errors import BadInputError, EmbeddingsError, of_the_disk
from embeddings_core.limits import (
    CHECKPOINT_PARAMETERS,
    CHECKPOINT_SECONDS,
    CHECKPOINTS,
    CHECKPOINTS_BYTES,
    FILE_BYTES,
)
from embeddings_core.models.libraries import network, skeleton
from embeddings_core.models.weights import fit, read_weights

FOLDER = "EMBEDDINGS_VISUALIZER_CHECKPOINTS"  # a folder that whoever starts the server names
ENDINGS = (".safetensors", ".pth", ".pt")
NO_FOLDER = "This computer has no folder for it; whoever started the app has to make room."
LISTED = 30  # files of that folder on the menu


def local_checkpoints() -> dict[str, Path]:
    """List the files of the folder that `EMBEDDINGS_VISUALIZER_CHECKPOINTS` names, by key; empty where it names none.

    A key holds the file's name and when it changed. Nothing that a visitor types becomes a path.
    """
    named = os.environ.get(FOLDER, "")
    folder = Path(named).expanduser()
    if not named or not folder.is_dir():
        return {}
    files = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in ENDINGS and path.is_file()]
    return {_key("host", _fingerprint(path), path.name): path for path in files[:LISTED]}


def _fingerprint(path: Path) -> str:
    status = path.stat()
    return hashlib.sha256(f"{path.name}|{status.st_size}|{status.st_mtime_ns}".encode()).hexdigest()[:8]


def _key(kind: str, digest: str, name: str) -> str:
    plain = re.sub(r"[^\w. -]+", "", name).strip(" .")[-60:] or "file"
    return f"{kind}-{digest}~{plain}"


@lru_cache(maxsize=1)
def upload_folder() -> Path:
    """Return the folder of this process for uploaded checkpoints; it goes when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="embeddings-visualizer-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def find_file(key: str) -> Path | None:
    """Return the file of a key, None where it is not here (any more)."""
    if key.startswith("own-"):
        digest = key.removeprefix("own-").partition("~")[0]
        path = upload_folder() / f"{digest}.safetensors"
        return path if re.fullmatch(r"[0-9a-f]{24}", digest) and path.is_file() else None
    return local_checkpoints().get(key)


def keep_upload(content: bytes, file: str, library: str, name: str, *, owner: str) -> tuple[str, str]:
    """Keep a visitor's checkpoint if it fits a network; return its key and "", or "" and what is wrong with it.

    It is read in the worker, within its limits, and written anew as plain numbers; beyond the limit the oldest upload is deleted.
    `owner` is secret to a visit, and so is the key: nobody else can name it.
    """
    ending = Path(file).suffix.lower()
    shown = re.sub(r"[^\w. -]+", "", file)[-60:]
    if ending not in ENDINGS:
        return "", f'"{shown}" is not a file of weights: {", ".join(ENDINGS)} are read.'
    if len(content) > FILE_BYTES:
        return "", f'"{shown}" has {len(content) / 2**20:,.0f} MB; {FILE_BYTES // 2**20} MB are the limit.'
    digest = hashlib.sha256(f"{owner}|{library}|{name}|".encode() + content).hexdigest()[:24]
    try:
        given, target = upload_folder() / f"{digest}.given{ending}", upload_folder() / f"{digest}.safetensors"
    except OSError as error:
        return "", f'"{shown}": {of_the_disk(error) or NO_FOLDER}'
    try:
        given.write_bytes(content)
        from embeddings_core import jobs

        jobs.within(CHECKPOINT_SECONDS, heavy=True).run(rewrite, str(given), str(target), library, name)
    except (EmbeddingsError, OSError) as error:
        return "", f'"{shown}": {(of_the_disk(error) or NO_FOLDER) if isinstance(error, OSError) else error}'
    finally:
        with suppress(OSError):
            given.unlink(missing_ok=True)
    size = 0
    newest = sorted(
        upload_folder().glob("*.safetensors"), key=lambda path: path.stat().st_mtime_ns, reverse=True
    )
    for turn, path in enumerate(newest):
        size += path.stat().st_size
        if turn >= CHECKPOINTS or (turn and size > CHECKPOINTS_BYTES):
            path.unlink(missing_ok=True)
    return _key("own", digest, file), ""


def delete_upload(key: str) -> None:
    """Delete an uploaded checkpoint."""
    path = find_file(key) if key.startswith("own-") else None
    if path is not None:
        path.unlink(missing_ok=True)


def rewrite(given: str, target: str, library: str, name: str) -> None:
    """Read a checkpoint, check that each part fits the network of that name, and write it as safetensors.

    Runs in the worker. Raises ModelUnavailableError where it does not fit, BadInputError where the network is too large.
    """
    from safetensors.torch import save

    state = read_weights(Path(given))
    try:
        model = skeleton(library, name, state)
    except NotImplementedError:  # it works out numbers while it is made; the worker's memory is limited
        model = network(library, name, state)
    numbers = sum(part.numel() for part in model.parameters())
    if numbers > CHECKPOINT_PARAMETERS:
        raise BadInputError(
            f"{name} has {numbers / 1e6:,.0f} million numbers; {CHECKPOINT_PARAMETERS / 1e6:,.0f} million are the limit."
        )
    fitting = fit(model, state, name)
    part = Path(target).with_suffix(".part")
    part.write_bytes(save({key: tensor.detach().clone().contiguous() for key, tensor in fitting.items()}))
    part.replace(target)
