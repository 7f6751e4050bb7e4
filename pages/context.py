"""Context: one word in many sentences, and where its meanings part."""

from pages._ui import own_tables
from pages._ui.context.live import words_in_context
from pages._ui.shell import live, page
from pages._ui.stage import load_stage

with page(
    "Context",
    claim="One word, many meanings: the sentence decides. Follow the word through the layers and see its meanings part.",
):
    load_stage()
    own_tables.lead_dropped()
    live(words_in_context)
