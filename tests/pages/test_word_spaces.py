"""The words page in other word spaces: own files, trainings, downloads; one vector a word, and several models compared."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core.models import registry
from embeddings_core.models.recent import forget
from embeddings_core.spaces.files.uploads import read_vector_uploads
from tests.pages.reading import bars, boxes, fine, go_to, opened, ranked, said, sent
from tests.shipped import datapath

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

EUCLIDEAN = Path(datapath("euclidean_vectors.bin"))
WORDS = "king, queen, man, woman, bank, river, blorft"
FTZ = Path(__file__).parents[1] / "data" / "quantised.ftz"


def open_words(root: Path, **query: str) -> AppTest:
    return go_to(root, "words", **({"method": "PCA", "words": WORDS} | query))


def drop(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    if not boxes(at):
        opened(at, "Open a vector file")
    boxes(at)[0].set_value([(name, content, "application/octet-stream") for name, content in files]).run()
    return at


@pytest.fixture(scope="module")
def truth() -> "KeyedVectors":
    from gensim.models import KeyedVectors

    return KeyedVectors.load_word2vec_format(str(EUCLIDEAN), binary=True)


def test_an_address_that_needs_a_file_of_vectors_says_so(root: Path) -> None:
    at = open_words(root, vectors="mine.bin")
    assert 'made with the vectors of "mine.bin"' in said(at) and fine(at)
    at.run()
    assert 'made with the vectors of "mine.bin"' in said(at)
    at = opened(open_words(root), "Share")
    assert "made with the vectors" not in said(at) and "in this visit only" not in said(at)


def test_a_dropped_file_is_looked_into_at_once(root: Path, truth: "KeyedVectors") -> None:
    at = drop(
        open_words(root, among="the whole vocabulary", word="bank"), ("mine.bin", EUCLIDEAN.read_bytes())
    )
    assert fine(at) and at.selectbox(key="vectors").value == "mine.bin"
    assert f"{len(truth):,} words × {truth.vector_size} numbers" in said(at)
    assert "one vector a word" in said(at) and "no vector for them:" in said(at) and "blorft" in said(at)
    opened(at, "Share")
    assert "The vectors of mine.bin are in this visit only" in said(at)
    expected = truth.most_similar("bank", topn=8)
    assert ranked(at) == [word for word, _ in expected]
    assert [row["score"] for row in bars(at)] == [f"{score:.2f}" for _, score in expected]
    assert all("nearest word" in row["note"] or row["note"].startswith("not close") for row in bars(at))
    own = bars(
        at.segmented_control(key="among").set_value("these words").run()
    )  # by this file's own distribution
    assert own and all(f"nearest of {len(truth):,} words; " in row["note"] for row in own), own
    for lens in ("Similarity", "Analogy", "Clusters", "Trust", "Guess first", "Models"):
        at.segmented_control(key="lens").set_value(lens).run()
        assert fine(at), lens
    assert "mine.bin" in at.multiselect(key="models").value and "In this" not in said(at)
    assert "From mine.bin to" in said(at)


def test_analogies_are_those_of_the_library(root: Path, truth: "KeyedVectors") -> None:
    at = drop(
        open_words(root, lens="Analogy", a="man", b="woman", c="king"), ("mine.bin", EUCLIDEAN.read_bytes())
    )
    expected = truth.most_similar(positive=["woman", "king"], negative=["man"], topn=6)
    assert ranked(at) == [word for word, _ in expected]
    at.text_input(key="c").set_value("blorft").run()
    assert fine(at) and "has no vector for blorft" in said(at)


def test_letters_give_unseen_words_a_place(root: Path) -> None:
    at = drop(open_words(root, words="police, government, unheardof, israel"), ("tiny.ftz", FTZ.read_bytes()))
    assert fine(at) and "fastText, quantised" in said(at) and "no vector for them" not in said(at)
    at.selectbox(key="word").set_value("unheardof").run()
    assert fine(at) and ranked(at)


def test_a_hostile_file_is_told_and_nothing_is_lost(root: Path) -> None:
    import pickle

    at = drop(
        open_words(root),
        ("evil.bin", pickle.dumps({"a": 1})),
        ("cut.bin", EUCLIDEAN.read_bytes()[:-60]),
        ("good.txt", b"cat 1 0\ndog 0 1\ncar 1 1\n"),
    )
    assert fine(at) and '"evil.bin"' in said(at) and "can run code" in said(at) and "cut off" in said(at)
    assert at.text_area[0].value == "cat, dog, car" and at.selectbox(key="vectors").value == "good.txt"
    at.button(key="vectors-dismiss").click().run()
    assert "evil.bin" not in said(at)
    next(button for button in at.button if button.label == "Take good.txt away").click().run()
    assert (
        at.selectbox(key="vectors").value.startswith("MiniLM")
        and "good.txt" not in at.selectbox(key="vectors").options
        and at.text_area[0].value == WORDS
    )


def test_nobody_sees_anothers_file(root: Path) -> None:
    one = drop(open_words(root), ("mine.txt", b"cat 1 0\ndog 0 1\ncar 1 1\n"))
    assert "mine.txt" in one.selectbox(key="vectors").options
    two = open_words(root, vectors="mine.txt")
    assert fine(two) and "mine.txt" not in two.selectbox(key="vectors").options


def test_trainings_and_downloads_are_on_the_menu(root: Path) -> None:
    at = open_words(root)
    options = at.selectbox(key="vectors").options
    trained = "trained: skip-gram on the little world"
    assert trained in options and "word2vec on 300 news articles" in options
    at.selectbox(key="vectors").set_value(trained).run()
    assert fine(at) and "trained here" in said(at) and "queen" in ranked(at)
    absent = "GloVe, 50 dimensions (not on this computer)"
    if absent in options:
        at.selectbox(key="vectors").set_value(absent).run()
        assert "69 MB" in said(at) and "PDDL" in said(at) and fine(at)


def test_a_training_is_asked_on_the_words_page(root: Path) -> None:
    at = AppTest.from_file(str(root / "app.py"), default_timeout=90)
    at.switch_page("pages/learning.py")
    at.run()
    at.slider(key="passes").set_value(2).run()
    next(button for button in at.button if button.label == "Train").click().run()
    for _ in range(60):
        if any(button.label == "Train again" for button in at.button):
            break
        time.sleep(0.5)
        at.run()
    title = "my training: skip-gram on the little world"
    (link,) = [each for each in at.get("page_link") if each.proto.label == "Ask this space"]
    assert quote_plus(title) in link.proto.query_string
    at.query_params.update({"method": "UMAP", "vectors": title, "words": "girl, king, queen, apple"})
    at.switch_page("pages/words.py").run()
    assert fine(at) and at.selectbox(key="vectors").value == title
    assert "after 2 epochs" in said(at) and "no vector" not in said(at) and ranked(at)
    assert at.number_input(key="epochs").value is None  # those of the training are not those of the map
    at.segmented_control(key="lens").set_value("Models").run()
    assert fine(at) and "From my training" in said(at)


def test_files_beside_the_server_are_offered_by_name_only(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large.vec").write_bytes(b"cat 1 0\ndog 0 1\ncar 1 1\n")
    (tmp_path / "notes.pdf").write_bytes(b"x")
    at = open_words(root, vectors="../../etc/passwd")
    assert "large.vec" not in at.selectbox(key="vectors").options and fine(at)
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_VECTORS", str(tmp_path))
    at = open_words(root, words="cat, dog, car", vectors="large.vec")
    assert fine(at) and "3 words × 2 numbers" in said(at) and str(tmp_path) not in said(at)
    assert not any("notes" in option for option in at.selectbox(key="vectors").options)


def test_the_same_file_under_another_name_is_there_once(root: Path) -> None:
    content = b"cat 0.1 0.2\ndog 0.2 0.1\ncar 0.9 0.1\n"
    at = drop(open_words(root, words="cat, dog, car"), ("first.txt", content))
    at = drop(at, ("second.txt", content))
    assert fine(at) and [b.label for b in at.button if "away" in str(b.key)] == ["Take second.txt away"]
    assert "second.txt: 3 words" in said(at)
    at.segmented_control(key="lens").set_value("Models").run()
    assert fine(at) and "second.txt" in at.multiselect(key="models").value
    at.button(key=next(str(b.key) for b in at.button if "away" in str(b.key))).click().run()
    assert fine(at) and "second.txt" not in at.multiselect(key="models").value


def test_files_of_one_name_have_different_titles() -> None:
    def script() -> None:
        import numpy as np
        import streamlit as st

        from embeddings_core.spaces.files.word_vectors import WordVectors
        from pages._ui import own_words

        words = WordVectors(("cat",), np.ones((1, 2)), "mine.txt")
        spaces = [own_words.shelf().keep_file(digest, words) for digest in "abc"]
        own_words.shelf().forget(spaces[1])
        own_words.shelf().keep_file("d", words)
        st.text("|".join(space.title for space in own_words.shelf()))
        st.text("|".join(space.words().model for space in own_words.shelf()))

    at = AppTest.from_function(script).run()
    assert sorted(at.text[0].value.split("|")) == ["mine (2).txt", "mine (3).txt", "mine.txt"]
    assert at.text[1].value == at.text[0].value  # what films and metadata call them


def test_projector_pairs_belong_together_and_names_alone_are_told() -> None:
    pair = [("tensors.tsv", b"1\t0\n0\t1\n"), ("metadata.tsv", b"cat\ndog\n")]
    ((digest, space),) = read_vector_uploads(pair).spaces
    assert space.items == ("cat", "dog") and len(digest) == 24
    assert "names only" in read_vector_uploads(pair[1:]).problems[0]
    other = read_vector_uploads([("../../tensors.tsv", pair[0][1]), ("metadata.tsv", b"a\nb\n")]).spaces
    assert other[0][0] != digest and other[0][1].model == "tensors.tsv"
    assert np.array_equal(other[0][1].vectors, space.vectors)


def test_a_download_says_size_and_licence_before_and_how_far_it_is(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gzip

    from pages._ui import model_menu

    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path))
    told: list[Any] = []

    def fetch(spec: Any, *, progress: Any) -> None:
        """What gensim leaves behind: a folder by its name with a packed file and a program, which nobody runs."""
        folder = tmp_path / spec.checkpoint
        folder.mkdir()
        (folder / "__init__.py").write_text("raise SystemExit")
        lines = Path(datapath("lee_fasttext.vec")).read_bytes()
        (folder / f"{spec.checkpoint}.gz").write_bytes(gzip.compress(lines))
        told.append(spec.id)
        forget()  # as a real download does
        progress(34_500_000, 134_000_000)

    monkeypatch.setattr(model_menu, "fetch", fetch)
    monkeypatch.setattr(
        registry, "loaded", dict(registry.loaded)
    )  # these few words are GloVe in this test alone
    at = open_words(
        root, words="the, to, of, government, blorft", vectors="GloVe, 100 dimensions (not on this computer)"
    )
    assert fine(at) and "134 MB, licence PDDL" in said(at) and not told
    next(button for button in at.button if button.label == "Download 134 MB").click().run()
    assert told == ["glove-100"] and fine(at)
    at.selectbox(key="vectors").set_value("GloVe, 100 dimensions").run()
    assert fine(at) and "1,762 words × 10 numbers" in said(at) and "no vector for them: blorft" in said(at)


def test_after_opening_a_file_its_first_words_are_on_the_map(root: Path) -> None:
    lines = "".join(
        f"{word} {n} 1 {n * n}\n" for n, word in enumerate(["</s>", ",", *"abcdefgh", "New_York"])
    )
    at = drop(open_words(root, words="king, queen, violin"), ("odd", lines.encode()))
    assert fine(at) and at.selectbox(key="vectors").value == "odd"
    assert at.text_area(key="words").value == "a, b, c, d, e, f, g, h, New_York"
    assert "Most of your words are not in odd; its first 9 are on the map." in said(at)
    at.text_area(key="words").set_value("new york, A, b, c").run()
    assert fine(at) and "Taken as this space writes them: new york as New_York, A as a." in said(at)


def test_another_column_of_the_metadata_gives_the_names_and_another_the_groups() -> None:
    def page() -> None:
        import streamlit as st

        from embeddings_core.spaces.files.opener import open_vectors
        from pages._ui import own_words, state

        if not list(own_words.shelf()):
            names = b"word\tkind\tland\ncat\tanimal\ta\ndog\tanimal\tb\nsea\tplace\tc\nsun\tplace\td\n"
            words = open_vectors(b"1\t2\n3\t4\nnan\t6\n7\t8\n", metadata=names, name="vectors.tsv")
            own_words.shelf().keep_file("abc", words)
            state.put(state.WORDS, "cat, dog")
        (space,) = own_words.shelf()
        own_words._columns(space)
        st.text(f"{space.title}: {space.opened().items} {space.opened().groups}")
        st.text("|".join(space.opened().notes))
        st.text(state.text(state.WORDS))

    at = AppTest.from_function(page).run()
    names, groups = at.selectbox
    assert (names.value, names.options) == ("word", ["word", "kind", "land"])
    assert (groups.value, groups.options) == ("kind", ["no groups", "word", "kind", "land"])
    names.set_value("land").run()
    assert at.text[0].value == "vectors.tsv: ('a', 'b', 'd') ('animal', 'animal', 'place')"
    assert at.text[2].value == "a, b, d" and 'The column "land" gives the names.' in at.text[1].value
    at.selectbox[1].set_value("word").run()
    assert at.text[0].value == "vectors.tsv: ('a', 'b', 'd') ('cat', 'dog', 'sun')"
    at.selectbox[1].set_value("no groups").run()
    assert at.text[0].value.endswith("None") and "gives the groups" not in at.text[1].value
    assert not at.exception


def test_the_map_of_a_file_is_coloured_by_the_groups_of_its_metadata(root: Path) -> None:
    """Groups that nobody could find in the numbers: what is one kind has nothing else in common."""
    rng = np.random.default_rng(3)
    words = [f"w{row}" for row in range(30)]
    numbers = "".join("\t".join(f"{value:.3f}" for value in rng.normal(size=6)) + "\n" for _ in words)
    names = "word\tkind\n" + "".join(
        f"{word}\t{'odd' if row % 2 else 'even'} one\n" for row, word in enumerate(words)
    )
    typed = ", ".join(words[:12])
    at = drop(
        open_words(root, words=typed, method="PCA"),
        ("x.tsv", numbers.encode()),
        ("x_metadata.tsv", names.encode()),
    )
    (scene,) = sent(at, "scene")
    assert fine(at) and "2, from the metadata of x.tsv" in str(scene)
    assert "even one" in str(scene) and "odd one" in str(scene)
