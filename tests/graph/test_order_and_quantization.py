# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions whose results have an extent or a dtype that is said beside the operands."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mograph
from mograph.graph import Graph, GraphError, TensorSpec, ops

Array = np.ndarray[Any, Any]


def run(build: Callable[[Any], Any], *arrays: Array) -> Any:
    specs = {
        f"x{i}": TensorSpec([f"d{i}{axis}" for axis in range(array.ndim)], array.dtype)
        for i, array in enumerate(arrays)
    }
    with Graph("f", inputs=specs) as graph:
        made = build(graph.inputs)
        graph.output(*(made if isinstance(made, tuple) else [made]))
    return mograph.compile(graph.module)(*arrays)


def test_so_many_of_an_order() -> None:
    x = np.float32([[3, 1, 2], [9, 9, 8]])
    values, places = run(lambda given: ops.top_k(given.x0, 2), x)
    assert values.tolist() == [[3, 2], [9, 9]]
    assert places.tolist() == [[0, 2], [0, 1]]
    values, _ = run(lambda given: ops.bottom_k(given.x0, given.x1, axis=0, dims="few"), x, np.array(1))
    assert values.tolist() == [[3, 1, 2]]


def test_names_of_extents() -> None:
    with Graph("f", inputs={"x": TensorSpec(["n"], "f32"), "k": TensorSpec([], "si64")}) as graph:
        x, k = graph.inputs.x, graph.inputs.k
        assert ops.top_k(x, k)[0].shape == ops.top_k(x, "top_k_0")[1].shape
        assert str(ops.top_k(x, k, dims="m")[1].type) == "!mo.tensor<[m], si64>"
        assert [str(each.shape[0]) for each in ops.unique(x, dims="u")] == ["u", "u", "n", "u"]
        with pytest.raises(GraphError, match="expected dims only with a k that is a tensor"):
            ops.top_k(x, 3, dims="m")
        with pytest.raises(GraphError, match=r"expected axis to be in \[-1, 1\) for a tensor of rank 1, found 1"):
            ops.bottom_k(x, 3, axis=1)
        graph.output()


def test_dtypes_of_quantized_tensors() -> None:
    x = np.float32([[-1, 0.25, 300]])
    assert run(lambda given: ops.quantize(given.x0, 0.5, dtype="si8"), x).tolist() == [[-2, 0, 127]]
    quantized, back = run(
        lambda given: (found := ops.quantize(given.x0, given.x1, given.x2), ops.dequantize(found, 0.5, 3, dtype="f16")),
        x,
        np.float32(0.5),
        np.uint8(3),
    )
    assert (quantized.dtype, quantized.tolist()) == (np.uint8, [[1, 3, 255]])
    assert (back.dtype, back.tolist()) == (np.float16, [[-1, 0, 126]])
    with Graph("f", inputs={"x": TensorSpec(["n"], "f32")}) as graph:
        with pytest.raises(GraphError, match="expected dtype, or a zero point that is a tensor and has one"):
            ops.quantize(graph.inputs.x, 0.5)
        graph.output()
