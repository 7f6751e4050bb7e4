"""The house rules, read from the syntax trees: which room may import which, and what nobody may call."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORE, PAGES = ROOT / "embeddings_core", ROOT / "pages"
FILES = sorted([*CORE.rglob("*.py"), *PAGES.rglob("*.py"), ROOT / "app.py"])

# From the ground up: a room imports only from rooms above it in this table, and from itself.
ROOMS = (
    ("folders",),
    ("errors", "damage", "limits", "remember", "memory", "turns", "durations", "logs", "headers"),
    ("jobs",),
    ("spaces",),
    ("models", "maps"),
    ("analysis",),
    ("tables", "pictures", "training"),
    ("scenes",),
    ("export",),
    ("talks",),
    ("rebuild", "doctor", "serving", "first_page"),
    ("__main__",),
    ("pages",),
)
FLOOR = {room: floor for floor, rooms in enumerate(ROOMS) for room in rooms}
HEAVY = {
    "torch", "torchvision", "transformers", "sentence_transformers", "umap", "sklearn", "timm", "open_clip", "gensim", "pandas",
    "onnxruntime", "onnx", "openvino", "openTSNE", "numba", "tensorflow", "tensorflow_hub", "skimage", "tokenizers", "scipy", "PIL",
    "matplotlib", "imageio_ffmpeg", "safetensors", "pyarrow", "duckdb", "lancedb", "ray", "faiss", "icu4py",
}  # fmt: skip
BANNED_MODULES = {"pickle", "dill", "joblib", "shelve", "marshal"}
BANNED_CALLS = {"eval", "exec", "KeyedVectors.load", "Word2Vec.load", "FastText.load"}
MUST_SAY = {
    "np.load": ("allow_pickle", False),
    "numpy.load": ("allow_pickle", False),
    "torch.load": ("weights_only", True),
}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def module_name(path: Path) -> str:
    return relative(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


MODULES = {module_name(path): path for path in FILES}


def imported(nodes: list[ast.stmt] | ast.Module, *, everywhere: bool) -> set[str]:
    """Names of imported modules: of the whole file, or of the top level alone (type checking aside)."""
    module = nodes if isinstance(nodes, ast.Module) else ast.Module(nodes, [])
    found: set[str] = set()
    for node in ast.walk(module) if everywhere else module.body:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif not everywhere and isinstance(node, ast.Try):
            found |= imported(node.body, everywhere=False)
    return found


@cache
def arrows(name: str) -> frozenset[str]:
    """Modules of ours that a module imports, functions' own imports counted; a package stands for its __init__."""
    names = {each for each in imported(tree(MODULES[name]), everywhere=True) if each in MODULES}
    longer = {each for each in names if any(other.startswith(f"{each}.") for other in names)}
    return frozenset(each for each in names - longer if each != name)


def room(name: str) -> str:
    first, _, rest = name.partition(".")
    return rest.split(".")[0] if first == "embeddings_core" and rest else "pages"


def roots(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def circles() -> list[list[str]]:
    """Groups of modules that reach each other (Tarjan's strongly connected components)."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        number[name] = low[name] = len(number)
        path.append(name)
        for other in arrows(name):
            if other not in number:
                visit(other)
            if other in path:
                low[name] = min(low[name], low[other])
        if low[name] == number[name]:
            group = path[path.index(name) :]
            del path[path.index(name) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in MODULES:
        if name not in number:
            visit(name)
    return found


def test_no_import_circle() -> None:
    assert circles() == []


def test_rooms_import_downwards_only() -> None:
    upwards = [
        f"{name} -> {other}"
        for name in MODULES
        if name != "embeddings_core"  # its table of public names reaches everywhere, lazily
        for other in arrows(name)
        if room(name) != room(other)
        and (other == "embeddings_core" or FLOOR[room(name)] <= FLOOR[room(other)])
    ]
    assert upwards == []


def test_page_folders_do_not_know_each_other() -> None:
    def folder(name: str) -> str:
        parts = name.split(".")
        return parts[2] if parts[:2] == ["pages", "_ui"] and len(parts) == 4 else ""

    crosswise = [
        f"{name} -> {other}"
        for name in MODULES
        if name.startswith("pages._ui.")
        for other in arrows(name)
        if folder(other) and folder(other) != folder(name)
    ]
    assert crosswise == []


def test_the_shell_and_the_caches_know_no_tenant() -> None:
    cache_knows = arrows("pages._ui.cache")
    assert {room(other) for other in cache_knows} <= {
        "limits",
        "remember",
        "jobs",
        "spaces",
        "maps",
        "analysis",
    }
    shell_knows = {other for other in arrows("pages._ui.shell") if room(other) == "pages"}
    assert shell_knows <= {f"pages._ui.{name}" for name in ("state", "warm_up", "history", "kept_addresses")}


def test_libraries_stay_where_they_belong() -> None:
    for path in FILES:
        every = roots(imported(tree(path), everywhere=True))
        assert not every & BANNED_MODULES, relative(path)
        if CORE not in path.parents:
            continue
        assert "streamlit" not in every, relative(path)
        assert not roots(imported(tree(path), everywhere=False)) & HEAVY, relative(path)
        if room(module_name(path)) not in ("scenes", "export"):
            assert not every & {"plotly", "matplotlib"}, relative(path)


def test_session_state_and_caches_have_one_home() -> None:
    for path in FILES:
        attributes = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
        assert path.name == "state.py" or "session_state" not in attributes, relative(path)
        assert path.name == "cache.py" or not attributes & {"cache_data", "cache_resource"}, relative(path)


def test_nothing_runs_code_from_a_file() -> None:
    for path in FILES:
        for call in (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)):
            name, where = dotted(call.func), f"{relative(path)}:{call.lineno}"
            words = {word.arg: word.value for word in call.keywords}
            assert name not in BANNED_CALLS and not name.startswith("torch.hub"), where
            assert not {"trust_remote_code", "unsafe_allow_html", "unsafe_allow_javascript"} & set(words), (
                where
            )
            if name in MUST_SAY:
                keyword, value = MUST_SAY[name]
                said = words.get(keyword)
                assert isinstance(said, ast.Constant) and said.value is value, where
            if name == "st.html":
                assert not any(isinstance(argument, ast.JoinedStr) for argument in call.args), where


def test_errors_are_caught_in_one_place() -> None:
    handlers = [
        relative(path)
        for path in FILES
        if CORE not in path.parents
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and node.type is not None
        and dotted(node.type).endswith("EmbeddingsError")
    ]
    assert handlers == ["pages/_ui/shell.py"]


def test_every_picture_and_chart_has_a_text_for_those_who_hear_it() -> None:
    nothing = {PAGES / "_ui" / "stage.py"}  # an empty chart out of sight brings Plotly's program
    for path in set(PAGES.rglob("*.py")) - nothing:
        for call in (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)):
            if dotted(call.func) in ("st.image", "st.plotly_chart"):
                assert any(word.arg in ("alt", None) for word in call.keywords), f"{path}:{call.lineno}"


def test_a_page_reads_like_a_sentence() -> None:
    for path in PAGES.glob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) < 90, relative(path)
        steps = [
            node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.For | ast.While)
        ]
        assert not steps, relative(path)


def test_a_module_has_room_for_one_reason_to_change() -> None:
    assert [relative(path) for path in FILES if len(path.read_text("utf-8").splitlines()) > 400] == []


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_what_a_document_names_is_there(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    beside = [ROOT, CORE, ROOT / "assets" / "stage", *(path for path in CORE.iterdir() if path.is_dir())]
    named = set(re.findall(r"`([\w./]+(?:\.py|\.js|\.json|/))`", text))
    assert named
    assert [name for name in named if not any((folder / name).exists() for folder in beside)] == []
    for path, name in re.findall(r"`([\w/]+\.py)`, `(\w+)`", text):
        assert re.search(rf"^ *(def|class) {name}\b", (ROOT / path).read_text("utf-8"), re.M), (path, name)


def test_the_importable_name_loads_numpy_only() -> None:
    code = (
        "import sys, embeddings_core; print([m for m in sys.modules if m.split('.')[0] in set(sys.argv[1:])])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *HEAVY, "streamlit", "plotly"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
