"""Run inside the installed environment: take away what the app offers, and say where everything came from."""

from pathlib import Path

import embeddings_core
from embeddings_core import folders
from embeddings_core.export.html import film_html
from embeddings_core.scenes.maps import home_scene
from embeddings_core.talks.html import talk_html
from embeddings_core.talks.ready_talk import TITLE, ready_talk

Path("film.html").write_text(film_html(home_scene()), "utf-8")
Path("talk.html").write_text(talk_html(TITLE, ready_talk()), "utf-8")
print(embeddings_core.__file__, folders.ROOT, sep="\n")
