# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Those who read ONNX models, ONNX Runtime and OpenVINO: a row is traced to a file, and the file is compiled."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suite.peers import THREADS
from suite.row import Row

FILE = "row.onnx"


def _export(row: Row, path: Path) -> None:
    """Put the row's model there, traced where it has none."""
    path.unlink(missing_ok=True)
    if row.model is not None:
        path.symlink_to(row.model)
        return
    from suite.peers.onnx_model import write

    write(row, path.parent, path)


class OnnxRuntime:
    """ONNX Runtime as a peer."""

    def __init__(self) -> None:
        import onnxruntime

        self._library = onnxruntime

    def versions(self) -> dict[str, str]:
        return {"onnxruntime": self._library.__version__}

    def export(self, row: Row, folder: Path) -> None:
        _export(row, folder / FILE)

    def ready(self, row: Row) -> None:
        """Everything is imported."""

    def compile(self, row: Row, folder: Path) -> Callable[..., Any]:
        options = self._library.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = THREADS, 1
        options.log_severity_level = 3
        session = self._library.InferenceSession(folder / FILE, options, providers=["CPUExecutionProvider"])
        inputs, outputs = ([value.name for value in values()] for values in (session.get_inputs, session.get_outputs))
        return lambda *values: session.run_with_ort_values(outputs, dict(zip(inputs, values, strict=True)))

    def place(self, inputs: Sequence[NDArray[Any]]) -> Sequence[Any]:
        return [self._library.OrtValue.ortvalue_from_numpy(np.ascontiguousarray(array)) for array in inputs]

    def finish(self, results: Any) -> Any:
        return results

    def fetch(self, results: Any) -> list[NDArray[Any]]:
        return [result.numpy() for result in results]


class OpenVino:
    """OpenVINO as a peer."""

    def __init__(self) -> None:
        import openvino

        self._library = openvino
        self._core = openvino.Core()

    def versions(self) -> dict[str, str]:
        return {"openvino": self._library.__version__}

    def export(self, row: Row, folder: Path) -> None:
        _export(row, folder / FILE)

    def ready(self, row: Row) -> None:
        """Everything is imported."""

    def compile(self, row: Row, folder: Path) -> Callable[..., Any]:
        # Where the processor has bfloat16, the default would compute in that.
        options = {
            "INFERENCE_NUM_THREADS": THREADS,
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
            "NUM_STREAMS": 1,
        }
        request = self._core.compile_model(folder / FILE, "CPU", options).create_infer_request()
        return lambda *inputs: request.infer(list(inputs), share_inputs=True, share_outputs=True)

    def place(self, inputs: Sequence[NDArray[Any]]) -> Sequence[Any]:
        return [np.array(array) for array in inputs]

    def finish(self, results: Any) -> Any:
        return results

    def fetch(self, results: Any) -> list[NDArray[Any]]:
        return [np.array(result) for result in results.to_tuple()]


def peer(name: str) -> OnnxRuntime | OpenVino:
    """Give the one of that name."""
    return OpenVino() if name == "OpenVINO" else OnnxRuntime()
