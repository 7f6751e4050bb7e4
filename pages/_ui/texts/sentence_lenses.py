"""What can be looked at with sentences: each lens draws its panel and returns the picture for the stage."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from embeddings_core.figures import sentence_scenes as scenes
from embeddings_core.figures.scene import Scene
from embeddings_core.language import sentence_recipes
from embeddings_core.language.sentence_lists import SAME_WORDS
from embeddings_core.language.sentences import RankRace, four_rankers, rank_race
from embeddings_core.models.runtime import load_encoder
from embeddings_core.models.spec import ModelSpec
from embeddings_core.neighbours import nearest
from embeddings_core.vectors import FloatArray, unit
from pages._ui import cache, controls, guess_lens, model_menu, panels, state
from pages._ui.cache import Order
from pages._ui.ranking import Bar, ranking
from pages._ui.texts import sentence_panels
from pages._ui.texts.sentence_panels import QUERY

PAIRS = "random sentence pairs"


@dataclass(frozen=True)
class Picture:
    """A scene, and the widget that a click on a point fills with the point's sentence."""

    scene: Scene
    items: tuple[str, ...] = ()
    key: str = QUERY


@dataclass(frozen=True)
class Lens:
    """One way to look: what draws its panel, whether the stage then shows the map, how wide stage and panel are."""

    panel: Callable[[Order, ModelSpec], Picture]
    on_map: bool = True
    widths: tuple[int, int] = (2, 1)

    def look(self, order: Order, spec: ModelSpec) -> Picture:
        """Draw the panel and return the picture; without a sentence both stay calm."""
        if self.on_map and sentence_panels.needs(len(order.shown), 1, "then it takes its place on the map"):
            return Picture(scenes.empty_scene())
        return self.panel(order, spec)


def plain(order: Order) -> Picture:
    """Return the map as it is."""
    if not order.shown:
        return Picture(scenes.empty_scene())
    shown = cache.view(order)
    return Picture(scenes.sentence_scene(shown), shown.items)


def search(order: Order, spec: ModelSpec) -> Picture:
    """Rank the sentences by a query, which flies onto the map."""
    query = sentence_panels.query(order.shown)
    model_menu.prompts(spec, query)
    shown = cache.view(order)
    if not query:
        panels.sentence("Type a query to see which sentences are nearest to it.", key="empty")
        return plain(order)
    vector = cache.sentence_vectors((query,), spec.id, "query").vectors[0]
    own = [row for row, item in enumerate(shown.items) if item == query]
    found = nearest(shown.embeddings, vector, k=8, exclude=own, name=query)
    scale = cache.once(sentence_recipes.sentence_yardstick, spec.id)
    choose = partial(state.put, QUERY)
    panels.ranked(
        found, key="found", scale=scale, on_choose=choose, hint="Search for this sentence", pairs=PAIRS
    )
    panels.ranking_download(found, scale=scale)
    near = nearest(shown.embeddings, vector, k=3, exclude=own, name=query)
    film = state.first_with(shown.id, query)
    return Picture(scenes.query_scene(shown, query, vector, near, film=film), shown.items)


def similarity(order: Order, spec: ModelSpec) -> Picture:
    """Show the similarity of every pair as a heat map beside the map."""
    panels.heat_map(cache.view(order).embeddings, what="sentences", key="sentence-heat")
    return plain(order)


def race(order: Order, spec: ModelSpec) -> Picture:
    """Let four rankers order the same sentences by one query."""
    query = sentence_panels.query(order.shown)
    model_menu.prompts(spec, query)
    if not query:
        panels.sentence("Type a query: the race is for the sentence nearest to it.", key="empty")
        return plain(order)
    if sentence_panels.needs(len(order.shown), 2, "a race needs two"):
        return plain(order)
    result = cache.once(ranked_four_ways, query, order.shown, spec.id)
    panels.sentence(sentence_panels.verdict(result), key="verdict")
    sentence_panels.podium(result)
    scene = scenes.race_scene(result, model=spec.id)
    if len(result.sentences) > scenes.RACERS:
        panels.sentence(
            f"The {scenes.RACERS} of {len(result.sentences):,} sentences that any ranker puts furthest ahead take part.",
            key="cut",
        )
    return Picture(scene, tuple(result.sentences[row] for row in scenes.race_rows(result)))


def ranked_four_ways(query: str, items: tuple[str, ...], model: str) -> RankRace:
    """Run the race with the sentence vectors that are there already."""

    def by_model(asked: str, texts: object) -> FloatArray:
        own = cache.sentence_vectors((asked,), model, "query").vectors[0]
        scores: FloatArray = unit(cache.sentence_vectors(items, model).vectors) @ unit(own)
        return scores

    rankers = four_rankers(load_encoder(model))
    return rank_race(query, items, {**rankers, "sentence model": by_model})


def word_order(order: Order, spec: ModelSpec) -> Picture:
    """Compare two sentences of the same words: by their words, by the mean of word vectors, by the model."""
    with st.container(key="presets", horizontal=True, gap="small"):
        for pair in SAME_WORDS:
            chosen = {"one": pair[0], "other": pair[1]}
            st.button(pair[0], key=f"pair-{pair[0]}", on_click=state.put_all, args=(chosen,), type="tertiary")
    first, second = SAME_WORDS[0]
    one = _typed("One order", "one", first)
    other = _typed("Another order of the same words", "other", second)
    result = cache.once(sentence_recipes.word_order, one, other, spec.id)
    scale = cache.once(sentence_recipes.sentence_yardstick, spec.id)
    told = {
        "exact words in common": (result.by_words, ""),
        "mean of word vectors": (result.by_mean, "cosine; a mean forgets the order"),
        "sentence model": (
            result.by_model,
            f"cosine; closer than {panels.share(result.by_model, scale=scale)} of {PAIRS}",
        ),
    }
    bars = [Bar(name, f"{score:.3f}", max(score, 0.0), note) for name, (score, note) in told.items()]
    ranking(bars, key="orders", film=f"{one}|{other}|{spec.id}", delay=300, step=700, numbered=False)
    panels.sentence(sentence_panels.judged(result), key="judged")
    return Picture(scenes.order_scene(result, model=spec.id))


def _typed(label: str, key: str, first: str) -> str:
    state.default(key, first)
    return str(st.text_input(label, key=key, bind="query-params", max_chars=400) or "").strip() or first


def why(order: Order, spec: ModelSpec) -> Picture:
    """Leave one word out at a time and see how the similarity of two sentences changes."""
    items = sentence_panels.readable(order.shown)
    if sentence_panels.needs(len(items), 2, "two can be compared"):
        return plain(order)
    one = controls.item("One sentence", items, key="left")
    state.default("right", next(item for item in items if item != one))
    other = controls.item("Another sentence", items, key="right")
    result = cache.once(sentence_recipes.why_similar, one, other, spec.id)
    panels.sentence(result.sentence, key="why")
    shares = [
        *zip(result.words[0], result.first.tolist(), strict=True),
        *zip(result.words[1], result.second.tolist(), strict=True),
    ]
    most = max((abs(share) for _, share in shares), default=1.0) or 1.0
    bars = [
        Bar(
            word,
            scenes.signed(-share),
            abs(share) / most,
            "without it they are further apart" if share > 0 else "without it they are nearer",
            faint=share <= 0,
        )
        for word, share in sorted(shares, key=lambda pair: -abs(pair[1]))[:8]
    ]
    st.caption("Change of the cosine without the word")
    ranking(bars, key="shares", film=f"{one}|{other}|{spec.id}", delay=1500)
    return Picture(scenes.why_scene(result, model=spec.id))


def grows(order: Order, spec: ModelSpec) -> Picture:
    """Read a sentence word by word and follow its vector over the map of the others."""
    items = sentence_panels.readable(order.shown)
    if sentence_panels.needs(len(items), 1, "it will grow word by word"):
        return plain(order)
    sentence = controls.item("The sentence that grows", items, key="growing")
    growing = cache.once(sentence_recipes.sentence_grows, sentence, spec.id)
    shown = cache.view(order)
    sentence_panels.growth(growing, shown.embeddings)
    return Picture(scenes.growing_scene(shown, growing, model=spec.id), shown.items, "growing")


def guess(order: Order, spec: ModelSpec) -> Picture:
    """Ask about the sentences before the map tells."""
    return Picture(guess_lens.sentences(order))


LENSES: dict[str, Lens] = {
    "Search": Lens(search),
    "Rank race": Lens(race, on_map=False),
    "Word order": Lens(word_order, on_map=False),
    "Why similar?": Lens(why, on_map=False),
    "A sentence grows": Lens(grows),
    "Similarity": Lens(similarity, widths=(1, 1)),
    "Guess first": Lens(guess),
}
