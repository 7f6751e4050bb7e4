"""The ready talk "What is an embedding?": ten slides, each of a real model, from numbers to search, and one to take home.

In the order in which they are shown: what each says, and the numbers beside its picture. The pictures are in `ready_scenes`.
"""

from collections import Counter
from functools import lru_cache
from urllib.parse import urlencode

import numpy as np

from embeddings_core.analysis.algebra import analogy
from embeddings_core.analysis.clustering import Clustering, kmeans
from embeddings_core.analysis.neighbours import Neighbours, nearest
from embeddings_core.analysis.questions import nearest_question, odd_one_out, placement_question
from embeddings_core.analysis.senses import sense_curve
from embeddings_core.analysis.sentences import word_order
from embeddings_core.maps.home_film import load_home_film
from embeddings_core.pictures.retrieval import retrieve
from embeddings_core.scenes.maps import home_scene
from embeddings_core.scenes.scene import Link
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import similarity
from embeddings_core.spaces.vocabulary import load_vocabulary
from embeddings_core.talks import ready_scenes, ready_vectors
from embeddings_core.talks.slides import Fact, Slide, talk_json

TITLE = "What is an embedding?"
TRIO = ("cat", "dog", "car")
CENTRE_WORD = "guitar"
OTHERS = ("bass", "violin", "piano")  # that the hall may take for the nearest
ASKED = (1, 6, 2, 3)  # sentences of which one has another bank
GROUPS = 4
FIRST = 3  # numbers of a word that are read out
TAKE_HOME = (
    "Lists of numbers that point the same way mean alike things.",
    "A map is a shadow of them: trust the ranking before it.",
    "Nobody chose the numbers: texts taught them, for good and bad.",
)


@lru_cache(maxsize=1)
def ready_talk() -> tuple[Slide, ...]:
    """Return the ten slides of the talk and one to take home; raises ModelUnavailableError where a bundled file is missing."""
    return tuple(made() for made in SLIDES)


@lru_cache(maxsize=1)
def ready_talk_json() -> str:
    """Return the talk as the player in the application takes it."""
    return talk_json(TITLE, ready_talk())


def numbers_slide() -> Slide:
    """Begin: three words are three lists of numbers."""
    near, far = cosines()
    return Slide(
        ready_scenes.numbers_scene(TRIO),
        "An embedding is a list of numbers that stands for a meaning.",
        "Each word becomes 384 numbers; nobody chose them, a network learned them from text. Press on: all three "
        "lists are put into the order of the cat's numbers; once more: each row stands to the right by the mean of its "
        "numbers. The dog's lean as the cat's do, the car's less. "
        "How much two lists agree is one number, the cosine: 1 means the same direction.",
        live("words", words=", ".join(TRIO), lens="Similarity"),
        stops=((0, 1), (0, 2), (0, 3)),
        facts=(
            *(Fact(word, begun_with(word)) for word in TRIO),
            Fact("cat – dog", f"{near:.2f}", near, 2),
            Fact("cat – car", f"{far:.2f}", far, 2),
        ),
        facts_title="Their numbers, and how far they agree",
        aside="Cosine: 1 is the same direction, 0 is unrelated.",
    )


def one_hot_slide() -> Slide:
    """Show what numbers without meaning would be."""
    near, far = cosines()
    return Slide(
        ready_scenes.one_hot_words_scene(),
        "Number the words one by one, and all are equally far. Embeddings bring the similar together.",
        "One-hot: word number 7 is a 1 in place 7 and zeros elsewhere. Every pair is 1.414 apart, so cat is as far "
        "from dog as from car. Press on: the same words take their learned places, and groups appear.",
        "one_hot",
        stops=((0, 0), (0, 1)),
        facts=(
            Fact("one-hot: cat – dog", "0.00", 0.0),
            Fact("one-hot: cat – car", "0.00", 0.0),
            Fact("learned: cat – dog", f"{near:.2f}", near, 1),
            Fact("learned: cat – car", f"{far:.2f}", far, 1),
        ),
        facts_title="Cosine",
    )


def map_slide() -> Slide:
    """Let the word space organise itself."""
    scene = home_scene()
    return Slide(
        scene,
        "Nobody sorted these words: the numbers alone make islands.",
        f"{len(scene.points.items):,} words. The film is the real run of UMAP, which draws near what is near in 384 "
        "dimensions. Colours are our names for topics; the method never saw them. The axes mean nothing, only "
        "nearness does.",
        "./",
    )


def neighbours_slide() -> Slide:
    """Go down to one island, let the hall guess who is nearest, and tell."""
    words, _ = load_home_film()
    found = nearest(words, CENTRE_WORD, k=6)
    scene = ready_scenes.neighbours_scene(CENTRE_WORD, found)
    items = scene.points.items
    return Slide(
        scene,
        "Near means alike: every word has neighbours.",
        f"Let the hall guess first, by show of hands or by keys 1 to 4. Then press on: {CENTRE_WORD} "
        "appears. The lines show the true order, from "
        "all 384 numbers and not from the picture: a flat map must tear some neighbours apart. Ask the hall for another "
        "word and open the page live.",
        live("words", words=", ".join(items[:40]), word=CENTRE_WORD),
        facts=score_facts(found),
        facts_title=f"Nearest to {CENTRE_WORD}",
        aside=f"Among the {len(words):,} words of the map, by cosine.",
        guess=nearest_question(
            words.take([words.row(item) for item in items]),
            0,
            seed=0,
            within=[1, *(items.index(word) for word in OTHERS)],
        ),
    )


def analogy_slide() -> Slide:
    """Do sums with meanings, and check them."""
    result = analogy(load_vocabulary(), "man", "king", "woman", k=4)
    raw, (words, sums, answer) = result.raw, ready_scenes.analogy_scenes(result)
    return Slide(
        words,
        f"king − man + woman ≈ {result.answer}: directions carry meaning.",
        "Step by step: the three words, the step from man to king, the same step from woman, the nearest word. "
        f"The audit: counting the words we put in, {raw.items[0]} itself would be nearest ({raw.scores[0]:.2f}); they are "
        f"left out by custom. The lead of {result.answer} is {result.gap:.2f}. Famous, true, and fragile. The picture is "
        "the plane through the three words, in true distances; the answers are dropped onto it.",
        live("words", lens="Analogy", a="man", b="king", c="woman"),
        more=(sums, answer),
        stops=((0, 0), (1, 0), (1, 1), (2, 0)),
        facts=score_facts(result.answers, step=3),
        facts_title="Nearest to king − man + woman",
        aside=f"Audit: {raw.items[0]} itself scores {raw.scores[0]:.2f}; the words we put in are left out.",
    )


def word_order_slide() -> Slide:
    """Lose the order of words, and get it back."""
    result = word_order(*ready_vectors.PAIR, ready_vectors.load_talk().texts)
    return Slide(
        ready_scenes.word_order_scene(result),
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
    curve = sense_curve(tokens, senses=senses)
    scene = ready_scenes.layers_scene(tokens, senses, curve)
    within, between = float(curve.within[-1]), float(curve.between[-1])
    return Slide(
        scene,
        f'"{tokens.word.capitalize()}" is two words: the sentence decides, layer by layer.',
        f"The same word in {len(tokens)} sentences. At first all are nearly one point. In each layer the word looks at "
        f"its neighbours in the sentence, and the meanings part. {curve.sentence} Each frame is one layer of the real "
        "network.",
        "context",
        stops=((0, len(tokens.layer_names) - 1),),
        facts=(
            Fact("same meaning", f"{within:.2f}", within),
            Fact("other meaning", f"{between:.2f}", between),
        ),
        facts_title="How alike, at the last layer",
        aside="Mean cosine of pairs of sentences.",
        guess=odd_one_out(EmbeddingSet(scene.points.items, tokens.vectors[-1]), ASKED),
    )


def pictures_slide() -> Slide:
    """Let pictures find each other by their looks."""
    view, files = ready_scenes.present(ready_vectors.load_talk().maps["pictures"], ready_vectors.pictures())
    pairs = mutual_nearest(view.embeddings)
    return Slide(
        ready_scenes.pictures_scene(view, files, pairs),
        "Pictures become numbers too, and find each other.",
        f"{len(files)} photographs and handwritten digits; a network that was trained to name things gives each 1,280 "
        "numbers. The handwriting gathers, the two motorcycles stand together. Nobody told it what belongs together. "
        f"The {len(pairs)} lines join pictures of which each is the other's nearest, in all numbers.",
        "images",
    )


def mutual_nearest(embeddings: EmbeddingSet) -> tuple[tuple[int, int], ...]:
    """Return the pairs of items that are each other's nearest by cosine, in all dimensions."""
    alike = similarity(embeddings.vectors, embeddings.vectors)
    np.fill_diagonal(alike, -np.inf)
    near = alike.argmax(axis=1)
    return tuple((row, int(other)) for row, other in enumerate(near) if row < other and near[other] == row)


def captions_slide() -> Slide:
    """Put pictures and captions into one space, and count who finds whom."""
    view, files = ready_scenes.present(
        ready_vectors.load_talk().maps["image-text"], ready_vectors.photographs()
    )
    n, vectors = len(files), view.embeddings.vectors
    found = retrieve(vectors[:n], vectors[n:])
    first = found.images_of[:, 0] if n else np.zeros(0, dtype=np.int64)
    names = [file.name for file in files]
    right = [
        names[row] == ready_vectors.BELONGS[caption]
        for row, caption in zip(first, ready_vectors.CAPTIONS, strict=False)
    ]
    best = [float(found.scores[row, at]) for at, row in enumerate(first)]
    order = sorted(range(len(right)), key=lambda at: -best[at])
    links = tuple(
        Link(n + at, int(first[at]), "neighbour" if right[at] else "dashed", rank)
        for rank, at in enumerate(order)
    )
    lost = [
        f'"{ready_vectors.CAPTIONS[at]}" goes to the {names[first[at]]}'
        for at, good in enumerate(right)
        if not good
    ]
    return Slide(
        ready_scenes.captions_scene(view, files, links),
        "Words and pictures can share one space: a caption finds its picture.",
        f"Each line goes from a caption to the picture that is nearest in truth. {sum(right)} of {len(right)} are right. "
        + (f"{'; '.join(lost)} (dashed). " if lost else "")
        + "This bundled model is a bridge that knows 1,000 things by name; models such as CLIP learn the shared space "
        "from hundreds of millions of captions.",
        live("images_and_text", captions="\n".join(ready_vectors.CAPTIONS)),
        facts=tuple(Fact(ready_vectors.CAPTIONS[at], f"{best[at]:.2f}", best[at]) for at in order[:5]),
        facts_title=f"{sum(right)} of {len(right)} captions find their picture",
        aside=("Dashed, a miss: " + "; ".join(lost) + ".") if lost else "",
    )


def search_slide() -> Slide:
    """End with what it is good for: search by meaning, and groups that nobody made."""
    stored = ready_vectors.load_talk()
    view = stored.maps["sentences"]
    vector = stored.texts([ready_vectors.QUERY])[0]
    near = nearest(view.embeddings, vector, k=3, name=ready_vectors.QUERY)
    clustering = kmeans(view.embeddings, k=GROUPS, seed=0)
    names, right = topics_of(clustering, ready_vectors.SENTENCES.groups or ())
    grouped = ready_scenes.groups_scene(view, clustering, names=names)
    with_query = EmbeddingSet(
        (*view.items, ready_vectors.QUERY), np.vstack([view.embeddings.vectors, vector])
    )
    return Slide(
        ready_scenes.search_scene(view, query=ready_vectors.QUERY, vector=vector, near=near),
        "So a machine can search by meaning, and sort what nobody has labelled.",
        f'The question "{ready_vectors.QUERY}" lands among the sentences that answer it, though they share no word of meaning '
        f"with it. Press on: k-means finds {GROUPS} groups; {right} of {len(view.items)} sentences join their own topic. "
        "Look for the one that went astray, and ask the hall why.",
        live("sentences", sentences="\n".join(view.items), query=ready_vectors.QUERY),
        more=(grouped,),
        facts=(
            *score_facts(near),
            Fact("grouped with their topic", f"{right} of {len(view.items)}", right / len(view.items), 1),
        ),
        facts_title=ready_vectors.QUERY,
        guess=placement_question(with_query, len(view.items)),
    )


def last_slide() -> Slide:
    """Say what to take home, and where to go on."""
    return Slide(
        ready_scenes.home_at_rest(),
        "To take home: numbers that stand for meanings, and pictures of them.",
        "Read the three sentences, and stop. Then ask the hall for a word and type it on Home: it flies in among its "
        "neighbours. Everything that was shown can be done with one's own words, sentences and pictures.",
        "./",
        facts=tuple(Fact(sentence, "") for sentence in TAKE_HOME),
        facts_title="Three sentences",
        aside="Go on: type a word on Home, your own sentences on Sentences, drop your pictures on Images.",
    )


def live(page: str, **chosen: str) -> str:
    """Return the address of a page with these choices in it."""
    return f"{page}?{urlencode(chosen)}" if chosen else page


def cosines() -> tuple[float, float]:
    """Return the cosines of cat with dog and of cat with car, in the bundled word space."""
    space = load_vocabulary()
    vectors = space.take([space.row(word) for word in TRIO]).vectors
    near, far = similarity(vectors[:1], vectors[1:])[0]
    return float(near), float(far)


def begun_with(word: str) -> str:
    """Return the first numbers of a word as they stand in its list."""
    vocabulary = load_vocabulary()
    first = vocabulary.vectors[vocabulary.row(word)][:FIRST].tolist()
    return " ".join(f"{value:+.2f}".replace("-", "−") for value in first) + " …"


def score_facts(found: Neighbours, *, step: int = 0) -> tuple[Fact, ...]:
    """Return found items with their scores, to appear at this step of their slide."""
    return tuple(
        Fact(item, f"{score:.2f}", float(score), step)
        for item, score in zip(found.items, found.scores, strict=True)
    )


def topics_of(clustering: Clustering, topics: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """Name each group by the topic that most of its members have, and count the members that have it."""
    counts = [
        Counter(topic for topic, label in zip(topics, clustering.labels, strict=True) if label == group)
        for group in range(clustering.k)
    ]
    names = tuple(f"mostly {count.most_common(1)[0][0]}" if count else "empty" for count in counts)
    return names, sum(max(count.values(), default=0) for count in counts)


SLIDES = (
    numbers_slide, one_hot_slide, map_slide, neighbours_slide, analogy_slide, word_order_slide, bank_slide, pictures_slide,
    captions_slide, search_slide, last_slide,
)  # fmt: skip
