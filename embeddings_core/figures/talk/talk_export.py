"""A whole talk as one HTML file that plays offline, with the same stage, the same player and the same keys."""

import html

from embeddings_core.figures.export import fingerprint, inline, looks, plotly_source
from embeddings_core.figures.payload import ASSETS, stage_script, stage_style
from embeddings_core.figures.talk.slides import Slide, talk_json

START = """
const data = JSON.parse(document.getElementById("slides").textContent);
embeddingTalk.mount(document.getElementById("talk"), data, { live: false });
"""
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>html,body{{margin:0;height:100%}}{look}
body{{background:var(--st-background-color)}}
{style}</style>
</head>
<body>
<div id="talk"></div>
<script type="application/json" id="slides">{slides}</script>
<script>{plotly}</script>
<script>{stage}</script>
<script>{player}</script>
<script>{start}</script>
</body>
</html>
"""


def talk_script() -> str:
    """Return the player's JavaScript; the stage's own has to be there too."""
    return "\n".join((ASSETS / f"{part}.js").read_text("utf-8") for part in ("talk_guess", "talk"))


def talk_style() -> str:
    """Return the player's style sheet."""
    return (ASSETS / "talk.css").read_text("utf-8")


def talk_html(title: str, slides: tuple[Slide, ...]) -> str:
    """Return a talk as one HTML page of about 6 MB that needs no network and asks for none.

    Its content security policy refuses every request and every script but its own four. Sentences, notes and names
    stay text: the JSON cannot end its element, and the player writes them as text only.
    """
    stage = inline(f"(() => {{\n{stage_script()}\n}})();")
    plotly, player = inline(plotly_source()), inline(talk_script())
    scripts = " ".join(fingerprint(script) for script in (plotly, stage, player, START))
    policy = (
        # Plotly's WebGL charts build their drawing functions at run time
        f"default-src 'none'; script-src 'unsafe-eval' {scripts}; style-src 'unsafe-inline'; img-src data: blob:"
    )
    return PAGE.format(
        policy=html.escape(policy),
        title=html.escape(title),
        look=looks(),
        style=f"{stage_style()}\n{talk_style()}",
        slides=talk_json(title, slides, live=False),
        plotly=plotly,
        stage=stage,
        player=player,
        start=START,
    )
