"""What can be looked at with sentences: each lens draws its panel and returns the picture for the stage."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import streamlit as st

from embeddings_core.analysis import claims, sentences
from embeddings_core.analysis.closeness import closeness
from embeddings_core.analysis.neighbours import nearest
from embeddings_core.analysis.other_orders import BACKWARDS, other_order
from embeddings_core.analysis.sentence_examples import SAME_WORDS
from embeddings_core.maps.request import MapRequest
from embeddings_core.models.averaged_space import mean_name, usual_mean
from embeddings_core.models.catalogue_words import glove_words
from embeddings_core.models.text_space import TextModel, TextSpace
from embeddings_core.scenes import sentences as scenes
from embeddings_core.scenes.maps import empty_scene
from embeddings_core.spaces.space import Reference
from embeddings_core.spaces.texts import clean
from pages._ui import cache, controls, group_lenses, model_menu, panels, question_lenses, state, text_models
from pages._ui.panels import Bar, ranking
from pages._ui.point_notes import judged
from pages._ui.sentences import panels as sentence_panels
from pages._ui.sentences.distil import distil
from pages._ui.sentences.late_interaction import late
from pages._ui.sentences.panels import QUERY, Picture, plain
from pages._ui.sentences.race import race
from pages._ui.sentences.translations import translations
from pages._ui.sentences.unrelated_pairs import unrelated
from pages._ui.text_models import Chosen

MODEL = TextModel("minilm")  # what a mean is compared with
MOST_REORDERED = 20  # of the visitor's sentences another order is looked for


@dataclass(frozen=True)
class Lens:
    """One way to look: what draws its panel, and whether the stage then shows the map."""

    panel: Callable[[MapRequest, Chosen], Picture]
    on_map: bool = True

    def look(self, request: MapRequest, by: Chosen) -> Picture:
        """Draw the panel and return the picture; without a sentence both stay calm."""
        if self.on_map and sentence_panels.needs(len(request.shown), 1, "then it takes its place on the map"):
            return Picture(empty_scene("nothing typed yet", alt=""))
        return self.panel(request, by)


def query_pairs(space: TextSpace) -> Reference | None:
    """Return what a query's cosine with a sentence is compared with, where a space reads the two apart."""
    return space.search_reference()


def search(request: MapRequest, by: Chosen) -> Picture:
    """Rank the sentences by a query, which flies onto the map."""
    query = sentence_panels.query(request.shown, by.space)
    model_menu.prompts(by.spec, query)
    shown = cache.view(request)
    if not query:
        panels.sentence("Type a query to see which sentences are nearest to it.", key="empty")
        return plain(request)
    if not sentence_panels.in_vocabulary((query,), by.space, where="in the query", key="query-skipped").items:
        panels.sentence("It has no vector for any word of the query, so it cannot rank.", key="mute")
        return plain(request)
    vector = cache.vectors_of((query,), by.space, role="query").vectors[0]
    own = [row for row, item in enumerate(shown.items) if item == query]
    answers = text_models.passages(shown.items, by.space)
    found = nearest(answers, vector, k=8, exclude=own, name=query)
    pairs = cache.once(query_pairs, by.space) or cache.reference(by.space)
    judged_first = closeness(found.scores[:1], pairs)
    if judged_first and judged_first[0].level != "not close":
        # an endpoint may run any model, and what is loosely close need not mean the same
        meant = judged_first[0].level != "loose" and not by.spec.custom
        panels.sentence(claims.found_by_meaning(query, found.items[0], meant=meant), key="claim")
    choose = partial(state.put, QUERY)
    panels.ranked(
        found,
        key="found",
        reference=pairs,
        on_choose=choose,
        hint="Search for this sentence",
    )
    panels.ranking_download(found, reference=pairs)
    near = nearest(answers, vector, k=3, exclude=own, name=query)
    film = state.first_with(shown.id, query)
    scene = scenes.query_scene(shown, query, vector, near, film=film)
    return Picture(judged(scene, near, shown.items, by.space, asks=True), shown.items)


def similarity(request: MapRequest, by: Chosen) -> Picture:
    """Show the similarity of every pair as a heat map beside the map."""
    panels.heat_map(cache.view(request).embeddings, what="sentences", key="sentence-heat")
    return plain(request)


def word_order(request: MapRequest, by: Chosen) -> Picture:
    """Compare two sentences of the same words: by their words, by the mean of word vectors, by the model."""
    first, second = SAME_WORDS[0]
    one = _typed("One order", "one", first)
    other = _typed("Another order of the same words", "other", second)
    own = sentence_panels.own_sentences(request.shown)
    with st.popover("Try", key="orders-menu"):
        for label, pair in _orders(own):
            chosen = {"one": pair[0], "other": pair[1]}
            st.button(
                panels.plain_label(label), key=f"pair-{pair[0]}", on_click=state.put_all, args=(chosen,), type="tertiary"
            )  # fmt: skip
    if own and (one, other) in SAME_WORDS:
        panels.sentence("A known example; put in two of your own, or try one of the list.", key="example")
    sentence_panels.in_vocabulary((one, other), by.space, where="in these two", key="order-skipped")
    result = cache.once(orders_compared, one, other, by.space)
    scene = scenes.order_scene(result, model=by.spec.title, mean=by.is_mean)
    model: TextSpace = MODEL if by.is_mean else by.space
    if by.is_mean:  # as the space itself says it, beside what a sentence model says
        panels.sentence(f"{sentence_panels.beside(by.spec)} is shown beside it.", key="beside")
        of_model = cache.once(orders_compared, one, other, model)
        result = replace(result, by_mean=result.by_model, by_model=of_model.by_model)
    named = mean_name(by.space)
    if not by.is_mean and glove_words() is not None:
        glove = usual_mean()
        where = f"by the {mean_name(glove)}"
        if not sentence_panels.in_vocabulary((one, other), glove, where=where, key="mean-skipped").missing:
            result = replace(result, by_mean=cache.once(orders_compared, one, other, glove).by_model)
            named = mean_name(glove)
    pairs = cache.reference(model)
    told = {
        "exact words in common": (result.by_words, ""),
        named: (result.by_mean, "cosine; a mean forgets the order"),
        "sentence model": (
            result.by_model,
            f"cosine; {panels.worth(result.by_model, pairs)}",
        ),
    }
    bars = [Bar(name, f"{score:.3f}", max(score, 0.0), note) for name, (score, note) in told.items()]
    ranking(bars, key="orders", film=f"{one}|{other}|{by.spec.title}", delay=300, step=700, numbered=False)
    panels.sentence(sentence_panels.judged(result, named), key="judged")
    return Picture(scene)


def _orders(own: tuple[str, ...]) -> list[tuple[str, tuple[str, str]]]:
    """Return what can be compared, each with a label: two of the visitor's own sentences reordered, then known pairs."""
    fresh = [sentence for sentence in own[:MOST_REORDERED] if sentence not in dict(SAME_WORDS)]
    made = [(sentence, other) for sentence in fresh if (other := other_order(sentence))]
    made.sort(key=lambda each: each[1].how == BACKWARDS)  # what still says something comes first
    offered = [(f"{panels.short(text)} ({other.how})", (text, other.text)) for text, other in made[:2]]
    return offered + [(panels.short(pair[0]), pair) for pair in SAME_WORDS]


def _typed(label: str, key: str, first: str) -> str:
    state.default(key, first)
    return clean(str(st.text_input(label, key=key, bind="query-params", max_chars=400) or "")) or first


def why(request: MapRequest, by: Chosen) -> Picture:
    """Leave one word out at a time and see how the similarity of two sentences changes."""
    items = sentence_panels.readable(request.shown)
    if sentence_panels.needs(len(items), 2, "two can be compared"):
        return plain(request)
    one = controls.item("One sentence", items, key="left")
    other = controls.item(
        "Another sentence", items, key="right", usual=next(item for item in items if item != one)
    )
    result = cache.once(words_left_out, one, other, by.space)
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
    ranking(bars, key="shares", film=f"{one}|{other}|{by.spec.title}", delay=1500)
    return Picture(scenes.why_scene(result, model=by.spec.title))


def grows(request: MapRequest, by: Chosen) -> Picture:
    """Read a sentence word by word and follow its vector over the map of the others."""
    items = sentence_panels.readable(request.shown)
    if sentence_panels.needs(len(items), 1, "it will grow word by word"):
        return plain(request)
    sentence = controls.item("The sentence that grows", items, key="growing")
    growing = cache.once(beginnings, sentence, by.space)
    shown = cache.view(request)
    sentence_panels.growth(growing, shown.embeddings)
    return Picture(scenes.growing_scene(shown, growing, model=by.spec.title), shown.items, "growing")


def clusters(request: MapRequest, by: Chosen) -> Picture:
    """Group the sentences, with the real steps of the algorithm as a film."""
    return Picture(group_lenses.clusters(request, noun="sentence", key="sentence-clusters"), request.shown)


def guess(request: MapRequest, by: Chosen) -> Picture:
    """Ask about the sentences before the map tells."""
    return Picture(question_lenses.sentences(request))


def orders_compared(first: str, second: str, space: TextSpace) -> sentences.WordOrder:
    """Compare two sentences of the same words."""
    return sentences.word_order(first, second, space.encoder())


def words_left_out(first: str, second: str, space: TextSpace) -> sentences.WhySimilar:
    """Leave out one word at a time of either sentence."""
    return sentences.why_similar(first, second, space.encoder())


def beginnings(sentence: str, space: TextSpace) -> sentences.GrowingSentence:
    """Encode a sentence's beginnings."""
    return sentences.sentence_grows(sentence, space.encoder())


LENSES: dict[str, Lens] = {
    "Search": Lens(search),
    "Rank race": Lens(race, on_map=False),
    "Word order": Lens(word_order, on_map=False),
    "Why similar?": Lens(why, on_map=False),
    "A sentence grows": Lens(grows),
    "Clusters": Lens(clusters),
    "Similarity": Lens(similarity),
    "Late interaction": Lens(late, on_map=False),
    "Distil": Lens(distil, on_map=False),
    "Unrelated pairs": Lens(unrelated, on_map=False),
    "Translations": Lens(translations, on_map=False),
    "Guess first": Lens(guess),
}
