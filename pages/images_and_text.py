"""Images and text: pictures and captions in one space, each found by the other."""

from pages._ui import dropped
from pages._ui.images_and_text.live import map_of_both
from pages._ui.shell import live, page
from pages._ui.stage import load_stage

with page("Images and text", claim="Pictures and words can live in one space: each finds the other."):
    load_stage()
    dropped.box()
    live(map_of_both)
