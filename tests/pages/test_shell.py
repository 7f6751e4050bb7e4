"""The frame around every page: what it says, and that it says it whatever was said before."""

import errno
import logging
import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.reading import said


def test_two_equal_messages_are_both_shown() -> None:
    def script() -> None:
        from pages._ui import shell

        shell.message("One line was left out.", kind="note")
        shell.message("One line was left out.", kind="note")

    at = AppTest.from_function(script, default_timeout=60).run()
    for _ in range(2):
        assert not at.exception and said(at).count("One line was left out.") == 2
        at.run()


def test_what_nobody_expected_is_one_sentence_with_a_code(caplog: pytest.LogCaptureFixture) -> None:
    """The same code stands in the log, and neither there nor on the screen a trace, a path or what was typed."""

    def script() -> None:
        from pages._ui import shell

        with shell.errors_told():
            raise RuntimeError("secret at /home/somebody/file.py")

    with caplog.at_level(logging.ERROR, logger="embeddings_visualizer"):
        at = AppTest.from_function(script, default_timeout=60).run()
    told = re.search(r"Something went wrong on our side \(code ([0-9a-f]{6})\)", said(at))
    assert told is not None and not at.exception
    assert told[1] in caplog.text and "secret" not in said(at) and "RuntimeError" not in said(at)
    assert "RuntimeError at " in caplog.text and not any(
        word in caplog.text for word in ("secret", "/home", "Traceback")
    )


def test_what_has_no_place_of_its_own_in_the_page_draws_the_page_anew() -> None:
    """Streamlit keeps a place for what a part of the page drew there with the page, and for nothing else."""

    def script() -> None:
        import streamlit as st
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        from pages._ui import shell

        pages = st.session_state["pages"] = st.session_state.get("pages", 0) + 1
        place = st.container()

        def draw() -> None:
            context = get_script_run_ctx()
            assert context is not None
            if pages == 1:
                context.fragment_ids_this_run = ["live"]  # as where a widget in it was changed
            place.text(f"A menu of page {pages}.")

        shell.live(draw)

    at = AppTest.from_function(script, default_timeout=60).run()
    assert said(at) == "A menu of page 2." and not at.exception


@pytest.mark.parametrize(
    ("number", "sentence"), [(errno.ENOSPC, "is full"), (errno.EROFS, "may not write"), (errno.EACCES, "may not write")]
)  # fmt: skip
def test_a_full_or_read_only_disk_has_its_sentence(number: int, sentence: str) -> None:
    def script(number: int) -> None:
        from pages._ui import shell

        with shell.errors_told():
            raise OSError(number, "x", "/home/somebody")

    at = AppTest.from_function(script, default_timeout=60, args=(number,)).run()
    assert sentence in said(at) and "/home" not in said(at)
