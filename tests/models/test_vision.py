"""Image encoders against the libraries' own documented usage, on the same input, from files in the real
format."""

import io
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from embeddings_core.errors import BadInputError, MissingExtraError, ModelUnavailableError
from embeddings_core.models import efficientnet
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.efficientnet import LITE0, lite0_file, load_lite0_bfloat16
from embeddings_core.models.locked_encoder import LockedEncoder
from embeddings_core.models.preprocessing import Preprocessing, batches, pixels, seen
from embeddings_core.models.registry import find_model, load_encoder
from embeddings_core.models.runtime import ready_torch
from embeddings_core.models.sources import torchvision_folder
from embeddings_core.models.spec import ModelSpec
from embeddings_core.models.vision import (
    classify,
    has_classes,
    imagenet_classes,
    stages,
)
from embeddings_core.models.vision_torch import (
    load_timm,
    load_torchvision,
    read_weights,
    split_checkpoint,
    torchvision_file,
    torchvision_weights,
)
from embeddings_core.pictures.files import read_picture
from embeddings_core.pictures.samples import sample_images

torch: Any
torchvision: Any
timm: Any


@pytest.fixture(scope="module", autouse=True)
def libraries() -> None:
    """Import the libraries of reference here: they take seconds, and every worker reads this file."""
    global torch, torchvision, timm
    torch = ready_torch()
    import timm
    import torchvision


def row(checkpoint: str, load: object, name: str = "tiny") -> ModelSpec:
    return ModelSpec(name, "Tiny", "test", "image", 0, load, checkpoint=checkpoint)  # type: ignore[arg-type]


def photograph(name: str) -> Image.Image:
    from skimage import data

    array = {"coffee": data.coffee, "cat": data.chelsea, "rocket": data.rocket, "moon": data.moon}[name]()
    return Image.fromarray(array).convert("RGB")


@pytest.fixture(scope="module")
def photographs() -> list[Image.Image]:
    return [photograph(name) for name in ("coffee", "cat", "rocket", "moon")]


@pytest.fixture(scope="module")
def lite0() -> LockedEncoder:
    return load_encoder("efficientnet-lite0")


@pytest.fixture(scope="module")
def reference() -> object:
    """timm's own network with the bundled weights, its 296 tensors in order."""
    model = timm.create_model("tf_efficientnet_lite0").eval()
    weights = torch.load(lite0_file(), weights_only=True)
    assert len(weights) == len(model.state_dict()) == 296
    model.load_state_dict(dict(zip(model.state_dict(), weights.values(), strict=True)))
    return model


def timm_input(model: object, pictures: list[Image.Image]) -> object:
    transform = timm.data.create_transform(**timm.data.resolve_model_data_config(model), is_training=False)
    return torch.stack([transform(picture) for picture in pictures])


def test_the_weights_read_without_unpickling_are_torchs(reference: object) -> None:
    ours = efficientnet.read_tensors(lite0_file())
    theirs = torch.load(lite0_file(), weights_only=True)
    assert len(ours) == len(theirs)
    for mine, its in zip(ours, theirs.values(), strict=True):
        assert mine.shape == tuple(its.shape)
        assert np.array_equal(mine, its.numpy())


def test_the_bundled_network_equals_timm(
    lite0: LockedEncoder, reference: object, photographs: list[Image.Image]
) -> None:
    """Vectors, scores and stages; nine pictures, so that a whole batch and a rest are run."""
    nine = [*photographs, *photographs, photographs[0]]
    with torch.inference_mode():
        given = timm_input(reference, nine)
        features = reference.forward_head(reference.forward_features(given), pre_logits=True).numpy()  # type: ignore[attr-defined]
        scores = reference(given).numpy()  # type: ignore[operator]
        stem = reference.bn1(reference.conv_stem(given)).mean((2, 3)).numpy()  # type: ignore[attr-defined]
    vectors = lite0(nine)
    assert vectors.shape == (9, 1280)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, features, atol=2e-4)
    np.testing.assert_allclose(lite0.inner.logits(nine), scores, atol=2e-3)  # type: ignore[attr-defined]
    film = stages(lite0, nine)
    assert [part.shape[1] for part in film.vectors] == [32, 16, 24, 40, 80, 112, 192, 320, 1280]
    np.testing.assert_allclose(film.vectors[0], stem, atol=1e-4)
    np.testing.assert_allclose(film.vectors[-1], features, atol=2e-4)
    assert lite0.inner.parameters == sum(w.numel() for w in reference.parameters())  # type: ignore[attr-defined]


@pytest.mark.skipif(find_spec("openvino") is None, reason="the openvino extra is not installed")
def test_bfloat16_stays_near(photographs: list[Image.Image]) -> None:
    """Vectors and classes; and a picture has one vector there too, alone or among others."""
    exact, near = (load_encoder(name) for name in ("efficientnet-lite0", "efficientnet-lite0-bfloat16"))
    a, b = exact(photographs), near(photographs)
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    assert (np.einsum("ij,ij->i", a, b) / lengths).min() >= 0.999
    assert [classify(near, [p])[0].names[0] for p in photographs] == [
        classify(exact, [p])[0].names[0] for p in photographs
    ]
    np.testing.assert_array_equal(near(photographs[:1])[0], b[0])


def test_bfloat16_without_openvino_tells_the_pip_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(MissingExtraError, match=r"pip install -e '\.\[openvino\]'"):
        load_lite0_bfloat16(find_model("efficientnet-lite0-bfloat16"))


def test_its_pixels_are_timms(
    reference: object, photographs: list[Image.Image], lite0: LockedEncoder
) -> None:
    given = timm_input(reference, photographs).numpy()  # type: ignore[attr-defined]
    ours = np.stack([pixels(picture, lite0.inner.preprocessing) for picture in photographs])  # type: ignore[attr-defined]
    np.testing.assert_allclose(ours, given, atol=1e-6)
    assert "shorter side to 256 pixels (bicubic), centre square of 224 × 224" in str(
        lite0.inner.preprocessing
    )  # type: ignore[attr-defined]


def test_it_sees_espresso_a_cat_and_a_missile(lite0: LockedEncoder) -> None:
    coffee, cat, rocket = classify(lite0, [photograph(name) for name in ("coffee", "cat", "rocket")], k=3)
    assert coffee.names[0] == "espresso"
    assert coffee.probabilities[0] > 0.9
    assert cat.names[0] in ("tabby cat", "tiger cat", "Egyptian Mau", "Persian cat", "Siamese cat")
    assert "missile" in rocket.names
    assert len(set(rocket.names)) == 3  # two classes of that name are one bar
    assert list(coffee.probabilities) == sorted(coffee.probabilities, reverse=True)
    assert len(imagenet_classes()) == 1000


def test_files_bytes_and_pictures_give_one_vector(lite0: LockedEncoder, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    photograph("coffee").save(buffer, "PNG")
    path = tmp_path / "coffee.png"
    path.write_bytes(buffer.getvalue())
    given = [photograph("coffee"), buffer.getvalue(), path, read_picture("coffee.png", buffer.getvalue())]
    vectors = lite0(given)
    assert np.array_equal(vectors[0], vectors[1])
    assert np.array_equal(vectors[0], vectors[2])
    assert np.array_equal(vectors[0], vectors[3])


def test_a_picture_has_one_vector_to_the_last_bit(lite0: LockedEncoder) -> None:
    """Alone, in any company and order, with any number of threads: UMAP makes another map of another last digit."""
    files = sample_images()[:11]
    whole = lite0(files)
    assert np.array_equal(whole, np.concatenate([lite0([file]) for file in files]))
    assert np.array_equal(whole[::-1], lite0(files[::-1]))
    assert np.array_equal(whole, np.concatenate([lite0(files[:3]), lite0(files[3:])]))
    graph = efficientnet.graph(efficientnet.read_tensors(lite0_file()))
    for threads in (1, 3):
        run = efficientnet.onnxruntime_run(graph, threads=threads)
        other = [run(batch, ["features"])[0] for batch in batches(files, LITE0)]
        assert np.array_equal(whole, np.concatenate(other))


def test_a_draft_of_a_large_photograph_gives_nearly_the_same_vector(lite0: LockedEncoder) -> None:
    whole, drafts = [], []
    for name in ("coffee", "cat", "rocket", "moon"):
        large = photograph(name).resize((4000, 3000), Image.Resampling.BICUBIC)
        buffer = io.BytesIO()
        large.save(buffer, "JPEG", quality=90)
        whole.append(Image.open(io.BytesIO(buffer.getvalue())).convert("RGB"))
        drafts.append(buffer.getvalue())
    a, b = lite0(whole), lite0(drafts)
    cosines = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    assert cosines.min() >= 0.995


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (20_000, 1), (224, 224), (225, 223)])
def test_any_size_becomes_a_square(size: tuple[int, int], lite0: LockedEncoder) -> None:
    picture = Image.new("RGB", size, (200, 30, 30))
    assert seen(picture, Preprocessing(side=224, resize=256)).size == (224, 224)
    assert seen(picture, Preprocessing(side=224, resize=224, crop="squash")).size == (224, 224)
    assert lite0([picture]).shape == (1, 1280)


def test_no_pictures_give_no_rows(lite0: LockedEncoder) -> None:
    assert lite0([]).shape == (0, 1280)
    assert classify(lite0, []) == ()


def test_a_bad_picture_gets_a_sentence(lite0: LockedEncoder) -> None:
    with pytest.raises(BadInputError, match="not a JPEG"):
        lite0([b"nothing of the kind"])


def test_pixels_and_colours_are_exact() -> None:
    """A picture half red, half black: 3,072 numbers, a sixth of them 1; two colours of 512, one half each."""
    half = np.zeros((64, 64, 3), dtype=np.uint8)
    half[:, :32, 0] = 255
    raw = load_encoder("pixels")([Image.fromarray(half)])
    assert raw.shape == (1, 3072)
    assert abs(raw.mean() - 1 / 6) < 1e-3
    assert raw.max() == 1
    counts = load_encoder("colours")([Image.fromarray(half), Image.new("RGB", (7, 5), (255, 255, 255))])
    assert counts.shape == (2, 512)
    np.testing.assert_allclose(counts.sum(1), 1, atol=1e-6)
    assert counts[0, 0] == counts[0, 7 * 64] == 0.5  # black, and red in the eighth of its eight steps
    assert counts[1, 511] == 1
    assert not has_classes(load_encoder("pixels"))
    with pytest.raises(BadInputError, match="names no classes"):
        classify(load_encoder("pixels"), [Image.fromarray(half)])
    with pytest.raises(BadInputError, match="no stages"):
        stages(load_encoder("colours"), [Image.fromarray(half)])


def test_resnet50_equals_torchvisions_documented_use(tmp_path: Path, photographs: list[Image.Image]) -> None:
    """Random weights saved as torchvision saves them; the head removed, the transforms of the weights."""
    torch.manual_seed(0)
    model = torchvision.models.resnet50().eval()
    path = tmp_path / "resnet50-tiny.pth"
    torch.save(model.state_dict(), path)
    encoder = LockedEncoder(
        load_torchvision(row(f"resnet50:IMAGENET1K_V2@{path}", load_torchvision)), row("", None)
    )
    transform = torchvision.models.ResNet50_Weights.IMAGENET1K_V2.transforms()
    with torch.inference_mode():
        given = torch.stack([transform(picture) for picture in photographs[:2]])
        scores = model(given).numpy()
        model.fc = torch.nn.Identity()
        expected = model(given).numpy()
    vectors = encoder(photographs[:2])
    assert vectors.shape == (2, 2048)
    np.testing.assert_allclose(vectors, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(encoder.inner.logits(photographs[:2]), scores, rtol=1e-3, atol=1e-4)  # type: ignore[attr-defined]
    assert has_classes(encoder)
    film = stages(encoder, photographs[:2])
    assert [part.shape for part in film.vectors] == [(2, 256), (2, 512), (2, 1024), (2, 2048), (2, 2048)]
    np.testing.assert_allclose(
        film.vectors[3], film.vectors[4], rtol=1e-4, atol=1e-5
    )  # ResNet ends with that mean


def test_a_vision_transformer_of_torchvision(tmp_path: Path, photographs: list[Image.Image]) -> None:
    """ViT-B/16 itself has 86 million numbers: the row is checked, a narrow one of the same code is run."""
    from torchvision.models.vision_transformer import VisionTransformer

    from embeddings_core.models.preprocessing import from_torchvision
    from embeddings_core.models.vision_torch import TorchNetwork

    transform = torchvision_weights("vit_b_16:IMAGENET1K_V1").transforms()
    preprocessing = from_torchvision(transform)
    assert (preprocessing.side, preprocessing.resize, preprocessing.interpolation) == (224, 256, "bilinear")
    torch.manual_seed(0)
    model = VisionTransformer(224, 16, num_layers=2, num_heads=2, hidden_dim=32, mlp_dim=64).eval()
    head = model.heads
    model.heads = torch.nn.Identity()
    encoder = TorchNetwork(model, preprocessing, features=model, head=head, classes=1000)
    with torch.inference_mode():
        expected = model(torch.stack([transform(picture) for picture in photographs])).numpy()
    np.testing.assert_allclose(encoder(photographs), expected, rtol=1e-4, atol=1e-5)
    assert [part.shape for part in encoder.stages(photographs).vectors] == [(4, 32)] * 3


@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
@pytest.mark.parametrize("name", ["resnet10t", "vit_tiny_patch16_224", "test_vit"])
def test_any_timm_name_equals_forward_head(
    name: str, suffix: str, tmp_path: Path, photographs: list[Image.Image]
) -> None:
    from safetensors.torch import save_file

    torch.manual_seed(1)
    model = timm.create_model(name).eval()
    path = tmp_path / f"tiny{suffix}"
    if suffix == ".pth":
        torch.save({"state_dict": model.state_dict()}, path)
    else:
        save_file(model.state_dict(), str(path))
    encoder = load_timm(row(f"{name}@{path}", load_timm))
    with torch.inference_mode():
        given = timm_input(model, photographs[:2])
        expected = model.forward_head(model.forward_features(given), pre_logits=True).numpy()
    np.testing.assert_allclose(encoder(photographs[:2]), expected, rtol=1e-4, atol=1e-5)
    film = encoder.stages(photographs[:2])  # type: ignore[attr-defined]
    assert len(film.vectors) == len(film.names) >= 3


def test_a_timm_model_in_the_hubs_own_cache_opens_offline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, photographs: list[Image.Image]
) -> None:
    import json

    import huggingface_hub.constants
    from safetensors.torch import save_file

    snapshot = tmp_path / "models--someone--tiny-resnet" / "snapshots" / "0123"
    snapshot.mkdir(parents=True)
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs" / "main").write_text("0123")
    model = timm.create_model("test_resnet", num_classes=0).eval()
    own = {
        "input_size": [3, 160, 160],
        "interpolation": "bicubic",
        "crop_pct": 0.95,
        "mean": [0.5] * 3,
        "std": [0.5] * 3,
    }
    own |= {"num_classes": 0, "classifier": "fc", "first_conv": "conv1.0"}
    settings = {"architecture": "test_resnet", "num_classes": 0, "pretrained_cfg": own}
    (snapshot / "config.json").write_text(json.dumps(settings))
    save_file(model.state_dict(), str(snapshot / "model.safetensors"))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    encoder = load_timm(row("someone/tiny-resnet", load_timm))
    assert encoder.preprocessing == Preprocessing(side=160, resize=168)  # type: ignore[attr-defined]
    given = torch.stack(
        [torch.from_numpy(pixels(p, Preprocessing(side=160, resize=168))) for p in photographs]
    )
    with torch.inference_mode():
        expected = model.forward_head(model.forward_features(given), pre_logits=True).numpy()
    np.testing.assert_allclose(encoder(photographs), expected, rtol=1e-4, atol=1e-5)


def test_dinov3_opens_from_the_hubs_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, photographs: list[Image.Image]
) -> None:
    """The row's own folder with a network of the same architecture, narrow and of two blocks."""
    import json

    import huggingface_hub.constants
    from safetensors.torch import save_file

    spec = find_model("dinov3")
    snapshot = tmp_path / f"models--{spec.checkpoint.replace('/', '--')}" / "snapshots" / "0123"
    snapshot.mkdir(parents=True)
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs" / "main").write_text("0123")
    size = {"img_size": 64, "embed_dim": 32, "depth": 2, "num_heads": 2}
    model = timm.create_model("vit_small_patch16_dinov3", num_classes=0, **size).eval()
    own = {
        "input_size": [3, 64, 64],
        "interpolation": "bicubic",
        "crop_pct": 1.0,
        "mean": [0.485, 0.456, 0.406],
    }
    own |= {"std": [0.229, 0.224, 0.225], "num_classes": 0, "license": "dinov3-license"}
    settings = {
        "architecture": "vit_small_patch16_dinov3",
        "num_classes": 0,
        "model_args": size,
        "pretrained_cfg": own,
    }
    (snapshot / "config.json").write_text(json.dumps(settings))
    save_file(model.state_dict(), str(snapshot / "model.safetensors"))
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    assert on_disk(spec) and spec.terms
    encoder = load_timm(spec)
    with torch.inference_mode():
        given = torch.stack([torch.from_numpy(pixels(p, encoder.preprocessing)) for p in photographs[:2]])  # type: ignore[attr-defined]
        expected = model.forward_head(model.forward_features(given), pre_logits=True).numpy()
    np.testing.assert_allclose(encoder(photographs[:2]), expected, rtol=1e-4, atol=1e-5)


def test_a_headless_network_names_no_classes(tmp_path: Path, photographs: list[Image.Image]) -> None:
    """DINOv2 has no head; a narrow network of the same architecture stands for it."""
    from safetensors.torch import save_file

    model = timm.create_model("test_vit", num_classes=0).eval()
    path = tmp_path / "headless.safetensors"
    save_file(model.state_dict(), str(path))
    encoder = load_timm(row(f"test_vit@{path}", load_timm))
    assert encoder(photographs[:1]).shape == (1, model.num_features)
    assert not has_classes(encoder)


class Evil:
    """What runs code when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (Path.touch, (Path("pwned"),))  # type: ignore[return-value]


def test_a_checkpoint_that_runs_code_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "evil.pth"
    torch.save({"fc.weight": Evil()}, path)
    with pytest.raises(ModelUnavailableError, match="would run code"):
        read_weights(path)
    path.write_bytes(b"not a checkpoint")
    with pytest.raises(ModelUnavailableError, match="damaged"):
        read_weights(path)
    path.with_suffix(".safetensors").write_bytes(b"\xff" * 64)
    with pytest.raises(ModelUnavailableError, match="damaged"):
        read_weights(path.with_suffix(".safetensors"))
    with pytest.raises(ModelUnavailableError, match="no such file") as caught:
        read_weights(tmp_path / "missing.pth")
    assert str(tmp_path) not in str(caught.value)
    assert not (tmp_path / "pwned").exists()


def test_weights_that_are_not_on_disk_are_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    for model in ("resnet50", "vit-b-16"):
        with pytest.raises(ModelUnavailableError) as caught:
            load_encoder(model)
        assert "not on this computer" in str(caught.value)
    with pytest.raises(BadInputError, match="no network called"):
        load_torchvision(row("no_such_network", load_torchvision))
    assert torchvision_folder() == tmp_path / "hub" / "checkpoints"
    assert torchvision_file(torchvision_weights("resnet50:IMAGENET1K_V2")) == "resnet50-11ad3fa6.pth"
    assert split_checkpoint("a:b@/c/d.pth") == ("a:b", Path("/c/d.pth"))


def test_dinov2_offline_is_said_so() -> None:
    with pytest.raises(ModelUnavailableError) as caught:
        load_encoder("dinov2")
    assert "DINOv2" in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_digits_five_nearest_neighbours(lite0: LockedEncoder) -> None:
    """Both models know most of 300 digits (in full in the bench)."""
    from embeddings_core.pictures.samples import digit_pixels

    images, labels = digit_pixels()
    pictures = [Image.fromarray(image).convert("RGB") for image in images[:300]]
    for encoder in (load_encoder("pixels"), lite0):
        vectors = encoder(pictures)
        vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        scores = vectors @ vectors.T
        np.fill_diagonal(scores, -2)
        nearest = labels[:300][np.argsort(-scores, axis=1)[:, :5]]
        guesses = np.array([np.bincount(row, minlength=10).argmax() for row in nearest])
        assert (guesses == labels[:300]).mean() > 0.7  # by chance 0.1
