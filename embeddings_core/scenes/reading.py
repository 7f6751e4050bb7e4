"""Values from outside, checked against a type: what does not fit is refused in a sentence, nothing is trusted."""

import threading
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from embeddings_core.errors import BadInputError

T = TypeVar("T")
_one_at_a_time = threading.Lock()
_made: dict[Any, TypeAdapter[Any]] = {}
SHOULD = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "an object with names",
    "dataclass_type": "an object with names",
    "model_type": "an object with names",
    "greater_than_equal": "{ge:g} or more",
    "less_than_equal": "{le:g} or less",
    "literal_error": "one of {expected}",
    "too_short": "a list of {min_length} or more",
    "string_pattern_mismatch": "of another form",
    "unusable": "{should}",
}
"""What a value should be, by pydantic's name of what is wrong with it."""


def made_adapter(kind: type[T]) -> TypeAdapter[T]:
    """Return pydantic's reader and writer of a type, made once.

    Making one parses our source for the texts under the fields, and Python 3.11 fails when two threads do so at a time.
    """
    with _one_at_a_time:
        if kind not in _made:
            _made[kind] = TypeAdapter(kind)
        return cast("TypeAdapter[T]", _made[kind])


def read(
    adapter: TypeAdapter[T],
    values: Any,
    *,
    what: str,
    names: Mapping[str, str] | None = None,
    context: Mapping[str, Any] | None = None,
) -> T:
    """Make a value of a type; raises BadInputError for the first thing that does not fit.

    `what` begins the sentence ("The picture"), `names` are those names that a file writes in another way.
    """
    try:
        return adapter.validate_python(values, context=context)
    except ValidationError as error:
        raise _refused(error, what, names or {}) from None


def wrong(what: str, name: str, should: str) -> BadInputError:
    """Say that a value is not what it should be."""
    return BadInputError(f"{what} has no usable “{name}”: it should be {should}.")


def _refused(error: ValidationError, what: str, names: Mapping[str, str]) -> BadInputError:
    """Say the first thing that pydantic found: what, where, and what it should be."""
    found = error.errors(include_url=False, include_input=False)[0]
    kind, path, numbers = found["type"], found["loc"], found.get("ctx", {})
    called = [part for part in path if isinstance(part, str)]
    name = names.get(called[-1], called[-1]) if called else "values"
    places = [part + 1 for part in path if isinstance(part, int)]
    if kind == "over":
        return BadInputError(f"{what} has {numbers['what']}; the limit is {numbers['limit']:,}.")
    if kind == "too_long":
        long = f"{numbers['actual_length']:,}" if numbers.get("actual_length") else "too many"
        return BadInputError(f"{what} has {long} {name}; the limit is {numbers['max_length']:,}.")
    if kind == "missing" and isinstance(path[-1], str):
        return BadInputError(f"{what} has no “{name}”, and cannot be shown without; save it again.")
    should = (
        f"a list of {path[-1] + 1} or more values"
        if kind == "missing" and isinstance(path[-1], int)
        else SHOULD.get(kind, "something else").format(**numbers).replace("'", "")
    )
    if kind == "missing":
        places = places[:-1]
    where = f" (in place {', '.join(map(str, places))})" if places else ""
    return BadInputError(f"{what} has no usable “{name}”{where}: it should be {should}.")
