"""Home: what an embedding is, in one picture that answers to any word, and the way to every page."""

from pages._ui import home, own_tables, panels
from pages._ui.present import stage as talk_stage
from pages._ui.shell import live, page
from pages._ui.stage import load_stage

with page(
    "What is an embedding?",
    claim="A list of numbers that stands for a meaning. Words that are used alike get similar numbers, so on a map they gather.",
    tab="Embeddings, seen",
):
    own_tables.lead_from_the_command_line()
    load_stage()
    live(home.map_with_a_box, talk_stage.invitation)
    panels.ways()
