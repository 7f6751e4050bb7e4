"""What can be looked at on the map of pictures: each lens draws its panel and returns the scene for the stage."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from embeddings_core.analysis import claims
from embeddings_core.analysis.neighbours import nearest
from embeddings_core.maps.morph import morph
from embeddings_core.maps.out_of_sample import place
from embeddings_core.maps.request import MapRequest
from embeddings_core.models.registry import find_model
from embeddings_core.pictures.depth import film_trust, through_stages
from embeddings_core.pictures.model_facts import has_stages
from embeddings_core.pictures.picture_space import Pictures
from embeddings_core.pictures.probe import Change, travel_of
from embeddings_core.scenes import images
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import similarity
from pages._ui import cache, controls, model_menu, panels, question_lenses, waiting
from pages._ui.group_lenses import cut_all_the_same
from pages._ui.images import panels as image_panels
from pages._ui.images import work as picture_work
from pages._ui.own_pictures import USUAL_MODEL
from pages._ui.panels import describe_density
from pages._ui.point_notes import judged

CHANGES: dict[str, Change] = {
    "rotate": "rotate",
    "blur": "blur",
    "crop": "crop",
    "grey": "grey",
    "cover": "cover",
}


@dataclass(frozen=True)
class Lens:
    """One way to look at the map: what draws its panel, and whether it shows the map itself."""

    look: Callable[[MapRequest, Pictures], Scene]
    on_map: bool = True


def neighbours(request: MapRequest, pictures: Pictures) -> Scene:
    """Rank the nearest of one picture as a gallery."""
    shown, files = cache.view(request), pictures.files
    with st.container(key="asked", horizontal=True, vertical_alignment="bottom", gap="small", wrap=False):
        row = image_panels.picture("Nearest to", files)
        with st.popover("Options"):
            metric = controls.choice("Similarity measure", controls.METRICS, key="metric")
            k = controls.how_many("How many", 20, value=7, key="near-pictures")
    if row is None or len(files) < 2:
        panels.sentence("One picture has no neighbours yet: add another above.", key="alone")
        return images.picture_scene(shown, files)
    found = nearest(shown.embeddings, row, k=k, metric=metric)
    pairs = cache.reference(pictures.space, metric)
    if shown.projection.shows_nearness:
        told = claims.near_on_map(files[row].name, pictures.names, found.rows, shown.projection.final, row)
        panels.sentence(told, key="claim")
    image_panels.gallery(found, files, pairs=pairs, film=f"{shown.id}|{row}|{metric}|{k}")
    image_panels.about(files[row])
    scene = images.picture_neighbour_scene(shown, files, found, row)
    named = replace(found, query=files[row].name)
    return judged(scene, named, pictures.keys, pictures.space, query=pictures.keys[row])


def clusters(request: MapRequest, pictures: Pictures) -> Scene:
    """Group the pictures, with the real steps of the algorithm as a film."""
    shown, files, space = cache.view(request), pictures.files, pictures.space
    if not waiting.engine_ready("The groups"):
        return images.picture_scene(shown, files)
    if controls.menu("Groups by", {"k-means": False, "density": True}, key="picture-groups-by"):
        found, typical = cache.once(picture_work.dense, request, pictures.owner)
        panels.sentence(describe_density(found, noun="picture"), key="density")
        panels.sentence(
            claims.groups_apart(shown.embeddings.vectors, found.labels, noun="picture"), key="claim"
        )
        image_panels.groups(files, found.names, found.labels, typical)
        return images.picture_density_scene(shown, files, found)
    scores = cache.silhouettes(pictures.keys, space)
    best = max(scores, key=scores.__getitem__) if scores else min(len(files), 1)
    k = controls.how_many("Number of groups (k)", min(12, len(files)), value=best, key="picture-groups-k")
    found, typical = cache.once(picture_work.grouped, pictures.keys, k, request.options.seed, space)
    panels.sentence(claims.groups_apart(shown.embeddings.vectors, found.labels, noun="picture"), key="claim")
    if k in scores:
        fits = (
            "no other number separates them better"
            if k == best
            else f"{best} groups would separate better ({scores[best]:.2f})"
        )
        panels.sentence(
            f"With {k} groups: {panels.silhouette_words(scores[k], noun='picture')}; {fits}.",
            key="silhouette",
        )
        cut_all_the_same(request, noun="picture")
    st.caption("Each group with the picture nearest its centre; press play to see how they form")
    image_panels.groups(files, found.names, found.labels, typical)
    return images.picture_cluster_scene(shown, files, found)


def two_models(request: MapRequest, pictures: Pictures) -> Scene:
    """Let the same pictures be seen by a second model, and name those whose company changes."""
    keys, files, space = pictures.keys, pictures.files, pictures.space
    other = model_menu.model(
        "image", "image-text", key="eye", default=_other_model(space.model), without=space.model, label="The first model",
        task="looks in its place", priced=True,
    )  # fmt: skip
    if len(files) < 3:
        panels.sentence("Two models need at least 3 pictures to be compared.", key="few-models")
        return images.picture_scene(cache.view(request), files)
    first, titles = replace(space, model=other.id), (other.title, find_model(space.model).title)
    row = image_panels.picture("Look at", files)
    comparison = cache.once(picture_work.compared, keys, first, space)
    options = request.options.end
    film = morph(cache.fit(keys, options, first), cache.fit(keys, options, space), names=titles)
    image_panels.movers(comparison, files, titles)
    id = f"two models {other.id} {space.model} {cache.view(request).id} {'|'.join(keys)}"
    scene = images.two_models_scene(film, files, comparison, id=id, titles=titles, row=row)
    return replace(scene, map_id=cache.view(request).id)  # the film ends on it


def _other_model(model: str) -> str:
    return USUAL_MODEL if model in ("pixels", "colours") else "pixels"


def probe(request: MapRequest, pictures: Pictures) -> Scene:
    """Change one picture step by step and let its point travel."""
    shown, files, space = cache.view(request), pictures.files, pictures.space
    row = image_panels.picture(
        "Change this picture", files, usual="cat"
    )  # in colour, and the network names it
    kind = controls.menu("How", CHANGES, key="change")
    if row is None:
        return images.picture_scene(shown, files)
    journey = cache.once(travel_of, pictures.keys[row], kind, space)
    others = similarity(journey.vectors, shown.embeddings.vectors)
    others[:, row] = -np.inf
    near = others.argmax(axis=1).tolist() if len(files) > 1 else []
    if near:
        called = [files[other].name for other in near]
        told = claims.stays_itself(
            files[row].name, journey.names, journey.similarity, others.max(axis=1), called
        )
        panels.sentence(told, key="claim")
    image_panels.steps(journey, [files[other] for other in near])
    moving = EmbeddingSet(journey.names, journey.vectors)
    places = np.array(place(shown.projection, shown.embeddings, moving))
    places[0] = shown.projection.final[row]  # the unchanged picture stands where it stands
    return images.probe_scene(
        shown,
        files,
        row,
        states=places,
        names=journey.names,
        similarity=journey.similarity.tolist(),
        nearest=near,
        thumbnails=journey.thumbnails,
    )


def depth(request: MapRequest, pictures: Pictures) -> Scene:
    """Take the same pictures through the stages of a network."""
    files, space = pictures.files, pictures.space
    if not has_stages(space.model):
        panels.sentence(
            f"{find_model(space.model).title} has no stages; this is {find_model(USUAL_MODEL).title}.",
            key="stages",
        )
        space = replace(space, model=USUAL_MODEL)
    row = image_panels.picture("Nearest, stage by stage, to", files)
    if row is None or len(files) < 3:
        panels.sentence("The film through the stages needs at least 3 pictures.", key="few")
        return images.picture_scene(cache.view(request), files)
    found = cache.once(through_stages, pictures.keys, space)
    scores = [similarity(vectors[row : row + 1], vectors)[0] for vectors in found.stages.vectors]
    near = [int(np.argmax(np.where(np.arange(len(files)) == row, -np.inf, score))) for score in scores]
    panels.sentence(found.sentence, key="depth")
    near_files = [files[other] for other in near]
    near_scores = [float(score[other]) for score, other in zip(scores, near, strict=True)]
    image_panels.nearest_by_stage(found.stages.names, near_files, near_scores)
    series = (("shared with colour alone", found.colours),)  # two would not fit beside the caption
    options = request.options.end
    film = cache.once(picture_work.stage_maps, pictures.keys, space, options)
    trust = film_trust(found.stages, film)
    panels.sentence(
        f"Trust {trust[-1]:.2f} at the end, {min(trust):.2f} to {max(trust):.2f} over the film: so much of what is near after "
        "a stage is near on its map.",
        key="stage-trust",
    )
    return images.depth_scene(
        film, files, id=f"depth {space.model} {cache.view(request).id} {options!r}", row=row, model=space.model,
        trust=trust, series=series,
    )  # fmt: skip


def numbers(request: MapRequest, pictures: Pictures) -> Scene:
    """Show what a picture has become: its first numbers, all of them as a row of colours, and what the model looked at."""
    shown, files, space = cache.view(request), pictures.files, pictures.space
    row = image_panels.picture("The numbers of", files)
    if row is None:
        return images.picture_scene(shown, files)
    order_of = np.argsort(
        -similarity(shown.embeddings.vectors[row : row + 1], shown.embeddings.vectors)[0], kind="stable"
    )
    rest = [int(other) for other in order_of if other != row]
    rows = [row, *rest[:1], *rest[-1:][: len(rest) - 1]]
    if len(rest) > 1:
        cosines = similarity(shown.embeddings.vectors[row : row + 1], shown.embeddings.vectors[rows[1:]])[0]
        own, near, far = (files[other].name for other in rows)
        panels.sentence(claims.near_and_far(own, near, far, cosines), key="claim")
    image_panels.vector_rows(shown.embeddings, files, rows)
    image_panels.what_it_looks_at(files[row], space, shown.embeddings.dimensions)
    return images.picture_neighbour_scene(shown, files, nearest(shown.embeddings, row, k=1), row)


LENSES: dict[str, Lens] = {
    "Neighbours": Lens(neighbours),
    "Clusters": Lens(clusters),
    "Two models": Lens(two_models),
    "Probe": Lens(probe),
    "Depth": Lens(depth, on_map=False),
    "Numbers": Lens(numbers),
    "Guess first": Lens(question_lenses.pictures),
}
