"""What libraries raise over a file that is damaged: whichever of its bits is wrong, that is damage, and no fault of ours.

Turning single bits of archives, arrays, workbooks and columns brings all of these. To be caught around the library's own reading
only; what this package says of a file (`EmbeddingsError`) is none of them.
"""

import lzma
import struct
import tokenize
import zipfile
import zlib

DAMAGE = (
    OSError, EOFError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError,
    RuntimeError,  # NotImplementedError too: an archive seems packed in a way, or locked by a password, that it is not
    SyntaxError, tokenize.TokenError,  # numpy reads the head of an array as Python's own words
    SystemError,  # of a library in C
    struct.error, zlib.error, lzma.LZMAError, zipfile.BadZipFile,
)  # fmt: skip
PACKED = (
    OSError,
    RuntimeError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
)  # of these, while it is unpacked
