"""Word-vector files against gensim's own reading of its own files, and hostile ones."""

import gzip
import io
import struct
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from embeddings_core import folders
from embeddings_core.errors import BadInputError
from embeddings_core.spaces.files import disk_cache, opener, uploads
from embeddings_core.spaces.files.fasttext import read_fasttext
from embeddings_core.spaces.files.opener import open_vectors
from embeddings_core.spaces.files.source import Source
from tests.shipped import datapath


def shipped(name):
    return Path(datapath(name)).read_bytes()


DATA = Path(__file__).parents[2] / "data"
TABLE = b"cat 1 0 0\ndog 0.9 0.1 0\ncar 0 0 1\n"


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_CACHE", str(tmp_path / "cache"))
    folders.cache_folder.cache_clear()
    yield tmp_path / "cache"
    folders.cache_folder.cache_clear()


def nearest(space, word, count):
    table = space.vectors / np.linalg.norm(space.vectors, axis=1, keepdims=True)
    scores = table @ table[space.row(word)]
    order = [row for row in np.argsort(-scores) if row != space.row(word)]
    return [(space.items[row], scores[row]) for row in order[:count]]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # gensim forgets to close one
@pytest.mark.parametrize(
    ("file", "options"),
    [
        ("lee_fasttext.vec", {}),
        ("toy-model.vec", {}),
        ("test_glove.txt", {"no_header": True}),
        ("euclidean_vectors.bin", {"binary": True}),
        ("poincare_vectors.bin", {"binary": True}),
        ("high_precision.kv.bin", {"binary": True}),
        ("pang_lee_polarity_fasttext.vec", {"unicode_errors": "replace"}),
        ("w2v_keyedvectors_load_test.modeldata", {"unicode_errors": "replace"}),
    ],
)
def test_gensims_own_files_read_as_gensim_reads_them(file, options):
    from gensim.models import KeyedVectors

    truth = KeyedVectors.load_word2vec_format(datapath(file), **options)
    space = open_vectors(datapath(file))
    assert list(space.items) == list(truth.index_to_key)
    assert np.array_equal(space.vectors, truth.vectors)
    word = truth.index_to_key[0]
    for (item, score), (other, value) in zip(
        nearest(space, word, 3), truth.most_similar(word, topn=3), strict=False
    ):
        assert score == pytest.approx(value, abs=1e-5)
        assert item == other or score == pytest.approx(truth.similarity(word, item), abs=1e-5)
    assert any("UTF-8" in note for note in space.notes) == ("unicode_errors" in options)


@pytest.mark.parametrize(
    "file",
    [
        "lee_fasttext.bin", "lee_fasttext_new.bin", "toy-model.bin", "cp852_fasttext.bin",
        "non_ascii_fasttext.bin", "crime-and-punishment.bin",
    ],
)  # fmt: skip
def test_fasttext_gives_unseen_words_the_vector_that_gensim_gives(file):
    from gensim.models.fasttext import load_facebook_vectors

    truth = load_facebook_vectors(datapath(file))
    space = open_vectors(datapath(file))
    assert list(space.items) == list(truth.index_to_key) and np.allclose(
        space.vectors, truth.vectors, atol=1e-6
    )
    for word in ("zzgle", "rejection", "земля", "a"):
        found, unknown = space.look_up([word])
        if truth.bucket and np.any(truth.get_vector(word)):
            assert np.allclose(found[0], truth.get_vector(word), atol=1e-6) and not unknown
    assert any("UTF-8" in note for note in space.notes) == (file == "cp852_fasttext.bin")


@pytest.mark.parametrize("file", ["lee_fasttext.bin", "non_ascii_fasttext.bin"])
def test_large_fasttext_files_are_composed_row_by_row_the_same(file):
    whole, mapped = (read_fasttext(Source(datapath(file)), limit=500, in_memory=size) for size in (2**30, 0))
    assert np.allclose(whole.vectors, mapped.vectors, atol=1e-6) and whole.items == mapped.items
    assert len(mapped.items) == min(500, 1762 if "lee" in file else 171)


def test_a_fasttext_file_that_only_says_it_is_quantised_is_refused():
    content = bytearray(shipped("toy-model.bin"))
    dictionary_end = content.index(struct.pack("<2q", 122, 5))  # 22 words + 100 buckets, 5 dimensions
    content[dictionary_end - 1] = 1
    with pytest.raises(BadInputError, match="damaged"):
        open_vectors(bytes(content))


def test_the_type_is_told_by_content_not_by_name(tmp_path):
    binary = shipped("euclidean_vectors.bin")
    for name, content in {
        "vectors.txt": binary, "vectors.gz": TABLE, "vectors.bin": TABLE, "a.vec": gzip.compress(TABLE),
        "b.txt.gz": gzip.compress(TABLE), "c.bin.gz": gzip.compress(binary), "d.bz2": binary,
        "e.gz": gzip.compress(shipped("lee_fasttext.bin")),
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(content)
        from_file, from_bytes = open_vectors(tmp_path / name), open_vectors(content)
        assert from_file.items == from_bytes.items and np.array_equal(from_file.vectors, from_bytes.vectors)
        assert len(from_file) in (3, 2747, 1762)
        assert (from_file.subwords is None) == (name != "e.gz")


def test_glove_lines_of_every_shape():
    """Tabs, double spaces, Windows ends, words of several parts, an empty line: still one word and three
    numbers."""
    given = "cat\t1\t0\t0\r\ndog  0.5 0.5  0\n\n. . . 0 1 0\nnew york 0 0 1 \n é 1 1 1\n".encode()
    space = open_vectors(given)
    assert space.items == ("cat", "dog", ". . .", "new york", "é")
    assert space.vectors.tolist() == [[1, 0, 0], [0.5, 0.5, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]]
    assert (
        open_vectors(b"2 3\n" + TABLE)
        .notes[0]
        .startswith("The first line announces 2 words; the file holds 3")
    )
    twice = open_vectors(TABLE + b"cat 9 9 9\n")
    assert len(twice) == 3 and twice.vectors[0, 0] == 1 and "more than once" in twice.notes[0]


def test_the_cap_keeps_the_first_words_and_says_so():
    for content in (TABLE, b"3 3\n" + TABLE):
        space = open_vectors(content, limit=2)
        assert space.items == ("cat", "dog") and "first 2" in space.notes[0]
    assert open_vectors(datapath("euclidean_vectors.bin"), limit=10).items[0] == "the"
    assert "2,747" in open_vectors(datapath("euclidean_vectors.bin"), limit=10).notes[0]
    assert not open_vectors(TABLE, limit=3).notes


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def test_plain_arrays_with_and_without_names(tmp_path):
    table = np.arange(6, dtype=np.float64).reshape(3, 2)
    numbered = open_vectors(npy(table))
    assert numbered.items == ("row 1", "row 2", "row 3") and "numbered" in numbered.notes[0]
    np.savez_compressed(
        tmp_path / "set.npz", vectors=table, words=np.array(["a", "b", "c"]), other=np.ones(5)
    )
    named = open_vectors(tmp_path / "set.npz")
    assert named.items == ("a", "b", "c") and np.array_equal(named.vectors, table)
    assert open_vectors(npy(table), metadata=b"x\ny\nz").items == ("x", "y", "z")
    with pytest.raises(BadInputError, match="2 names for 3"):
        open_vectors(npy(table), metadata=b"x\ny")


def test_projector_files_take_their_names_from_beside_them(tmp_path):
    (tmp_path / "my_tensors.tsv").write_bytes(b"1\t0.5\n0\t1e-3\n")
    assert open_vectors(tmp_path / "my_tensors.tsv").items == ("row 1", "row 2")
    (tmp_path / "my_metadata.tsv").write_text("word\tcount\ncat\t4\n猫\t5\n", "utf-8")
    space = open_vectors(tmp_path / "my_tensors.tsv")
    assert space.items == ("cat", "猫") and space.vectors[1, 1] == np.float32(1e-3)
    odd = "a\u0085b\nc\u2028d\n".encode()  # real vocabularies hold such characters; they end no line
    assert open_vectors(b"1\t2\n3\t4\n", metadata=odd.replace(b"\n", b"\r\n")).items == (
        "a\u0085b",
        "c\u2028d",
    )
    with pytest.raises(BadInputError, match="Line 2 has 1 numbers, expected 2"):
        open_vectors(b"1\t2\n3\n")
    with pytest.raises(BadInputError, match="Line 2 holds something that is not a number"):
        open_vectors(b"1\t2\n3\tx\n")


def test_no_such_file_names_the_file_not_the_folder(tmp_path):
    with pytest.raises(BadInputError, match=r'called "nothing\.txt"') as caught:
        open_vectors(tmp_path / "nothing.txt")
    assert str(tmp_path) not in str(caught.value)
    with pytest.raises(BadInputError):
        open_vectors(tmp_path)


def test_a_second_opening_is_the_same_and_a_changed_file_is_read_again(tmp_path, own_cache, monkeypatch):
    monkeypatch.setattr(disk_cache, "SMALLEST", 1)
    path = tmp_path / "glove.txt"
    path.write_bytes(TABLE)
    first = open_vectors(path)
    assert len(list(own_cache.rglob("*.npy"))) == 1
    monkeypatch.setattr("embeddings_core.spaces.files.opener._read", None)  # a second reading would fail
    second = open_vectors(path)
    assert second.items == first.items and np.array_equal(second.vectors, first.vectors)
    assert second.notes == first.notes and second.layout == first.layout
    monkeypatch.undo()
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_CACHE", str(own_cache))
    path.write_bytes(TABLE + b"bus 0 0 2\n")
    assert len(open_vectors(path)) == 4


def test_subwords_survive_the_second_opening(tmp_path, own_cache, monkeypatch):
    monkeypatch.setattr(disk_cache, "SMALLEST", 1)
    first, second = (open_vectors(datapath("lee_fasttext.bin")) for _ in range(2))
    assert np.array_equal(first.look_up(["zzgle"])[0], second.look_up(["zzgle"])[0])
    open_vectors(TABLE)
    assert len(list(own_cache.rglob("*.npy"))) == 1  # what is uploaded is not kept


def test_a_packed_fasttext_file_is_unpacked_once(tmp_path, own_cache, monkeypatch):
    """Its letter groups are kept too: the second opening reads neither words nor groups from the packed file."""
    monkeypatch.setattr(disk_cache, "SMALLEST", 1)
    path = tmp_path / "lee.bin.gz"
    path.write_bytes(gzip.compress(Path(datapath("lee_fasttext.bin")).read_bytes()))
    first, plain = open_vectors(path), open_vectors(datapath("lee_fasttext.bin"))
    monkeypatch.setattr("embeddings_core.spaces.files.opener._read", None)  # a second reading would fail
    second = open_vectors(path)
    for words in (first, second):
        assert words.items == plain.items and np.array_equal(words.vectors, plain.vectors)
        assert np.array_equal(words.look_up(["zzgle"])[0], plain.look_up(["zzgle"])[0])
    assert second.layout == "fastText"


def test_damaged_letter_groups_are_read_over(tmp_path, own_cache, monkeypatch):
    monkeypatch.setattr(disk_cache, "SMALLEST", 1)
    path = tmp_path / "lee.bin.gz"
    path.write_bytes(gzip.compress(Path(datapath("lee_fasttext.bin")).read_bytes()))
    first = open_vectors(path)
    (groups,) = own_cache.rglob(f"*{disk_cache.GROUPS}")
    with groups.open("wb") as file:
        np.save(file, np.zeros((3, 10), dtype=np.float32))
    assert np.array_equal(open_vectors(path).look_up(["zzgle"])[0], first.look_up(["zzgle"])[0])


@pytest.mark.parametrize("smallest", [1, disk_cache.SMALLEST], ids=["kept", "not kept"])
@pytest.mark.parametrize("name", ["lee.bin.gz", "quantised.ftz.gz", "quantised.ftz", "glove.txt"])
def test_a_file_beside_the_server_is_read_once(tmp_path, own_cache, monkeypatch, name, smallest):
    """By the worker alone, here in its place: this process maps what was kept, or takes what the worker hands over."""
    contents = {
        "lee.bin.gz": lambda: gzip.compress(Path(datapath("lee_fasttext.bin")).read_bytes()),
        "quantised.ftz.gz": lambda: gzip.compress((DATA / "quantised.ftz").read_bytes()),
        "quantised.ftz": lambda: (DATA / "quantised.ftz").read_bytes(),
        "glove.txt": lambda: TABLE,
    }
    monkeypatch.setattr(disk_cache, "SMALLEST", smallest)
    path = tmp_path / name
    path.write_bytes(contents[name]())
    read, real = [], opener._read

    def reader(*given, **options):
        read.append(name)
        return real(*given, **options)

    monkeypatch.setattr(opener, "_read", reader)
    here = SimpleNamespace(run=lambda function, *given: function(*given))
    monkeypatch.setattr(uploads.jobs, "within", lambda timeout, **_: here)
    words = uploads.open_on_disk(path)
    assert read == [name] and len(words) > 2 and words.model == name
    assert (words.subwords is not None) == (name != "glove.txt")


def test_a_damaged_disk_cache_is_read_over(tmp_path, own_cache, monkeypatch):
    monkeypatch.setattr(disk_cache, "SMALLEST", 1)
    path = tmp_path / "glove.txt"
    path.write_bytes(TABLE)
    open_vectors(path)
    for kept in own_cache.rglob("*.npy"):
        kept.write_bytes(b"nothing")
    assert open_vectors(path).items == ("cat", "dog", "car")


def test_look_up_takes_small_letters_and_names_the_unknown():
    vectors, unknown = open_vectors(TABLE).look_up(["Cat", "blorft", "car"])
    assert vectors.tolist() == [[1, 0, 0], [0, 0, 1]] and unknown == ("blorft",)
    assert open_vectors(TABLE).look_up([])[0].shape == (0, 3)
