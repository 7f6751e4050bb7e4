"""Present: the ready talk, played from the keyboard."""

from pages._ui import talk_stage
from pages._ui.shell import page

with page("Present", claim="What is an embedding? A talk in ten moving pictures: press an arrow key."):
    talk_stage.ready()
    talk_stage.below()
