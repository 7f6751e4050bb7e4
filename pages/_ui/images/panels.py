"""What the images page says beside and below its map."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import streamlit as st

from embeddings_core.analysis.comparison import Comparison
from embeddings_core.analysis.neighbours import Neighbours
from embeddings_core.maps.request import MapRequest
from embeddings_core.maps.settings import settings
from embeddings_core.models.spec import ModelSpec
from embeddings_core.pictures.files import ImageFile
from embeddings_core.pictures.model_facts import facts_of, seen_square
from embeddings_core.pictures.picture_space import Pictures, PictureSpace
from embeddings_core.pictures.probe import Travel
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.space import Reference
from pages._ui import below, cache, controls, own_pictures, panels, shell, state
from pages._ui.panels import Bar, ranking

PICTURE = "picture"  # the picture whose neighbours are shown
FIRST = "moon surface"  # its nearest speak for themselves
Files = Sequence[ImageFile]


def choose(name: str) -> None:
    """Look at a picture by its name."""
    state.put(PICTURE, name)


def arrived(name: str, names: tuple[str, ...]) -> None:
    """Look at the first picture that just came in; where most are new, method and numbers are what suits them."""
    if name:
        choose(name)
        if 2 * len(set(names) - set(state.listed_before(PICTURE))) >= len(names):
            state.suit_method(len(state.listed_before(PICTURE)), len(names))
            state.suit_counts()
    state.listed(PICTURE, names)


def enough(pictures: Pictures) -> None:
    """Say what to do where there is no picture at all, and end the page there."""
    if not pictures.files:
        shell.message("There are no pictures yet: drop some in above, or choose a sample set.", kind="note")
        st.stop()


def picture(label: str, files: Files, *, usual: str = FIRST) -> int | None:
    """Ask for one of the pictures; return its row, None where there is none."""
    names = [file.name for file in files]
    if not names:
        return None
    first = usual if usual in names else names[0]
    return names.index(controls.one_of(label, names, key=PICTURE, usual=first))


def gallery(found: Neighbours, files: Files, *, pairs: Reference, film: str) -> None:
    """Show the nearest pictures, each with its score and what the score means."""
    scores = np.asarray(found.scores, dtype=float)
    lengths = (
        1 / (1 - scores)
        if found.metric == "euclidean"
        else scores / max(float(np.abs(scores).max(initial=0.0)), 1.0)
    )
    bars = [
        Bar(
            files[row].name,
            f"{abs(score) if found.metric == 'euclidean' else score:.2f}",
            float(length),
            panels.worth(score, pairs),
            f"Show {files[row].name} and its neighbours",
            image=files[row].thumbnail,
        )
        for row, score, length in zip(found.rows.tolist(), scores, lengths, strict=True)
    ]  # fmt: skip
    ranking(bars, key="gallery", film=film, on_choose=choose, step=90)


def about(file: ImageFile) -> None:
    """Say what is known of one picture."""
    copies = f" · there {file.count} times" if file.count > 1 else ""
    folder = f" · {file.group}" if file.group else ""
    source = f" · {file.source}" if file.source else ""
    panels.sentence(
        f"{file.name}: {file.size[0]:,} × {file.size[1]:,} pixels{folder}{copies}{source}.", key="about"
    )


def groups(files: Files, names: Sequence[str], labels: np.ndarray, typical: Sequence[int]) -> None:
    """List the groups, each with its most typical picture and its members."""
    bars = []
    for group, (name, row) in enumerate(zip(names, typical, strict=True)):
        members = [file.name for file, label in zip(files, labels, strict=True) if label == group]
        bars.append(
            Bar(
                name.removeprefix("like "), f"{len(members)}", len(members) / max(len(files), 1),
                ", ".join(members[:12]) + (" …" if len(members) > 12 else ""), f"Show {files[row].name}",
                image=files[row].thumbnail,
            )
        )  # fmt: skip
    ranking(bars, key="picture-groups", film="|".join(names), numbered=False, on_choose=choose)


def movers(comparison: Comparison, files: Files, titles: tuple[str, str]) -> None:
    """Name the pictures whose company changes most from one model to the other."""
    kept = round(100 * comparison.score)
    panels.sentence(
        f"{kept} in 100 of the {comparison.k} nearest pictures are the same to both; unrelated models would share "
        f"{round(100 * comparison.chance)}.{comparison.verdict} "
        f"{comparison.same_nearest} of {len(files)} pictures keep their nearest.",
        key="shared",
    )
    names = {file.digest: file.name for file in files}
    bars = []
    for change in comparison.biggest_changes(5):
        lost, gained = (", ".join(names[key] for key in keys[:2]) for keys in (change.lost, change.gained))
        bars.append(
            Bar(
                files[change.row].name, f"{len(change.kept)} of {comparison.k} kept", float(comparison.shared[change.row]),
                f"leaves {lost}; joins {gained}", f"Show {files[change.row].name}", image=files[change.row].thumbnail,
            )
        )  # fmt: skip
    if bars:
        st.caption(f"Who changes company most, from {titles[0]} to {titles[1]}")
        ranking(bars, key="movers", film="|".join((*titles, *names)), numbered=False, on_choose=choose)


def steps(journey: Travel, nearest: Sequence[ImageFile]) -> None:
    """Show each step of a probe: the changed picture, how like the original it is, who is nearest, what is seen."""
    bars = []
    for place, name in enumerate(journey.names):
        seen = ""
        if journey.classes:
            top = journey.classes[place]
            seen = f"sees {top.names[0]} ({top.probabilities[0]:.0%}); "
        near = f"nearest: {nearest[place].name}" if nearest else ""
        score = float(journey.similarity[place])
        bars.append(Bar(name, f"{score:.2f}", max(score, 0.0), seen + near, image=journey.thumbnails[place]))
    st.caption("Similarity to the unchanged picture at each step (cosine)")
    ranking(bars, key="probe-steps", film="|".join((*journey.names, *journey.thumbnails[:1])), numbered=False)


def nearest_by_stage(names: Sequence[str], nearest: Sequence[ImageFile], scores: Sequence[float]) -> None:
    """Show which picture is nearest after each stage of a network."""
    bars = [
        Bar(
            file.name, f"{score:.2f}", max(float(score), 0.0), name, f"Show {file.name}", image=file.thumbnail
        )
        for name, file, score in zip(names, nearest, scores, strict=True)
    ]
    ranking(bars, key="stages", film="|".join(bar.label for bar in bars), numbered=False, on_choose=choose)


def share(request: MapRequest, pictures: Pictures, scene: Scene) -> None:
    """Offer what can be taken away, under the names of the pictures."""
    below.share(
        scene,
        key="images",
        note="The address of this page rebuilds the picture of a sample set.",
        only_here=own_pictures.only_here(),
        vectors=lambda: replace(cache.view(request).embeddings, items=pictures.names),
    )


def how_it_works(request: MapRequest, model: ModelSpec) -> None:
    """Explain in plain words what happens to a picture; the exact parameters follow."""
    known = cache.once(facts_of, model.id)
    with st.expander("How it works"):
        st.markdown(
            "A model looks at a picture and answers with a list of numbers, always the same number of them. A *network* does "
            "it in stages: the first ones answer to edges and colours, later ones to textures and parts, the last to what is "
            "in the picture. Pictures whose lists point the same way count as alike; **similarity** is the cosine of the "
            "angle between them, and all rankings and groups are computed there, never from the map.\n\n"
            "*Depth* plays them one after the other. Each stage has a map of its own, begun from the map of the stage after it, so "
            "that little moves by chance; the last one is the map of the other views.\n\n"
            "*Raw pixels* and the *colour histogram* have learned nothing: they show what learning adds.\n\n"
            "$\\cos(a, b) = \\frac{a \\cdot b}{\\lVert a \\rVert \\, \\lVert b \\rVert}$"
        )
        length = cache.view(request).embeddings.dimensions
        st.text(
            f"{model.title}: {length:,} numbers a picture, {known.parameters:,} parameters. {model.note}\n"
            f"What it does first: {known.preprocessing}.{' ' + model.paper + '.' if model.paper else ''}"
        )
        if len(request.fitted) >= request.options.dimensions + 2:
            keywords = request.options.keywords(request.space)
            exact = settings(keywords.pop("method"), len(request.fitted), **keywords)
            st.caption("This map: " + " · ".join(f"{name} {value}" for name, value in exact.rows()))


def vector_rows(embeddings: EmbeddingSet, files: Files, rows: Sequence[int]) -> None:
    """Show the vectors of a picture, of its nearest and of its farthest: first values, and all as a row of colours."""
    limit = float(np.abs(embeddings.vectors[list(rows)]).max(initial=1e-12))
    for what, row in zip(("", "its nearest, ", "its farthest, "), rows, strict=False):
        panels.vector_row(f"{what}{files[row].name}", embeddings.vectors[row], limit=limit)


def what_it_looks_at(file: ImageFile, space: PictureSpace, dimensions: int) -> None:
    """Show the square that the model looks at, and say how it came about."""
    known = cache.once(facts_of, space.model)
    square = cache.once(seen_square, file.digest, space)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.image(square, width=110, alt=f"{file.name} as the model gets it.")
        panels.sentence(
            f"What the model gets: of {file.size[0]:,} × {file.size[1]:,} pixels this square, and makes "
            f"{dimensions:,} numbers of it. The model itself is {known.parameters:,} numbers.",
            key="square",
        )
    st.caption(f"Its own preparation: {known.preprocessing}.")
