"""One-hot to dense: from vectors that know nothing to vectors that know who is alike."""

from pages._ui import own_tables
from pages._ui.one_hot.live import words_and_vectors
from pages._ui.shell import live, page
from pages._ui.stage import load_stage

with page(
    "One-hot to dense",
    claim="One-hot vectors know no similarity: every word is equally far from every other.",
):
    load_stage()
    own_tables.lead_dropped()
    live(words_and_vectors)
