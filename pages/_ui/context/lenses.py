"""What can be looked at in a word's sentences: each lens draws its panel and returns the picture for the stage."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from embeddings_core.analysis import attention as attention_heads
from embeddings_core.analysis import claims
from embeddings_core.analysis.attention import SentenceAttention
from embeddings_core.analysis.layer_trajectory import ENOUGH_FOR_UMAP, layer_film
from embeddings_core.analysis.layer_trajectory import layer_trajectory as follow_layers
from embeddings_core.analysis.tokens import TokenMatrix, occurrences, token_matrix
from embeddings_core.models.spec import ModelSpec
from embeddings_core.scenes import context
from embeddings_core.scenes.attention import attention_film, attention_scene
from embeddings_core.scenes.charts.basic import curve
from embeddings_core.scenes.maps import empty_scene
from embeddings_core.scenes.scene import Scene
from pages._ui import cache, controls, panels, state, waiting
from pages._ui.context import panels as context_panels
from pages._ui.context.panels import Spoken
from pages._ui.stage import stage

EVERYONE = "every token"


@dataclass(frozen=True, eq=False)
class Picture:
    """What stands in the large place: a scene on the stage, and what a click on one of its rows does."""

    scene: Scene
    on_click: Callable[[int], object] | None = None

    def show(self) -> None:
        """Draw it."""
        stage(self.scene, key="context-map", on_click=self.on_click)


@dataclass(frozen=True)
class Lens:
    """One way to look: what draws its panel."""

    panel: Callable[[Spoken, ModelSpec], Picture]

    def look(self, said: Spoken, spec: ModelSpec) -> Picture:
        """Draw the panel and return the picture; where something is missing both stay calm."""
        wanted = context_panels.missing(said)
        if wanted:
            panels.sentence(wanted, key="missing")
            return Picture(empty_scene("nothing typed yet", alt=""))
        return self.panel(said, spec)


def layer_trajectory(said: Spoken, spec: ModelSpec) -> Picture:
    """Follow the word through the layers, from all sentences alike to one place a meaning."""
    place = st.container()
    dimensions = controls.choice("Space", {"2-D": 2, "3-D": 3}, key="room")
    method = ""
    if sum(len(occurrences(said.word, text)) for text in said.holders) >= ENOUGH_FOR_UMAP:
        ways = {"UMAP": "umap", "PCA": "pca"} if waiting.engine_ready("Maps by UMAP") else {"PCA": "pca"}
        method = controls.choice("Drawn by", ways, key="drawn")
    with place:
        told = context_panels.told_senses(said.holders)
    trajectory = cache.once(follow_layers, said.holders, said.word, spec.id, dimensions, method, told)
    panels.sentence(trajectory.film.note, key="layer-film")
    with place:
        context_panels.senses(trajectory)
    return Picture(context.layer_trajectory_scene(trajectory))


def tokens_of(sentence: str, model: str) -> TokenMatrix:
    """Return every token of a sentence at every layer."""
    return token_matrix(sentence, model=model)


def all_tokens(said: Spoken, spec: ModelSpec) -> Picture:
    """Show every token of one sentence at every layer."""
    sentence = _sentence(said)
    matrix = cache.once(tokens_of, sentence, spec.id)
    layers, tokens, size = matrix.vectors.shape
    panels.sentence(
        f"The model reads {tokens} tokens, {sum(matrix.special)} of them its own marks, and gives each a vector of {size} "
        f"numbers at each of {layers} levels: {layers * tokens * size:,} numbers for this one sentence.",
        key="matrix",
    )
    together = context.togetherness(matrix.vectors)
    if tokens > 1:
        panels.sentence(claims.tokens_mix(together), key="together")
        figure = curve(
            list(range(layers)), {"mean cosine of all pairs of tokens": together.tolist()}, theme=panels.theme(),
            x_title="layer (0 = before any)", y_title="mean cosine of all pairs",
        )  # fmt: skip
        st.plotly_chart(
            figure, key="together", height=240, theme=None, alt="Mean cosine of all pairs of tokens by layer."
        )
    for place, note in enumerate(matrix.notes):
        panels.sentence(note, key=f"matrix-note-{place}")
    return Picture(context.tokens_scene(matrix, layer_film(matrix)))


def attention(said: Spoken, spec: ModelSpec) -> Picture:
    """Draw who looks at whom: in one head, or through all layers as a film of their heads' mean."""
    sentence = _sentence(said)
    found: SentenceAttention = cache.once(attention_heads.all_attention, sentence, said.word, spec.id)
    layers, heads = found.weights.shape[:2]
    whole = controls.choice("Shown", {"One head": False, "All layers, as a film": True}, key="attended")
    layer, head = (layers, 1) if whole else context_panels.one_head(found)
    names = {f"{at + 1} {token}": at for at, token in enumerate(found.tokens)}
    named = list(names)
    own = next((name for name, at in names.items() if at in found.chosen), EVERYONE)
    looker = names.get(controls.one_of("Who looks", [EVERYONE, *names], key="looker", usual=own))
    told = looker if looker is not None else int(found.chosen[0]) if found.chosen else 0
    if whole:
        panels.sentence(
            f"Every layer in turn; in each the mean of its {heads} heads. Recorded from the model; between two layers "
            "the lines go from the one to the other.",
            key="mean",
        )
        context_panels.looks_by_layer(found, told)
        scene = attention_film(found, model=spec.id, looker=looker)
    else:
        context_panels.looks(found, layer, head, told)
        scene = attention_scene(found, layer, head, model=spec.id, looker=looker)
    return Picture(scene, on_click=lambda row: state.put("looker", named[row]))


def _sentence(said: Spoken) -> str:
    sentence = controls.item("Sentence", said.holders, key="which")
    return sentence if sentence.strip() else said.holders[0]


LENSES: dict[str, Lens] = {
    "Layer by layer": Lens(layer_trajectory),
    "All tokens": Lens(all_tokens),
    "Attention": Lens(attention),
}
