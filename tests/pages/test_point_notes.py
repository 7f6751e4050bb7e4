"""What the stage says of a point, under the pointer and to those who hear it, is what the ranking says of it."""

from pathlib import Path
from typing import Any

import pytest

from tests.pages.reading import bars, fine, go_to, sent

ASKED: dict[str, dict[str, str]] = {
    "words": {"words": "cat dog car kitten economy", "word": "cat", "method": "PCA"},
    "sentences": {"query": "How is the economy doing?", "method": "PCA"},
    "images": {"method": "PCA"},
    "images_and_text": {"method": "PCA"},
}


@pytest.mark.parametrize("page", ASKED)
def test_a_point_says_what_its_row_says(root: Path, page: str) -> None:
    at = go_to(root, page, **ASKED[page])
    assert fine(at)
    scene: dict[str, Any] = sent(at, "scene")[0]
    said = {item: note for item, note in zip(scene["items"], scene["notes"], strict=True) if note}
    rows = bars(at)
    assert len(rows) > 3
    for place, row in enumerate(rows):
        told, note = said[row["label"]], row["note"]
        assert told.endswith(note.rpartition("; ")[2]), (told, note)
        assert "nearest to " in told and (place or page == "words" or told.startswith("nearest to "))
        if page == "words":
            assert told.split(" to cat of ") == [note.split(" of ")[0], note.split(" of ", 1)[1]]
    assert scene["alt"].startswith(f"{rows[0]['label']}, {said[rows[0]['label']]}")
    assert scene["notes"][scene["selected"]] == ""
