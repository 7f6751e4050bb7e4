"""Present: the ready talk or the visitor's own, played from the keyboard."""

from pages._ui.present import editor as talk_editor
from pages._ui.present import files as talk_files
from pages._ui.present import stage as talk_stage
from pages._ui.shell import page

with page("Present", claim="A talk in moving pictures, led by an arrow key: the ready one, or your own."):
    talk_files.take_dropped()
    chosen = talk_stage.which()
    talk_files.offer_draft()
    if chosen == talk_stage.OWN:
        talk_editor.editor()
    else:
        talk_stage.ready()
        talk_stage.below()
