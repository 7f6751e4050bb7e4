"""A whole talk as one HTML file that plays offline, with the same stage, the same player and the same keys."""

from embeddings_core.export.html import enclosed, offline_page, plotly_source
from embeddings_core.folders import STAGE
from embeddings_core.scenes.payload import stage_script, stage_style
from embeddings_core.talks.slides import Slide, talk_json

START = """
const data = JSON.parse(document.getElementById("slides").textContent);
const begin = () => embeddingTalk.mount(document.getElementById("talk"), data, { live: false });
document.fonts.load("16px Page").then(begin, begin); // letters on the stage are drawn once
"""
PARTS = ("talk_scenes", "talk_questions", "talk_notes", "talk_stills", "talk_live", "talk_film", "talk")


def talk_script() -> str:
    """Return the player's JavaScript; the stage's own has to be there too."""
    return "\n".join((STAGE / f"{part}.js").read_text("utf-8") for part in PARTS)


def talk_style() -> str:
    """Return the player's style sheet."""
    return (STAGE / "talk.css").read_text("utf-8")


def talk_html(title: str, slides: tuple[Slide, ...], *, font: bytes = b"") -> str:
    """Return a talk as one HTML page of about 6 MB that needs no network and asks for none.

    Sentences, notes and names stay text: the player writes them as text only. `font` is the typeface (WOFF2).
    """
    return offline_page(
        "talk",
        title=title,
        style=f"{stage_style()}\n{talk_style()}",
        name="slides",
        data=talk_json(title, slides, live=False),
        scripts=(plotly_source(), enclosed(stage_script()), enclosed(talk_script()), START),
        font=font,
    )
