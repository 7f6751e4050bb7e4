"""A download that is stopped: by a real click, against a hub that is slow, and then fetched after all."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from embeddings_core.models.runtime import ready_torch
from tests.browser.slow_hub import NAME, WEIGHTS, SlowHub


def fill_the_hub() -> None:
    """Lay the smallest network of timm on the hub, with random numbers."""
    ready_torch()
    timm = pytest.importorskip("timm")
    from safetensors.torch import save

    own = {"input_size": [3, 160, 160], "interpolation": "bicubic", "crop_pct": 0.95, "mean": [0.5] * 3}
    own |= {"std": [0.5] * 3, "num_classes": 1000, "classifier": "fc", "first_conv": "conv1.0"}
    settings = {"architecture": "test_resnet", "num_classes": 1000, "pretrained_cfg": own}
    SlowHub.files = {
        "config.json": json.dumps(settings).encode(),
        WEIGHTS: save(timm.create_model(NAME).state_dict()),
    }


def test_stop_ends_a_download_and_it_can_be_fetched_later(
    open_page: Callable[..., Any], serve: Callable[[str], str], hub_home: Path
) -> None:
    fill_the_hub()
    page = open_page(
        f"{serve('app.py')}/images?images-set=photographs&method=PCA&eyes=timm:%20{NAME}",
        reduced_motion="reduce",
    )
    note = page.get_by_text(f"timm: {NAME} is not on this computer. It can be fetched once")
    note.wait_for(timeout=90_000)
    page.get_by_role("button", name=re.compile("^Download about")).click()
    stop = page.get_by_role("button", name="Stop", exact=True)
    stop.wait_for(timeout=90_000)
    end = time.monotonic() + 60
    while not SlowHub.sending and time.monotonic() < end:
        time.sleep(0.1)
    assert SlowHub.sending  # the weights are on their way
    stop.click()
    page.get_by_text("The download was stopped; nothing of it is used.").wait_for(timeout=90_000)
    end = time.monotonic() + 15
    while SlowHub.sending and time.monotonic() < end:
        time.sleep(0.1)
    assert not SlowHub.sending  # its process has ended
    assert not list(hub_home.rglob(WEIGHTS))
    stop.wait_for(
        state="detached", timeout=90_000
    )  # what the ended run had drawn goes when the new one is through
    assert note.is_visible()
    page.get_by_text("Clusters", exact=True).click()  # the page goes on working
    page.get_by_text("Each group with the picture nearest its centre").wait_for(timeout=90_000)
    SlowHub.slow = False
    page.get_by_role("button", name=re.compile("^Download about")).click()
    note.wait_for(state="detached", timeout=90_000)
    page.get_by_text("How it works").first.click()
    page.get_by_text(f"timm: {NAME}: 96 numbers a picture").wait_for(timeout=90_000)
    assert list(hub_home.rglob(WEIGHTS)) and not page.problems
