"""Models of the image libraries by name: what they weigh is known before anything is fetched."""

import json
from pathlib import Path

import pytest

from embeddings_core.models import libraries, named_image_models
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.runtime import ready_torch
from embeddings_core.models.sources import OpenClipList


def described_on_the_hub() -> list[str]:
    """The names of open_clip whose text half is another library's model."""
    ready_torch()
    import open_clip

    folder = Path(open_clip.__file__).parent / "model_configs"
    found = {name for name, _ in open_clip.list_pretrained()}
    return sorted(
        name for name in found
        if (folder / f"{name}.json").is_file()
        and "hf_model_name" in json.loads((folder / f"{name}.json").read_text())["text_cfg"]
    )  # fmt: skip


def test_every_model_with_a_text_half_from_the_hub_has_a_size() -> None:
    names = described_on_the_hub()
    assert len(names) >= 7
    assert [name for name in names if libraries.count("open_clip", name) < 100e6] == []


@pytest.mark.parametrize(
    ("name", "millions"), [("ViT-B-32", 151.28), ("ViT-B-16-SigLIP", 203.16), ("roberta-ViT-B-32", 212.72)]
)
def test_sizes_are_those_the_authors_publish(name: str, millions: float) -> None:
    assert libraries.count("open_clip", name) / 1e6 == pytest.approx(millions, abs=0.01)


def test_what_is_too_large_is_refused_with_its_size_and_the_limit() -> None:
    id = named_image_models.model_id("open_clip", "nllb-clip-base:v1")
    told = named_image_models.refusal(id, "nllb-clip-base:v1")
    assert (
        named_image_models.row(id) is None and "502 million" in told and "450 million are the limit" in told
    )
    small = named_image_models.model_id("open_clip", "roberta-ViT-B-32:laion2b_s12b_b32k")
    row = named_image_models.row(small)
    assert named_image_models.refusal(small, "") == "" and row is not None and round(row.megabytes) == 851


def test_weights_of_open_clips_list_are_found_where_the_hub_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    spec = named_image_models.row("open_clip:ViT-B-32:laion2b_s34b_b79k")
    assert spec is not None and spec.source == OpenClipList("laion/CLIP-ViT-B-32-laion2B-s34B-b79K")
    assert not on_disk(spec) and spec.source.download(spec) == ("open_clip", "ViT-B-32:laion2b_s34b_b79k")
    folder = spec.source.folder(spec)
    (folder / "snapshots" / "0123").mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text("0123")
    assert not on_disk(spec)  # a download that was cut
    (folder / "snapshots" / "0123" / "open_clip_model.safetensors").write_bytes(b"")
    assert on_disk(spec)
