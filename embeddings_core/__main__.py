"""The command line: python -m embeddings_core neighbours king -k 5."""

import argparse
import errno
import io
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from embeddings_core.durations import time_left
from embeddings_core.errors import BadInputError, EmbeddingsError
from embeddings_core.folders import written_whole

BAR = 24  # characters of the longest bar


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 2 after an error (one sentence on stderr)."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot show a character shows a question mark
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    chosen, rest = _parser().parse_known_args(arguments)
    if rest and chosen.command not in (_app, _open):
        print(f"error: there is no option {rest[0]}; try --help", file=sys.stderr)
        return 2
    chosen.rest = rest
    command: Callable[[argparse.Namespace], None] = chosen.command
    try:
        command(chosen)
    except EmbeddingsError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return 0


def start_app() -> int:
    """Start the app in the browser: the console script; arguments go to the server.

    A file comes first to be opened: `embeddings-visualizer reviews.csv --text review --label stars`; `map` writes its map.
    """
    given = sys.argv[1:]
    first = given[0] if given else ""
    if first in ("map", "embed"):
        return main(given)
    is_file = bool(first) and not first.startswith("-") and (Path(first).is_file() or "." in first)
    return main(["open" if is_file else "app", *given])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m embeddings_core", description=__doc__.split(":")[0] + "."
    )
    commands = parser.add_subparsers(title="commands", required=True)

    def add(name: str, command: Callable[[argparse.Namespace], None], about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about)
        added.set_defaults(command=command)
        return added

    near = add("neighbours", _neighbours, "The words nearest to a word or phrase.")
    near.add_argument("item", nargs="+", help="a word or a phrase")
    near.add_argument("--metric", choices=("cosine", "dot", "euclidean"), default="cosine")
    question = add("analogy", _analogy, "A is to B as C is to what?")
    for name in "abc":
        question.add_argument(name)
    for added in (near, question):
        added.add_argument("-k", type=_count, default=10, metavar="K", help="how many (10)")
    file = add("embed", _embed, "Embed the words or lines of a text file.")
    file.add_argument("file", help="a text file, or - for what is piped in")
    file.add_argument("-o", "--out", default="", help="where to write: .npz, .npy or .csv")
    file.add_argument("--model", default="minilm")
    file.add_argument(
        "--text",
        default="",
        help="embed this column of Parquet into a LanceDB table, --out NAME.lance: a second start goes on, and two at "
        "once are refused on this computer; at an address (s3://...) nobody can tell, so start one only",
    )
    file.add_argument(
        "--engine", choices=("local", "ray"), default="local", help="with --text: here, or by workers of Ray"
    )
    file.add_argument(
        "--workers", type=_count, default=2, metavar="N", help="with --engine ray: how many (2)"
    )
    file.add_argument("--role", choices=("passage", "query"), default="passage")
    add("doctor", _doctor, "Versions, models on disk, threads, folders.")
    app = add("app", _app, "Start the app; further options go to the server, such as --server.port 8600.")
    app.add_argument(
        "--processes",
        type=_count,
        default=1,
        metavar="N",
        help="so many processes behind nginx, for a hall (1)",
    )
    table = add("open", _open, "Start the app with a table; further options go to the server.")
    drawn = add("map", _map, "Draw the map of a table as one HTML file that is explored offline.")
    for added in (table, drawn):
        added.add_argument("file", help="CSV, TSV, JSON, JSON lines, Parquet, XLSX or NumPy's files")
        added.add_argument(
            "--text", default="", help="the column that is embedded (by default the longest text)"
        )
        added.add_argument("--label", default="", help="the column that colours")
    drawn.add_argument("-o", "--out", default="map.html", help="where to write (map.html)")
    drawn.add_argument("--model", default="minilm")
    drawn.add_argument("--method", choices=("umap", "tsne", "pca"), default="umap")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 1 or more")
    return int(text)


def _ranking(items: Sequence[str], scores: Sequence[float], told: Sequence[str] | None) -> None:
    wide = max((len(item) for item in items), default=0)
    low, high = min(0.0, *scores), max(scores)
    for place, (item, score) in enumerate(zip(items, scores, strict=True)):
        bar = "█" * max(round(BAR * (score - low) / ((high - low) or 1.0)), 1)
        closer = f"   {told[place]}" if told else ""
        print(f"  {item:<{wide}}  {bar:<{BAR}}  {score:6.3f}{closer}")


def _neighbours(chosen: argparse.Namespace) -> None:
    from embeddings_core.analysis.closeness import closeness, nothing_close
    from embeddings_core.analysis.neighbours import nearest
    from embeddings_core.analysis.spelling import suggest
    from embeddings_core.models.bundled_words import BUNDLED_WORDS
    from embeddings_core.models.embed import embed_words
    from embeddings_core.spaces.vocabulary import load_vocabulary, spelled, vocabulary_rows

    space, typed = load_vocabulary(), " ".join(chosen.item)
    embedded = embed_words([typed])
    own = vocabulary_rows().get(spelled(embedded.words.items[0]), -1)
    result = nearest(
        space,
        embedded.words.vectors[0],
        k=chosen.k,
        metric=chosen.metric,
        exclude=(own,),
        name=embedded.words.items[0],
    )
    print(f"nearest to {result.query}, by {result.metric}, among {len(space):,} words")
    judged = closeness(result.scores, BUNDLED_WORDS.reference(chosen.metric), metric=chosen.metric)
    _ranking(result.items, result.scores.tolist(), [each.judgement for each in judged])
    if nothing := nothing_close(judged, result.query):
        print(nothing)
    near = suggest(typed) if embedded.unknown else ()
    if near:
        print(
            f"{typed} is not in the word space; the model read it just now. Spelled alike: {', '.join(near)}"
        )


def _analogy(chosen: argparse.Namespace) -> None:
    from embeddings_core.analysis.algebra import analogy
    from embeddings_core.models.embed import embed_words
    from embeddings_core.spaces.vocabulary import load_vocabulary

    typed = embed_words([chosen.a, chosen.b, chosen.c]).words
    result = analogy(load_vocabulary(), *typed.items, k=chosen.k, words=typed)
    print(f"{result.a} is to {result.b} as {result.c} is to {result.answer}   ({result.name})")
    _ranking(result.answers.items, result.answers.scores.tolist(), None)
    print(
        f"  ahead of the next by {result.gap:.3f}; "
        f"misses by {result.miss:.2f}, the step is {result.step:.2f} long"
    )
    if result.only_by_exclusion:
        print(f"  the nearest word of all is {result.raw.items[0]}; inputs are left out, as is the custom")


def _embed_table(chosen: argparse.Namespace) -> None:
    from embeddings_core.tables.space_file import embed_file

    out = chosen.out or f"{Path(chosen.file).stem}.lance"
    told: list[float] = []

    def indexing(seconds: float) -> None:
        told.append(seconds)
        print(f"\rThe index of the search is made: {seconds:.0f} s ", end="", file=sys.stderr, flush=True)

    done = embed_file(
        chosen.file, out, text=chosen.text, model=chosen.model, engine=chosen.engine, workers=chosen.workers,
        progress=_timed_bar(), indexing=indexing,
    )  # fmt: skip
    if told:
        print(file=sys.stderr)
    if done.empty:
        print(f"{done.empty:,} rows have no text and are left out.", file=sys.stderr)
    print(f"{done.rows:,} rows, {done.fresh:,} of them embedded now → {out}")


def _timed_bar() -> Callable[[int, int], None]:
    """Return a bar that says how many a second, and how long it still takes."""
    start: list[tuple[float, int]] = []

    def show(done: int, total: int) -> None:
        now = time.monotonic()
        if not start:
            start.append((now, done))
        seconds, fresh = now - start[0][0], done - start[0][1]
        told = ""
        if fresh and seconds > 0:
            told = f"  {fresh / seconds:,.0f} a second, {time_left((total - done) * seconds / fresh)}"
        full = round(BAR * done / max(total, 1))
        end = "\n" if done >= total else ""
        print(
            f"\r{'█' * full}{'·' * (BAR - full)} {done:,} of {total:,}{told:<32}",
            end=end,
            file=sys.stderr,
            flush=True,
        )

    return show


def _embed(chosen: argparse.Namespace) -> None:
    if chosen.text:
        _embed_table(chosen)
        return
    import numpy as np

    from embeddings_core import limits
    from embeddings_core.export.tables import for_spreadsheets, vectors_csv, vectors_npz
    from embeddings_core.models.embed import embed
    from embeddings_core.models.registry import find_model, load_encoder
    from embeddings_core.spaces.texts import split_lines, split_words

    if (model := find_model(chosen.model)).modality == "image":
        raise BadInputError(f"{model.title} looks at pictures; choose a model that reads words or sentences.")
    out = Path(
        chosen.out or ("words.npz" if chosen.file == "-" else Path(chosen.file).with_suffix(".npz").name)
    )
    if out.suffix not in (".npz", ".npy", ".csv"):
        raise BadInputError(f'Cannot write "{out.suffix}" files; choose .npz, .npy or .csv.')
    try:
        raw = sys.stdin.buffer.read() if chosen.file == "-" else Path(chosen.file).read_bytes()
    except OSError as error:
        raise BadInputError(f"Cannot read {chosen.file}: {error.strerror}.") from None
    if len(raw) > limits.FILE_BYTES:
        raise BadInputError(
            f"The file has {len(raw) / 2**20:.0f} MB; the limit is {limits.FILE_BYTES >> 20} MB."
        )
    text = raw.decode("utf-8-sig", "replace")
    split = split_lines if "\n" in text.strip() else split_words
    texts = split(text, limit=limits.ROWS)
    for note in texts.notes:
        print(note, file=sys.stderr)
    if not texts.items:
        raise BadInputError("There is no text in this file; write one word or sentence a line.")
    result = embed(
        texts.items, load_encoder(chosen.model), model=chosen.model, role=chosen.role, progress=_bar
    )
    if out.suffix == ".npy":
        np.save(array := io.BytesIO(), result.vectors, allow_pickle=False)
        content = array.getvalue()
    else:
        content = vectors_npz(result) if out.suffix == ".npz" else for_spreadsheets(vectors_csv(result))
    _write(out, content)
    print(f"{len(result):,} items × {result.dimensions} → {out}")


def _write(out: Path, content: bytes) -> None:
    """Write a file whole or not at all: where there is no room, what it held before stays."""
    try:
        if out.exists() and not out.is_file():  # a pipe, or a folder, which says so
            out.write_bytes(content)
            return
        if not out.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        with written_whole(out.resolve()) as unready:
            unready.write_bytes(content)
    except OSError as error:
        raise BadInputError(f"Cannot write {out}: {error.strerror}.") from None


def _bar(done: int, total: int) -> None:
    full = round(BAR * done / max(total, 1))
    end = "\n" if done >= total else ""
    print(f"\r{'█' * full}{'·' * (BAR - full)} {done:,} of {total:,}", end=end, file=sys.stderr, flush=True)


def _doctor(chosen: argparse.Namespace) -> None:
    from embeddings_core.doctor import report

    for title, rows in report():
        print(title)
        wide = max((len(name) for name, _ in rows), default=0)
        for name, value in rows:
            print(f"  {name:<{wide}}  {value}")


def _app(chosen: argparse.Namespace) -> None:
    from embeddings_core.serving import serve

    serve(chosen.rest, processes=chosen.processes)


def _open(chosen: argparse.Namespace) -> None:
    from embeddings_core.serving import serve
    from embeddings_core.tables import opened
    from embeddings_core.tables.from_path import read_chosen

    table = read_chosen(chosen.file, text=chosen.text, label=chosen.label)
    for note in table.notes:
        print(note, file=sys.stderr)
    print(f"{len(table):,} rows × {len(table.columns)} columns")
    os.environ |= {
        opened.PATH: str(Path(chosen.file).resolve()),
        opened.TEXT: chosen.text,
        opened.LABEL: chosen.label,
    }
    serve(chosen.rest)


def _map(chosen: argparse.Namespace) -> None:
    from embeddings_core.export.map_html import map_html
    from embeddings_core.export.packed_map import packed_map
    from embeddings_core.tables.reading import read_table

    packed = packed_map(
        read_table(chosen.file),
        text=chosen.text,
        label=chosen.label,
        model=chosen.model,
        method=chosen.method,
        progress=_timed_bar(),
    )
    for note in packed.notes:
        print(note, file=sys.stderr)
    page = map_html(packed)
    _write(Path(chosen.out), page.encode())
    rows = "1 row" if len(packed.rows) == 1 else f"{len(packed.rows):,} rows"
    print(f"{rows} → {chosen.out} ({len(page) / 2**20:.1f} MB)")


if __name__ == "__main__":
    sys.exit(main())
