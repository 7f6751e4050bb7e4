"""What is no table although its name may say so, told by how its content begins."""

import re

from embeddings_core.errors import BadInputError

HEAD = 2_048  # bytes that are looked at
PAGE = "an HTML page", "Save the table that it shows as CSV or XLSX, and open that."
PICTURE = "a picture ({})", "Drop it on Images, or pack several into a ZIP."
PACKED = "a packed file ({})", "Unpack it and open what is in it, or pack it as a ZIP."
SAVE = "Save what it holds as CSV, Parquet or XLSX."
KINDS: tuple[tuple[re.Pattern[bytes], str, str], ...] = tuple(
    (re.compile(begins, re.I | re.S), what, advice)
    for begins, what, advice in (
        (rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table)\b", *PAGE),
        (rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!doctype\s+svg[^>]*>\s*)*<svg\b", PICTURE[0].format("SVG"), PICTURE[1]),
        (rb"<\?xml\b", "an XML file", SAVE),
        (rb"%PDF-", "a PDF document", SAVE),
        (rb"\{\\rtf", "a text document (RTF)", SAVE),
        (rb"%!PS", "a PostScript document", SAVE),
        (rb"\x89PNG\r\n", PICTURE[0].format("PNG"), PICTURE[1]),
        (rb"\xff\xd8\xff", PICTURE[0].format("JPEG"), PICTURE[1]),
        (rb"GIF8[79]a", PICTURE[0].format("GIF"), PICTURE[1]),
        (rb"RIFF....WEBP", PICTURE[0].format("WebP"), PICTURE[1]),
        (rb"BM.{4}\0\0\0\0", PICTURE[0].format("BMP"), PICTURE[1]),
        (rb"II\*\0|MM\0\*", PICTURE[0].format("TIFF"), PICTURE[1]),
        (rb"....ftyp(?:heic|heix|mif1|avif)", PICTURE[0].format("HEIC or AVIF"), PICTURE[1]),
        (rb"\x1f\x8b", PACKED[0].format("gzip"), PACKED[1]),
        (rb"BZh[1-9]", PACKED[0].format("bzip2"), PACKED[1]),
        (rb"\xfd7zXZ\0", PACKED[0].format("xz"), PACKED[1]),
        (rb"7z\xbc\xaf\x27\x1c", PACKED[0].format("7-Zip"), PACKED[1]),
        (rb"Rar!\x1a", PACKED[0].format("RAR"), PACKED[1]),
        (rb"SQLite format 3\0", "a database (SQLite)", SAVE),
        (rb"ARROW1\0|FEA1", "an Arrow file (Feather)", "Save it as Parquet."),
        (rb"\x89HDF\r\n", "an HDF5 file", SAVE),
        (rb"\x80[\x02-\x05][\x80-\x95c}\](]", "a Python pickle, which is a program and is never run", SAVE),
    )
)  # fmt: skip


def refuse_what_is_no_table(content: bytes) -> None:
    """Raise BadInputError, with what the file is, where its first bytes are those of a page, a document, a picture or the like."""
    head = content[:HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    for begins, what, advice in KINDS:
        if begins.match(head):
            raise BadInputError(f"This is {what}, not a table. {advice}")
