"""The film as one HTML file that plays offline, with the same code as the app."""

import base64
import hashlib
import html
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from embeddings_core.errors import requires
from embeddings_core.scenes.labels import label
from embeddings_core.scenes.large import LargeScene
from embeddings_core.scenes.payload import payload_json, scene_payload, stage_script, stage_style
from embeddings_core.scenes.scene import Scene
from embeddings_core.scenes.theme import DARK, LIGHT, Theme
from embeddings_core.scenes.theme import theme as named_theme

START = """
const data = JSON.parse(document.getElementById("scene").textContent);
embeddingStage.mount(document.getElementById("stage"), data);
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
<div id="{place}"></div>
<script type="application/json" id="{name}">{data}</script>
{scripts}
</body>
</html>
"""


@cache
def plotly_source() -> str:
    """Return the Plotly program that is installed beside us."""
    requires("plotly")
    import plotly

    return (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text("utf-8")


def fingerprint(script: str) -> str:
    """Return the word that lets exactly this script run under a content security policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def film_html(scene: Scene | LargeScene, *, theme: Literal["light", "dark", "system"] = "system") -> str:
    """Return the scene as one HTML page of about 5 MB that needs no network and asks for none.

    By default it is light or dark as the reader's system is. Item names stay text: the stage writes them as text only.
    """
    return offline_page(
        "stage",
        title=label(scene.title or scene.alt or "Embedding film"),
        style=f"#stage{{height:100vh}}\n{stage_style()}\n.stage{{height:100vh;border:0;border-radius:0;padding:16px 24px}}",
        name="scene",
        data=payload_json(scene_payload(scene)),
        scripts=(plotly_source(), enclosed(stage_script()), START),
        theme=theme,
    )


def offline_page(
    place: str, *, title: str, style: str, name: str, data: str, scripts: Sequence[str],
    theme: Literal["light", "dark", "system"] = "system", font: bytes = b"", evaluates: bool = True,
) -> str:  # fmt: skip
    """Return an HTML page with an empty element `place`, JSON under the id `name`, and scripts that fill the one from the other.

    Its content security policy refuses every request, and every script but these. `data` must be such that it cannot end
    its element (`payload_json`). `font` is a WOFF2 file that the page is set in; without one the reader's system decides.
    Plotly's WebGL charts build their drawing functions at run time (`evaluates`); a page without them may not.
    """
    scripts = [inline(script) for script in scripts]
    allowed = " ".join(fingerprint(script) for script in scripts)
    built = "'unsafe-eval' " if evaluates else ""
    policy = (
        f"default-src 'none'; script-src {built}{allowed}; style-src 'unsafe-inline'; img-src data: blob:"
    )
    if font:
        policy += "; font-src data:"
        style = f"{typeface(font)}\n{style}"
    return PAGE.format(
        policy=html.escape(policy),
        title=html.escape(title),
        look=looks(theme),
        style=style,
        place=place,
        name=name,
        data=data,
        scripts="\n".join(f"<script>{script}</script>" for script in scripts),
    )


def typeface(font: bytes) -> str:
    """Return the style that sets a page in this typeface (WOFF2), as the stage reads it."""
    source = f"data:font/woff2;base64,{base64.b64encode(font).decode()}"
    return (
        f'@font-face {{ font-family: "Page"; font-weight: 200 900; src: url("{source}") format("woff2"); }}\n'
        ':root { --st-font: "Page", system-ui, sans-serif; }'
    )


def enclosed(script: str) -> str:
    """Keep a script's names to itself."""
    return f"(() => {{\n{script}\n}})();"


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
