"""What is no table although its name may say so, told by how its content begins."""

import re

from embeddings_core.errors import BadInputError

HEAD = 2_048  # bytes that are looked at
SAVE = "Save what it holds as CSV, Parquet or XLSX."
PAGE = "Save the table that it shows as CSV or XLSX, and open that."
PICTURE = "Drop it on Images, or pack several into a ZIP."
PACKED = "Unpack it and open what is in it, or pack it as a ZIP."
KINDS: tuple[tuple[re.Pattern[bytes], str, str], ...] = tuple(
    (re.compile(begins, re.I | re.S), what, advice)
    for begins, what, advice in (
        (rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table)\b", "an HTML page", PAGE),
        (rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<!doctype\s+svg[^>]*>\s*)*<svg\b", "a picture (SVG)", PICTURE),
        (rb"<\?xml\b", "an XML file", SAVE),
        (rb"%PDF-", "a PDF document", SAVE),
        (rb"\{\\rtf", "a text document (RTF)", SAVE),
        (rb"%!PS", "a PostScript document", SAVE),
        (rb"\x89PNG\r\n", "a picture (PNG)", PICTURE),
        (rb"\xff\xd8\xff", "a picture (JPEG)", PICTURE),
        (rb"GIF8[79]a", "a picture (GIF)", PICTURE),
        (rb"RIFF....WEBP", "a picture (WebP)", PICTURE),
        (rb"BM.{4}\0\0\0\0", "a picture (BMP)", PICTURE),
        (rb"II\*\0|MM\0\*", "a picture (TIFF)", PICTURE),
        (rb"....ftyp(?:heic|heix|mif1|avif)", "a picture (HEIC or AVIF)", PICTURE),
        (rb"\x1f\x8b", "a packed file (gzip)", PACKED),
        (rb"BZh[1-9]", "a packed file (bzip2)", PACKED),
        (rb"\xfd7zXZ\0", "a packed file (xz)", PACKED),
        (rb"7z\xbc\xaf\x27\x1c", "a packed file (7-Zip)", PACKED),
        (rb"Rar!\x1a", "a packed file (RAR)", PACKED),
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
