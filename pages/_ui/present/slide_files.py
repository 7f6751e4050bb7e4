"""One slide of a talk as a file: which one, which of its pictures, and the panel that makes it."""

import streamlit as st

from embeddings_core.scenes.scene import Scene
from embeddings_core.talks.slides import Slide
from pages._ui import take_away

SLIDE = "slide-file"


def offer(slides: tuple[Slide, ...]) -> None:
    """Show the panel for one slide, chosen by its sentence."""
    st.subheader("A slide as a file", anchor=False)
    numbers = list(range(len(slides)))
    chosen = st.selectbox(
        "Slide", numbers, format_func=lambda at: f"{at + 1}. {slides[at].sentence}", key=SLIDE
    )  # fmt: skip
    picture(slides[int(chosen)], key=f"slide-{chosen}")


def picture(slide: Slide, *, key: str) -> None:
    """Show the panel for a slide; where it has several pictures, one of them is chosen."""
    at = 0
    if len(slide.scenes) > 1:
        parts = list(range(len(slide.scenes)))
        at = int(
            st.selectbox(
                "Which of its pictures", parts, format_func=lambda part: described(slide.scenes[part]), key=f"{key}-picture"
            )
        )  # fmt: skip
    take_away.panel(slide.scenes[at], key=f"{key}-{at}-take", headline=slide.sentence)


def described(scene: Scene) -> str:
    """Say which picture of a slide this is: its last state, and whether it moves."""
    words = scene.caption or scene.title or scene.motion.frame_names[-1]
    return f"{words} ({'film' if len(scene.motion.frames) > 1 else 'still'})"
