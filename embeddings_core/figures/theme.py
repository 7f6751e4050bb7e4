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
