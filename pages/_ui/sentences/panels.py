"""What the sentences page asks, and says beside and below its stage."""

from dataclasses import dataclass

import streamlit as st

from embeddings_core.analysis.neighbours import nearest
from embeddings_core.analysis.rankers import RankRace
from embeddings_core.analysis.sentence_examples import SENTENCE_LISTS
from embeddings_core.analysis.sentences import (
    LONGEST,
    TYPED_WORD,
    GrowingSentence,
    WordOrder,
    suggested_queries,
)
from embeddings_core.maps.request import MapRequest
from embeddings_core.models.registry import find_model
from embeddings_core.models.spec import ModelSpec
from embeddings_core.models.text_space import TextModel
from embeddings_core.scenes.maps import empty_scene
from embeddings_core.scenes.scene import Scene
from embeddings_core.scenes.sentences import sentence_scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.space import Coverage, Space
from embeddings_core.spaces.texts import Texts, clean, split_lines
from pages._ui import cache, controls, from_table, panels, state
from pages._ui.panels import Bar, lines, ranking, short

MOST_COMPARED = 300  # sentences among which a suggestion is looked for
SENTENCES, QUERY, LENS = "sentences", "query", "study"
FIRST = SENTENCE_LISTS["first look"]


@dataclass(frozen=True)
class Picture:
    """A scene, and the widget that a click on a point fills with the point's sentence."""

    scene: Scene
    items: tuple[str, ...] = ()
    key: str = QUERY


def sentences() -> Texts:
    """Ask for sentences, one a line, with a live example and further ones of one click each."""
    state.default(SENTENCES, lines(FIRST.sentences))
    ours = tuple(query for listed in SENTENCE_LISTS.values() for query in listed.queries)
    typed = controls.text_box(
        "Your sentences, one a line", key=SENTENCES, hint="One sentence a line …",
        on_change=state.new_list(SENTENCES, split_lines, asks=("left", "right", "growing"), query=(QUERY, ours)),
    )  # fmt: skip
    with controls.examples_menu():
        for title, listed in SENTENCE_LISTS.items():
            shown = {SENTENCES: lines(listed.sentences), QUERY: listed.queries[0]}
            st.button(title, key=f"sentences-{title}", on_click=state.put_all, args=(shown,))
        from_table.offer("Sentences")
    texts = split_lines(typed)
    state.listed(SENTENCES, texts.items)
    return texts


def own_sentences(items: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sentences that are in none of our examples."""
    ours = {item for each in SENTENCE_LISTS.values() for item in each.sentences.items}
    return tuple(item for item in items if item not in ours)


def query(items: tuple[str, ...], space: Space) -> str:
    """Ask for a query; those that suit the list on screen are one click away, taken from the visitor's own sentences."""
    ours = next(
        (each.queries for each in SENTENCE_LISTS.values() if set(each.sentences.items) & set(items)), ()
    )
    state.default(QUERY, ours[0] if ours else "")
    with st.container(key="asked", horizontal=True, vertical_alignment="bottom", gap="small", wrap=False):
        asked = st.text_input(
            "Search for",
            key=QUERY,
            bind="query-params",
            max_chars=2_000,
            placeholder="a question, a thought …",
        )
        offered = ours or (cache.once(example_queries, items, space) if len(items) > 1 else ())
        menu = st.popover("Try", key="queries-menu") if offered and asked else st.container()
    # an empty box shows at once what can be asked
    with menu if asked else st.container(key="queries", horizontal=True, gap="small"):
        for question in offered if asked else offered[:1]:
            st.button(
                panels.plain_label(short(question)),
                key=f"query-{question}",
                on_click=state.put,
                args=(QUERY, question),
                type="tertiary",
            )
    return clean(str(asked or ""))


def example_queries(items: tuple[str, ...], space: Space) -> tuple[str, ...]:
    """Return two of a visitor's own sentences that have something to find among the others."""
    return suggested_queries(cache.vectors_of(items[:MOST_COMPARED], space))


def podium(race: RankRace) -> None:
    """Show what each ranker puts first, with its score."""
    bars = []
    years = race.years or ("",) * len(race.rankers)
    for name, year, ranks, scores in zip(race.rankers, years, race.ranks, race.scores, strict=True):
        best = max(float(scores.max()), 0.0)
        winners = [text for text, rank in zip(race.sentences, ranks, strict=True) if rank == 1]
        nothing = round(best, 6) <= 0
        more = f" (and {len(winners) - 1} more)" if len(winners) > 1 else ""
        said = "nothing in common with any sentence" if nothing else winners[0] + more
        title = f"{name}, {year}" if year else name
        bars.append(Bar(title, f"{best:.2f}", min(best, 1.0), said, faint=nothing))
    ranking(
        bars,
        key="podium",
        film=f"{race.query}|{'|'.join(race.sentences)}",
        delay=300,
        step=900,
        numbered=False,
    )


def verdict(race: RankRace) -> str:
    """Say in one sentence what the race showed."""
    ranks, model = race.ranks, race.ranks[-1]
    best = model.index(1)
    blind = [
        name
        for name, row in zip(race.rankers[:-1], race.scores[:-1], strict=True)
        if round(float(row.max()), 6) <= 0
    ]
    if blind:
        return f"To {' and '.join(blind)} no sentence has a word of the query: they cannot answer at all."
    places = {name: row[best] for name, row in zip(race.rankers[:-1], ranks[:-1], strict=True)}
    if all(place == 1 for place in places.values()):
        return "All rankers agree on the first: here the same words are also the same meaning."
    told = ", ".join(f"{place} by {name}" for name, place in places.items())
    last = race.rankers[-1]
    return f'"{race.sentences[best]}" is first for {"the " * (last == "sentence model")}{last}; it is number {told}.'


def needs(count: int, least: int, what: str) -> bool:
    """Tell whether there are too few sentences for something, and say so."""
    if count >= least:
        return False
    missing = "one" if least - count == 1 else str(least - count)
    panels.sentence(
        f"Type {missing} {'more ' if count else ''}sentence{'s' * (least - count > 1)} above: {what}.",
        key="few",
    )
    return True


def how_it_works(spec: ModelSpec) -> None:
    """Explain the page in plain words; the formulas follow."""
    with st.expander("How it works"):
        st.markdown(
            "A sentence model reads all words of a sentence together, layer by layer, and returns one list of numbers for the "
            "whole. Sentences that mean similar things get similar lists, whatever their words. Rankings are computed from "
            "those lists, never from the picture.\n\n"
            "**Exact words** counts the words of the query that a sentence holds. **TF-IDF** does so too, but rare words weigh "
            "more. The **mean of word vectors** averages one vector a word: it knows that *sofa* is near *couch*, yet not who "
            "did what to whom, because a mean forgets the order. The **sentence model** knows both, as far as it has learnt.\n\n"
            "**Percentages** compare a similarity with random pairs of news sentences, which have little in common.\n\n"
            "$\\text{mean}(s) = \\frac{1}{n}\\sum_i w_i $\n\n"
            "$\\cos(a, b) = \\frac{a \\cdot b}{\\lVert a \\rVert\\,\\lVert b \\rVert}$\n\n"
            "$\\text{share of a word} = \\cos(a, b) - \\cos(a_{\\text{without it}}, b)$"
        )
        st.text(f"Model: {spec.title}. {spec.paper}. {spec.note} Licence {spec.licence or 'not stated'}.")


def in_vocabulary(items: tuple[str, ...], space: Space, *, where: str = "", key: str = "skipped") -> Coverage:
    """Return which of these texts can be read, and say what a mean of word vectors leaves out for want of a vector."""
    covered = cache.coverage(items, space)
    if covered.skipped:
        named = ", ".join(covered.skipped[:12]) + (" …" if len(covered.skipped) > 12 else ".")
        place = f" {where}" if where else ""
        panels.sentence(f"Skipped{place}, because this word space has no vector for them: {named}", key=key)
    if isinstance(space, TextModel) and items and not where:
        panels.one_line(cache.once(panels.not_read, items, space.model), key="not-read")
    if covered.missing and not where:
        several = len(covered.missing) > 1
        panels.sentence(
            f"Left out, because no word of {'them' if several else 'it'} has a vector in this space: "
            f"{'; '.join(short(item) for item in covered.missing[:3])}{' …' if len(covered.missing) > 3 else ''}",
            key="out-of-vocabulary",
        )
    return covered


def beside(spec: ModelSpec) -> str:
    """Say that a mean is no sentence model and which one stands beside it; a verb follows."""
    return f"{spec.title} takes the part of the mean of word vectors; as a sentence model, {find_model('minilm').title}"


def readable(items: tuple[str, ...]) -> tuple[str, ...]:
    """Return the sentences that can be taken apart, and say that longer ones cannot."""
    short = tuple(item for item in items if len(TYPED_WORD.findall(item)) <= LONGEST)
    if len(short) < len(items):
        panels.sentence(f"Sentences of more than {LONGEST} words are left out here.", key="long")
    return short


def judged(result: WordOrder, by: str) -> str:
    """Say how far word order counts for the mean, named as `by`, and for the model."""
    points = "the very same point" if result.by_mean > 0.9999 else "two points"
    mean = f"To the {by} both are {points} (cosine {result.by_mean:.3f})"
    model = f"{result.by_model:.3f}"
    if result.by_words < 1:
        return f"These two do not share all their words. {mean}; the sentence model says {model}."
    if result.by_model > 0.995:
        return f"{mean}, and this model hardly tells them apart either ({model}): small models hear little of the order."
    if result.by_model > 0.95:
        return (
            f"{mean}; the sentence model moves them apart, a little ({model}): it hears the order, faintly."
        )
    return f"{mean}; to the sentence model they say different things ({model})."


def growth(growing: GrowingSentence, others: EmbeddingSet) -> None:
    """Tell at each word how near the sentence is to its end, and whose neighbour it is by then."""
    whole = growing.beginnings[-1]
    own = [row for row, item in enumerate(others.items) if item == whole]
    bars = []
    for word, vector, near in zip(growing.words, growing.vectors, growing.to_whole.tolist(), strict=True):
        found = nearest(others, vector, k=1, exclude=own)
        note = f"nearest now: {found.items[0]}" if found.items else ""
        bars.append(Bar(word, f"{near:.2f}".replace("-", "−"), max(near, 0.0), note))
    if len(growing.words) > 1:
        most = int(growing.steps.argmax())
        panels.sentence(
            f'"{growing.words[most]}" turns the meaning most: the vector moves by {growing.steps[most]:.2f} there.',
            key="turn",
        )
    st.caption("Cosine with the whole sentence, word by word")
    ranking(bars, key="growth-bars", film=whole, delay=300, step=400)


def plain(request: MapRequest) -> Picture:
    """Return the map as it is."""
    if not request.shown:
        return Picture(empty_scene("nothing typed yet", alt=""))
    shown = cache.view(request)
    return Picture(sentence_scene(shown), shown.items)
