"""Addresses written before a choice got its present name still open that choice."""

from pathlib import Path

import pytest

from pages._ui.context.lenses import LENSES as CONTEXT
from pages._ui.images.lenses import LENSES as IMAGES
from pages._ui.one_hot.lenses import LENSES as ONE_HOT
from pages._ui.state import FORMER_VALUES
from tests.pages.reading import fine, go_to

PAGES = {"look": ("images", IMAGES), "onehot": ("one_hot", ONE_HOT), "view": ("context", CONTEXT)}


@pytest.mark.parametrize(("key", "former"), FORMER_VALUES)
def test_a_former_value_opens_what_it_is_called_now(root: Path, key: str, former: str) -> None:
    page, lenses = PAGES[key]
    now = FORMER_VALUES[key, former]
    assert now in lenses and former not in lenses
    at = go_to(root, page, **{key: former})
    assert fine(at) and at.session_state[key] == now
    other = next(title for title in lenses if title != now)  # and another choice can be made from there
    next(each for each in at.segmented_control if each.key == key).set_value(other).run()
    assert fine(at) and at.session_state[key] == other
