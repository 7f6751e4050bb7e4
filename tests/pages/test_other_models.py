"""Any model by its name, and checkpoints of one's own, as visitors open them; names and files good and bad."""

import io
import json
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core import jobs
from embeddings_core.analysis.warm_up import warm_up_kernels
from embeddings_core.models import libraries, named_image_models, user_weights
from embeddings_core.models.registry import find_model, load_encoder, loaded
from embeddings_core.models.runtime import ready_torch
from embeddings_core.pictures.embed import embed_images
from embeddings_core.pictures.samples import sample_photographs
from embeddings_core.spaces.vectors import unit
from tests.pages.reading import fine, go_to, ranked, said

torch: Any
timm: Any
LENSES = ("Neighbours", "Clusters", "Two models", "Probe", "Depth", "Numbers")
NAME = "test_resnet.r160_in1k"  # 0.5 million numbers
FEATURES = 96


@pytest.fixture(scope="module", autouse=True)
def _engine() -> Iterator[None]:
    """Warm the worker up, and import what is slow to import: every worker reads this module."""
    global torch, timm
    torch = ready_torch()
    import timm

    jobs.warm_up(warm_up_kernels, wait=True)
    yield
    loaded.clear()


@pytest.fixture(scope="module")
def state() -> dict[str, Any]:
    torch.manual_seed(3)
    found: dict[str, Any] = timm.create_model(NAME).state_dict()
    return found


def packed(state: dict[str, Any], kind: str = ".safetensors") -> bytes:
    from safetensors.torch import save

    if kind == ".safetensors":
        return bytes(save(state))
    buffer = io.BytesIO()
    torch.save({"state_dict": {f"module.{key}": part for key, part in state.items()}}, buffer)
    return buffer.getvalue()


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: dict[str, Any]) -> Path:
    """The hub's cache as it is after timm has fetched the network."""
    import huggingface_hub.constants

    snapshot = tmp_path / f"models--timm--{NAME}" / "snapshots" / "0123"
    snapshot.mkdir(parents=True)
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs" / "main").write_text("0123")
    own = {"input_size": [3, 160, 160], "interpolation": "bicubic", "crop_pct": 0.95, "mean": [0.5] * 3}
    own |= {"std": [0.5] * 3, "num_classes": 1000, "classifier": "fc", "first_conv": "conv1.0"}
    settings = {"architecture": "test_resnet", "num_classes": 1000, "pretrained_cfg": own}
    (snapshot / "config.json").write_text(json.dumps(settings))
    (snapshot / "model.safetensors").write_bytes(packed(state))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    return snapshot


def open_page(root: Path, page: str = "images", **query: str) -> AppTest:
    return go_to(root, page, **({"method": "PCA", "images-set": "photographs"} | query))


def pick(at: AppTest, name: str, *, weights: str = "", menu: str = "eyes", library: str = "timm") -> AppTest:
    at.segmented_control(key=f"library-{menu}-0").set_value(library).run()
    at.text_input(key=f"name-{menu}-0").set_value(name).run()
    if weights:
        at.selectbox(key=f"weights-{menu}-0").set_value(weights).run()
    return at


def upload(at: AppTest, name: str, file: str, content: bytes) -> AppTest:
    pick(at, name, weights="a file of mine")
    uploader = next(each for each in at.file_uploader if each.key == "checkpoint-eyes-0")
    uploader.set_value([(file, content, "application/octet-stream")]).run()
    return at.button(key="open-eyes-0").click().run()


def nearest(id: str, name: str) -> list[str]:
    files = sample_photographs()
    vectors = unit(embed_images(files, load_encoder(id)).vectors)
    row = [file.name for file in files].index(name)
    scores = vectors @ vectors[row]
    scores[row] = -2
    return [files[other].name for other in np.argsort(-scores, kind="stable")[:7]]


def test_a_name_is_opened_priced_and_asked_for(root: Path) -> None:
    at = pick(open_page(root), "ResNet10T")
    at.button(key="open-eyes-0").click().run()
    assert at.selectbox(key="eyes").value == "timm: resnet10t.c3_in1k (not on this computer)"
    assert "can be fetched once: about 22 MB, licence apache-2.0" in said(at) and fine(at)
    assert any(button.label == "Download about 22 MB" for button in at.button)
    assert "Until then EfficientNet-Lite0 looks" in said(at)


def test_a_misspelt_name_is_met_with_the_nearest_ones(root: Path) -> None:
    at = pick(open_page(root), "resnt10t")
    assert at.button(key="open-eyes-0").disabled and "timm lists no model of that name" in said(at)
    first = next(button for button in at.button if button.label == "resnet10t.c3_in1k")
    first.click().run()
    assert at.text_input(key="name-eyes-0").value == "resnet10t.c3_in1k"
    assert not at.button(key="open-eyes-0").disabled and fine(at)


@pytest.mark.parametrize("lens", LENSES)
def test_a_named_model_in_an_address_works_in_every_lens(root: Path, lens: str, hub: Path) -> None:
    at = open_page(root, look=lens, eyes=f"timm: {NAME}", picture="cat")
    assert at.selectbox(key="eyes").value == f"timm: {NAME}" and fine(at), said(at)
    assert f"timm: {NAME}: {FEATURES} numbers a picture" in said(at) and "cannot be opened" not in said(at)
    if lens == "Neighbours":
        assert ranked(at) == nearest(f"timm:{NAME}", "cat")


@pytest.mark.parametrize("kind", [".safetensors", ".pth"])
def test_an_uploaded_checkpoint_works_and_stays_with_its_visitor(
    root: Path, kind: str, state: dict[str, Any]
) -> None:
    at = upload(open_page(root, picture="cat"), NAME, f"tiny{kind}", packed(state, kind))
    title = f"timm: {NAME} from my tiny{kind}"
    assert at.selectbox(key="eyes").value == title and fine(at), said(at)
    assert f"{FEATURES} numbers a picture" in said(at)
    id = next(each for each in at.session_state["models-opened"])
    reference = timm.create_model(NAME)
    reference.load_state_dict(state)
    assert ranked(at) == nearest(id, "cat")
    kept = load_encoder(id).inner.model.state_dict()  # type: ignore[attr-defined]
    assert all(torch.equal(kept[key], part) for key, part in reference.state_dict().items())
    for lens in LENSES:
        assert fine(at.segmented_control(key="look").set_value(lens).run()), said(at)
    assert not list(user_weights.upload_folder().glob("*.given*"))  # only the checked numbers are kept
    other = open_page(root, eyes=title)
    assert other.selectbox(key="eyes").value == "EfficientNet-Lite0" and fine(other)
    assert "cannot be opened: its file is not here" in said(other)
    next(button for button in at.button if button.label.startswith("Take timm")).click().run()
    assert fine(at) and title not in at.selectbox(key="eyes").options
    assert user_weights.find_file(id.partition("@")[2]) is None


class Evil:
    """What runs code when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[Path]]:
        return (Path.touch, (Path("/tmp/pwned-by-a-checkpoint"),))  # must not appear


def _evil() -> bytes:
    buffer = io.BytesIO()
    torch.save({"fc.weight": Evil()}, buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("evil.pth", _evil, "would run code"),
        ("plain.pt", pickle.dumps({"fc.weight": Evil()}), "would run code"),
        ("broken.safetensors", b"\xff" * 64, "damaged"),
        ("empty.pth", b"", "damaged"),
    ],
)
def test_a_bad_checkpoint_is_refused_in_a_sentence(
    root: Path, file: str, content: bytes | Callable[[], bytes], told: str
) -> None:
    at = upload(open_page(root), NAME, file, content() if callable(content) else content)
    assert f'"{file}": ' in said(at) and told in said(at) and fine(at)
    assert at.selectbox(key="eyes").value == "EfficientNet-Lite0"
    assert not Path("/tmp/pwned-by-a-checkpoint").exists()
    assert not list(user_weights.upload_folder().glob("*.given*"))


def test_a_checkpoint_of_another_network_names_the_part_that_does_not_fit(
    root: Path, state: dict[str, Any]
) -> None:
    at = upload(open_page(root), "resnet10t", "tiny.safetensors", packed(state))
    assert (
        "do not belong to resnet10t: " in said(at)
        and "Check the name of the network" in said(at)
        and fine(at)
    )


def test_a_file_in_the_hosts_folder_is_offered_by_name_and_rebuilt_from_an_address(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: dict[str, Any]
) -> None:
    (tmp_path / "tiny.safetensors").write_bytes(packed(state))
    (tmp_path / "notes.txt").write_text("not weights")
    (tmp_path.parent / "outside.safetensors").write_bytes(packed(state))
    monkeypatch.setenv(user_weights.FOLDER, str(tmp_path))
    at = pick(open_page(root), "test_resnet", weights="tiny.safetensors")
    assert at.selectbox(key="weights-eyes-0").options == [
        "the library's own",
        "tiny.safetensors",
        "a file of mine",
    ]
    at.button(key="open-eyes-0").click().run()
    title = "timm: test_resnet from tiny.safetensors"
    assert at.selectbox(key="eyes").value == title and fine(at) and str(tmp_path) not in said(at)
    again = open_page(root, eyes=title, picture="cat")
    assert again.selectbox(key="eyes").value == title and f"{FEATURES} numbers a picture" in said(again)
    out = open_page(root, eyes="timm: test_resnet from ../outside.safetensors")
    assert out.selectbox(key="eyes").value == "EfficientNet-Lite0" and "its file is not here" in said(out)
    monkeypatch.delenv(user_weights.FOLDER)
    gone = open_page(root, eyes=title)
    assert gone.selectbox(key="eyes").value == "EfficientNet-Lite0" and "its file is not here" in said(gone)


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "hf-hub:evil/model", "<script>alert(1)</script>", "\x00", "timm/x@/etc/passwd", "x" * 5000,
     "local-dir:/etc", "$x$ **b**", "http://evil.example/a.pth"],
)  # fmt: skip
@pytest.mark.parametrize("library", ["timm", "torchvision", "open_clip"])
def test_a_hostile_name_in_an_address_opens_nothing(root: Path, library: str, name: str) -> None:
    at = open_page(root, eyes=f"{library}: {name}")
    assert fine(at) and at.selectbox(key="eyes").value == "EfficientNet-Lite0"
    assert "cannot be opened: " in said(at)


def test_a_model_too_large_says_so(root: Path) -> None:
    at = open_page(root, eyes="timm: vit_giant_patch14_dinov2.lvd142m")
    assert "million are the limit here" in said(at) and fine(at)
    assert at.selectbox(key="eyes").value == "EfficientNet-Lite0"


def test_open_clip_models_are_opened_on_the_page_of_images_and_text(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_clip = pytest.importorskip("open_clip")
    vision = {"image_size": 32, "layers": 1, "width": 64, "patch_size": 16}
    text = {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1}
    (tmp_path / "tiny-clip.json").write_text(
        json.dumps({"embed_dim": 32, "vision_cfg": vision, "text_cfg": text})
    )
    open_clip.add_model_config(tmp_path / "tiny-clip.json")
    libraries.listing.cache_clear()
    torch.manual_seed(0)
    (tmp_path / "tiny.safetensors").write_bytes(
        packed(open_clip.create_model("tiny-clip", load_weights=False).state_dict())
    )
    monkeypatch.setenv(user_weights.FOLDER, str(tmp_path))
    at = open_page(root, "images_and_text")
    assert at.segmented_control(key="library-joint_model-0").options == ["open_clip"]
    pick(at, "tiny-clip", weights="tiny.safetensors", menu="joint_model", library="open_clip")
    at.button(key="open-joint_model-0").click().run()
    title = "open_clip: tiny-clip from tiny.safetensors"
    assert at.selectbox(key="joint_model").value == title and fine(at), said(at)
    for lens in ("Retrieval matrix", "What is it?", "Modality gap"):
        assert fine(open_page(root, "images_and_text", joint_model=title, match=lens))
    assert fine(open_page(root, eyes=title, look="Neighbours"))
    wrong = open_page(root, "images_and_text", joint_model="torchvision: resnet18")
    assert "it does not know both pictures and texts" in said(wrong) and fine(wrong)


def test_only_a_few_opened_models_stay_in_memory(
    hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embeddings_core.limits import CUSTOM_MODELS

    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv(user_weights.FOLDER, str(folder))
    for number in range(CUSTOM_MODELS + 2):
        (folder / f"{number}.safetensors").write_bytes((hub / "model.safetensors").read_bytes())
    load_encoder("pixels")
    ids = [named_image_models.model_id("timm", NAME, key) for key in user_weights.local_checkpoints()]
    for id in [*ids, ids[-2], f"timm:{NAME}"]:
        load_encoder(id)
    custom = [id for id in loaded if find_model(id).custom]
    assert custom == [ids[-2], f"timm:{NAME}"] and "pixels" in loaded
