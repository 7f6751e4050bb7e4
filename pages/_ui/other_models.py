"""Models that are no rows of the catalogue: opened by their name in a library, or from a checkpoint of one's own.

What a visitor opened stays on the menus of the visit. A name is part of the address; an uploaded checkpoint is not.
"""

from collections.abc import Sequence
from uuid import uuid4

import streamlit as st

from embeddings_core.limits import FILE_BYTES
from embeddings_core.models import libraries, named_image_models, user_weights
from embeddings_core.models.named_image_models import LIBRARIES
from embeddings_core.models.spec import Modality, ModelSpec
from embeddings_core.spaces.texts import clean
from pages._ui import controls, state

OPENED, OWNER, TURN, MOST = "models-opened", "models-owner", "models-turn", 8
NEXT = "next"  # the title that a menu is to show after the next run
USUAL, MINE = "the library's own", "a file of mine"
EXAMPLES = {"timm": "resnet10t.c3_in1k", "torchvision": "mobilenet_v3_small", "open_clip": "ViT-B-32:openai"}
WHAT = {
    "timm": "1,800 networks for pictures, DINOv2 and ConvNeXt among them.",
    "torchvision": "80 classic networks for pictures, trained on ImageNet.",
    "open_clip": "Networks that put pictures and texts into one space, such as CLIP and SigLIP.",
}


def _opened() -> list[str]:
    """Return the ids of what this visit has opened, the oldest first."""
    ids: list[str] = state.kept(OPENED, list)
    return ids


def listed(modalities: Sequence[Modality], chosen: str) -> list[ModelSpec]:
    """Return what this visit has opened of these kinds, and what an address names (`chosen`, a title)."""
    ids = _opened()
    named = _named(chosen)
    if named and named not in ids and named_image_models.row(named) is not None:
        _remember(named)
    rows = [spec for spec in map(named_image_models.row, ids) if spec is not None]
    return [spec for spec in rows if spec.modality in modalities]


def unknown(modalities: Sequence[Modality], chosen: str, titles: Sequence[str]) -> None:
    """Say so where an address names a model that cannot be opened here."""
    library, mark, rest = chosen.partition(": ")
    if not mark or library not in LIBRARIES or chosen in titles:
        return
    id = _named(chosen)
    if " from " in rest:
        told = "its file is not here. A checkpoint stays with the visitor who opened it, or with the computer it lies on."
    elif id and (spec := named_image_models.row(id)) is not None and spec.modality not in modalities:
        told = (
            "it does not know both pictures and texts." if "image" not in modalities else "it does not see."
        )
    else:
        told = named_image_models.refusal(id or f"{library}:{rest}", rest)
    with st.container(key="note-unknown-model"):
        st.text(f"{clean(chosen)[:80]} cannot be opened: {told}")


def _named(title: str) -> str:
    """Return the id that a title stands for: of a listed name, or of a file in the host's folder; "" for any other."""
    library, _, rest = title.partition(": ")
    if library not in LIBRARIES:
        return ""
    name, _, file = rest.partition(" from ")
    if not file:
        return (
            named_image_models.model_id(library, found)
            if (found := libraries.full_name(library, name))
            else ""
        )
    keys = [key for key in user_weights.local_checkpoints() if key.partition("~")[2] == file]
    found = libraries.full_name(library, name, architectures=True)
    return named_image_models.model_id(library, found, keys[0]) if keys and found else ""


def wanted(key: str) -> str:
    """Return the title of the model that was just opened for a menu, once; "" where there is none."""
    title = state.text(f"{NEXT}-{key}")
    state.put(f"{NEXT}-{key}", "")
    return title


def ask(modalities: Sequence[Modality], *, key: str) -> None:
    """Offer to open a model by its name, with the library's weights or with a checkpoint."""
    turn = state.kept(f"{TURN}-{key}", int)  # a new turn is a new, closed popover with empty boxes
    with st.expander("Another model", key=f"other-{key}-{turn}"):
        choices = list(LIBRARIES) if "image" in modalities else ["open_clip"]
        library = str(
            st.segmented_control(
                "Library", choices, default=choices[0], required=True, key=f"library-{key}-{turn}"
            )
        )
        st.caption(WHAT[library])
        local = {path.name: name for name, path in user_weights.local_checkpoints().items()}
        box = f"name-{key}-{turn}"
        typed = st.text_input(
            "Its name there",
            key=box,
            placeholder=f"such as {EXAMPLES[library]}",
            max_chars=libraries.LONGEST,
        )
        weights = str(st.selectbox("Its weights", [USUAL, *local, MINE], key=f"weights-{key}-{turn}"))
        upload = None
        if weights == MINE:
            upload = st.file_uploader(
                "A checkpoint: .safetensors, .pth or .pt", type=[end[1:] for end in user_weights.ENDINGS],
                key=f"checkpoint-{key}-{turn}", max_upload_size=FILE_BYTES // 2**20,
            )  # fmt: skip
            st.caption(
                f"Up to {FILE_BYTES // 2**20} MB, for the network named above. It is read as numbers only: nothing in "
                "it is run. It stays in this visit and nobody else can open it."
            )
        own = weights != USUAL
        name = libraries.full_name(library, typed, architectures=own) if typed.strip() else ""
        if typed.strip() and not name:
            _misspelt(library, typed, own=own, box=box)
        ready = bool(name) and (weights != MINE or upload is not None)
        pressed = st.button(
            "Open", key=f"open-{key}-{turn}", type="primary" if ready else "secondary", disabled=not ready
        )
        if pressed and name:
            file, problem = local.get(weights, ""), ""
            if upload is not None:
                with st.spinner("Reading the weights …"):
                    file, problem = user_weights.keep_upload(
                        upload.getvalue(),
                        upload.name,
                        library,
                        name,
                        owner=state.kept(OWNER, lambda: uuid4().hex),
                    )
                    controls.free(upload)
            id = named_image_models.model_id(library, name, file)
            problem = problem or named_image_models.refusal(id, name)
            if problem:
                st.text(problem)
            else:
                _remember(id)
                state.put(f"{NEXT}-{key}", named_image_models.title_of(id))
                state.put(f"{TURN}-{key}", turn + 1)
                st.rerun()
        _away()


def _misspelt(library: str, typed: str, *, own: bool, box: str) -> None:
    near = libraries.suggestions(library, typed, architectures=own)
    st.text(
        f"{library} lists no model of that name."
        + (" Which of these?" if near else " Type a part of a name.")
    )
    for number, name in enumerate(near):
        st.button(name, key=f"near-{box}-{number}", type="tertiary", on_click=state.put, args=(box, name))


def _away() -> None:
    """Offer to take back what was uploaded."""
    for id in [each for each in _opened() if "@own-" in each]:
        title = named_image_models.title_of(id)
        st.button(f"Take {title} away", key=f"away-{id}", type="tertiary", on_click=_forget, args=(id,))


def _forget(id: str) -> None:
    user_weights.delete_upload(id.partition("@")[2])
    _opened().remove(id)


def _remember(id: str) -> None:
    """Put a model on the menus of this visit; the oldest goes where there are many."""
    ids = _opened()
    same = [each for each in ids if named_image_models.title_of(each) == named_image_models.title_of(id)]
    for old in [
        *same,
        *[each for each in ids if each not in same][: max(len(ids) - len(same) - MOST + 1, 0)],
    ]:
        ids.remove(old)
    ids.append(id)
