"""Images: upload them, and see them find each other."""

from pages._ui import dropped
from pages._ui.images.live import map_of_pictures
from pages._ui.shell import live, page
from pages._ui.stage import load_stage

with page(
    "Images",
    claim="Pictures of alike things sit together. Drop in your own, and watch them find their place.",
):
    load_stage()
    dropped.box()
    live(map_of_pictures)
