"""A scene says which map it draws: what is said of the map is said of the picture only then."""

import numpy as np

from embeddings_core.analysis.clustering import kmeans
from embeddings_core.maps.map_view import MapView, view_map
from embeddings_core.maps.projection import project
from embeddings_core.scenes.maps import cluster_scene, map_scene
from embeddings_core.scenes.one_hot import one_hot_scene
from embeddings_core.scenes.scene import Motion, Points, Scene
from embeddings_core.spaces.embedding_set import EmbeddingSet


def test_scenes_of_a_map_name_it_and_others_name_none() -> None:
    words = EmbeddingSet(("a", "b", "c", "d"), np.eye(4))
    view: MapView = view_map(words, fitted=words, projection=project(words, method="pca"))
    drawn = (map_scene(view), cluster_scene(view, kmeans(words, k=2)), one_hot_scene(view))
    assert {scene.map_id for scene in drawn} == {view.id} and len({scene.id for scene in drawn}) == 3
    other = Scene(
        id=f"beside {view.id}", points=Points(("a",)), motion=Motion(np.zeros((1, 1, 2)), ("",), kind="still")
    )
    assert other.map_id == ""  # what its id is made of decides nothing
