"""A page, a document or a picture that is named like a table is refused by what it is."""

import io
import pickle
import re

import pytest
from PIL import Image

from embeddings_core.errors import BadInputError
from embeddings_core.tables.reading import read_table

SAVED = {
    "This is an HTML page": (
        b"<!DOCTYPE html>\n<html><body>a,b</body></html>", b"\xef\xbb\xbf\r\n<html lang=en>\n<table><tr><td>a",
        "<html>a".encode("utf-16"),
        b'<?xml version="1.0"?>\n<!-- saved from a shop -->\n<!doctype HTML PUBLIC "-//W3C">',
    ),
    "This is an XML file": (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas">',),
    "This is a PDF": (b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog, /Pages 2 0 R >>\nendobj\n",),
    "This is a text document": (b"{\\rtf1\\ansi\\deff0 {\\fonttbl;}, one, two\n}",),
    "This is a picture (SVG)": (b'<svg xmlns="http://www.w3.org/2000/svg"/>',),
    "This is a packed file (gzip)": (b"\x1f\x8b\x08\x00" + bytes(40),),
    "program and is never run": (pickle.dumps({"a": [1, 2]}), pickle.dumps([1], 2)),
}  # fmt: skip


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.xls", "a.json"])
@pytest.mark.parametrize("said", list(SAVED))
def test_what_is_no_table_whatever_its_name_is_named(said: str, name: str) -> None:
    for content in SAVED[said]:
        with pytest.raises(BadInputError, match=re.escape(said)):
            read_table(content, name=name)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WebP", "BMP", "TIFF"])
def test_a_picture_under_the_name_of_a_table_is_named(form: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, form)
    with pytest.raises(BadInputError, match=rf"This is a picture \({form}\), not a table. Drop it on Images"):
        read_table(out.getvalue(), name="a.csv")


def test_a_table_may_hold_pages_and_begin_with_a_word_in_brackets() -> None:
    assert read_table(b"page,n\n<html>one</html>,1\n<html>two</html>,2\n").names == ("page", "n")
    assert read_table(b"<id>,<text>\n1,one thing\n2,two things\n").names == ("<id>", "<text>")
