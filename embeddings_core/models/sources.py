"""Where the weights of models come from: a class for each kind of place, which a row of the catalogue names.

A source finds the weights on this computer and says how `download_command` fetches them. No library is loaded for it.
"""

import os
import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from embeddings_core.errors import BadInputError
from embeddings_core.models.spec import ModelSpec

HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
OPEN_CLIP_WEIGHTS, OPEN_CLIP_OLDER = "open_clip_model.safetensors", "open_clip_pytorch_model.bin"


def check_name(name: str) -> str:
    """Return a model's hub name, "owner/model"; raise BadInputError for anything else, such as a path."""
    if not HUB_NAME.fullmatch(name) or ".." in name:
        raise BadInputError(f'"{name[:80]}" is not the name of a model; use the form owner/model.')
    return name


def hub_folder() -> Path:
    """Return the folder where hub models are kept (`HF_HUB_CACHE` and `HF_HOME` decide)."""
    home = Path(os.environ.get("HF_HOME") or _user_cache() / "huggingface")
    return Path(os.environ.get("HF_HUB_CACHE") or home / "hub").expanduser()


def repository_folder(name: str) -> Path:
    """Return the folder of one model in the hub's cache."""
    return hub_folder() / f"models--{name.replace('/', '--')}"


def gensim_folder() -> Path:
    """Return the folder where gensim keeps word vectors (`GENSIM_DATA_DIR` decides)."""
    return Path(os.environ.get("GENSIM_DATA_DIR") or Path.home() / "gensim-data").expanduser()


def gensim_files(name: str) -> list[Path]:
    """Return the files of numbers that gensim keeps under a name; empty where nothing was fetched."""
    if not name:
        return []
    folder = gensim_folder() / name
    return [path for ending in (".gz", ".bin", ".txt", ".vec") for path in sorted(folder.glob(f"*{ending}"))]


def torchvision_folder() -> Path:
    """Return the folder where torchvision keeps weights (`TORCH_HOME` and `XDG_CACHE_HOME` decide)."""
    return Path(os.environ.get("TORCH_HOME") or _user_cache() / "torch").expanduser() / "hub" / "checkpoints"


def tensorflow_hub_folder(address: str) -> Path:
    """Return where TensorFlow Hub keeps the model of an address (`TFHUB_CACHE_DIR` decides): named by its hash."""
    import hashlib
    import tempfile

    home = os.environ.get("TFHUB_CACHE_DIR") or Path(tempfile.gettempdir()) / "tfhub_modules"
    return Path(home) / hashlib.sha1(address.encode(), usedforsecurity=False).hexdigest()


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


@dataclass(frozen=True)
class HubModel:
    """A model of the Hugging Face hub: `checkpoint` is its name there, or a folder with the same files.

    `weights` and `beside` say which files are wanted: a repository often holds the same weights for other libraries
    too. Pickled weights (.bin) are wanted only where the loader reads them as numbers. `older` are weights that are
    taken only where there are none of the others. With `nested` weights also count in the folder of a part.
    """

    weights: tuple[str, ...] = ("*.safetensors",)
    beside: tuple[str, ...] = ("*.json", "*.txt", "*.model")
    older: str = ""
    nested: bool = False
    address = ""  # the hub's own

    def on_disk(self, spec: ModelSpec) -> bool:
        """Tell whether weights are here; a file is linked into its snapshot only once it is whole."""
        snapshots = repository_folder(spec.checkpoint) / "snapshots"
        wanted = (*self.weights, self.older) if self.older else self.weights
        deep = "**/" if self.nested else ""
        local = bool(spec.checkpoint) and Path(spec.checkpoint).is_dir()
        return local or any(any(snapshots.glob(f"*/{deep}{pattern}")) for pattern in wanted)

    def folder(self, spec: ModelSpec) -> Path:
        """Return the folder of this model in the hub's cache."""
        return repository_folder(spec.checkpoint)

    def download(self, spec: ModelSpec) -> tuple[str, ...]:
        """Ask for the wanted files of the repository."""
        if not HUB_NAME.fullmatch(spec.checkpoint):
            return ()
        return ("hub", spec.checkpoint, *self.beside, *self.weights, "--older", self.older)


@dataclass(frozen=True)
class OpenClipList:
    """Weights on open_clip's own list: `checkpoint` is "architecture:tag", `repository` and `file` say where on the hub."""

    repository: str
    file: str = ""
    address = ""

    def on_disk(self, spec: ModelSpec) -> bool:
        """Tell whether the file is in the hub's cache, as safetensors or in the older kind."""
        from huggingface_hub import try_to_load_from_cache

        names = (self.file,) if self.file else (OPEN_CLIP_WEIGHTS, OPEN_CLIP_OLDER)
        kinds = {
            str(Path(name).with_suffix(end)) for name in names for end in (".safetensors", Path(name).suffix)
        }
        return any(isinstance(try_to_load_from_cache(self.repository, kind), str) for kind in kinds)

    def folder(self, spec: ModelSpec) -> Path:
        """Return the folder of this repository in the hub's cache."""
        return repository_folder(self.repository)

    def download(self, spec: ModelSpec) -> tuple[str, ...]:
        """Ask for the weights and for the tokenizer that belongs to them."""
        return ("open_clip", spec.checkpoint)


@dataclass(frozen=True)
class TorchvisionFile:
    """Weights that torchvision publishes: `checkpoint` is "network:weights", `file` what torchvision calls the file.

    The name stands in the row because reading it off would load torch to draw a menu.
    """

    file: str
    address = "https://download.pytorch.org/models/"

    def on_disk(self, spec: ModelSpec) -> bool:
        """Tell whether the file is here."""
        return (torchvision_folder() / self.file).is_file()

    def folder(self, spec: ModelSpec) -> Path:
        """Return the folder of all such files."""
        return torchvision_folder()

    def download(self, spec: ModelSpec) -> tuple[str, ...]:
        """Ask for the file, checked against its hash."""
        return ("torchvision", spec.checkpoint)


@dataclass(frozen=True)
class GensimData:
    """Word vectors on gensim's list: `checkpoint` is their name there."""

    address = "https://raw.githubusercontent.com/RaRe-Technologies/gensim-data/master/list.json"

    def on_disk(self, spec: ModelSpec) -> bool:
        """Tell whether a file of numbers is here; an empty folder is a download that was cut."""
        return bool(gensim_files(spec.checkpoint))

    def folder(self, spec: ModelSpec) -> Path:
        """Return the folder of all word vectors."""
        return gensim_folder()

    def download(self, spec: ModelSpec) -> tuple[str, ...]:
        """Ask for the file; the program that gensim fetches beside it is never run."""
        return ("gensim", spec.checkpoint)


@dataclass(frozen=True)
class TensorFlowHub:
    """A model of TensorFlow Hub: `checkpoint` is its `address`."""

    address: str

    def on_disk(self, spec: ModelSpec) -> bool:
        """Tell whether the model is unpacked here."""
        return (tensorflow_hub_folder(spec.checkpoint) / "saved_model.pb").is_file()

    def folder(self, spec: ModelSpec) -> Path:
        """Return the folder of all such models."""
        return tensorflow_hub_folder(spec.checkpoint).parent

    def download(self, spec: ModelSpec) -> tuple[str, ...]:
        """Ask for the model."""
        return ("tensorflow_hub", spec.checkpoint)


@dataclass(frozen=True)
class WeightsFile:
    """A file of weights that somebody put here: never fetched."""

    file: Path
    address = ""

    def on_disk(self, spec: ModelSpec) -> bool:
        """Tell whether the file is still here."""
        return self.file.is_file()

    def folder(self, spec: ModelSpec) -> Path:
        """Return the folder that holds it."""
        return self.file.parent

    def download(self, spec: ModelSpec) -> tuple[str, ...]:
        """Ask for nothing."""
        return ()


@dataclass(frozen=True)
class InstalledPackage:
    """Weights that an installed Python package carries as data: the package is looked at, never imported.

    `module` is its import name, `files` the files it must hold, relative to its folder; `install` what pip calls it.
    """

    module: str
    files: tuple[str, ...]
    install: str
    address = ""

    def on_disk(self, spec: ModelSpec) -> bool:
        """Tell whether the package is installed, and whole."""
        found = find_spec(self.module)
        return found is not None and all(path.is_file() for path in self.paths())

    def paths(self) -> tuple[Path, ...]:
        """Return where its files are; empty where the package is not installed."""
        found = find_spec(self.module)
        if found is None or found.origin is None:
            return ()
        return tuple(Path(found.origin).parent / file for file in self.files)

    def folder(self, spec: ModelSpec) -> Path:
        """Return the folder of the package, or the one it would come into."""
        import sysconfig

        paths = self.paths()
        return paths[0].parent if paths else Path(sysconfig.get_path("purelib"))

    def download(self, spec: ModelSpec) -> tuple[str, ...]:
        """Ask for nothing: a package is installed by pip."""
        return ()

    def absent(self, spec: ModelSpec) -> str:
        """Say how a row's package is got where it is not here."""
        return f"{spec.title} is not on this computer: pip install {self.install} ({spec.size})."
