"""Sentences: type them, search them, and see what a sentence is beyond its words."""

from pages._ui import own_tables
from pages._ui.sentences.live import map_of_sentences
from pages._ui.shell import live, page
from pages._ui.stage import load_stage

with page(
    "Sentences",
    claim="A sentence is more than the sum of its words. Search by meaning, and see what order and company change.",
):
    load_stage()
    own_tables.lead_dropped()
    live(map_of_sentences)
