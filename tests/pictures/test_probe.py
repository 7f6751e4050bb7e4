"""The image probe: every step is a real picture that is really encoded."""

import numpy as np
import pytest
from PIL import Image

from embeddings_core.errors import BadInputError
from embeddings_core.models.registry import load_encoder
from embeddings_core.pictures.probe import CHANGES, blur, change, cover, crop, grey, probe, rotate


def coffee() -> Image.Image:
    from skimage import data

    return Image.fromarray(data.coffee())


def corner() -> Image.Image:
    """White with a black top left quarter, 64 × 64."""
    pixels = np.full((64, 64, 3), 255, dtype=np.uint8)
    pixels[:32, :32] = 0
    return Image.fromarray(pixels)


def test_the_changes_do_what_they_say() -> None:
    picture = corner()
    assert np.asarray(rotate(picture, 90))[5, 60].tolist() == [
        0,
        0,
        0,
    ]  # clockwise: the corner is top right now
    assert np.asarray(rotate(picture, 0)).tolist() == np.asarray(picture).tolist()
    assert np.asarray(blur(picture, 1.0)).std() < np.asarray(picture).std()
    assert crop(picture, 0.5).size == (32, 32)
    assert crop(picture, 0.001).size == (1, 1)
    colours = np.asarray(grey(Image.new("RGB", (4, 4), (200, 10, 10)), 1.0))
    assert (colours[..., 0] == colours[..., 1]).all()
    covered = np.asarray(cover(picture, 0.5))
    assert (covered[16:48, 16:48] == 127).all()
    assert (covered[0, 0] == 0).all()
    assert (np.asarray(cover(picture, 0.5, centre=(0.25, 0.25)))[:32, :32] == 127).all()
    assert (np.asarray(picture)[:32, :32] == 0).all()  # the picture itself stays as it was


@pytest.mark.parametrize("kind", CHANGES)
def test_no_change_is_no_change(kind: str) -> None:
    nothing = 1.0 if kind == "crop" else 0.0
    assert change(coffee(), kind, nothing).tobytes() == change(coffee(), "grey", 0.0).tobytes()  # type: ignore[arg-type]
    assert CHANGES[kind][1][0] == nothing  # type: ignore[index] # so the first step is the unchanged picture


def test_covering_the_cup_hides_the_espresso() -> None:
    encoder = load_encoder("efficientnet-lite0")
    result = probe(coffee(), encoder, kind="cover", amounts=(0.0, 0.45, 0.9))
    assert len(result.pictures) == len(result.names) == len(result.vectors) == len(result.classes) == 3
    assert result.names == ("covered 0%", "covered 45%", "covered 90%")
    assert result.similarity[0] == pytest.approx(1.0, abs=1e-5)
    assert result.similarity[1] > result.similarity[2]
    assert result.classes[0].names[0] == "espresso"
    espresso = [
        dict(zip(top.names, top.probabilities, strict=True)).get("espresso", 0.0) for top in result.classes
    ]
    assert espresso[2] < 0.5 * espresso[0]
    np.testing.assert_array_equal(result.vectors, encoder(result.pictures))


def test_colours_do_not_move_a_histogram_under_rotation_by_half_a_turn() -> None:
    result = probe(corner(), load_encoder("colours"), kind="rotate", amounts=(0, 180))
    np.testing.assert_allclose(result.similarity, 1, atol=1e-5)
    assert result.classes == ()
    assert result.names == ("turned 0°", "turned 180°")


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (3_000, 20)])
@pytest.mark.parametrize("kind", CHANGES)
def test_awkward_sizes(kind: str, size: tuple[int, int]) -> None:
    result = probe(Image.new("RGB", size, "red"), load_encoder("pixels"), kind=kind)  # type: ignore[arg-type]
    assert len(result.vectors) == len(CHANGES[kind][1])  # type: ignore[index]
    assert np.isfinite(result.vectors).all()


def test_bad_changes() -> None:
    with pytest.raises(BadInputError, match="rotate, blur, crop"):
        change(coffee(), "melt", 0.5)  # type: ignore[arg-type]
    for kind, amount in (("crop", 0.0), ("blur", 2.0), ("cover", -1.0), ("grey", float("nan"))):
        with pytest.raises(BadInputError, match="between 0 and 1"):
            change(coffee(), kind, amount)  # type: ignore[arg-type]
    with pytest.raises(BadInputError, match="at least 1 step"):
        probe(coffee(), load_encoder("pixels"), kind="blur", amounts=())
