"""Your data: drop a table, see its map, question it."""

from pages._ui import dropped
from pages._ui.data.live import map_of_table
from pages._ui.shell import live, page
from pages._ui.stage import load_stage

with page(
    "Your data",
    claim="Rows that mean similar things sit together. Drop a table, and ask it.",
):
    load_stage()
    dropped.box()
    live(map_of_table)
