"""What the stage and its twin in Python must agree on, as values: twins.json, which both sides are tested against.

`python -m tests.stage.twins` writes it anew from the Python side; then the JavaScript tests tell whether the stage agrees.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from embeddings_core.analysis.questions import placement_error
from embeddings_core.export.contact_sheet import still_moments
from embeddings_core.export.film_states import FilmStates
from embeddings_core.export.map_html import PARTS as MAP_PARTS
from embeddings_core.export.packed_map import cells_of
from embeddings_core.export.rows import rows_csv
from embeddings_core.export.view import home_view, widest_side
from embeddings_core.scenes.labels import columns, forms
from embeddings_core.scenes.payload import PARTS, payload_json, scene_payload
from embeddings_core.scenes.scene import Link, Motion, Pictures, Points, Scene
from embeddings_core.scenes.theme import STAGE_BACKGROUND, STAGE_COLOURS, STAGE_SCALE, STAGE_SYMBOLS
from embeddings_core.tables.questions import categories, holding, ramp
from embeddings_core.tables.reading import read_table
from embeddings_core.talks.html import PARTS as TALK_PARTS

FILE = Path(__file__).with_name("twins.json")
DOT = "data:image/png;base64,AA=="
TEXTS = (
    "bank",
    "The kitten fell asleep on the warm sofa.",
    "a word that is precisely 32 wide",
    "銀行に行ってお金をおろしてから友達と一緒に夕食を食べに行きました",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
    "naïve café e\u0301clair with accents that stand on letters of their own, e\u0301 and o\u0308",
    "family 👨‍👩‍👧‍👦 and friends 👩🏽‍🚀 in one long line of many pictures 🎈🎈🎈",
    "word " * 40,
    "  two  blanks  ",
)


def scenes() -> dict[str, Scene]:
    """Return the films that are compared: a morph, a recorded one, a row of words with arcs, a list, and one in 3-D."""
    rng = np.random.default_rng(7)
    flat, deep = rng.normal(size=(3, 6, 2)), rng.normal(size=(4, 6, 3))
    words = tuple("abcdef")
    row = np.stack([np.column_stack([np.arange(6), np.zeros(6)])] * 2)
    return {
        "morph": Scene(
            id="morph",
            points=Points(
                words,
                groups=np.array([0, 1, 9, -1, 2, 17]),
                priority=np.array([0, 2, 1, 2, 5, 0.5]),
                selected=1,
            ),
            motion=Motion(flat, ("one", "two", "three"), kind="morph", times=(0, 1, 4), seconds=3),
            links=(Link(1, 4),),
        ),
        "recorded": Scene(
            id="recorded",
            points=Points(words, values=np.linspace(0, 1, 6), sizes=np.array([1, 2, 0.1, 9, 1, 1])),
            motion=Motion(np.concatenate([flat, flat[:1]]), tuple("wxyz"), kind="recorded", seconds=4),
        ),
        "row": Scene(
            id="row",
            points=Points(words),
            motion=Motion(
                row,
                ("before", "after"),
                kind="morph",
                frame_groups=np.array([[0] * 6, [0, 1, 0, 1, 0, 1]]),
                seconds=2,
            ),
            links=(
                Link(0, 3, style="arc", weight=0.5, bend=0.6, group=1),
                Link(2, 4, style="arc", weight=0.9, weights=(0.1, 0.9), bend=0.4),
            ),
        ),
        "list": Scene(
            id="list",
            points=Points(words),
            motion=Motion(
                np.array([[[0, 5], [0, 4], [0, 3], [1, 5], [1, 4], [1, 3]]]), ("now",), kind="still"
            ),
        ),
        "pictures": Scene(
            id="pictures",
            points=Points(words),
            motion=Motion(deep, tuple("wxyz"), kind="recorded"),
            pictures=Pictures(
                (DOT, "", DOT, DOT, DOT, ""), frame_images=((2, (DOT, DOT + "A", DOT + "B", DOT)),)
            ),
        ),
    }


def film_values(scene: Scene) -> dict[str, Any]:
    """Return a scene as the browser gets it, and what Python makes of it."""
    film, values = FilmStates(scene), film_moments(scene)
    views = []
    for width, height, keep in (
        (1280, 560, (200.0, 400.0)),
        (1000, 700, (900.0, 60.0)),
        (1000, 1600, (0.0, 0.0)),
        (360, 420, (0.0, 0.0)),
    ):
        view = home_view(
            film.box, scene.motion.dimensions, width, height, keep=keep, side=widest_side(film.frames[-1])
        )
        seen = view.project(film.frames[-1])
        views.append(
            {
                "width": width,
                "height": height,
                "room": list(keep),
                "pixels": rounded(seen),
                "nearness": rounded(view.nearness(seen[:, 2])),
                "mist": rounded(view.mist(seen[:, 2])),
            }
        )
    return {
        "payload": json.loads(payload_json(scene_payload(scene))),
        "box": [rounded(film.box.centre), rounded(film.box.half), rounded(film.box.radius)],
        "boxes": [
            [rounded(box.centre), rounded(box.half), rounded(box.radius)]
            for box in (film.box_at(p) for p in (0.0, 0.5, 1.25, 3.0) if p <= film.last)
        ],
        "inRow": film.in_row,
        "listed": film.listed,
        "stressed": sorted(film.stressed),
        "order": list(film.order),
        "diameters": rounded(film.diameters),
        "markRadius": rounded(film.mark_radius),
        "symbols": film.symbols(0).tolist(),
        "clock": rounded(film.moments(41, rest=0)),
        "views": views,
        **values,
    }


def film_moments(scene: Scene) -> dict[str, Any]:
    """Return where points are, how they look, and what arcs weigh at some moments."""
    film, dark = FilmStates(scene), FilmStates(scene, dark=True)
    moments = [p for p in (0.0, 0.25, 0.5, 0.9, 1.0, 1.4, 2.0, 2.75) if p <= film.last]
    changing = [row for row, _ in scene.pictures.frame_images]
    return {
        "moments": [
            {
                "p": p,
                "positions": rounded(film.positions(p)),
                "weights": [rounded(film.weight(link, p)) for link in scene.links if link.style == "arc"],
                "turning": [
                    [[image, rounded(share)] for image, share in film.turning(row, p)] for row in changing
                ],
            }
            for p in moments
        ],
        "paint": {
            "light": [rounded(film.paint(frame)) for frame in range(film.last + 1)],
            "dark": [rounded(dark.paint(frame)) for frame in range(film.last + 1)],
        },
    }


def table_values() -> dict[str, Any]:
    """Return a table as a map carries it, and what Python says of it: colours, what a search finds, the rows as CSV."""
    soups = ('ÄRGER, ""quoted"" soup', "The Soup")
    kinds = [f"kind {n % 23}" if n % 7 else "" for n in range(160)]
    lines = [
        f'"{soups[n % 3 > 0]} {n}",{kinds[n]},{n % 5 + 1 if n % 11 else ""},{1.5 ** (n % 30)},'
        f"2024-0{n % 9 + 1}-11{' 10:30:00' if n % 2 else ''},{['=1+1', '-2 °C', '@x', 'plain'][n % 4]}"
        for n in range(160)
    ]
    table = read_table("\n".join(["text,kind,stars,price,day,risky", *lines]).encode(), name="soup.csv")
    header, arrays, _ = cells_of(table, np.arange(len(table)))
    asked = ("soup", "SOUP 1", "ärger", "/soup \\d5$/", "/^the .*9/", "nothing of it")
    return {
        "columns": header["columns"],
        "arrays": {
            name: [None if np.isnan(value) else float(value) for value in array]
            for name, array in arrays.items()
        },
        "categories": [
            {
                "at": at,
                "names": list(found.names),
                "counts": list(found.counts),
                "groups": found.groups.tolist(),
            }
            for at, found in ((at, categories(table, table.names[at])) for at in (1, 2))
        ],
        "ramps": [
            {
                "at": at,
                "places": [None if np.isnan(x) else rounded(x) for x in found.places],
                "ends": rounded((found.low, found.high)),
            }
            for at, found in ((at, ramp(table, table.names[at])) for at in (2, 3, 4))
        ],
        "found": {text: np.flatnonzero(holding(table, text)).tolist() for text in asked},
        "csv": rows_csv(table.rows).decode(),
    }


def rounded(values: Any) -> Any:
    """Return numbers as JSON holds them, to six digits: enough to tell a different sum, too few to tell a different machine."""
    if np.ndim(values):
        return [rounded(value) for value in values]
    return float(f"{float(values):.6g}") + 0.0


def twins() -> dict[str, Any]:
    """Return all that is compared."""
    flat = np.random.default_rng(3).normal(size=(9, 2))
    side = float(np.ptp(flat, axis=0).max())
    asked = [[float(flat[4, 0]) + share * side, float(flat[4, 1])] for share in (0.0, 0.09, 0.12, 0.6)]
    placements = [placement_error(flat, 4, point) for point in asked]
    return {
        "parts": {"stage": list(PARTS), "talk": list(TALK_PARTS), "map": [*PARTS, *MAP_PARTS]},
        "theme": {
            "colours": {mode: list(colours) for mode, colours in STAGE_COLOURS.items()},
            "background": STAGE_BACKGROUND,
            "scale": list(STAGE_SCALE),
            "symbols": list(STAGE_SYMBOLS),
        },
        "labels": [
            {"text": text, "columns": columns(text), "forms": forms(text), "listed": forms(text, listed=True)}
            for text in TEXTS
        ],
        "stills": [still_moments(last) for last in range(1, 30)],
        "placements": {
            "positions": rounded(flat),
            "row": 4,
            "guesses": [
                {
                    "point": point,
                    "share": rounded(found.share),
                    "nearer": found.nearer,
                    "of": found.of,
                    "sentence": found.sentence,
                }
                for point, found in zip(asked, placements, strict=True)
            ],
        },
        "table": table_values(),
        "films": {name: film_values(scene) for name, scene in scenes().items()},
    }


def written() -> str:
    """Return the file's text: a line for each thing that is compared."""
    values = twins()
    films = values.pop("films")
    lines = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in values.items()]
    shown = ",\n".join(f"{json.dumps(name)}: {json.dumps(film)}" for name, film in films.items())
    return "{\n" + ",\n".join([*lines, f'"films": {{\n{shown}\n}}']) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
