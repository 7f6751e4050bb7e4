"""Hostile word-vector files: damaged, lying, too large, or made to run code."""

import gzip
import io
import os
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.files.opener import open_vectors
from tests.shipped import datapath

TABLE = b"cat 1 0 0\ndog 0.9 0.1 0\ncar 0 0 1\n"


def shipped(name):
    return Path(datapath(name)).read_bytes()


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


class Canary:
    """Runs when it is unpickled."""

    def __init__(self, place):
        self.place = place

    def __reduce__(self):
        return os.mkdir, (str(self.place),)


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_with_another_name_does_not_run(tmp_path, protocol):
    canary = tmp_path / "ran"
    (tmp_path / "model.bin").write_bytes(pickle.dumps(Canary(canary), protocol=protocol))
    objects = np.array([Canary(canary)], dtype=object)
    archive = io.BytesIO()
    np.savez(archive, vectors=objects)
    for content in (tmp_path / "model.bin", npy(objects), archive.getvalue()):
        with pytest.raises(BadInputError):
            open_vectors(content)
    assert not canary.exists()


def fasttext_with(place, form, value):
    content = bytearray(shipped("toy-model.bin"))
    content[place : place + struct.calcsize(form)] = struct.pack(form, value)
    return bytes(content)


BOMB = gzip.compress(b"10 3\n" + b"a" * 2**24)
HOSTILE = {
    "empty": (b"", "empty"),
    "blank": (b" \n \n", "empty"),
    "empty gzip": (gzip.compress(b""), "empty"),
    "prose": (b"It was the best of times,\nit was the worst of times", "not a file of word vectors"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a file of word vectors"),
    "too few lines": (b"1000 3\n" + TABLE, "announces 1,000 words, the file holds 3"),
    "no lines": (b"3 3\n", "no vectors"),
    "huge count": (b"999999999999 3\n" + TABLE, "999,999,999,999"),
    "huge width": (b"3 99999999\n" + TABLE, "1 to 4,096"),
    "width 0": (b"3 0\ncat\n", "1 to 4,096"),
    "other width": (b"3 4\n" + TABLE, "line 2 has 3"),
    "short line": (TABLE + b"bus 1 2\n", "Line 4 has 2 numbers, expected 3"),
    "cut": (TABLE[:-5], "Line 3 has 1 numbers"),
    "no number": (TABLE + b"bus 1 x 2\n", "Line 4 holds something"),
    "word as number": (TABLE + b"bus bus bus 1 x 2\n", "Line 4"),
    "nothing but nan": (b"bus 1 nan 2\ncar nan 1 1\n", '2 rows .*"bus".* no other is left'),
    "10 MB line": (TABLE + b"bus " + b"1 " * 5_000_000, "Line 4 is longer than 1 MB"),
    "10 MB first line": (b"bus " + b"1 " * 5_000_000, "longer than 1 MB"),
    "10 MB word": (b"3 3\n" + b"b" * 10_000_000, "announces"),
    "cut binary": (shipped("euclidean_vectors.bin")[:-60], "cut off"),
    "binary with a wrong count": (b"99" + shipped("euclidean_vectors.bin"), "too short"),
    "binary in a gzip, cut": (gzip.compress(shipped("euclidean_vectors.bin")[:-60]), "cut off|shorter"),
    "binary with NaN": (b"1 2\na " + struct.pack("<2f", 1, float("nan")), '"a"'),
    "cut gzip": (gzip.compress(TABLE * 99)[:-20], "ends too early"),
    "damaged gzip": (gzip.compress(os.urandom(4000))[:100] + b"x" * 4000, "damaged|too early|not a file"),
    "gzip of one long word": (BOMB, "announces|1 MB"),
    "cut fastText": (shipped("toy-model.bin")[:400], "damaged"),
    "cut fastText numbers": (shipped("lee_fasttext.bin")[:100_000], "damaged"),
    "fastText of 2 billion words": (fasttext_with(64, "<i", 2_000_000_000), "damaged"),
    "fastText of -1 words": (fasttext_with(64, "<i", -1), "damaged"),
    "fastText of 2 billion buckets": (fasttext_with(40, "<i", 2_000_000_000), "damaged"),
    "fastText of 0 dimensions": (fasttext_with(8, "<i", 0), "1 to 4,096"),
    "cut npy": (npy(np.ones((9, 9)))[:-9], "damaged"),
    "npy of a terabyte": (npy(np.ones((9, 9))).replace(b"(9, 9), }", b"(99999999999, 9),}"), "damaged"),
    "npy without a header": (b"\x93NUMPY\x01\x00v\x00", "damaged"),
    "npy with a broken header": (npy(np.ones((2, 2))).replace(b"{", b"("), "damaged"),
    "npy of text": (npy(np.array([["a", "b"]])), "plain numbers"),
    "npy of complex numbers": (npy(np.ones((2, 2)) * 1j), "plain numbers"),
    "npy of one row": (npy(np.ones(3)), "shape 3"),
    "npy with NaN": (npy(np.array([[1, np.nan]])), "missing or infinite"),
    "no zip": (b"PK\x03\x04 and nothing", "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_get_a_clear_sentence(name, tmp_path):
    content, says = HOSTILE[name]
    (tmp_path / "upload.bin").write_bytes(content)
    for given in (content, tmp_path / "upload.bin"):
        with pytest.raises(BadInputError, match=says) as caught:
            open_vectors(given)
        message = str(caught.value)
        assert str(tmp_path) not in message and "gensim" not in message and "numpy" not in message.lower()


def test_archive_bombs_are_refused_before_they_unpack():
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("vectors.npy", "w") as member,
    ):
        np.lib.format.write_array_header_1_0(
            member, {"shape": (300_000_000, 1), "fortran_order": False, "descr": "|u1"}
        )
        for _ in range(300):
            member.write(bytes(1_000_000))
    assert len(out.getvalue()) < 2**20
    with pytest.raises(BadInputError, match="256 MB"):
        open_vectors(out.getvalue())
    with pytest.raises(BadInputError, match="256 MB"):
        open_vectors(gzip.compress(npy(np.zeros((4096, 17_000), dtype=np.float32)[:, :4096].repeat(5, 0))))
