"""The one door out: where weights are kept, whether a model is on this computer, and fetching it on request.

The process itself stays offline. A download runs in a child process, which can be stopped, through the family's own
library and into that library's own folder. Gensim also fetches a small program beside its numbers; it is never run.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.limits import DOWNLOAD_BYTES
from embeddings_core.models import downloads
from embeddings_core.models.clip_files import CLIP_INSTEAD, CLIP_WEIGHTS, tagged_file, tagged_folder
from embeddings_core.models.downloads import HUB_NAME, Progress
from embeddings_core.models.open_clip_models import load_open_clip
from embeddings_core.models.sentence import USE_HANDLE, load_from_pickled_weights, use_folder
from embeddings_core.models.spec import ModelSpec
from embeddings_core.models.vision_torch import (
    load_timm,
    load_torchvision,
    torchvision_file,
    torchvision_weights,
)
from embeddings_core.models.weights import split_checkpoint
from embeddings_core.models.words import WORD_MODELS, files_of

GENSIM_LIST = "https://raw.githubusercontent.com/RaRe-Technologies/gensim-data/master/list.json"
TORCHVISION_HOME = "https://download.pytorch.org/models/"
TORCHVISION_FILES = {  # the names torchvision gives them; reading them off would load torch to draw a menu
    "resnet50:IMAGENET1K_V2": "resnet50-11ad3fa6.pth",
    "vit_b_16:IMAGENET1K_V1": "vit_b_16-c867db91.pth",
}


@dataclass(frozen=True)
class Place:
    """Where one library keeps weights, and the program that fetches a row's with it.

    `program` gets the arguments that `wishes` makes of the row.
    """

    owns: Callable[[ModelSpec], bool]
    here: Callable[[ModelSpec], bool]
    folder: Callable[[ModelSpec], Path]
    address: str
    program: str
    wishes: Callable[[ModelSpec], Sequence[str]] = lambda spec: (spec.checkpoint,)


def _hub_folder(spec: ModelSpec) -> Path:
    return downloads.hub_folder() / f"models--{spec.checkpoint.replace('/', '--')}"


def _hub_files(spec: ModelSpec) -> tuple[str, ...]:
    """Say which files of a hub model are wanted: no pickled weights, unless its loader reads them as numbers only."""
    if spec.load is load_open_clip:
        return ("*.json", "*.txt", "*.model", CLIP_WEIGHTS)
    if spec.load is load_timm:  # its repositories also hold the same weights for other libraries
        return ("*.json", "model.safetensors")
    pickled = ("*.bin",) if spec.load is load_from_pickled_weights else ()
    return ("*.json", "*.txt", "*.model", "*.safetensors", *pickled)


def _on_hub(spec: ModelSpec) -> bool:
    weights = [pattern for pattern in _hub_files(spec) if pattern.endswith((".safetensors", ".bin"))]
    if spec.load is load_open_clip:
        weights.append(CLIP_INSTEAD)
    deep = "**/" if spec.custom else ""  # some keep their weights in the folder of a part
    # a file is linked into its snapshot only once it is whole
    return any(any(_hub_folder(spec).glob(f"snapshots/*/{deep}{pattern}")) for pattern in weights)


def _torchvision_name(spec: ModelSpec) -> str:
    return (
        TORCHVISION_FILES.get(spec.checkpoint)
        or torchvision_file(torchvision_weights(spec.checkpoint).url).name
    )


def _torch_folder() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "torch"
    return Path(os.environ.get("TORCH_HOME") or cache).expanduser() / "hub" / "checkpoints"


PLACES: tuple[Place, ...] = (
    Place(  # TensorFlow Hub
        owns=lambda spec: spec.checkpoint == USE_HANDLE,
        here=lambda spec: (use_folder() / "saved_model.pb").is_file(),
        folder=lambda spec: use_folder().parent,
        address=USE_HANDLE,
        program="import sys, tensorflow_hub; tensorflow_hub.resolve(sys.argv[1])",
    ),
    Place(  # gensim's data
        owns=lambda spec: (
            bool(spec.checkpoint) and spec.checkpoint in {row.checkpoint for row in WORD_MODELS}
        ),
        here=lambda spec: bool(files_of(spec)),
        folder=lambda spec: downloads.gensim_folder(),
        address=GENSIM_LIST,
        program="import sys, gensim.downloader as d; d.load(sys.argv[1], return_path=True)",
    ),
    Place(  # torchvision
        owns=lambda spec: (
            spec.checkpoint in TORCHVISION_FILES or (spec.custom and spec.load is load_torchvision)
        ),
        here=lambda spec: (_torch_folder() / _torchvision_name(spec)).is_file(),
        folder=lambda spec: _torch_folder(),
        address=TORCHVISION_HOME,
        program="import sys; from embeddings_core.models.registry import find_model; "
        "from embeddings_core.models.vision_torch import fetch_torchvision; fetch_torchvision(find_model(sys.argv[1]))",
        wishes=lambda spec: (spec.id,),
    ),
    Place(  # open_clip's own list
        owns=lambda spec: spec.custom and spec.load is load_open_clip,
        here=lambda spec: tagged_file(spec) is not None,
        folder=tagged_folder,
        address="",
        program="import sys; from embeddings_core.models.clip_files import fetch_tagged; fetch_tagged(sys.argv[1])",
    ),
    Place(  # open_clip's models on the hub
        owns=lambda spec: spec.load is load_open_clip and bool(HUB_NAME.fullmatch(spec.checkpoint)),
        here=_on_hub,
        folder=_hub_folder,
        address="",
        program="import sys; from embeddings_core.models.clip_files import fetch_clip; fetch_clip(*sys.argv[1:])",
        wishes=lambda spec: (spec.checkpoint, *_hub_files(spec)),
    ),
    Place(  # the hub of Hugging Face
        owns=lambda spec: bool(HUB_NAME.fullmatch(spec.checkpoint)),
        here=_on_hub,
        folder=_hub_folder,
        address="",
        program="import sys; from huggingface_hub import snapshot_download; "
        "snapshot_download(sys.argv[1], allow_patterns=sys.argv[2:])",
        wishes=lambda spec: (spec.checkpoint, *_hub_files(spec)),
    ),
)


def place_of(spec: ModelSpec) -> Place | None:
    """Return where a row's weights come from; None for rows that need none or lie in a folder of their own."""
    return next((place for place in PLACES if place.owns(spec)), None)


def on_disk(spec: ModelSpec) -> bool:
    """Tell whether a model opens without a download; loads no library."""
    if spec.bundled or (spec.checkpoint and Path(spec.checkpoint).is_dir()):
        return True
    file = split_checkpoint(spec.checkpoint)[1] if spec.custom else None
    if file is not None:
        return file.is_file()
    place = place_of(spec)
    return place is not None and place.here(spec)


def fetch(
    spec: ModelSpec,
    *,
    progress: Progress | None = None,
    seconds: float = downloads.DOWNLOAD_SECONDS,
    answers: Callable[[str], bool] = downloads.reachable,
    command: Sequence[str] | None = None,
) -> None:
    """Download a model because a person asked for it.

    `progress` is called about twice a second with the bytes that arrived and in all; an exception it raises stops
    the download. `answers` and `command` are for tests. Raises BadInputError for a row that is not downloaded,
    ModelUnavailableError where there is no connection, no such model, or no room.
    """
    place = None if "@" in spec.checkpoint else place_of(spec)
    if place is None:
        raise BadInputError(f"{spec.title} is not a model that is downloaded.")
    if spec.custom and spec.megabytes * 1e6 > DOWNLOAD_BYTES:
        raise ModelUnavailableError(
            f"{spec.title} has {spec.megabytes / 1e3:,.1f} GB; {DOWNLOAD_BYTES / 1e9:.0f} GB are the limit here."
        )
    if not answers(place.address):
        raise ModelUnavailableError(
            f"{spec.title} is not on this computer, and there is no connection to fetch it. Bundled models still work."
        )
    folder, total = place.folder(spec), int(spec.megabytes * 1e6)
    room = shutil.disk_usage(downloads.existing(folder)).free
    if total > room:
        raise ModelUnavailableError(
            f"{spec.title} needs {total / 1e6:,.0f} MB; {room / 1e6:,.0f} MB are free here."
        )
    before = downloads.bytes_in(folder)

    def so_far() -> int:
        size = max(downloads.bytes_in(folder) - before, 0)
        if spec.custom and size > DOWNLOAD_BYTES:
            raise ModelUnavailableError(
                f"{spec.title} is larger than {DOWNLOAD_BYTES / 1e9:.0f} GB, the limit here; a smaller one can be fetched."
            )
        return size

    online = {"HF_HUB_OFFLINE": "0", "TRANSFORMERS_OFFLINE": "0", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    child = subprocess.Popen(  # noqa: S603 # our own interpreter; names come from the catalogue or were checked
        command or [sys.executable, "-c", place.program, *place.wishes(spec)],
        env=os.environ | online | {"HF_HUB_DISABLE_TELEMETRY": "1"},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        arrived = downloads.watch(
            child,
            so_far,
            total,
            progress=progress,
            seconds=seconds,
        )
    except TimeoutError:
        raise ModelUnavailableError(
            f"{spec.title} did not arrive within {seconds / 60:.0f} minutes."
        ) from None
    if not (arrived and on_disk(spec)):
        raise ModelUnavailableError(
            f"{spec.title} did not arrive: it was not found, needs a login, or the connection broke. "
            "Bundled models still work."
        )
    if progress is not None:
        progress(total, total)
