"""Pictures at the door: every awkward format gives the right pixels, every bad file one plain sentence."""

import base64
import io
import struct
import sys
import tracemalloc
import zlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.images import digest, open_image, thumbnail


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def quarters() -> Image.Image:
    """Red, green / blue, white: 64 × 32 pixels, so that every turn shows."""
    pixels = np.zeros((32, 64, 3), dtype=np.uint8)
    pixels[:16, :32] = (255, 0, 0)
    pixels[:16, 32:] = (0, 255, 0)
    pixels[16:, :32] = (0, 0, 255)
    pixels[16:, 32:] = (255, 255, 255)
    return Image.fromarray(pixels)


def heic(*pictures: Image.Image, **options: object) -> bytes:
    """A HEIC file of these pictures; skips where the extra that writes and reads one is missing."""
    heif = pytest.importorskip("pillow_heif", reason="the heic extra is not installed")
    file = heif.from_pillow(pictures[0])
    for picture in pictures[1:]:
        file.add_from_pillow(picture)
    buffer = io.BytesIO()
    file.save(buffer, quality=95, chroma=444, **options)
    return buffer.getvalue()


def photograph(width: int = 4000, height: int = 3000) -> bytes:
    """A picture with structure at every scale, from scikit-image's own files."""
    from skimage import data

    return encoded(Image.fromarray(data.coffee()).resize((width, height)), "JPEG", quality=90)


def png_header(width: int, height: int) -> bytes:
    """A PNG whose header promises any size, with almost no data behind it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 64))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_every_format_gives_the_same_picture(kind: str) -> None:
    exact = {
        "WEBP": {"lossless": True},
        "JPEG": {"quality": 98, "subsampling": 0},
        "AVIF": {"quality": 98, "subsampling": "4:4:4"},
    }
    opened = open_image(encoded(quarters(), kind, **exact.get(kind, {})))
    assert (opened.mode, opened.size) == ("RGB", (64, 32))
    assert np.abs(np.asarray(opened, dtype=int) - np.asarray(quarters(), dtype=int)).mean() < 3


def test_paths_bytes_streams_and_pictures_are_equal(tmp_path: Path) -> None:
    content = encoded(quarters())
    path = tmp_path / "quarters.png"
    path.write_bytes(content)
    for source in (path, str(path), content, io.BytesIO(content), quarters()):
        assert open_image(source).tobytes() == quarters().tobytes()
    assert digest(path) == digest(content) == digest(io.BytesIO(content))
    assert digest(content) != digest(encoded(quarters(), "BMP"))
    assert digest(quarters()) == digest(quarters().copy()) != digest(quarters().rotate(180))


@pytest.mark.parametrize("number", range(1, 9))
def test_every_exif_orientation_comes_upright(number: int) -> None:
    from PIL import ImageOps

    exif = Image.Exif()
    exif[0x0112] = number
    content = encoded(quarters(), "PNG", exif=exif)
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB")
    opened = open_image(content)
    assert opened.tobytes() == expected.tobytes()
    assert opened.info["size"] == expected.size


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0garbage", b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x63\0\0\0"]
)
@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_garbage_orientation_is_ignored(exif: bytes) -> None:
    assert open_image(encoded(quarters(), "JPEG", exif=exif)).size == (64, 32)


def test_orientation_survives_draft_decoding() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded(quarters().resize((1024, 512)), "JPEG", exif=exif)
    small = open_image(content, wanted=100)
    assert small.size == (128, 256)
    assert small.info["size"] == (512, 1024)
    assert small.getpixel((120, 10))[0] > 200  # red, top left, turns to the top right


def test_16_bit_grey_keeps_its_brightness() -> None:
    """A ramp of 0–65,535 has the mean 32,767.5, and 32,767.5 / 257 = 127.5; clipped it would be 254."""
    ramp = np.linspace(0, 65_535, 256 * 64).reshape(64, 256).astype(np.uint16)
    opened = np.asarray(open_image(encoded(Image.fromarray(ramp))), dtype=float)
    assert abs(opened.mean() - 127.5) < 1
    lit = ramp // 8
    lit[:, -3:] = 65_535  # what is dark, with more than a few bright pixels, stays dark
    dark = open_image(encoded(Image.fromarray(lit.astype(np.uint16))))
    assert abs(np.asarray(dark, dtype=float)[:, :-3].mean() - 127.5 / 8) < 1
    scan = open_image(encoded(Image.fromarray((ramp // 8).astype(np.uint16))))  # 14 bits, not its own range
    assert abs(np.asarray(scan, dtype=float).mean() - 127.5 / 2) < 1


def deep_png(values: np.ndarray, colours: int) -> bytes:
    """Write 16 bits a colour as the PNG specification says; Pillow writes none."""
    height, width = values.shape[:2]
    lines = b"".join(b"\0" + values[row].astype(">u2").tobytes() for row in range(height))

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 16, colours, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(lines))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize(("colours", "channels"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_a_scan_of_fewer_bits_with_hot_pixels_is_shown_bright_in_grey_and_colour(
    bits: int, colours: int, channels: int
) -> None:
    top = 2**bits - 1
    values = np.linspace(0, top, 64 * 64).reshape(64, 64, 1).repeat(channels, axis=2).round()
    if channels in (2, 4):
        values[..., -1] = 65_535  # nothing is transparent
    values[5, 5, 0] = values[50, 7, 0] = 65_535
    written = deep_png(values if channels > 1 else values[..., 0], colours)
    opened = open_image(written)
    expected = np.rint(np.minimum(values[..., : 1 if channels < 3 else 3], top) * (255 / top))
    assert np.abs(np.asarray(opened, dtype=float) - expected).max() <= 1
    assert ("of 16 bits" in opened.info.get("note", "")) == (8 < bits < 16)


@pytest.mark.parametrize("packed", [None, "zlib"])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_colour_tiff_of_12_bits_is_shown_bright(packed: str | None, order: str) -> None:
    tifffile = pytest.importorskip("tifffile")
    values = np.linspace(0, 4_095, 64 * 64).reshape(64, 64, 1).repeat(3, axis=2).round().astype(np.uint16)
    out = io.BytesIO()
    tifffile.imwrite(out, values, photometric="rgb", compression=packed, byteorder=order)
    opened = np.asarray(open_image(out.getvalue()), dtype=float)
    assert np.abs(opened - np.rint(values * (255 / 4_095))).max() <= 1


def test_a_wild_value_does_not_blacken_a_picture_of_floating_numbers() -> None:
    ramp = np.linspace(0, 1, 4096, dtype=np.float32).reshape(64, 64)
    ramp[3, 3] = 1e6
    assert abs(np.asarray(open_image(encoded(Image.fromarray(ramp), "TIFF")), dtype=float).mean() - 127.5) < 1


@pytest.mark.parametrize(
    ("low", "high", "mean"), [(0.0, 1.0, 127.5), (0.0, 255.0, 127.5), (-5.0, 5.0, 127.5)]
)
def test_floating_tiff_is_no_black_picture(low: float, high: float, mean: float) -> None:
    ramp = np.linspace(low, high, 4096, dtype=np.float32).reshape(64, 64)
    assert abs(np.asarray(open_image(encoded(Image.fromarray(ramp), "TIFF")), dtype=float).mean() - mean) < 1


def test_transparent_parts_are_white() -> None:
    half = np.zeros((16, 16, 4), dtype=np.uint8)
    half[..., 0] = 255  # red, and fully transparent on the left
    half[:, 8:, 3] = 255
    pixels = np.asarray(open_image(encoded(Image.fromarray(half))))
    assert (pixels[:, :8] == 255).all()
    assert (pixels[:, 8:] == (255, 0, 0)).all()
    palette = Image.fromarray(half).quantize(8)
    assert (np.asarray(open_image(encoded(palette)))[:, :8] > 250).all()
    grey = Image.fromarray(half).convert("LA")
    assert (np.asarray(open_image(encoded(grey)))[:, :8] == 255).all()


@pytest.mark.parametrize("mode", ["CMYK", "L", "1", "P", "YCbCr"])
def test_other_modes_become_rgb(mode: str) -> None:
    kind = "TIFF" if mode in ("CMYK", "YCbCr") else "PNG"
    opened = np.asarray(open_image(encoded(quarters().convert(mode), kind)), dtype=float)
    expected = np.asarray(quarters().convert(mode).convert("RGB"), dtype=float)
    assert np.abs(opened - expected).mean() < 2


def test_an_animation_gives_its_first_picture_and_says_so() -> None:
    frames = [Image.new("RGB", (32, 32), colour) for colour in ("red", "blue", "green")]
    for kind in ("GIF", "WEBP"):
        opened = open_image(encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=40))
        assert opened.getpixel((5, 5))[0] > 200
        assert "first picture" in opened.info["note"]
    pages = encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    assert "first one" in open_image(pages).info["note"]
    assert "note" not in open_image(encoded(frames[0])).info


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (20_000, 1), (3, 5000)])
def test_tiny_and_very_wide_pictures_open_and_have_thumbnails(size: tuple[int, int]) -> None:
    for kind in ("PNG", "JPEG"):
        opened = open_image(encoded(Image.new("RGB", size, "red"), kind), wanted=224)
        assert opened.size == size
        assert thumbnail(opened).startswith("data:image/webp;base64,")


@pytest.mark.parametrize("brand", [b"heix", b"mif1"])
def test_a_heic_of_a_phone_opens(brand: bytes) -> None:
    """iPhones write the brand "heic", others the common "mif1", which AVIF files may carry too."""
    content = heic(quarters())
    assert content[8:12] == b"heix"
    opened = open_image(content[:8] + brand + content[12:])
    assert (opened.mode, opened.size, opened.info["size"]) == ("RGB", (64, 32), (64, 32))
    assert np.abs(np.asarray(opened, dtype=int) - np.asarray(quarters(), dtype=int)).mean() < 3


def test_a_heic_comes_upright_on_white_and_says_which_picture_it_is() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = open_image(heic(quarters(), exif=exif.tobytes()))
    assert turned.size == (32, 64)
    assert turned.getpixel((28, 4))[0] > 200  # red, top left, turns to the top right
    clear = quarters().convert("RGBA")
    clear.putalpha(0)
    assert open_image(heic(clear)).getpixel((4, 4)) == (255, 255, 255)
    two = open_image(heic(quarters(), Image.new("RGB", (64, 32), "black")))
    assert two.info["note"] == "Several pictures: the main one is used."
    assert two.getpixel((4, 4))[0] > 200


def test_a_heic_cut_short_or_with_a_wild_size_gets_a_sentence() -> None:
    content = heic(quarters())
    for length in (30, 200, len(content) // 2, len(content) - 20):
        with pytest.raises(BadInputError, match="incomplete or damaged"):
            open_image(content[:length])
    size = content.index(b"ispe") + 8  # the picture's size as the header says it
    with pytest.raises(BadInputError, match="incomplete or damaged"):
        open_image(content[:size] + struct.pack(">II", 60_000, 60_000) + content[size + 8 :])


def test_without_the_package_a_heic_names_the_pip_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(BadInputError, match=r"HEIC picture.*pip install -e '\.\[heic\]'"):
        open_image(b"\0\0\0\x18ftypheic" + bytes(64))


def test_a_common_brand_that_hides_an_avif_opens_as_one() -> None:
    content = encoded(quarters(), "AVIF", quality=98)
    assert content[8:12] == b"avif"
    assert open_image(content[:8] + b"mif1" + content[12:]).size == (64, 32)


HEIC = "HEIC" if find_spec("pillow_heif") is None else "incomplete"
BAD = {
    "empty": (b"", "empty"),
    "text": (b"hello, no picture", "not a JPEG"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "not a JPEG"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "not a JPEG"),
    "program": (b"MZ" + bytes(200), "not a JPEG"),
    "heic": (b"\0\0\0\x18ftypheic" + bytes(64), HEIC),
    "cut jpeg": (encoded(quarters(), "JPEG")[:-40], "incomplete"),
    "jpeg without its end": (encoded(quarters(), "JPEG")[:-2], "incomplete"),
    "jpeg header only": (encoded(quarters(), "JPEG")[:30], "incomplete"),
    "cut png": (encoded(quarters())[:60], "incomplete"),
    "bad checksum": (encoded(quarters())[:43] + b"\xff" * 8 + encoded(quarters())[51:], "incomplete"),
    "cut webp": (encoded(quarters(), "WEBP")[:60], "incomplete"),
    "cut gif": (encoded(quarters(), "GIF")[:20], "incomplete"),
    "cut avif": (encoded(quarters(), "AVIF")[:200], "incomplete"),
    "cut tiff": (encoded(quarters(), "TIFF")[:100], "incomplete"),
    "no pixels": (png_header(0, 0), ""),
    "144 megapixels": (png_header(12_000, 12_000), "12,000 × 12,000 pixels; the limit is 40 million"),
    "2 billion wide": (png_header(2**31 - 1, 2**31 - 1), "limit"),
    "60,000 × 1": (png_header(60_000, 1), "20,000"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.filterwarnings("ignore:Truncated File Read")
def test_a_bad_file_gets_one_plain_sentence(name: str) -> None:
    content, words = BAD[name]
    with pytest.raises(BadInputError) as caught:
        open_image(content)
    message = str(caught.value)
    assert words in message or name == "heic"
    assert (
        not any(word in message for word in ("0x", "BytesIO", "Traceback", "PIL", "/", "Error"))
        or name == "heic"
    )


def test_a_missing_path_names_no_path(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no such file") as caught:
        open_image(tmp_path / "missing.png")
    assert str(tmp_path) not in str(caught.value)


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    """12,000 × 12,000 pixels would be 432 MB; the refusal takes under 5."""
    bomb = encoded(Image.new("1", (12_000, 12_000)))
    assert len(bomb) < 50_000
    tracemalloc.start()
    with pytest.raises(BadInputError, match="40 million"):
        open_image(bomb)
    assert tracemalloc.get_traced_memory()[1] < 5 * 2**20
    tracemalloc.stop()


def test_text_bomb_in_a_png() -> None:
    body = zlib.compress(b"a" * 200 * 2**20)
    chunk = b"zTXt" + b"k\0\0" + body
    content = encoded(quarters())
    bomb = (
        content[:33]
        + struct.pack(">I", len(chunk) - 4)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + content[33:]
    )
    with pytest.raises(BadInputError, match="incomplete or damaged"):
        open_image(bomb)


def test_a_wanted_size_decodes_small_and_nearly_the_same() -> None:
    content = photograph()
    full, small = open_image(content), open_image(content, wanted=224)
    assert full.size == small.info["size"] == (4000, 3000)
    assert small.size == (500, 375)
    a, b = (np.asarray(picture.resize((224, 168)), dtype=float) for picture in (full, small))
    assert np.abs(a - b).mean() < 2.0
    assert open_image(encoded(quarters(), "JPEG"), wanted=224).size == (64, 32)  # never scaled up


def test_200_thumbnails_stay_far_below_5_megabytes() -> None:
    one = thumbnail(open_image(photograph(800, 600)), side=96)
    assert 1_000 < len(one) < 5 * 2**20 / 200
    with Image.open(io.BytesIO(base64.b64decode(one.split(",", 1)[1]))) as small:
        assert small.size == (96, 72)


@pytest.mark.parametrize("bits", [8, 10, 12])
def test_a_scan_of_few_bits_in_a_file_of_16_is_not_black(bits: int) -> None:
    ramp = np.linspace(0, 2**bits - 1, 64 * 64).reshape(64, 64).astype(np.uint16)
    opened = np.asarray(open_image(encoded(Image.fromarray(ramp))), dtype=float)
    assert abs(opened.mean() - 127.5) < 1 and opened.max() == 255
