"""Which model reads the sentences or opens its layers: the catalogue's, means of word vectors, and others by their names."""

from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embeddings_core.errors import BadInputError
from embeddings_core.models.averaged_space import AveragedWordVectors, text_space
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.named_text_models import FOLDER, ask_hub, asked_row, has_layers, text_models_here
from embeddings_core.models.recent import recent
from embeddings_core.models.registry import find_model, list_models
from embeddings_core.models.spec import STATIC, ModelSpec
from embeddings_core.models.text_space import TextModel, TextSpace
from embeddings_core.models.words import AVERAGED, load_mean_of_words
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.space import Space
from embeddings_core.spaces.static_words import OwnWords
from pages._ui import cache, model_menu, own_words, state

MODEL, LAYERS = "model", "reader"  # the menus of the two pages, also in the address
NEXT = "model-next"  # what the menu shows from the next run on
ASKED, MOST_ASKED = "asked-models", 8  # models that this visit asked for by name
MEAN_NOTE = (
    "The mean of a sentence's word vectors: the order of words does not count, unknown words are skipped."
)
NO_LAYERS = ("minilm-bfloat16", "e5-small-q4", "use")


@dataclass(frozen=True)
class Chosen:
    """What is to read the sentences: its row, and the space of texts that it makes."""

    spec: ModelSpec
    space: TextSpace

    @property
    def is_mean(self) -> bool:
        """Whether it averages word vectors and so knows no order."""
        return self.spec.family == AVERAGED


def of_sentences(notes: DeltaGenerator) -> Chosen:
    """Ask which model reads the sentences; a file of word vectors can be opened for the mean of its words.

    What is to be said of a model or of a file stands in `notes`.
    """
    own_words.own_training()
    listed = list_models("text")
    taken = {spec.title for spec in listed}
    means = [AveragedWordVectors(space) for space in own_words.listed()]
    rows = {mean.key: mean for mean in means if mean.title not in taken}
    more = tuple(_mean_row(mean) for mean in rows.values())
    if (wanted := state.text(NEXT)) in {spec.title for spec in more}:
        state.put(MODEL, wanted)
    state.put(NEXT, "")
    spec = model_menu.model(
        key=MODEL,
        rows=(*listed, *more, *model_menu.endpoint_rows(), *_others()),
        beside=lambda: _another(MODEL),
        notes=notes,
    )
    with notes:
        own_words.problems()
    return Chosen(spec, rows[spec.id] if spec.id in rows else text_space(spec))


def of_layers(notes: DeltaGenerator) -> ModelSpec:
    """Ask for a model whose layers can be looked into; what is to be said of it stands in `notes`."""
    listed = [
        spec
        for spec in list_models("text")
        if spec.family not in (AVERAGED, STATIC) and spec.id not in NO_LAYERS
    ]
    others = [spec for spec in _others() if not recent(on_disk, spec) or recent(has_layers, spec)]
    return model_menu.model(key=LAYERS, rows=(*listed, *others), beside=lambda: _another(LAYERS), notes=notes)


def _mean_row(mean: AveragedWordVectors) -> ModelSpec:
    return ModelSpec(
        id=mean.key, title=mean.title, family=AVERAGED, modality="text", dimensions=0, load=load_mean_of_words, bundled=True,
        note=MEAN_NOTE,
    )  # fmt: skip


def _others() -> tuple[ModelSpec, ...]:
    """Return the models by name: those on this computer, then those that this visit asked for."""
    here = {spec.id: spec for spec in recent(text_models_here)}
    return (*here.values(), *(spec for spec in _asked() if spec.id not in here))


def _asked() -> list[ModelSpec]:
    asked: list[ModelSpec] = state.kept(ASKED, list)
    return asked


def _another(key: str) -> None:
    """Offer to name a model of the hub; on the sentences page also to open a file of word vectors."""
    with st.expander("Another model", key=f"another-{key}"):
        st.text_input(
            "Name on the hub", key=f"hub-{key}", max_chars=100, placeholder="owner/model", on_change=_ask, args=(key,),
            help="For example sentence-transformers/all-distilroberta-v1 or google-bert/bert-base-uncased. What is on this "
            "computer opens at once; another one is fetched only when you press Download. Only plain numbers "
            "(safetensors) are read, and no program of a model is run.",
        )  # fmt: skip
        if told := state.text(f"told-{key}"):
            st.text(told)
        st.caption(
            "On the menu are also the models in this computer's hub cache, and those in the folder that whoever started the "
            f"server named ({FOLDER})."
        )
        if key == MODEL:
            own_words.upload(_take)


def _ask(key: str) -> None:
    """Put the named model on the menu and choose it; what it costs is asked of the hub where it is not here."""
    name = state.text(f"hub-{key}").strip().removeprefix("https://huggingface.co/")
    state.put(f"told-{key}", "")
    state.put(f"hub-{key}", "")
    if not name:
        return
    listed = next((spec for spec in list_models("text") if spec.checkpoint == name), None)
    try:
        spec = listed or asked_row(name)
    except BadInputError as error:
        state.put(f"told-{key}", str(error))
        return
    if listed is None and spec.checkpoint == name:
        if on_disk(spec):
            state.put(f"told-{key}", f"{name} is on this computer, but it is no text model that can be opened: it holds no "
                      "safetensors with a tokenizer, also reads pictures, or needs a program of its own.")  # fmt: skip
            return
        cost = ask_hub(name)
        if cost is not None and not cost.safetensors:
            state.put(
                f"told-{key}", f"{name} has no safetensors on the hub; other files of weights are not opened."
            )
            return
        note = "" if cost else "The hub did not answer when it was asked for size and licence."
        spec = replace(
            spec, megabytes=cost.megabytes if cost else 0.0, licence=cost.licence if cost else "", note=note
        )
    if key == LAYERS and listed is None and on_disk(spec) and not has_layers(spec):
        state.put(f"told-{key}", f"{name} has no layers of a transformer to look into.")
        return
    asked = _asked()
    asked[:] = [*(each for each in asked if each.id != spec.id), *([] if listed else [spec])][-MOST_ASKED:]
    state.put(key, spec.title)


def _take(space: OwnWords) -> None:
    """Choose the mean of the words of a file that was just opened."""
    state.put(NEXT, AveragedWordVectors(space).title)


def passages(items: tuple[str, ...], space: Space) -> EmbeddingSet:
    """Read texts as answers to a query; only where a model reads those differently is this not how they are compared."""
    differs = isinstance(space, TextModel) and find_model(space.model).prompt.passage
    return cache.vectors_of(items, space, role="passage" if differs else "symmetric")
