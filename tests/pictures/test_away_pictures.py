"""Own pictures come back after a reload, for a time, within a number of bytes, and only to who has the token."""

from embeddings_core.limits import IMAGES_KEPT_BYTES, IMAGES_KEPT_HOURS
from embeddings_core.pictures.collection import STEPS, AwayPictures, OwnPictures
from embeddings_core.pictures.files import ImageFile


def pictures(*digests: str, size: int = 10) -> OwnPictures:
    own = OwnPictures()
    own.keep([ImageFile(digest, b"x" * size, digest, (4, 4), "") for digest in digests])
    return own


def test_they_come_back_until_their_time_is_over() -> None:
    now = [0.0]
    away = AwayPictures(clock=lambda: now[0])
    mine = pictures("a", "b")
    away.see("mine", mine)
    assert away.find("mine") is mine and away.find("") is None and away.find("other") is None
    now[0] += IMAGES_KEPT_HOURS * 3600 - 1
    away.see("mine", mine)
    now[0] += IMAGES_KEPT_HOURS * 3600 - 1
    assert away.find("mine") is mine
    now[0] += 2
    assert away.find("mine") is None
    away.see("mine", mine)
    away.forget("mine")
    assert away.find("mine") is None


def test_who_was_seen_longest_ago_loses_them_where_there_is_no_room() -> None:
    class Large(OwnPictures):
        size = IMAGES_KEPT_BYTES // 2  # type: ignore[assignment]

    away, kept = AwayPictures(clock=lambda: 0.0), [Large() for _ in range(3)]
    for place, each in enumerate(kept):
        away.see(str(place), each)
    away.see("1", kept[1])
    assert [away.find(str(place)) is not None for place in range(3)] == [False, True, True]
    away.see("alone", pictures("a", size=100))
    assert away.find("alone") is not None


def test_a_step_is_undone_and_redone_and_what_is_forgotten_is_gone() -> None:
    own = pictures("a", "b")
    first = own.name
    own.keep([*own.files.values(), *pictures("c").files.values()])
    second = own.name
    assert first != second and pictures("b", "a").name == first
    assert own.go_back(first) and list(own.files) == ["a", "b"] and own.size == 30  # all three are held
    assert own.go_back("") and not own.files and own.name == ""
    assert own.go_back(second) and list(own.files) == ["a", "b", "c"]
    assert not own.go_back("never") and list(own.files) == ["a", "b", "c"]
    own.forget()
    assert not own.go_back(first) and not own.files and own.size == 0


def test_earlier_steps_give_way_where_they_would_hold_too_many() -> None:
    own = OwnPictures()
    for step in range(40):
        own.keep([ImageFile(f"{step} {n}", b"x", str(n), (4, 4), "") for n in range(100)])
    assert own.size <= STEPS + 100 and len(own.files) == 100
