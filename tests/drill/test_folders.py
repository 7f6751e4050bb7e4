"""Every folder that the app writes, where it is full, read-only, missing or half-written: nothing but the keeping is lost.

Not even root can write to /proc, and what is over the limit of a file's size is refused as on a full disk.
"""

import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings_core import doctor, folders
from embeddings_core.errors import BadInputError, EmbeddingsError, ModelUnavailableError
from embeddings_core.folders import UNREADY, cache_folder, check_room, written_whole
from embeddings_core.jobs.compiled import compiled_folder
from embeddings_core.maps.projection import pca
from embeddings_core.models import downloads, user_weights, words
from embeddings_core.models.spec import ModelSpec
from embeddings_core.models.static_model import is_whole, write_static_model
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.files import disk_cache
from embeddings_core.spaces.files.source import Source, Words
from embeddings_core.tables import kept_maps, store
from embeddings_core.tables.large_tables import where_the_worker_reads
from embeddings_core.tables.opened import DrawnMap
from embeddings_core.tables.search_index import index_folder, make_index, open_index
from embeddings_core.tables.space_file import embed_file
from pages._ui import kept_addresses

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these faults are made with /proc")
VECTORS = np.random.default_rng(0).normal(size=(2_000, 3)).astype(np.float32)
QUERY = "words=" + "cat," * 600


@contextmanager
def full() -> Iterator[None]:
    """Let no file grow, as on a full disk."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def unhurt() -> Iterator[None]:
    """No fault."""
    yield


def use(monkeypatch: pytest.MonkeyPatch, folder: str | Path) -> None:
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_CACHE", str(folder))
    folders.cache_folder.cache_clear()


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of our own, and temporary files beside it."""
    (tmp_path / "temporary").mkdir()
    use(monkeypatch, tmp_path / "cache")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(disk_cache, "SMALLEST", 1)
    monkeypatch.setattr(doctor, "WRITTEN_SECONDS", 0.01, raising=False)
    user_weights.upload_folder.cache_clear()
    yield tmp_path / "cache"
    folders.cache_folder.cache_clear()
    user_weights.upload_folder.cache_clear()


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A file of vectors whose numbers are kept."""
    (tmp_path / "vectors.txt").write_text("cat 1 2\ndog 3 4\n")
    return Source(tmp_path / "vectors.txt")


def a_map() -> DrawnMap:
    items = EmbeddingSet(tuple(map(str, range(len(VECTORS)))), VECTORS)
    return DrawnMap(np.arange(len(VECTORS)), pca(items), 0.5, "a map")


def texts() -> bool:
    """Keep vectors of texts; tell whether they come back, and are what they were."""
    names = [f"text {row}" for row in range(len(VECTORS))]
    kept = store.keep(names, VECTORS, model="m")
    found = store.recall(names, model="m")
    assert all(np.array_equal(found[name], VECTORS[row]) for row, name in enumerate(names) if name in found)
    assert kept == (len(found) == len(names)) and (kept or store.not_kept(names, model="m"))
    return kept


def maps() -> bool:
    kept, found = kept_maps.keep(a_map()), kept_maps.recall("a map")
    assert kept == (found is not None) and (found is None or len(found.rows) == len(VECTORS))
    return kept


def addresses() -> bool:
    name = kept_addresses.short(QUERY)
    assert kept_addresses.find(name or "0" * 18) == (QUERY if name else None)
    return bool(name)


def word_files(source: Source) -> bool:
    disk_cache.keep(source, Words(("cat", "dog"), VECTORS[:2], "text", (), None, None), limit=10)
    found = disk_cache.recall(source, limit=10)
    assert found is None or found.items == ("cat", "dog")
    return found is not None


WHERE = {"nowhere": "/proc/nowhere", "read-only": "/proc", "a file in its place": "/proc/version"}


@pytest.fixture(params=[*WHERE, "full", "well"])
def fault(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Any]:
    """A name of what is wrong with the cache folder, and what makes it so."""
    if request.param in WHERE:
        use(monkeypatch, WHERE[request.param])
    return request.param, full if request.param == "full" else unhurt


def test_what_is_computed_once_is_done_without(fault: tuple[str, Any], source: Source) -> None:
    name, hurt = fault
    for keep in (texts, maps, addresses, lambda: word_files(source)):
        with hurt():
            kept = keep()
            why = store.not_kept(["text 0"], model="m")
        assert kept == (name == "well")
        # what is read-only is not called full
        assert not why if kept else ("no room" in why if name == "full" else "can not be written" in why)


def test_vectors_reach_the_worker_or_a_sentence_says_why_not(fault: tuple[str, Any]) -> None:
    name, hurt = fault
    if name == "full":
        with hurt(), pytest.raises(BadInputError, match="no room"), where_the_worker_reads(VECTORS):
            pass
        return
    with where_the_worker_reads(
        VECTORS
    ) as place:  # where the folder cannot be written, among temporary files
        assert np.array_equal(np.load(str(place), allow_pickle=False), VECTORS)
    assert not Path(str(place)).exists()


def test_the_words_of_a_package_are_read_all_the_same(fault: tuple[str, Any], tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"word": ["cat", "dog"]}), tmp_path / "index.parquet")
    name, hurt = fault
    for _ in range(2):
        with hurt():
            assert words._words_of(tmp_path / "index.parquet", 2) == ("cat", "dog")
    if name == "well":
        (kept,) = (cache_folder() / "word-vectors").iterdir()
        kept.write_bytes(kept.read_bytes()[:-2])
        assert words._words_of(tmp_path / "index.parquet", 2) == ("cat", "dog")


def test_a_model_that_is_made_here_is_whole_or_not_there(fault: tuple[str, Any]) -> None:
    from embeddings_core.training.distillation import _tokenizer_only

    name, hurt = fault
    tokenizer = _tokenizer_only().tokenizer
    folder = cache_folder() / "distilled" / "model"
    try:
        with hurt():
            write_static_model(folder, tokenizer, VECTORS[:5], told={})
    except OSError:
        assert name != "well" and not folder.exists() and not folders.unready_in(folder.parent)
    else:
        assert name == "well" and is_whole(folder)
        for file in sorted(folder.iterdir()):  # half of any of it is lost: it is made anew
            if file.suffix == ".md":
                continue
            for size in (0, file.stat().st_size // 2, file.stat().st_size - 1):
                file.write_bytes(file.read_bytes()[:size])
                assert not is_whole(folder), (file.name, size)
                write_static_model(folder, tokenizer, VECTORS[:5], told={})
                assert is_whole(folder)


def test_an_index_of_a_search_is_whole_or_not_there(fault: tuple[str, Any], tmp_path: Path) -> None:
    name, hurt = fault
    np.save(tmp_path / "all.npy", VECTORS)
    folder = index_folder("a table")
    if name == "well":
        make_index(str(tmp_path / "all.npy"), str(folder))
        assert open_index(folder) is not None
        for file in folder.iterdir():
            whole = file.read_bytes()
            for size in (0, len(whole) // 2, len(whole) - 1):
                file.write_bytes(whole[:size])
                assert open_index(folder) is None, (file.name, size)
            file.write_bytes(whole[:50] + bytes(len(whole) - 50))  # as after a crash of the whole machine
            assert open_index(folder) is None, file.name
            make_index(str(tmp_path / "all.npy"), str(folder))  # what is damaged does not lie in the way
            assert open_index(folder) is not None, file.name
        assert open_index(folder) is not None
        return
    with hurt(), pytest.raises(BadInputError, match="no room for the index"):
        make_index(str(tmp_path / "all.npy"), str(folder))
    assert open_index(folder) is None and not folders.unready_in(folder.parent)


def test_uploaded_weights_are_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with full():
        key, problem = user_weights.keep_upload(b"x", "w.safetensors", "timm", "n", owner="o")
    assert not key and "is full" in problem and "/" not in problem
    user_weights.upload_folder.cache_clear()
    monkeypatch.setattr("tempfile.tempdir", "/proc")
    key, problem = user_weights.keep_upload(b"x", "w.safetensors", "timm", "n", owner="o")
    assert not key and "has to make room" in problem and "/" not in problem


def test_a_download_that_cannot_be_written_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from embeddings_core.models.sources import HubModel

    spec = ModelSpec(
        id="x", title="X", family="f", modality="sentence", dimensions=3, load=lambda spec: None, checkpoint="a/b",  # type: ignore[arg-type,return-value]
        source=HubModel(), megabytes=0,
    )  # fmt: skip
    fetch = lambda: downloads.fetch(spec, answers=lambda address: True, command=[sys.executable, "-c", ""])  # noqa: E731
    monkeypatch.setenv("HF_HUB_CACHE", "/proc/hub")
    with pytest.raises(ModelUnavailableError, match="cannot be fetched"):
        fetch()
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    with full(), pytest.raises(ModelUnavailableError, match="is full"):
        fetch()


@pytest.mark.parametrize("out", ["/proc/nowhere/x.lance", "/proc/x.lance", "full"])
def test_a_table_of_vectors_is_written_or_a_sentence_says_why_not(out: str, tmp_path: Path) -> None:
    pytest.importorskip("lancedb")
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"text": ["cat", "dog"]}), tmp_path / "a.parquet")

    def embedded(to: str) -> int:
        encoder: Callable[[], Any] = lambda: lambda items: VECTORS[: len(items)]  # noqa: E731
        return embed_file(str(tmp_path / "a.parquet"), to, text="text", encoder=encoder).rows

    if out != "full":
        with pytest.raises(BadInputError, match="Cannot"):
            embedded(out)
        return
    own = str(tmp_path / "x.lance")
    with full(), pytest.raises(BadInputError, match="What was written stays") as caught:
        embedded(own)
    assert ".cargo" not in str(caught.value) and "site-packages" not in str(caught.value)
    assert embedded(own) == 2  # what a full disk cut short does not lie in the way


def test_half_of_anything_is_as_good_as_nothing(own_cache: Path, source: Source) -> None:
    """Each kept file is cut at many places, as by a crash of the whole machine: it is not there, and it is kept anew."""
    for keep, pattern in (
        (maps, "table-maps/*.npz"), (addresses, "addresses/*"), (lambda: word_files(source), "word-vectors/*"),
    ):  # fmt: skip
        assert keep()
        for file in own_cache.glob(pattern):
            whole = file.read_bytes()
            zeros = whole[:50] + bytes(len(whole) - 50)  # a size was written, and what stands there was not
            for size in (0, 1, len(whole) // 2, len(whole) - 1, None):
                file.write_bytes(zeros if size is None else whole[:size])
                found = (
                    kept_maps.recall("a map") if keep is maps
                    else kept_addresses.find(kept_addresses._name(QUERY)) if keep is addresses
                    else disk_cache.recall(source, limit=10)
                )  # fmt: skip
                assert found is None, (file.name, size)
            assert keep()


def test_a_record_cut_short_is_passed_over_and_the_others_are_there(own_cache: Path) -> None:
    assert texts()
    (file,) = own_cache.rglob("*.vectors")
    file.write_bytes(file.read_bytes()[:-5])
    last = f"text {len(VECTORS) - 1}"
    found = store.recall(["text 0", last], model="m")
    assert np.array_equal(found["text 0"], VECTORS[0]) and last not in found
    assert store.keep([last], VECTORS[-1:], model="m")
    assert np.array_equal(store.recall([last], model="m")[last], VECTORS[-1])


def test_a_folder_keeps_to_its_bytes_and_the_oldest_go_with_what_belongs_to_them(own_cache: Path) -> None:
    own_cache.mkdir()
    for age, name in enumerate(("new.npy", "new.json", "middle.words", "old.npy", "old.json")):
        (own_cache / name).write_bytes(bytes(100))
        os.utime(own_cache / name, (0, 1_000_000 - age))
    folders.make_room(own_cache, 300, spared=own_cache / "new.npy")
    assert {file.name for file in own_cache.iterdir()} == {"new.npy", "new.json", "middle.words"}
    folders.make_room(own_cache, 0, spared=own_cache / "new.npy")
    assert {file.name for file in own_cache.iterdir()} == {"new.npy", "new.json"}


def test_what_a_killed_process_began_is_removed_after_a_day_and_no_sooner(own_cache: Path) -> None:
    (own_cache / "table-maps").mkdir(parents=True)
    old, young = (own_cache / "table-maps" / f"{name}{UNREADY}" for name in ("old", "young"))
    for file in (old, young):
        file.write_bytes(b"half")
    os.utime(old, (0, time.time() - folders.ABANDONED - 10))
    assert maps() and not old.exists() and young.exists()


def test_two_servers_that_write_at_once_both_have_the_whole(own_cache: Path) -> None:
    """Two containers that share a folder have equal numbers of their processes, too."""
    file = own_cache / "shared"
    with written_whole(file) as one, written_whole(file) as other:
        assert one != other
        one.write_text("one" * 1_000)
        other.write_text("other" * 1_000)
    assert file.read_text() in ("one" * 1_000, "other" * 1_000) and not folders.unready_in(own_cache)


def test_files_that_another_server_removes_meanwhile_are_no_fault(
    own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert texts() and addresses()
    real = Path.stat

    def gone(self: Path, **keywords: Any) -> os.stat_result:
        if self.name == "gone" or self.name.startswith("3-gone"):
            raise FileNotFoundError(2, "gone")
        return real(self, **keywords)

    (own_cache / "addresses" / "gone").touch()
    next(own_cache.rglob("*.vectors")).with_name("3-gone.vectors").touch()
    monkeypatch.setattr(Path, "stat", gone)
    assert texts() and addresses()


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning"
)  # of the library's own older way to ask for an index
def test_an_index_that_was_not_finished_is_made_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("lancedb")
    import lancedb
    import pyarrow as pa
    import pyarrow.parquet as pq

    monkeypatch.setattr("embeddings_core.tables.space_file.INDEXED", 256)
    pq.write_table(pa.table({"text": [f"text {row}" for row in range(300)]}), tmp_path / "a.parquet")

    def start() -> int:
        many = np.random.default_rng(1).normal(size=(300, 8)).astype(np.float32)
        return embed_file(
            str(tmp_path / "a.parquet"), str(tmp_path / "x.lance"), text="text", encoder=lambda: lambda items: many  # type: ignore[arg-type,return-value]
        ).rows  # fmt: skip

    def indices() -> int:
        return len(lancedb.connect(str(tmp_path)).open_table("x").list_indices())

    def cut(self: object, **how: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("embeddings_core.tables.space_file._Held.finish", cut)
        with pytest.raises(BadInputError, match="Cannot finish"):
            start()
    assert indices() == 0 and start() == 300 and indices() == 2


def test_two_that_write_one_table_of_vectors_take_turns(tmp_path: Path) -> None:
    pytest.importorskip("lancedb")
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"text": [f"text {row}" for row in range(3)]}), tmp_path / "a.parquet")
    told: list[str] = []

    def embedded(encoder: Callable[[list[str]], np.ndarray]) -> int:
        return embed_file(
            str(tmp_path / "a.parquet"), str(tmp_path / "x.lance"), text="text", encoder=lambda: encoder  # type: ignore[arg-type,return-value]
        ).rows  # fmt: skip

    def reads(items: list[str]) -> np.ndarray:
        try:
            embedded(lambda items: VECTORS[: len(items)])
        except EmbeddingsError as error:
            told.append(str(error))
        return VECTORS[: len(items)]

    assert embedded(reads) == 3 and "Another process is writing" in told[0]
    assert embedded(reads) == 3 and len(told) == 1  # nothing is left to read


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of a file there")
def test_a_disk_that_takes_a_part_of_what_is_written_is_full(own_cache: Path) -> None:
    """As a nearly full one does, without a word: the write is short, and only the next one fails."""
    import resource

    assert cache_folder() == own_cache
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (doctor.PROBE // 2, before[1]))
    try:
        with pytest.raises(OSError, match=r"(?i)too large"):
            check_room(own_cache, doctor.PROBE)
        told = doctor.condition(own_cache, lambda folder: ())
        kept = compiled_folder()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "CANNOT BE WRITTEN" in told and kept is None
    check_room(own_cache, doctor.PROBE)
    assert not any(path.is_file() for path in own_cache.rglob("*"))


def shown_by_doctor() -> dict[str, str]:
    return {name: doctor.condition(folder, damaged) for name, folder, damaged in doctor.written_folders()}


def test_doctor_names_every_folder_and_what_is_wrong_with_it(
    own_cache: Path, source: Source, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path / "gensim"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    assert texts() and maps() and addresses() and word_files(source)
    weights = tmp_path / "hub" / "models--a--b" / "model.safetensors"
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"\x10" + bytes(7) + b"{}" + b" " * 14)
    well = shown_by_doctor()
    assert not any(word in told for told in well.values() for word in ("DAMAGED", "CANNOT", "half", "NOT A"))
    for name, pattern in (
        ("vectors of tables", "table-vectors/**/*.vectors"), ("maps of tables", "table-maps/*.npz"),
        ("short addresses", "addresses/*"), ("large word vector files", "word-vectors/*.npy"),
    ):  # fmt: skip
        (file,) = own_cache.glob(pattern)
        file.write_bytes(file.read_bytes()[:-1])
        (file.parent / f"x{UNREADY}").touch()
        assert "1 DAMAGED file" in shown_by_doctor()[name], name
        if name != "vectors of tables":  # which are in a folder a model
            assert "1 half-written" in shown_by_doctor()[name], name
    weights.write_bytes(weights.read_bytes()[:-8])
    assert "1 DAMAGED file" in shown_by_doctor()["hub models"]
    with full():
        assert all("CANNOT BE WRITTEN" in told for told in shown_by_doctor().values())
    for fault in WHERE.values():
        use(monkeypatch, fault)
        told = shown_by_doctor()
        ours = [name for name, folder, _ in doctor.written_folders() if str(folder).startswith("/proc")]
        assert len(ours) == 7 and all("CANNOT BE WRITTEN" in told[name] for name in ours), fault


def test_doctor_knows_every_folder_that_is_named_in_the_code() -> None:
    """Whatever is joined to the cache folder anywhere stands in its list; what has no folder of its own is said to be unready."""
    root = Path(__file__).resolve().parents[2]
    named = {
        name
        for file in (*(root / "embeddings_core").rglob("*.py"), *(root / "pages").rglob("*.py"))
        if file.name != "doctor.py"
        for name in re.findall(r'cache_folder\(\)\s*/\s*f?"([\w-]+)', file.read_text("utf-8"))
    }
    known = {folder.name for _, folder, _ in doctor.written_folders()}
    assert named - known == {
        "compiled-checked-"
    }  # which has a line of its own, as it is looked at file by file


def test_doctor_looks_while_other_servers_write_and_remove(own_cache: Path) -> None:
    """What comes and goes is no damage, and ends no report."""
    import threading

    over = threading.Event()
    own_cache.mkdir()
    np_file = own_cache.parent / "all.npy"
    np.save(np_file, VECTORS)
    spec = index_folder("a table")

    def another() -> None:
        while not over.is_set():
            make_index(str(np_file), str(spec))
            folders.remove_folder(spec)
            folder = own_cache / "distilled" / f"{threading.get_ident()}{UNREADY}" / "model"
            folder.mkdir(parents=True)
            (folder / "x.txt").touch()
            shutil.rmtree(folder.parent)

    others = [threading.Thread(target=another) for _ in range(2)]
    for other in others:
        other.start()
    try:
        for _ in range(60):
            told = shown_by_doctor()
            assert "DAMAGED" not in told["indexes of searches"] and "DAMAGED" not in told["models made here"]
            folders.make_room(own_cache, 2**30, spared=np_file)
    finally:
        over.set()
        for other in others:
            other.join()
