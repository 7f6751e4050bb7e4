"""The frame around every page: what it says, and that it says it whatever was said before."""

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
