"""Groups at two levels, by k-means and as dense regions; the mean of a selection, and what sets it apart."""

import numpy as np
import pytest

from embeddings_core.spaces.vectors import unit
from embeddings_core.tables.embedding import Basis, given_space
from embeddings_core.tables.groups import (
    FoundTableGroups,
    as_categories,
    dense_groups,
    named_by_columns,
    table_groups,
)
from embeddings_core.tables.reading import read_table
from embeddings_core.tables.selections import contrasts, mean_of

SUBJECTS = (("soup", "broth"), ("soup", "noodles"), ("train", "ticket"), ("train", "platform"))
EACH = 30


def nested() -> tuple[np.ndarray, list[str]]:
    """Make 120 points on a plane in two groups of two, with texts that say which."""
    chance = np.random.default_rng(0)
    middles = np.array([[0, 0], [0, 4], [40, 0], [40, 4]], dtype=np.float32)
    points = np.concatenate([middle + chance.normal(0, 0.5, (EACH, 2)) for middle in middles])
    texts = [f"the {thing} and its {part} number {n}" for thing, part in SUBJECTS for n in range(EACH)]
    return points.astype(np.float32), texts


def test_groups_fall_into_finer_ones_named_from_their_texts() -> None:
    points, texts = nested()
    found = table_groups(points, texts=texts, k=2, metric="euclidean")
    assert {name.split(", ")[0] for name in found.names} == {"soup", "train"}
    assert found.finer is not None and len(found.finer.names) > 2
    for part in range(len(found.finer.names)):
        assert (
            len(set(found.labels[found.finer.labels == part].tolist())) == 1
        )  # each lies in one of the groups
    named = " ".join(found.finer.names)
    assert all(word in named for word in ("broth", "noodles", "ticket", "platform"))


def test_small_groups_do_not_fall_apart() -> None:
    points, _ = nested()
    found = table_groups(points[::12], k=2, metric="euclidean")
    assert found.finer is None and found.names == ("group 1", "group 2")


def test_groups_of_numbers_are_named_by_the_columns_in_which_they_differ() -> None:
    chance = np.random.default_rng(0)
    middles = np.array([[0, 9, 5], [0, 1, 5], [40, 5, 5], [40, 5, 5]], dtype=np.float64)
    numbers = np.concatenate([middle + chance.normal(0, 0.5, (EACH, 3)) for middle in middles])
    numbers[0, 1] = np.nan
    labels, finer = np.repeat([0, 0, 1, 1], EACH), np.repeat([0, 1, 2, 2], EACH)
    found = FoundTableGroups(
        labels, ("group 1", "group 2"), FoundTableGroups(finer, ("group 1.1", "group 1.2", "group 2"))
    )
    named = named_by_columns(found, numbers, ["petal\n length", "width", "noise"])
    assert named.names == ("petal length low", "petal length high")
    assert named.finer is not None
    assert named.finer.names == ("width higher", "width lower", "petal length high")
    assert named_by_columns(found, numbers[:, 2:], ["noise"]).names == found.names  # it says nothing
    assert named_by_columns(found, numbers[:, :0], []) is found
    np.testing.assert_array_equal(named.labels, labels)


def test_dense_regions_have_two_levels_and_leave_the_rest_alone() -> None:
    points, texts = nested()
    lonely = np.array([[20, 30], [22, -30]], dtype=np.float32)
    found = dense_groups(np.concatenate([points, lonely]), texts=[*texts, "nothing", "nothing"])
    assert found.labels[-2:].tolist() == [-1, -1]
    labels = found.labels if found.finer is None else found.finer.labels
    for start in range(0, 4 * EACH, EACH):
        own = labels[start : start + EACH]
        values, counts = np.unique(own[own >= 0], return_counts=True)
        assert counts.max() >= 0.8 * EACH and (labels == values[counts.argmax()]).sum() <= 1.2 * EACH


def test_dense_regions_of_many_points_are_found_from_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    points, _ = nested()
    whole = dense_groups(points)
    monkeypatch.setattr("embeddings_core.tables.groups.DENSE", 80)
    some = dense_groups(points)
    assert len(some.labels) == len(points) and len(some.names) >= 2
    assert abs((some.labels >= 0).mean() - (whole.labels >= 0).mean()) < 0.2


@pytest.mark.parametrize("n", [0, 1, 3, 9])
def test_few_points_have_no_dense_region(n: int) -> None:
    found = dense_groups(np.zeros((n, 2), dtype=np.float32))
    assert (found.labels == -1).all() and found.names == () and found.finer is None


def test_rows_without_a_vector_are_in_no_group() -> None:
    points, texts = nested()
    found = as_categories(
        table_groups(points, texts=texts, k=2, metric="euclidean"), np.arange(120) + 3, n=130
    )
    assert (found.groups[:3] == -1).all() and (found.groups[123:] == -1).all() and sum(found.counts) == 120
    assert found.finer is not None and sum(found.finer.counts) == 120


LINES = "".join(
    f'thing {n},{"red" if n < 10 else "blue"},{n + (50 if n < 10 else 0)},"[{1 if n < 10 else 0}, {n % 3 / 10}, 1]"\n'
    for n in range(40)
)


def test_the_mean_of_a_selection_and_what_is_nearest_to_it() -> None:
    table = read_table(f"name,colour,size,v\n{LINES}".encode(), name="things.csv")
    space = given_space(table, Basis("vector", "v"))
    chosen = np.arange(40) < 10
    found = mean_of(space, chosen, k=2)
    assert found is not None and found.metric == "cosine"
    points = unit(space.vectors)
    np.testing.assert_allclose(found.vector, points[:10].mean(axis=0), atol=1e-6)
    scores = points @ unit(points[:10].mean(axis=0))
    assert found.inside.tolist() == np.argsort(-scores[:10], kind="stable")[:2].tolist()
    assert (found.outside >= 10).all() and found.outside_scores[0] == pytest.approx(
        scores[10:].max(), abs=1e-5
    )
    pairs = points[:10] @ points[:10].T
    assert found.alike == pytest.approx((pairs.sum() - np.trace(pairs)) / 90, abs=1e-5)
    assert "Two of these rows have a cosine of" in found.told


def test_the_mean_of_numbers_is_measured_by_distance() -> None:
    table = read_table(b"a,b\n" + b"".join(b"%d,%d\n" % (n, n * n) for n in range(20)), name="numbers.csv")
    space = given_space(table, Basis("numbers"))
    found = mean_of(space, np.arange(20) < 5)
    assert found is not None and (found.inside_scores <= 0).all() and found.alike < found.by_chance
    assert mean_of(space, np.zeros(20, dtype=bool)) is None


def test_columns_tell_what_sets_a_selection_apart() -> None:
    table = read_table(f"name,colour,size,v\n{LINES}".encode(), name="things.csv")
    found = contrasts(table, np.arange(40) < 10)
    assert [each.column for each in found] == ["size", "colour: red"] or [each.column for each in found] == [
        "colour: red",
        "size",
    ]
    by_name = {each.column: each for each in found}
    assert (
        by_name["size"].own == "54.5"
        and by_name["colour: red"].own == "100 in 100"
        and by_name["colour: red"].all == "25 in 100"
    )
    assert contrasts(table, np.ones(40, dtype=bool)) == () == contrasts(table, np.zeros(40, dtype=bool))
