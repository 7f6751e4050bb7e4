"""The pictures of this visit, which of them its maps stand on, and how they come back after a reload.

They stay on the server for some hours under a random token, which a cookie of this browser holds from the first own
picture until they are forgotten: a reload is another visit to Streamlit, with the same cookie.
"""

from uuid import uuid4

import streamlit as st

from embeddings_core.limits import IMAGES_KEPT_HOURS
from embeddings_core.pictures.collection import AwayPictures, OwnPictures
from pages._ui import state

USUAL_MODEL = "efficientnet-lite0"  # the bundled network looks first
OWN, COOKIE = "pictures-own", "embeddings_visit"
NEEDED = (
    "mine"  # in the address: how many pictures of the visitor's own are in the picture, and which set of them
)
KEPT = f"kept for {IMAGES_KEPT_HOURS} hours after you were last here, also through a reload, and nobody else sees them"
DIGITS = 4  # of a count
_away = AwayPictures()


def own() -> OwnPictures:
    """Return what this visit has uploaded, or this browser's visit before it."""
    return state.kept(OWN, _returned)


def _returned() -> OwnPictures:
    token = str(st.context.cookies.get(COOKIE, ""))
    found = _away.find(token) if token else None
    if found is None:
        return OwnPictures()
    state.put(state.VISIT, token)
    return found


def needed() -> tuple[int, str]:
    """Return how many own pictures the address needs, and what their set is called ("" in addresses of before)."""
    count, _, name = st.query_params.get(NEEDED, "").partition("-")  # anybody can write an address
    return (int(count) if count.isdecimal() and len(count) <= DIGITS else 0), name


def step_back() -> None:
    """After Back or Forward, hold the pictures that the address tells of."""
    if not state.returning(NEEDED):
        return
    state.returned(NEEDED)
    count, name = needed()
    if name or not count:
        own().go_back(name)


def say_need() -> None:
    """Let the address say that it needs the pictures that are there, if any."""
    if files := own().files:
        need = f"{len(files)}-{own().name}"
        if st.query_params.get(NEEDED) != need:
            st.query_params[NEEDED] = need


def only_here() -> str:
    """Say who sees the own pictures of a link; "" where there are none."""
    count = len(own().files)
    if not count:
        return ""
    what = "a picture of your own, which is" if count == 1 else f"{count} pictures of your own, which are"
    return (
        f"This picture has {what} here only: the link shows all of it in this browser, until {IMAGES_KEPT_HOURS} hours after you "
        "were last here. Elsewhere it shows the sample set and says so; hand the film or the talk on instead."
    )


def keep() -> None:
    """Keep the own pictures for this browser's next visit, from now on for some hours; nothing where there are none."""
    if own().files:
        _away.see(_token(), own())


def _token() -> str:
    if not state.visit():
        state.put(state.VISIT, uuid4().hex)
    return str(state.visit())


def forget() -> None:
    """Take all own pictures away, here and on the server."""
    own().forget()
    _away.forget(state.text(state.VISIT))
    state.put(state.VISIT, "")
    state.forget(NEEDED)


def standing(keys: tuple[str, ...], *, page: str = "images") -> tuple[str, ...]:
    """Return the pictures whose map stays while others come and go: while at least half of it is still on screen."""
    maps: dict[str, tuple[str, ...]] = state.kept(state.PICTURES_FITTED, dict)
    old = maps.setdefault(page, keys)
    left = len(set(old) & set(keys))
    if not left or 2 * left < len(old) or not all(own().has(key) for key in old):
        maps[page] = keys
    return maps[page]
