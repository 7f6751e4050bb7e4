"""The analogy lens: a is to b as c is to what? The arithmetic drawn in the true plane of the vectors, and audited."""

import streamlit as st

from embeddings_core.analysis.algebra import analogy
from embeddings_core.maps.request import MapRequest
from embeddings_core.models.catalogue_words import glove_words
from embeddings_core.scenes.maps import analogy_scene, map_scene
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.datasets import ANALOGIES, GLOVE_ANALOGIES, AnalogyPreset
from embeddings_core.spaces.space import Space
from embeddings_core.spaces.texts import clean
from pages._ui import cache, panels, state
from pages._ui.words import panels as word_panels

KEYS = ("a", "b", "c")


def examples(space: Space) -> None:
    """Offer analogies of one click each, those that work in a space and those that fail there."""
    st.caption("Analogies")
    for each in _known(space):
        st.button(
            f"{each.a} : {each.b} = {each.c} : ?", key=f"preset-{each.a}-{each.b}-{each.c}",
            on_click=state.put_all, args=(dict(zip(KEYS, (each.a, each.b, each.c), strict=True)),),
        )  # fmt: skip


def _known(space: Space) -> tuple[AnalogyPreset, ...]:
    return GLOVE_ANALOGIES if space == glove_words() else ANALOGIES


def analogies(request: MapRequest) -> Scene:
    """Ask for three words, rank the answers, and say what to think of them."""
    presets = _known(request.space)
    first = presets[0]
    words = []
    for column, key, label, start in zip(
        st.columns(3), KEYS, ("This word", "is to", "as"), (first.a, first.b, first.c), strict=True
    ):
        state.default(key, start)
        with column:
            words.append(
                clean(str(st.text_input(label, key=key, bind="query-params", max_chars=200) or "")) or start
            )
    a, b, c = words
    if not {a, b, c} & set(request.shown) and (a, b, c) in [(each.a, each.b, each.c) for each in presets]:
        panels.sentence(
            "A known example; put three words of your own into the boxes, or take another from Examples.",
            key="example",
        )
    inputs = cache.vectors_of(tuple(words), request.space)
    if lost := [word for word in words if word not in inputs.items]:
        panels.sentence(
            f"This space has no vector for {' and '.join(dict.fromkeys(lost))}; choose other words.",
            key="lost",
        )
        return map_scene(cache.view(request))
    words_of_space = request.space.words()
    vocabulary = cache.view(request).embeddings if words_of_space is None else words_of_space
    result = analogy(vocabulary, a, b, c, k=6, words=inputs)
    panels.sentence(f"{a} is to {b} as {c} is to …", key="question")
    pairs = cache.reference(request.space)
    panels.ranked(
        result.answers,
        key="answers",
        reference=pairs,
        on_choose=state.add,
        hint="Put {item} on the map of words",
    )
    word_panels.audit(result)
    for remark in (preset.remark for preset in presets if (preset.a, preset.b, preset.c) == (a, b, c)):
        panels.sentence(remark, key="remark")
    return analogy_scene(result, model=vocabulary.model)
