"""Models of the image libraries by name: what they weigh is known before anything is fetched."""

import json
from pathlib import Path

import pytest

from embeddings_core.models import libraries, named_image_models
from embeddings_core.models.runtime import ready_torch


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
    id = named_image_models.identity("open_clip", "nllb-clip-base:v1")
    told = named_image_models.refusal(id, "nllb-clip-base:v1")
    assert (
        named_image_models.row(id) is None and "502 million" in told and "450 million are the limit" in told
    )
    small = named_image_models.identity("open_clip", "roberta-ViT-B-32:laion2b_s12b_b32k")
    row = named_image_models.row(small)
    assert named_image_models.refusal(small, "") == "" and row is not None and round(row.megabytes) == 851
