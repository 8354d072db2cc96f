# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions whose results have extents that are known when the graph runs: the names that they get, and errors."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mograph as mo
from mograph.graph import Graph, GraphError, Tensor, TensorSpec, ops

INPUTS = {"x": TensorSpec(["n", 4], "f32"), "i": TensorSpec(["p"], "si64")}


def shape_of(call: Callable[[Any], Any]) -> list[str]:
    """The dimensions of what a function gives on the inputs above."""
    with Graph("main", inputs=INPUTS) as graph:
        made = call(graph.inputs)
        graph.output(*(made if isinstance(made, tuple) else [made]))
    first = made[0] if isinstance(made, tuple) else made
    assert isinstance(first, Tensor)
    return [str(extent) for extent in first.shape]


@pytest.mark.parametrize(
    ("call", "shape"),
    [
        (lambda t: ops.non_zero(t.x), ["2", "non_zero_0"]),
        (lambda t: ops.non_zero(t.x, dims="k"), ["2", "k"]),
        (lambda t: (ops.non_zero(ops.non_zero(t.x)), t.x), ["2", "non_zero_1"]),
        (lambda t: ops.range(0, 10, 3), ["range_0"]),
        (lambda t: ops.range(0.0, 1.0, 0.1, dtype="f64", dims=10), ["10"]),
        (lambda t: ops.compress(t.x, ops.constant([True, False]), 1), ["n", "compress_0"]),
        (lambda t: ops.compress(t.x, ops.constant([True, False])), ["compress_0"]),
        (lambda t: ops.expand(t.x, [3, 1, 1]), ["3", "n", "4"]),
        (lambda t: ops.expand(t.x, ops.constant([3, 1, 1])), ["expand_0", "expand_1", "expand_2"]),
        (lambda t: ops.dynamic_slice(t.x, [0, 0], [2, 2], [1, 1]), ["dynamic_slice_0", "dynamic_slice_1"]),
        (lambda t: ops.dynamic_pad(t.x, [0, 0], [2, 2], dims=["n + 2", 6]), ["n + 2", "6"]),
        (lambda t: ops.dynamic_tile(t.x, [2, 1], dims=["n * 2", 4]), ["n * 2", "4"]),
        (lambda t: ops.split(t.x, 1, 2), ["n", "2"]),
        (lambda t: ops.split(t.x, -1, [1, 3]), ["n", "1"]),
        (lambda t: ops.one_hot(t.i, 1, 0, 5), ["p", "5"]),
        (lambda t: ops.one_hot(t.i, 1, 0, ops.dim(t.x, 0), axis=0), ["one_hot_0", "p"]),
        (lambda t: ops.reshape(t.x, ops.constant([2, -1]), dims=["a", "b"]), ["a", "b"]),
        (lambda t: ops.broadcast_to(t.x, ops.constant([2, 3, 4]), dims=["k", "n", 4]), ["k", "n", "4"]),
        (lambda t: ops.iota(ops.constant([2, 3]), "si32", dims=["a", "b"]), ["a", "b"]),
        (lambda t: ops.where(t.x > 0.0, t.x, 0.0), ["n", "4"]),
    ],
)
def test_dimensions(call: Callable[[Any], Any], shape: list[str]) -> None:
    assert shape_of(call) == shape


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda t: ops.split(t.x, 1, 3), "'mo.split' op expected a number of parts that divides the extent 4, found 3"),
        (lambda t: ops.split(t.x, 2, 2), r"'mo.split' op expected axis to be in \[-2, 2\) for a tensor of rank 2"),
        (lambda t: ops.split(t.x, 1, [1, 2]), "'mo.split' op expected outputs whose extents .* the input's 4; found 3"),
        (lambda t: ops.expand(t.x, t.i), "'mo.expand' op expected a shape of a known number of extents"),
        (
            lambda t: ops.expand(t.x, ["z", 4]),
            "'mo.expand' op expected shape to have dimensions that graph 'main' knows",
        ),
        (lambda t: ops.reshape(t.x, t.i), "'mo.reshape' op expected dims, the result's dimensions"),
        (
            lambda t: ops.reshape(t.x, [4, -1], dims=["a", "b"]),
            "'mo.reshape' op expected dims only with a shape that is",
        ),
        (lambda t: ops.compress(t.x, ops.constant([True]), 2), "'mo.compress' op expected axis to be in"),
        (lambda t: ops.one_hot(t.i, 1, 0, 5, axis=3), "'mo.one_hot' op expected axis to be in"),
        (lambda t: ops.dynamic_slice(t.x, [0], [2], [1]), "'mo.dynamic.slice' op expected starts of type"),
    ],
)
def test_errors(call: Callable[[Any], Any], message: str) -> None:
    with Graph("main", inputs=INPUTS) as graph:
        with pytest.raises(GraphError, match=message):
            call(graph.inputs)
        graph.output()


def test_they_run() -> None:
    with Graph("main", inputs=INPUTS) as graph:
        places = ops.non_zero(graph.inputs.x)
        taken = ops.gather(graph.inputs.x, graph.inputs.i)
        graph.output(places, ops.range(0, ops.dim(places, 1)), ops.flip(taken, [0]))
    x = np.arange(12, dtype=np.float32).reshape(3, 4) % 5
    found, numbers, turned = mo.compile(graph.module)(x, np.array([0, -1]))
    np.testing.assert_array_equal(found, np.array(np.nonzero(x)))
    np.testing.assert_array_equal(numbers, np.arange(found.shape[1]))
    np.testing.assert_array_equal(turned, x[[2, 0]])
