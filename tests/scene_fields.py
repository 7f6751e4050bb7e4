"""Scenes for tests, from fields that lie side by side as in a talk file."""

from dataclasses import replace
from typing import Any

from embeddings_core.scenes.scene import Motion, Pictures, Points, Scene
from embeddings_core.scenes.scene_json import nested, parts

KINDS = {"points": Points, "motion": Motion, "pictures": Pictures}


def scene_of(**given: Any) -> Scene:
    """Make a scene; each field goes into its part."""
    values = nested(given)
    return Scene(**{name: KINDS[name](**value) if name in KINDS else value for name, value in values.items()})


def changed(scene: Scene, **given: Any) -> Scene:
    """Change fields of a scene, each in its part."""
    values = nested(given)
    for name in parts():
        own = values.pop(name)
        if own:
            values[name] = replace(getattr(scene, name), **own)
    return replace(scene, **values)
