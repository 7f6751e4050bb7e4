"""Images and text in one space: open_clip's own calls on tiny weights, and what the bundled bridge must
know."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.models.bridge import build_class_vectors, class_vectors
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.image_text import (
    cut_texts,
    encode_images,
    encode_texts,
)
from embeddings_core.models.locked_encoder import LockedEncoder
from embeddings_core.models.minilm import minilm_folder
from embeddings_core.models.open_clip_models import load_open_clip
from embeddings_core.models.preprocessing import pixels
from embeddings_core.models.registry import find_model, load_encoder
from embeddings_core.models.runtime import ready_torch
from embeddings_core.models.spec import ModelSpec
from embeddings_core.models.vision import class_probabilities, imagenet_classes
from embeddings_core.pictures.samples import sample_photographs
from embeddings_core.spaces.vectors import unit

CAPTIONS = (
    "a cup of coffee", "a cat", "a rocket taking off", "a motorcycle", "an astronaut", "a man with a camera", "old coins",
    "a wall clock", "a Chinese temple", "a flower", "stars and galaxies", "a brick wall", "grass", "a page of text",
)  # fmt: skip
TRUTH = {
    "cup of coffee": 0, "cat": 1, "rocket launch": 2, "motorcycle, left eye": 3, "astronaut": 4, "photographer": 5,
    "Greek coins": 6, "wall clock, moving": 7, "Chinese temple": 8, "flower": 9, "Hubble deep field": 10,
    "brick wall": 11, "grass": 12, "scanned page": 13,
}  # fmt: skip
TINY = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 32, "layers": 2, "width": 64, "head_width": 32, "patch_size": 8},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2},
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LockedEncoder, object]]:
    """A tiny CLIP of the real architecture, saved and opened as open_clip's files are; and the original."""
    torch = ready_torch()
    import open_clip
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("clip")
    (folder / "tiny-clip.json").write_text(json.dumps(TINY))
    open_clip.add_model_config(folder / "tiny-clip.json")
    torch.manual_seed(0)
    model = open_clip.create_model("tiny-clip").eval()
    save_file(model.state_dict(), str(folder / "tiny.safetensors"))
    checkpoint = f"tiny-clip@{folder / 'tiny.safetensors'}"
    spec = ModelSpec("tiny-clip", "Tiny", "CLIP", "image-text", 32, load_open_clip, checkpoint=checkpoint)
    yield load_encoder(spec), model


@pytest.fixture(scope="module")
def pictures() -> list[Image.Image]:
    from skimage import data

    return [Image.fromarray(array) for array in (data.coffee(), data.chelsea(), data.rocket())]


@pytest.fixture(scope="module")
def bridge() -> LockedEncoder:
    return load_encoder("bridge")


def test_clip_equals_open_clips_documented_use(
    tiny: tuple[LockedEncoder, object], pictures: list[Image.Image]
) -> None:
    torch = ready_torch()
    import open_clip
    from open_clip.transform import PreprocessCfg, image_transform_v2

    encoder, model = tiny
    transform = image_transform_v2(PreprocessCfg(**model.visual.preprocess_cfg), is_train=False)  # type: ignore[attr-defined]
    texts = ["a cup of coffee", "a cat", "word " * 200]
    with torch.inference_mode():
        images = model.encode_image(torch.stack([transform(picture) for picture in pictures]), normalize=True)  # type: ignore[attr-defined]
        captions = model.encode_text(open_clip.get_tokenizer("tiny-clip")(texts), normalize=True)  # type: ignore[attr-defined]
    np.testing.assert_allclose(encode_images(encoder, pictures), images.numpy(), atol=1e-5)
    np.testing.assert_allclose(encode_texts(encoder, texts), captions.numpy(), atol=1e-5)
    mixed = encoder([pictures[0], "a cat", pictures[1]])
    np.testing.assert_allclose(mixed, np.stack([images[0], captions[1], images[1]]), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(mixed, axis=1), 1, atol=1e-5)
    assert encoder.inner.temperature == pytest.approx(0.07, rel=1e-3)  # type: ignore[attr-defined] # where training starts


def test_long_texts_are_cut_and_named(tiny: tuple[LockedEncoder, object]) -> None:
    """The context of 77 holds a start, 75 words of one token and an end: 76 words are one too many."""
    fits, longer = " ".join(["cat"] * 75), " ".join(["cat"] * 76)
    assert cut_texts(tiny[0], ["a cat", fits, longer]) == (longer,)
    assert np.array_equal(encode_texts(tiny[0], [fits])[0], encode_texts(tiny[0], [longer])[0])
    assert cut_texts(tiny[0], []) == ()


def test_a_text_is_never_fetched_or_opened(tiny: tuple[LockedEncoder, object], tmp_path: Path) -> None:
    """An address or the path of a picture is a text like any other."""
    torch = ready_torch()
    import open_clip

    path = tmp_path / "picture.png"
    Image.new("RGB", (32, 32)).save(path)
    vectors = encode_texts(tiny[0], [str(path), "http://127.0.0.1:9/x.png", "data:image/png;base64,AAAA"])
    assert vectors.shape == (3, 32)
    with torch.inference_mode():
        words = tiny[1].encode_text(open_clip.get_tokenizer("tiny-clip")([str(path)]), normalize=True)  # type: ignore[attr-defined]
    np.testing.assert_allclose(vectors[:1], words.numpy(), atol=1e-5)


def test_what_is_not_on_disk_is_said_in_plain_words() -> None:
    for model in ("clip-laion", "clip-openai", "siglip"):
        with pytest.raises(ModelUnavailableError) as caught:
            load_encoder(model)
        assert not any(word in str(caught.value) for word in ("http", "Traceback", "open_clip", "/home"))
    tagged = ModelSpec("t", "CLIP", "CLIP", "image-text", 512, load_open_clip, checkpoint="ViT-B-32:openai")
    with pytest.raises(ModelUnavailableError, match="CLIP could not be opened"):
        load_encoder(tagged)


def test_a_model_in_the_hubs_own_cache_opens_offline(
    tiny: tuple[LockedEncoder, object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pictures: list[Image.Image],
) -> None:
    """The layout a download leaves behind: refs/main names the snapshot; nothing else is asked for."""
    import huggingface_hub.constants
    from safetensors.torch import save_file

    snapshot = tmp_path / "models--someone--tiny-clip" / "snapshots" / "0123"
    snapshot.mkdir(parents=True)
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs" / "main").write_text("0123")
    settings = {
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
        "interpolation": "bicubic",
        "resize_mode": "squash",
    }
    (snapshot / "open_clip_config.json").write_text(
        json.dumps({"model_cfg": TINY, "preprocess_cfg": settings})
    )
    save_file(tiny[1].state_dict(), str(snapshot / "open_clip_model.safetensors"))  # type: ignore[attr-defined]
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    spec = ModelSpec("hub", "Tiny", "CLIP", "image-text", 32, load_open_clip, checkpoint="someone/tiny-clip")
    encoder = load_encoder(spec)
    assert encoder.inner.preprocessing.crop == "squash"  # type: ignore[attr-defined]
    np.testing.assert_allclose(encode_texts(encoder, ["a cat"]), encode_texts(tiny[0], ["a cat"]), atol=1e-6)
    assert encode_images(encoder, pictures).shape == (3, 32)


SIGLIP2 = {
    "embed_dim": 32,
    "init_logit_bias": -10,
    "custom_text": True,
    "vision_cfg": {"image_size": 160, "timm_model_name": "test_vit3", "timm_pool": "map", "timm_proj": "linear"},
    "text_cfg": {
        "context_length": 64, "vocab_size": 30522, "hf_tokenizer_name": "", "tokenizer_kwargs": {"clean": "canonicalize"},
        "width": 32, "heads": 2, "layers": 1, "no_causal_mask": True, "proj_bias": True, "pool_type": "last",
    },
}  # fmt: skip
MOBILECLIP2 = {
    "embed_dim": 32,
    "custom_text": True,
    "vision_cfg": {"image_size": 160, "timm_model_name": "test_convnext", "timm_pool": "avg", "timm_proj": "linear"},
    "text_cfg": {
        "context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1, "no_causal_mask": True,
    },
}  # fmt: skip


@pytest.mark.parametrize(("id", "settings"), [("siglip2", SIGLIP2), ("mobileclip2", MOBILECLIP2)])
def test_rows_open_a_tiny_model_of_their_layout(
    id: str,
    settings: dict[str, object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pictures: list[Image.Image],
) -> None:
    """A tower of timm and a tower of open_clip, the tokenizer of the hub for SigLIP 2, as the row's own folder has them."""
    torch = ready_torch()
    import huggingface_hub.constants
    import open_clip
    from safetensors.torch import save_file

    spec = find_model(id)
    snapshot = tmp_path / f"models--{spec.checkpoint.replace('/', '--')}" / "snapshots" / "0123"
    snapshot.mkdir(parents=True)
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs" / "main").write_text("0123")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    if id == "siglip2":
        settings["text_cfg"]["hf_tokenizer_name"] = spec.checkpoint  # type: ignore[index]
        told = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": "[PAD]", "unk_token": "[UNK]"}
        (snapshot / "tokenizer_config.json").write_text(json.dumps(told))
        (snapshot / "tokenizer.json").write_bytes((minilm_folder() / "tokenizer.json").read_bytes())
    torch.manual_seed(0)
    model = open_clip.CustomTextCLIP(**{key: part for key, part in settings.items() if key != "custom_text"})
    save_file(model.state_dict(), str(snapshot / "open_clip_model.safetensors"))
    seen = {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic", "resize_mode": "squash"}
    (snapshot / "open_clip_config.json").write_text(
        json.dumps({"model_cfg": settings, "preprocess_cfg": seen})
    )
    assert on_disk(spec)
    encoder = LockedEncoder(load_open_clip(spec), spec)
    vectors = encode_texts(encoder, ["a cat", "a dog", "a cat"])
    assert vectors.shape == (3, 32) and np.allclose(vectors[0], vectors[2]) and not np.allclose(*vectors[:2])
    assert cut_texts(encoder, ["a cat", "cat " * 90]) == ("cat " * 90,)
    seen_vectors = encode_images(encoder, pictures[:2])
    with torch.inference_mode():
        given = torch.stack(
            [torch.from_numpy(pixels(each, encoder.inner.preprocessing)) for each in pictures[:2]]
        )  # type: ignore[attr-defined]
        expected = model.eval().encode_image(given, normalize=True).numpy()
    np.testing.assert_allclose(seen_vectors, expected, atol=1e-4)


def test_empty_lists_and_empty_texts(tiny: tuple[LockedEncoder, object], bridge: LockedEncoder) -> None:
    assert encode_images(tiny[0], []).shape == (0, 32)
    assert encode_texts(bridge, []).shape == (0, 384)
    with pytest.raises(BadInputError, match="caption is empty"):
        encode_texts(bridge, ["a cat", " \u200b"])
    with pytest.raises(BadInputError, match="choose an image-text model"):
        encode_texts(load_encoder("pixels"), ["a cat"])


def test_the_bridge_ranks_the_right_caption_first(bridge: LockedEncoder) -> None:
    found = {file.name: file for file in sample_photographs()}
    names = [name for name in TRUTH if name in found]
    scores = encode_images(bridge, [found[name] for name in names]) @ encode_texts(bridge, CAPTIONS).T
    right = {name: int(row.argmax()) == TRUTH[name] for name, row in zip(names, scores, strict=True)}
    for name in ("cup of coffee", "cat", "rocket launch", "motorcycle, left eye"):
        assert right[name], name
    assert len(names) == 14
    assert sum(right.values()) >= 9  # by chance 1


def test_the_bridge_is_conse(bridge: LockedEncoder, pictures: list[Image.Image]) -> None:
    """Worked out by hand for one picture: the 10 most probable classes, their vectors, weighted and
    summed."""
    probabilities = class_probabilities(load_encoder("efficientnet-lite0"), pictures[:1])[0]
    best = np.argsort(-probabilities)[:10]
    language = load_encoder("minilm")
    expected = np.zeros(384)
    for place in best:
        name = imagenet_classes()[place]
        article = "an" if name[0] in "aeiouAEIOU" else "a"
        phrases = language([name, f"{article} {name}", f"a photo of {article} {name}"])
        mean = unit(phrases).sum(0)
        expected += probabilities[place] * mean / np.linalg.norm(mean)
    np.testing.assert_allclose(encode_images(bridge, pictures[:1])[0], unit(expected), atol=1e-3)
    np.testing.assert_allclose(encode_texts(bridge, ["a cat"]), unit(language(["a cat"])), atol=1e-6)


def test_the_bundled_class_vectors_are_minilms() -> None:
    """Half precision: the cosine with freshly made ones is 1 to six digits."""
    rows = np.random.default_rng(0).choice(1000, 12, replace=False)
    fresh = build_class_vectors([imagenet_classes()[row] for row in rows], load_encoder("minilm"))
    assert class_vectors().shape == (1000, 384)
    np.testing.assert_allclose((class_vectors()[rows] * fresh).sum(1), 1, atol=1e-5)


def test_the_bridge_says_where_it_cuts(bridge: LockedEncoder) -> None:
    longer = ("cat " * 300).strip()
    assert cut_texts(bridge, ["a cat", longer]) == (longer,)


def test_the_class_names_are_the_known_list() -> None:
    ready_torch()
    import open_clip

    names = imagenet_classes()
    assert (names[0], names[285], names[967], names[999]) == (
        "tench",
        "Egyptian Mau",
        "espresso",
        "toilet paper",
    )
    assert (
        hashlib.blake2b("\n".join(names).encode(), digest_size=4).hexdigest()
        == hashlib.blake2b("\n".join(open_clip.IMAGENET_CLASSNAMES).encode(), digest_size=4).hexdigest()
    )


def test_a_siglip_in_the_hubs_cache_opens_offline_and_says_where_it_cuts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As its repository is: a tokenizer of its own, no config.json, filled up with the token that ends a text."""
    ready_torch()
    import huggingface_hub.constants
    import open_clip
    from safetensors.torch import save_file
    from tokenizers import AddedToken, Tokenizer, models, pre_tokenizers, processors

    snapshot = tmp_path / "models--someone--siglip" / "snapshots" / "0123"
    snapshot.mkdir(parents=True)
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs" / "main").write_text("0123")
    text = {
        "context_length": 8,
        "vocab_size": 16,
        "hf_tokenizer_name": "someone/siglip",
        "width": 32,
        "heads": 2,
    }
    text |= {
        "layers": 1,
        "tokenizer_kwargs": {"clean": "canonicalize"},
        "no_causal_mask": True,
        "pool_type": "last",
    }
    settings = {"mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic", "resize_mode": "squash"}
    shape = {**TINY, "text_cfg": text, "custom_text": True}
    (snapshot / "open_clip_config.json").write_text(
        json.dumps({"model_cfg": shape, "preprocess_cfg": settings})
    )
    words = Tokenizer(models.Unigram([("</s>", 0.0), ("<unk>", 0.0), ("▁a", -1.0), ("▁cat", -1.0)], unk_id=1))
    words.pre_tokenizer = pre_tokenizers.Metaspace()
    words.add_special_tokens([AddedToken("</s>", special=True)])
    words.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 0)])
    words.save(str(snapshot / "tokenizer.json"))
    named = {"tokenizer_class": "T5Tokenizer", "eos_token": "</s>", "pad_token": "</s>", "unk_token": "<unk>"}
    (snapshot / "tokenizer_config.json").write_text(
        json.dumps({**named, "extra_ids": 0, "model_max_length": 8})
    )
    (tmp_path / "tiny-siglip.json").write_text(json.dumps(shape))
    open_clip.add_model_config(tmp_path / "tiny-siglip.json")
    save_file(
        open_clip.create_model("tiny-siglip").state_dict(), str(snapshot / "open_clip_model.safetensors")
    )
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    spec = ModelSpec(
        "tiny-siglip", "Tiny", "SigLIP", "image-text", 32, load_open_clip, checkpoint="someone/siglip"
    )
    encoder = load_encoder(spec)
    assert encode_texts(encoder, ["a cat", "a a"]).shape == (2, 32)
    fits, longer = " ".join(["cat"] * 7), " ".join(["cat"] * 8)
    assert cut_texts(encoder, ["a cat.", fits, longer]) == (longer,)
    assert np.array_equal(encode_texts(encoder, [longer])[0], encode_texts(encoder, [longer + " cat"])[0])
