"""The lens on late interaction: each token of a query finds its best token, beside the score of one vector."""

import streamlit as st

from embeddings_core.analysis.late_interaction import LateInteraction, late_interaction, read_tokens
from embeddings_core.maps.request import MapRequest
from embeddings_core.models.registry import find_model
from embeddings_core.models.text_space import TextModel
from embeddings_core.scenes.late_interaction import late_scene
from embeddings_core.scenes.maps import empty_scene
from embeddings_core.spaces.vectors import unit
from pages._ui import cache, controls, model_menu, panels
from pages._ui.panels import Bar, ranking
from pages._ui.sentences import panels as sentence_panels
from pages._ui.sentences.panels import Picture
from pages._ui.text_models import Chosen

MODEL = TextModel("minilm")
MOST, LONGEST = 50, 60  # sentences, and words of one: more lines cannot be followed
HONEST = (
    "The token vectors are those of MiniLM's last layer. It was trained for one vector a sentence; a model trained for this "
    "(ColBERT) keeps every token's vector, here {tokens} for {texts} sentences instead of {texts}."
)
TRAINED = (
    "{title} was trained for this: it keeps {tokens} vectors for {texts} sentences. Its marks ([CLS], [Q], [D]) and the [MASK] "
    "that it fills a query up with look for a token too. The one vector beside it is MiniLM's."
)

M3 = (
    "{title} keeps {tokens} vectors for {texts} sentences, from a layer on the network of its one vector trained for this. "
    "The mark </s> that ends a text looks for a token too. The one vector beside it is MiniLM's."
)


def late(request: MapRequest, by: Chosen) -> Picture:
    """Let the tokens of a query find their best tokens in one of the sentences, and rank all sentences both ways."""
    query = sentence_panels.query(request.shown, MODEL)
    items = sentence_panels.readable(request.shown)[:MOST]
    if sentence_panels.needs(len(items), 1, "the query looks through it"):
        return Picture(empty_scene("nothing typed yet", alt=""))
    if not query or not sentence_panels.readable((query,)):
        panels.sentence("Type a query: each of its tokens looks for the nearest one.", key="empty")
        return sentence_panels.plain(request)
    spec = model_menu.model(
        "tokens",
        key="token-model",
        rows=(find_model(MODEL.model),),
        label="Token vectors of",
        task="gives the token vectors",
    )
    result = cache.once(interacted, query, items, spec.id)
    if result is None:
        panels.sentence("The model sees no token in the query or in a sentence.", key="mute")
        return Picture(empty_scene("nothing to compare", alt=""))
    panels.sentence(result.sentence, key="late")
    chosen = controls.item("Lines to", items, key="lines-to", usual=items[result.first[0]])
    places = {
        row: rank
        for rank, row in enumerate(
            sorted(range(len(items)), key=lambda row: -float(result.single[row])), start=1
        )
    }
    order = sorted(range(len(items)), key=lambda row: -float(result.scores[row]))[:8]
    st.caption("Mean of what the tokens find; beside it one vector's cosine")
    bars = [
        Bar(
            items[row], f"{result.scores[row]:.2f}", max(float(result.scores[row]), 0.0),
            f"one vector: {result.single[row]:.2f}, number {places[row]}".replace("-", "−"),
        )
        for row in order
    ]  # fmt: skip
    ranking(bars, key="late-bars", film=f"{query}|{'|'.join(items)}", delay=300)
    tokens = sum(len(each.tokens) for each in result.texts)
    honest = HONEST if spec.modality != "tokens" else M3 if spec.parts else TRAINED
    panels.sentence(honest.format(title=spec.title, tokens=tokens, texts=len(items)), key="honest")
    at = items.index(chosen) if chosen in items else result.first[0]
    if spec.modality != "tokens":
        return Picture(late_scene(result, at))
    return Picture(
        late_scene(result, at, model=f"{spec.title}, which was trained to give each token a vector")
    )


def interacted(query: str, items: tuple[str, ...], model: str) -> LateInteraction | None:
    """Read the query and the sentences once, and score them both ways; None where something has no token."""
    asked, texts = read_tokens(query, items, model=model)
    if not asked.tokens or any(not text.tokens for text in texts):
        return None
    vectors = unit(cache.vectors_of(items, MODEL).vectors)
    single = vectors @ unit(cache.vectors_of((query,), MODEL, role="query").vectors[0])
    return late_interaction(asked, texts, single=single)
