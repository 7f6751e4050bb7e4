"""Present: the ready talk or the visitor's own, played from the keyboard."""

from pages._ui.shell import page
from pages._ui.talk import talk_editor, talk_files, talk_stage

with page("Present", claim="A talk in moving pictures, led by an arrow key: the ready one, or your own."):
    chosen = talk_stage.which()
    talk_files.offer_draft()
    if chosen == talk_stage.OWN:
        talk_editor.editor()
    else:
        talk_stage.ready()
        talk_stage.below()
