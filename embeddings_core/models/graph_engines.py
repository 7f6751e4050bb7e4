"""The engines that run an ONNX graph: onnxruntime in float32, and OpenVINO, an extra, in bfloat16."""

from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any

import numpy as np

from embeddings_core.models.runtime import set_environment

_opening = Lock()


def _onnxruntime() -> Any:
    set_environment()  # before the first import
    import onnxruntime

    return onnxruntime


def shared_values(arrays: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Wrap weights for a session that borrows them while it opens; keep the result as long as the session."""
    onnxruntime = _onnxruntime()

    return {name: onnxruntime.OrtValue.ortvalue_from_numpy(array) for name, array in arrays.items()}


def float32_session(graph: bytes, *, threads: int, weights: Mapping[str, Any] | None = None) -> Any:
    """Open a graph in onnxruntime; `run` it with the names of its outputs and its inputs by name.

    `weights` are the `shared_values` of those that the graph only names. All sessions take what they need while they run from
    one arena: each keeps its own otherwise, as large as its largest batch ever was, and the networks run by turns.
    """
    onnxruntime = _onnxruntime()

    with _opening:
        _one_arena()
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.use_env_allocators", "1")
    options.intra_op_num_threads = threads
    # threads that wait for work do not spin: a server has other things to do
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    if weights is not None:
        options.add_external_initializers(list(weights), list(weights.values()))
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


@cache
def _one_arena() -> None:
    """Make the arena that sessions share; it grows by doubling, as a session's own does."""
    onnxruntime = _onnxruntime()

    place = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    usual = {
        "max_mem": 0,
        "arena_extend_strategy": 0,
        "initial_chunk_size_bytes": -1,
        "max_dead_bytes_per_chunk": -1,
    }
    onnxruntime.create_and_register_allocator(place, onnxruntime.OrtArenaCfg(usual))


def give_back_arena() -> None:
    """Return to the system what the arena of all sessions holds and none uses; nothing happens before one is opened.

    It keeps what its largest batches took. Only a run can ask it to let go, so an empty graph is run.
    """
    if not _one_arena.cache_info().currsize:
        return
    from onnx import TensorProto, helper

    onnxruntime = _onnxruntime()
    one = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("given", "same")]
    graph = helper.make_graph(
        [helper.make_node("Identity", ["given"], ["same"])], "nothing", one[:1], one[1:]
    )
    versions = [helper.make_opsetid("", 17)]
    written = helper.make_model(graph, opset_imports=versions, ir_version=8).SerializeToString()
    how = onnxruntime.RunOptions()
    how.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    float32_session(written, threads=1).run(["same"], {"given": np.zeros(1, np.float32)}, how)


def bfloat16_request(graph: bytes, *, threads: int) -> Any:
    """Open a graph in OpenVINO for one caller at a time; `infer` it with its inputs by name, then read its tensors.

    It computes in bfloat16 where the processor can, and is faster on those that do.
    """
    import openvino

    core = openvino.Core()
    hints = {
        "INFERENCE_NUM_THREADS": threads,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "bf16",
    }
    return core.compile_model(core.read_model(graph), "CPU", hints).create_infer_request()
