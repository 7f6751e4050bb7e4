"""The table of models: every row is complete, and what is said to be bundled is."""

import re

import pytest

from embeddings_core.errors import has_extra
from embeddings_core.models.catalogue import MODELS
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.spec import ModelSpec


def test_ids_and_titles_are_unique() -> None:
    assert len({spec.id for spec in MODELS}) == len(MODELS) == len({spec.title for spec in MODELS})
    assert MODELS[0].id == "minilm"


@pytest.mark.parametrize("spec", MODELS, ids=lambda spec: spec.id)
def test_a_row_is_complete(spec: ModelSpec) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", spec.id), "an id is part of a URL"
    assert spec.title and spec.family and callable(spec.load) and spec.load.__doc__
    assert spec.dimensions >= 0 and spec.megabytes >= 0
    assert spec.note or spec.paper
    if spec.bundled:
        assert on_disk(spec) or not has_extra(spec.extra)
    else:
        assert spec.checkpoint or spec.dimensions == 0, (
            "a download needs a name; a file is chosen by the user"
        )


def test_a_model_of_each_kind_needs_no_download() -> None:
    assert {spec.modality for spec in MODELS if spec.bundled} >= {"text", "image", "image-text"}
