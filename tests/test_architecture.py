"""The house rules as a table, read from the syntax trees: who may import whom, and what nobody may call."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORE = ROOT / "embeddings_core"
DRAWN = (CORE / "scenes", CORE / "export")
FILES = sorted([*CORE.rglob("*.py"), *(ROOT / "pages").rglob("*.py"), ROOT / "app.py"])
HEAVY = {
    "torch", "torchvision", "transformers", "sentence_transformers", "umap", "sklearn", "timm", "open_clip", "gensim", "pandas",
    "onnxruntime", "onnx", "openvino", "openTSNE", "numba", "tensorflow", "tensorflow_hub", "skimage", "tokenizers", "scipy", "PIL",
    "matplotlib", "imageio_ffmpeg",
}  # fmt: skip
BANNED_MODULES = {"pickle", "dill", "joblib", "shelve", "marshal"}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(nodes: list[ast.stmt] | ast.Module, *, everywhere: bool) -> set[str]:
    """Names of imported modules: of the top level (type checking aside), or of the whole file."""
    module = nodes if isinstance(nodes, ast.Module) else ast.Module(nodes, [])
    found: set[str] = set()
    walk = list(ast.walk(module)) if everywhere else list(module.body)
    for node in walk:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif not everywhere and isinstance(node, ast.Try):
            found |= imports(node.body, everywhere=False)
    return found


def roots(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_a_module_stays_short(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 250


@pytest.mark.parametrize("path", [p for p in FILES if CORE in p.parents], ids=relative)
def test_the_core_knows_no_user_interface(path: Path) -> None:
    every = imports(tree(path), everywhere=True)
    assert not roots(every) & {"streamlit", "pages"}
    if not set(DRAWN) & set(path.parents):
        assert not roots(every) & {"plotly", "matplotlib"}  # pictures are drawn in one place
    if path.parent == CORE / "models":
        layers = {
            n
            for n in every
            if n.startswith("embeddings_core.") and not n.startswith("embeddings_core.models")
        }
        assert not any(
            n.startswith(("embeddings_core.maps.projection", "embeddings_core.analysis.clustering"))
            for n in layers
        )


@pytest.mark.parametrize("path", [p for p in FILES if CORE in p.parents], ids=relative)
def test_heavy_libraries_wait_for_the_function_that_needs_them(path: Path) -> None:
    assert not roots(imports(tree(path), everywhere=False)) & HEAVY


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_session_state_and_caches_have_one_home(path: Path) -> None:
    attributes = {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
    if path.name != "state.py":
        assert "session_state" not in attributes
    if path.name != "cache.py":
        assert not attributes & {"cache_data", "cache_resource"}


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_nothing_runs_code_from_a_file(path: Path) -> None:
    parsed = tree(path)
    assert not roots(imports(parsed, everywhere=True)) & BANNED_MODULES
    for call in (node for node in ast.walk(parsed) if isinstance(node, ast.Call)):
        name = dotted(call.func)
        words = {word.arg: word.value for word in call.keywords}
        assert not ({"trust_remote_code"} & words.keys())
        assert not name.startswith("torch.hub") and name not in {
            "eval",
            "exec",
            "KeyedVectors.load",
            "Word2Vec.load",
            "FastText.load",
        }
        if name in {"np.load", "numpy.load"}:
            assert (
                isinstance(words.get("allow_pickle"), ast.Constant) and words["allow_pickle"].value is False
            )
        if name == "torch.load":
            assert isinstance(words.get("weights_only"), ast.Constant) and words["weights_only"].value is True
        if name == "st.html":
            assert not any(isinstance(argument, ast.JoinedStr) for argument in call.args)
        assert "unsafe_allow_html" not in words and "unsafe_allow_javascript" not in words


def test_error_is_caught_in_one_place() -> None:
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


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=relative)
def test_a_page_reads_like_a_sentence(path: Path) -> None:
    parsed = tree(path)
    assert len(path.read_text("utf-8").splitlines()) < 90
    assert not [node for node in ast.walk(parsed) if isinstance(node, ast.FunctionDef | ast.For | ast.While)]


def test_the_importable_name_loads_numpy_only() -> None:
    import subprocess
    import sys

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
