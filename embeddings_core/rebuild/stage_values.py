"""Write what the stage must have as Python has it: python -m embeddings_core.rebuild.stage_values.

assets/stage/values.js holds colours, symbols and the rules of labels; assets/stage/scene.d.ts the type of a scene's plain
values, made of the types of `Scene`.
"""

import json
from collections.abc import Iterator
from dataclasses import fields
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from embeddings_core.folders import STAGE
from embeddings_core.scenes.fields import Gaps
from embeddings_core.scenes.labels import LINE, LISTED, WIDE_RANGES, WIDEST
from embeddings_core.scenes.payload import NOT_SENT, camel
from embeddings_core.scenes.scene import Link, Scene
from embeddings_core.scenes.scene_json import columns, parts
from embeddings_core.scenes.theme import STAGE_BACKGROUND, STAGE_COLOURS, STAGE_SCALE, STAGE_SYMBOLS

HOW = "written by python -m embeddings_core.rebuild.stage_values"
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", NoneType: "null", Link: "LinkValues"}


def values() -> str:
    """Return the text of values.js."""
    wide = "".join(f"{letter(low)}-{letter(high)}" for low, high in WIDE_RANGES)
    return f"""// @ts-check
/* Colours, symbols and the rules of labels, as Python has them; {HOW}. */

// Okabe and Ito's eight and eight more, told apart by colour-blind eyes; the darkest and lightest swap with the theme.
/** @type {{Record<"light" | "dark", string[]>}} */
// prettier-ignore
const OKABE_ITO = {{
  light: {listed(STAGE_COLOURS["light"])},
  dark: {listed(STAGE_COLOURS["dark"])},
}};
// Points that stand back: what the eye need not follow.
/** @type {{Record<"light" | "dark", string>}} */
const BACKGROUND = {{ light: "{STAGE_BACKGROUND["light"]}", dark: "{STAGE_BACKGROUND["dark"]}" }};
const VIRIDIS = {listed(STAGE_SCALE)};
const SYMBOLS = {listed(STAGE_SYMBOLS)};

const LINE = {LINE}; // columns of a label in one line
const WIDEST = {WIDEST}; // columns of each line where it needs two
const LISTED = {listed(LISTED)}; // columns that a label in a list may take
// Letters twice as wide as others: Chinese, Japanese, Korean, and pictures.
const WIDE =
  /[{wide}]/u;
"""


def listed(entries: tuple[Any, ...]) -> str:
    """Return a list as it stands in JavaScript."""
    return json.dumps(list(entries), ensure_ascii=False)


def letter(code: int) -> str:
    """Return a letter as it stands in a regular expression."""
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\u{{{code:x}}}"


def scene_type() -> str:
    """Return the text of scene.d.ts."""
    named = "\n".join(f"  {name}: {kind};" for name, kind in sent())
    says = f"/* What Python says about a scene in plain values (`scene_payload`); {HOW}. */"
    return f"{says}\ninterface SceneValues {{\n{named}\n}}\n"


def sent() -> Iterator[tuple[str, str]]:
    """Yield the names of a scene's plain values and their types."""
    kinds = get_type_hints(Scene)
    types = {
        name: kind
        for part in (Scene, *(kinds[name] for name in parts()))
        for name, kind in hints(part).items()
    }
    for field in fields(Scene):
        for name in parts().get(field.name, (field.name,)):
            if name not in columns() and name not in NOT_SENT:
                yield camel(name), script(types[name])
    yield "dimensions", "number"


def hints(part: type) -> dict[str, Any]:
    """Return the types of a part's fields, with what is noted about them."""
    return get_type_hints(part, include_extras=True)


def script(kind: Any) -> str:
    """Return a type as TypeScript has it.

    >>> script(tuple[tuple[str, int | None], ...])
    '[string, number | null][]'
    """
    inside = get_args(kind)
    if get_origin(kind) is Annotated:
        return script(inside[0]) + (" | null" if Gaps() in inside[1:] else "")
    if get_origin(kind) is Literal:
        return " | ".join(json.dumps(each) for each in inside)
    if get_origin(kind) in (Union, UnionType):
        return " | ".join(script(each) for each in inside)
    if get_origin(kind) is tuple and inside[-1] is Ellipsis:
        one = script(inside[0])
        return f"({one})[]" if " | " in one and not one.startswith("[") else f"{one}[]"
    if get_origin(kind) is tuple:
        return f"[{', '.join(map(script, inside))}]"
    return PLAIN[kind]


FILES = {STAGE / "values.js": values, STAGE / "scene.d.ts": scene_type}

if __name__ == "__main__":
    for path, text in FILES.items():
        path.write_text(text(), "utf-8")
