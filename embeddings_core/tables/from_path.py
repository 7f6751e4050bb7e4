"""A table from a path: of the operator's folder, or the one that the server was started with."""

from dataclasses import replace
from pathlib import Path

from embeddings_core import jobs
from embeddings_core.limits import EMBED_SECONDS, TABLE_BYTES
from embeddings_core.tables.lance_rows import ENDING as LANCE
from embeddings_core.tables.lance_rows import open_lance
from embeddings_core.tables.reading import read_table
from embeddings_core.tables.table import Role, Table, with_roles


def read_in_worker(path: str, *, text: str = "", label: str = "") -> Table:
    """Read a table from a path in the worker, see `read_chosen`; one of LanceDB is opened here, as nothing of it is read.

    A file larger than anybody may drop is read in the line of what takes long: nobody waits for it who brings a small one.
    """
    if path.endswith(LANCE):
        return read_chosen(path, text=text, label=label)
    large = Path(path).is_file() and Path(path).stat().st_size > TABLE_BYTES
    return jobs.within(EMBED_SECONDS, reading=not large, heavy=large).run(
        read_chosen, path, text=text, label=label
    )


def read_chosen(path: str, *, text: str = "", label: str = "") -> Table:
    """Read a table from a path, with these columns as its text and its label: they stand first.

    Raises BadInputError where there is no such column.
    """
    found = open_lance(path) if path.endswith(LANCE) else read_table(path)
    return chosen_columns(found, text=text, label=label)


def chosen_columns(table: Table, *, text: str = "", label: str = "") -> Table:
    """Return a table with these columns as its text and its label: they stand first.

    Raises BadInputError where there is no such column.
    """
    roles: dict[str, Role] = {}
    if text:
        column = table.column(text)
        roles |= {other.name: "other" for other in table.of_role("text")}
        roles[column.name] = "text"
    if label:
        roles[table.column(label).name] = "label"
    changed = with_roles(table, roles)
    first = [name for name in (text, label) if name]
    names = list(dict.fromkeys([*first, *changed.names]))
    return replace(
        changed, columns=tuple(changed.column(name) for name in names), rows=changed.rows.select(names)
    )
