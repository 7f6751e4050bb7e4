"""Colours and type of every picture, in light and dark."""

from dataclasses import dataclass

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#7F7F7F")
"""Categories that colour-blind eyes tell apart (Okabe & Ito 2008); black is replaced by grey for dark ground."""

SEQUENTIAL = ("#440154", "#3B528B", "#21908C", "#5DC863", "#FDE725")
"""Low to high, even in lightness (viridis, van der Walt & Smith 2015)."""

DIVERGING = ("#8C510A", "#D8B365", "#F5F5F5", "#5AB4AC", "#01665E")
"""Minus to plus through a neutral middle (ColorBrewer BrBG)."""


@dataclass(frozen=True)
class Theme:
    """Ground, ink and accent of one mode."""

    ground: str
    ink: str
    faint: str
    accent: str


LIGHT = Theme(ground="#FBFBF8", ink="#1B1F2A", faint="#C9CAC4", accent="#4353C9")
DARK = Theme(ground="#0F1218", ink="#E9ECF3", faint="#3A4252", accent="#96A5FF")


def theme(name: str) -> Theme:
    """Return the theme called "dark", or the light one."""
    return DARK if name == "dark" else LIGHT


STAGE_COLOURS = {
    "light": (
        "#0072B2", "#D98C00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#3D3D3D", "#D6C71D",
        "#9200FF", "#613100", "#31003D", "#926DFF", "#3D00AA", "#000C00", "#86B661", "#920079",
    ),
    "dark": (
        "#3B9BD9", "#E69F00", "#14B98B", "#E8762C", "#D98DB5", "#7CC7F2", "#D0D3D8", "#F0E442",
        "#7900F3", "#793118", "#24496D", "#7900AA", "#615555", "#B6FF92", "#B655FF", "#DB0CAA",
    ),
}  # fmt: skip
"""The stage's categories, which assets/stage/values.js hands to it: the darkest and lightest trade places with the theme.

Eight after Okabe and Ito, and eight that keep at least 20 in CIELAB from these, from each other and from the ground, seen by
normal, protan, deutan and tritan eyes (Machado, Oliveira and Fernandes 2009).
"""

STAGE_BACKGROUND = {"light": "#969CA6", "dark": "#787E8A"}
"""Items that stand back."""

STAGE_SCALE = (
    "#440154", "#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962", "#ADDC30", "#FDE725"
)  # fmt: skip
"""The stage's sequential scale (viridis); its dark end is left out on dark ground."""

STAGE_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "triangle-down", "star")


def rgb(colour: str) -> tuple[float, float, float]:
    """Return "#rrggbb" as three shares from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue
