"""Learning: word vectors trained for real, watched from noise to structure."""

from pages._ui import own_tables
from pages._ui.learning.live import training_and_map
from pages._ui.shell import live, page
from pages._ui.stage import load_stage

with page("Learning", claim="Nobody tells the model what words mean: it guesses neighbours, and learns."):
    load_stage()
    own_tables.lead_dropped()
    live(training_and_map)
