"""What the page of images and text asks, and says beside and below its stage."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from embeddings_core.limits import CAPTIONS as MOST
from embeddings_core.maps.request import MapOptions, MapRequest
from embeddings_core.models.registry import list_models
from embeddings_core.models.spec import ModelSpec
from embeddings_core.pictures.caption_examples import CAPTION_LISTS
from embeddings_core.pictures.image_text_space import ImageTextSpace, cut_captions, marked
from embeddings_core.pictures.picture_space import Pictures
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.texts import Texts, split_lines
from embeddings_core.spaces.vectors import FloatArray, similarity
from pages._ui import below, cache, controls, own_pictures, panels, shell, state

CAPTIONS, NEW, CAPTION, PICTURE = "captions", "new_caption", "caption", "joint_picture"
LENS, ASK, FROM_WORDS, FROM_PICTURE = "match", "ask", "words → pictures", "picture → words"
PER_LINE = "\n"
BRIDGE, READER = "bridge", "minilm"  # the bundled model, and who reads its captions


@dataclass(frozen=True, eq=False)
class Given:
    """What is on the page: pictures, captions, the model of both, and how their map is made."""

    pictures: Pictures
    captions: tuple[str, ...]
    spec: ModelSpec
    request: MapRequest
    space: ImageTextSpace

    @property
    def n(self) -> int:
        """How many pictures there are."""
        return len(self.pictures.files)

    @property
    def vectors(self) -> tuple[FloatArray, FloatArray]:
        """The vectors of the pictures and of the captions; both must be there."""
        both = cache.vectors_of(self.request.shown, self.request.space).vectors
        return both[: self.n], both[self.n :]


def given(pictures: Pictures, captions: tuple[str, ...], spec: ModelSpec, options: MapOptions) -> Given:
    """Put together what is on the page; a new caption or picture enters a map while the others stay."""
    own, stayed = marked(pictures.keys), marked(own_pictures.standing(pictures.keys, page="joint"))
    fitted = state.fitted(captions) if captions else ()
    space = ImageTextSpace(spec.id, pictures.owner)
    possible = cache.possible(options, len(stayed) + len(fitted))
    request = MapRequest((*own, *captions), (*stayed, *fitted), possible, space)
    return Given(pictures, captions, spec, request, space)


def captions() -> Texts:
    """Ask for captions, one a line, with a live example and further lists of one click each."""
    first = next(iter(CAPTION_LISTS.values()))
    state.default(CAPTIONS, PER_LINE.join(first.items))
    typed = controls.text_box("Your captions, one a line", key=CAPTIONS, hint="One caption a line …")
    with controls.examples_menu("Captions"):
        newcomer()
        for title, listed in CAPTION_LISTS.items():
            shown = PER_LINE.join(listed.items)
            st.button(title, key=f"captions-{title}", on_click=_show, args=(shown, listed.items[0]))
    return split_lines(typed, limit=MOST)


def _show(text: str, first: str) -> None:
    state.put_all({CAPTIONS: text, CAPTION: first, ASK: FROM_WORDS})
    state.refit()


def newcomer() -> None:
    """Ask for one more caption; it enters the map while the others stay."""
    st.text_input(
        "One more caption", key=NEW, on_change=_add, placeholder="then Enter: it flies in", max_chars=2_000,
    )  # fmt: skip


def _add() -> None:
    new = " ".join(state.text(NEW).split())
    state.put(NEW, "")
    if new:
        before = state.text(CAPTIONS).rstrip()
        state.put_all({CAPTIONS: f"{before}\n{new}" if before else new, CAPTION: new, ASK: FROM_WORDS})


def notes(typed: Texts, spec: ModelSpec) -> None:
    """Say what was changed about the captions, and which of them the model cuts off."""
    told = (
        cache.once(panels.not_read, typed.items, READER, False) if spec.id == BRIDGE and typed.items else ()
    )
    panels.one_line((*typed.notes, *told), key="captions")
    space = ImageTextSpace(spec.id)
    cut = cache.once(cut_captions, typed.items, space) if typed.items else ()
    if cut:
        many = f"{len(cut)} captions are" if len(cut) > 1 else "One caption is"
        shell.message(
            f'{many} longer than this model reads ({space.context} tokens, pieces of words); the rest is cut off: "{cut[0][:60]}…"',
            kind="note",
        )


def pick(label: str, names: Sequence[str], *, key: str, first: int = 0) -> int:
    """Ask for one of some names, by default the one in row `first`; return its row."""
    return list(names).index(controls.one_of(label, names, key=key, usual=names[first]))


def pick_picture(given: Given) -> int:
    """Ask for a picture, at first the one that suits a caption best; show it, and return its row."""
    pictures = given.pictures
    best = int(similarity(*given.vectors).max(axis=1).argmax()) if given.captions else 0
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        place = st.container(width=84)
        row = pick("Picture", pictures.names, key=PICTURE, first=best)
    with place:
        st.image(pictures.files[row].thumbnail, width=84, alt=pictures.names[row])
    return row


def look_at(given: Given) -> Callable[[int], None]:
    """Return the callback of a click on the map: it looks from that picture or that caption."""
    names, captions = given.pictures.names, given.captions

    def chosen(row: int) -> None:
        if row < len(names):
            look_from_picture(names[row])
        elif row - len(names) < len(captions):
            look_from_caption(captions[row - len(names)])

    return chosen


def arrived(name: str) -> None:
    """Ask which words suit the first picture that just came in."""
    if name:
        look_from_picture(name)


def look_from_picture(name: str) -> None:
    """Ask which words suit a picture."""
    state.put_all({ASK: FROM_PICTURE, PICTURE: name})


def look_from_caption(caption: str) -> None:
    """Ask which pictures suit a caption."""
    state.put_all({ASK: FROM_WORDS, CAPTION: caption})


def missing(given: Given, *, least: str) -> bool:
    """Say what is missing where there are no pictures or no captions yet; tell whether something is."""
    if given.n and given.captions:
        return False
    what = "" if given.n else "a picture"
    what += (" and " if what and not given.captions else "") + ("" if given.captions else "a caption")
    panels.sentence(f"Add {what}: {least}", key="missing")
    return True


def share(given: Given, scene: Scene) -> None:
    """Offer what can be taken away."""
    below.share(
        scene,
        key="joint",
        note="The address of this page rebuilds this picture with its captions and the sample set.",
        only_here=own_pictures.only_here(),
        vectors=lambda: _named(given),
    )


def _named(given: Given) -> EmbeddingSet:
    both = cache.vectors_of(given.request.shown, given.request.space)
    kinds = ("picture",) * given.n + ("caption",) * len(given.captions)
    return replace(both, items=(*given.pictures.names, *given.captions), groups=kinds)


def about(spec: ModelSpec) -> None:
    """Say in one breath what the model on the page is."""
    if spec.id == BRIDGE:
        panels.sentence(
            "The bundled bridge: a network names each picture among the 1,000 things it knows, and the picture gets the mixed "
            "word vectors of its ten best names. What is none of the 1,000 (a face, a galaxy) is named wrongly. CLIP learned "
            "pictures and captions together; choose it above to let it take the bridge's place.",
            key="about",
        )
    else:
        panels.sentence(f"{spec.title}: {spec.note}", key="about")


def how_it_works(spec: ModelSpec) -> None:
    """Explain the space, the bridge, CLIP and the numbers in plain words; formulas follow."""
    others = [row for row in list_models("image-text") if not row.bundled]
    with st.expander("How it works"):
        st.markdown(
            "Two encoders, one space. One turns a **picture** into a list of numbers, the other a **text** into a list of the "
            "same length. Where the two lists point in the same direction, picture and text belong together: a search by "
            "words is a search for the nearest pictures.\n\n"
            "**The bridge** needs no download. EfficientNet-Lite0 gives each picture probabilities for ImageNet's 1,000 classes "
            "(espresso, tabby cat, missile …); the picture becomes the mean of the word vectors (MiniLM) of its ten most "
            "probable classes, weighted by these probabilities (ConSE, Norouzi et al. 2014). It knows 1,000 things and no "
            "others: there is no class for people, stars or old coins.\n\n"
            "**CLIP** (Radford et al. 2021) was trained on hundreds of millions of pictures with their captions: each picture "
            "should be nearer to its own caption than to any other. Choose it in the model list; it is fetched once, when you "
            "press *Download*, and then stays on this computer:\n\n"
            + "\n".join(
                f"- {row.title}: {row.size}, licence {row.licence}, {row.dimensions} numbers"
                for row in others
            )
            + "\n\n**Percentiles** compare a cosine with all pairs of a sample photograph and a bundled caption, most of which do "
            "not belong together.\n\n"
            "**What is it?** turns the cosines $s_i$ of a picture with its labels into shares: "
            "$p_i = \\frac{e^{s_i / T}}{\\sum_j e^{s_j / T}}$. A low temperature $T$ makes the best label take all; a high one "
            "makes all labels equal. The shares say which label is best *among these*, not whether it is right.\n\n"
            "**Modality gap**: the centres of the pictures $\\bar x$ and of the captions $\\bar y$ lie apart by "
            "$\\lVert \\bar x - \\bar y \\rVert$ (Liang et al. 2022)."
        )
        facts = (
            spec.title,
            f"{spec.dimensions} numbers an item" * bool(spec.dimensions),
            spec.licence,
            spec.paper,
        )
        st.caption("This model: " + " · ".join(filter(None, facts)))
