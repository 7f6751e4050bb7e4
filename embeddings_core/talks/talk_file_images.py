"""The pictures of a talk file: data: URLs that are decoded once before they are believed."""

from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from typing import Any

from embeddings_core.errors import BadInputError
from embeddings_core.limits import IMAGES
from embeddings_core.spaces.images import open_image

THUMBNAILS = 4_000
LARGEST_THUMBNAIL = 1_024  # pixels a side: marks on a map are 96
MAGIC = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff", "webp": b"RIFF", "gif": b"GIF8"}


def data_url(content: bytes) -> str:
    """Return an encoded picture as a data: URL."""
    kind = next((kind for kind, magic in MAGIC.items() if content.startswith(magic)), "png")
    return f"data:image/{kind};base64,{b64encode(content).decode('ascii')}"


def image_bytes(url: Any) -> tuple[str, bytes]:
    """Return what a data: URL says it is, and its bytes; ("", b"") where it cannot be read."""
    if not isinstance(url, str):
        return "", b""
    head, _, body = url.partition(";base64,")
    try:
        return head.removeprefix("data:image/"), b64decode(body, validate=True)
    except (BadBase64, ValueError):
        return "", b""


def thumbnails(table: Any) -> dict[str, str]:
    """Return the pictures of a file that are what they say they are: decoded once, of a type that browsers show."""
    found = {}
    for name, url in list(table.items())[:THUMBNAILS] if isinstance(table, dict) else ():
        kind, content = image_bytes(url)
        if kind not in MAGIC or not content.startswith(MAGIC[kind]):
            continue
        try:
            picture = open_image(content)
        except BadInputError:
            continue
        if max(picture.info["size"]) <= LARGEST_THUMBNAIL:
            found[name] = f"data:image/{kind};base64,{b64encode(content).decode('ascii')}"
    return found


def missing_images(entry: dict[str, Any], images: dict[str, str]) -> int:
    """Return how many pictures of a scene are not there."""
    wanted = {name for film in entry["films"] for name in film.get("images") or () if name}
    changing = (names for film in entry["films"] for _, names in film.get("frame_images") or ())
    wanted.update(name for names in changing for name in names)
    return len(wanted - images.keys())


def uploaded(entries: Any, problems: list[str]) -> tuple[tuple[str, bytes], ...]:
    """Return the uploaded pictures of a file, still encoded and unchecked: (name, bytes)."""
    found = []
    listed = entries if isinstance(entries, list) else []
    for number, entry in enumerate(listed[:IMAGES], start=1):
        given = entry if isinstance(entry, dict) else {}
        _, content = image_bytes(given.get("image"))
        if content:
            name = given.get("name")
            found.append((name if isinstance(name, str) and name else f"picture {number}", content))
        else:
            problems.append(f"Uploaded picture {number} was left out: it is no picture.")
    if len(listed) > IMAGES:
        problems.append(
            f"The file has {len(listed):,} uploaded pictures; the limit is {IMAGES}. The rest was left out."
        )
    return tuple(found)
