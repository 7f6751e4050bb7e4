"""The second half of the ready talk: word order, a word in its sentences, pictures, captions, search and groups."""

from collections import Counter
from dataclasses import replace
from urllib.parse import urlencode

import numpy as np

from embeddings_core.analysis.clustering import Clustering, kmeans
from embeddings_core.analysis.layer_trajectory import layer_film
from embeddings_core.analysis.neighbours import nearest
from embeddings_core.analysis.questions import odd_one_out, placement_question
from embeddings_core.analysis.senses import sense_curve
from embeddings_core.analysis.sentences import word_order
from embeddings_core.analysis.tokens import TokenVectors
from embeddings_core.maps.map_view import MapView
from embeddings_core.models.registry import model_title
from embeddings_core.pictures.files import ImageFile
from embeddings_core.pictures.retrieval import retrieve
from embeddings_core.scenes.image_text import joint_scene
from embeddings_core.scenes.images import dressed
from embeddings_core.scenes.maps import cluster_scene, map_scene
from embeddings_core.scenes.metadata import counted, map_metadata, metadata
from embeddings_core.scenes.scene import Link, Motion, Points, Scene
from embeddings_core.scenes.sentences import order_scene, query_scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.talks import ready_vectors
from embeddings_core.talks.slides import Fact, Slide

GROUPS = 4
ASKED = (1, 6, 2, 3)  # sentences of which one has another bank


def snippets(tokens: TokenVectors) -> tuple[str, ...]:
    """Cut each sentence to the word with two words before it and two after."""
    short = []
    for sentence, (start, end) in zip(tokens.sentences, tokens.places, strict=True):
        before, after = sentence[:start].split(), sentence[end:].rstrip(".").split()
        short.append(" ".join([*before[-2:], sentence[start:end], *after[:2]]))
    return tuple(short)


def within_last(scene: Scene) -> Scene:
    """Shrink earlier states, each as a whole, into the box of the last: the finished map then fills the stage.

    How large a map is means nothing.
    """
    last = scene.motion.frames[-1]
    middle, room = (last.max(axis=0) + last.min(axis=0)) / 2, np.ptp(last, axis=0)
    frames = np.array(scene.motion.frames)
    for state in frames[:-1]:
        own, reach = (state.max(axis=0) + state.min(axis=0)) / 2, np.maximum(np.ptp(state, axis=0), 1e-9)
        state[:] = (state - own) * min(1.0, float((room / reach).min())) + middle
    return replace(scene, motion=replace(scene.motion, frames=frames))


def order_slide() -> Slide:
    """Lose the order of words, and get it back."""
    result = word_order(*ready_vectors.PAIR, ready_vectors.load_talk().texts)
    scene = order_scene(result, model="minilm")
    sizes = np.asarray(1.6 * np.asarray(scene.points.sizes), np.float32)  # to be seen from the last row
    return Slide(
        replace(scene, points=replace(scene.points, sizes=sizes)),
        "Average the words, and nobody knows who bites whom.",
        "Two sentences of the same words. The mean of their word vectors is one and the same point. Press on: a "
        f"sentence model reads the order and moves them apart, to {result.by_model:.3f}: it hears the difference, "
        "though not as loudly as we do.",
        "sentences?study=Word+order",
        stops=((0, 0), (0, 1)),
        facts=(
            Fact("mean of the words", f"{result.by_mean:.3f}", result.by_mean),
            Fact("sentence model", f"{result.by_model:.3f}", result.by_model, 1),
        ),
        facts_title="How alike are they?",
        aside="Cosine of the two sentences.",
    )


def bank_slide() -> Slide:
    """Read one word in eight sentences, layer by layer."""
    tokens, senses = ready_vectors.load_talk().word, ready_vectors.OCCURRENCES.groups or ()
    film, curve = layer_film(tokens), sense_curve(tokens, senses=senses)
    names, last = tuple(dict.fromkeys(senses)), len(tokens.layer_names) - 1
    scene = Scene(
        id="talk bank",
        points=Points(
            snippets(tokens),
            keys=tokens.sentences,
            groups=np.array([names.index(sense) for sense in senses], dtype=np.int64),
            group_names=tuple(f"{tokens.word}: {name}" for name in names),
        ),
        motion=Motion(
            film.frames,
            (
                "before reading",
                *(f"layer {layer} of {last}" for layer in range(1, last + 1)),
            ),
            kind="recorded",
            trails=tuple(range(len(tokens))),
            series=(
                ("same meaning", tuple(float(value) for value in curve.within)),
                ("other meaning", tuple(float(value) for value in curve.between)),
            ),
            seconds=9.0,
        ),
        title="layers",
        caption=film.note,
        alt=f'"{tokens.word}" in {len(tokens)} sentences, layer by layer: {" and ".join(names)} part.',
        metadata=metadata(
            map_metadata(
                film,
                items=tokens.sentences,
                model=model_title(tokens.model),
                dimensions=tokens.vectors.shape[2],
            ),
            Items=f'"{tokens.word}" in {counted(tokens.sentences, "sentences")}',
            Picture=f"one map (PCA) a layer, in {film.dimensions}-D, each turned onto the layer before",
        ),
    )
    within, between = float(curve.within[-1]), float(curve.between[-1])
    return Slide(
        scene,
        f'"{tokens.word.capitalize()}" is two words: the sentence decides, layer by layer.',
        f"The same word in {len(tokens)} sentences. At first all are nearly one point. In each layer the word looks at "
        f"its neighbours in the sentence, and the meanings part. {curve.sentence} Each frame is one layer of the real "
        "network.",
        "context",
        stops=((0, last),),
        facts=(
            Fact("same meaning", f"{within:.2f}", within),
            Fact("other meaning", f"{between:.2f}", between),
        ),
        facts_title="How alike, at the last layer",
        aside="Mean cosine of pairs of sentences.",
        guess=odd_one_out(EmbeddingSet(snippets(tokens), tokens.vectors[-1]), ASKED),
    )


def present(view: MapView, files: tuple[ImageFile, ...]) -> tuple[MapView, tuple[ImageFile, ...]]:
    """Leave out pictures that are not on this computer; texts stay, pictures come first."""
    there = {file.digest: file for file in files}
    wanted = [row for row, item in enumerate(view.items) if item in there or " " in item]
    projection = view.projection
    trust = projection.trust if len(wanted) == len(view.items) else None  # it was measured on all of them
    part = replace(projection, frames=projection.frames[:, wanted], trust=trust)
    shown = MapView(view.embeddings.take(wanted), part, True, view.id)
    return shown, tuple(there[item] for item in shown.items if item in there)


def pictures_slide() -> Slide:
    """Let pictures find each other by their looks."""
    view, files = present(ready_vectors.load_talk().maps["pictures"], ready_vectors.pictures())
    return Slide(
        within_last(replace(dressed(map_scene(view, seconds=8.0), files), title="pictures")),
        "Pictures become numbers too, and find each other.",
        f"{len(files)} photographs and handwritten digits; a network that was trained to name things gives each 1,280 "
        "numbers. The handwriting gathers, the two motorcycles stand together. Nobody told it what belongs together.",
        "images",
    )


def joint_slide() -> Slide:
    """Put pictures and captions into one space, and count who finds whom."""
    view, files = present(ready_vectors.load_talk().maps["joint"], ready_vectors.photographs())
    n, vectors = len(files), view.embeddings.vectors
    found = retrieve(vectors[:n], vectors[n:])
    first = found.images_of[:, 0] if n else np.zeros(0, dtype=np.int64)
    names = [file.name for file in files]
    right = [
        names[row] == ready_vectors.BELONGS[caption]
        for row, caption in zip(first, ready_vectors.CAPTIONS, strict=False)
    ]
    scores = [float(found.scores[row, at]) for at, row in enumerate(first)]
    order = sorted(range(len(right)), key=lambda at: -scores[at])
    links = tuple(
        Link(n + at, int(first[at]), "neighbour" if right[at] else "dashed", rank)
        for rank, at in enumerate(order)
    )
    lost = [
        f'"{ready_vectors.CAPTIONS[at]}" goes to the {names[first[at]]}'
        for at, good in enumerate(right)
        if not good
    ]
    scene = joint_scene(view, files)
    scene = replace(
        scene,
        id="talk joint",
        links=links,
        title="pictures and captions",
        motion=replace(scene.motion, seconds=5.0),
    )
    return Slide(
        scene,
        "Words and pictures can share one space: a caption finds its picture.",
        f"Each line goes from a caption to the picture that is nearest in truth. {sum(right)} of {len(right)} are right. "
        + (f"{'; '.join(lost)} (dashed). " if lost else "")
        + "This bundled model is a bridge that knows 1,000 things by name; models such as CLIP learn the shared space "
        "from hundreds of millions of captions.",
        live_captions(),
        facts=tuple(Fact(ready_vectors.CAPTIONS[at], f"{scores[at]:.2f}", scores[at]) for at in order[:5]),
        facts_title=f"{sum(right)} of {len(right)} captions find their picture",
        aside=("Dashed, a miss: " + "; ".join(lost) + ".") if lost else "",
    )


def live_captions() -> str:
    """Return the address of the page that shows the same captions."""
    return "images_and_text?" + urlencode({"captions": "\n".join(ready_vectors.CAPTIONS)})


def topics_of(clustering: Clustering, topics: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """Name each group by the topic that most of its members have, and count the members that have it."""
    counts = [
        Counter(topic for topic, label in zip(topics, clustering.labels, strict=True) if label == group)
        for group in range(clustering.k)
    ]
    names = tuple(f"mostly {count.most_common(1)[0][0]}" if count else "empty" for count in counts)
    return names, sum(max(count.values(), default=0) for count in counts)


def search_slide() -> Slide:
    """End with what it is good for: search by meaning, and groups that nobody made."""
    stored = ready_vectors.load_talk()
    view = stored.maps["sentences"]
    vector = stored.texts([ready_vectors.QUERY])[0]
    near = nearest(view.embeddings, vector, k=3, name=ready_vectors.QUERY)
    clustering = kmeans(view.embeddings, k=GROUPS, seed=0)
    names, right = topics_of(clustering, ready_vectors.SENTENCES.groups or ())
    asked = query_scene(view, ready_vectors.QUERY, vector, near)
    asked = replace(asked, id="talk search", title="search", motion=replace(asked.motion, seconds=5.0))
    centres = tuple(f"centre: {name}" for name in names)
    grouped = cluster_scene(view, clustering)
    told = metadata(grouped.metadata, Items=counted(view.items, "sentences"))
    grouped = replace(
        grouped,
        id="talk groups",
        title="k-means",
        metadata=told,
        points=replace(grouped.points, items=(*view.items, *centres), group_names=names),
        motion=replace(grouped.motion, seconds=4.0),
    )
    facts = tuple(
        Fact(item, f"{score:.2f}", float(score)) for item, score in zip(near.items, near.scores, strict=True)
    )
    with_query = EmbeddingSet(
        (*view.items, ready_vectors.QUERY), np.vstack([view.embeddings.vectors, vector])
    )
    return Slide(
        asked,
        "So a machine can search by meaning, and sort what nobody has labelled.",
        f'The question "{ready_vectors.QUERY}" lands among the sentences that answer it, though they share no word of meaning '
        f"with it. Press on: k-means finds {GROUPS} groups; {right} of {len(view.items)} sentences join their own topic. "
        "Look for the one that went astray, and ask the hall why.",
        "sentences?" + urlencode({"sentences": "\n".join(view.items), "query": ready_vectors.QUERY}),
        more=(grouped,),
        facts=(
            *facts,
            Fact("grouped with their topic", f"{right} of {len(view.items)}", right / len(view.items), 1),
        ),
        facts_title=ready_vectors.QUERY,
        guess=placement_question(with_query, len(view.items)),
    )
