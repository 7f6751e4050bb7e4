"""The film as one HTML file that plays offline, with the same code as the app."""

import base64
import hashlib
import html
import json
from functools import cache
from pathlib import Path
from typing import Literal

from embeddings_core.figures.payload import label, payload_json, scene_payload, stage_script, stage_style
from embeddings_core.figures.scene import Scene
from embeddings_core.figures.theme import DARK, LIGHT, Theme
from embeddings_core.figures.theme import theme as named_theme

START = """
const data = JSON.parse(document.getElementById("scene").textContent);
embeddingStage.mount(document.getElementById("stage"), { ...data, height: 100000 });
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
#stage{{height:100vh}}
{style}
.stage{{height:100vh;border:0;border-radius:0;padding:16px 24px}}</style>
</head>
<body>
<div id="stage"></div>
<script type="application/json" id="scene">{scene}</script>
<script>{plotly}</script>
<script>{stage}</script>
<script>{start}</script>
</body>
</html>
"""


@cache
def plotly_source() -> str:
    """Return the Plotly program that is installed beside us."""
    import plotly

    return (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text("utf-8")


def fingerprint(script: str) -> str:
    """Return the word that lets exactly this script run under a content security policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def film_html(scene: Scene, *, theme: Literal["light", "dark", "system"] = "system") -> str:
    """Return the scene as one HTML page of about 5 MB that needs no network and asks for none.

    By default it is light or dark as the reader's system is.

    Its content security policy refuses every request and every script but the three it was made with.
    Item names stay text: the JSON cannot end its element, and the stage writes names as text only.
    """
    plotly, stage = inline(plotly_source()), inline(f"(() => {{\n{stage_script()}\n}})();")
    scripts = " ".join(fingerprint(script) for script in (plotly, stage, START))
    policy = (
        # Plotly's WebGL charts build their drawing functions at run time
        f"default-src 'none'; script-src 'unsafe-eval' {scripts}; "
        "style-src 'unsafe-inline'; img-src data: blob:"
    )
    return PAGE.format(
        policy=html.escape(policy),
        title=html.escape(label(scene.title or scene.alt or "Embedding film")),
        look=looks(theme),
        style=stage_style(),
        scene=payload_json(scene_payload(scene)),
        plotly=plotly,
        stage=stage,
        start=START,
    )


def look(theme: Theme) -> str:
    """Return the colours of a theme as the stage reads them."""
    return (
        f"--st-background-color:{theme.ground};--st-text-color:{theme.ink};--st-primary-color:{theme.accent}"
    )


def looks(theme: Literal["light", "dark", "system"] = "system") -> str:
    """Return the style that gives a page these colours, or those of the reader's system."""
    if theme != "system":
        return f":root{{{look(named_theme(theme))}}}"
    return f":root{{{look(LIGHT)}}}\n@media (prefers-color-scheme: dark){{:root{{{look(DARK)}}}}}"


def inline(script: str) -> str:
    """Make a script safe to stand inside a script element, without changing what it does."""
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def scene_json(scene: Scene) -> str:
    """Return the scene as JSON text; arrays are base64 of little-endian numbers."""
    return json.dumps(json.loads(payload_json(scene_payload(scene))), ensure_ascii=False)
