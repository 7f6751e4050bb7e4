"""The engines that run an ONNX graph: onnxruntime in float32, and OpenVINO, an extra, in bfloat16."""

from collections.abc import Mapping
from typing import Any

import numpy as np


def shared_values(arrays: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Wrap weights for a session that borrows them without a copy; keep the result as long as the session."""
    import onnxruntime

    return {name: onnxruntime.OrtValue.ortvalue_from_numpy(array) for name, array in arrays.items()}


def float32_session(graph: bytes, *, threads: int, weights: Mapping[str, Any] | None = None) -> Any:
    """Open a graph in onnxruntime; `run` it with the names of its outputs and its inputs by name.

    `weights` are the `shared_values` of those that the graph only names.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # threads that wait for work do not spin: a server has other things to do
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    if weights is not None:
        options.add_external_initializers(list(weights), list(weights.values()))
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


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
