# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operators, indexing and methods of tensors: what they build, and that it gives what numpy gives."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mograph
from mograph.graph import Dim, Graph, GraphError, Tensor, TensorSpec

X = np.arange(-6, 6, dtype=np.float32).reshape(3, 4) / 4
WHOLE = np.arange(-6, 6, dtype=np.int32).reshape(3, 4)


def computed(function: Callable[[Tensor], Tensor], array: Any, dims: tuple[Any, ...] = ("n", 4)) -> Any:
    """What a function of one tensor gives, by the references in numpy."""
    with Graph("main", inputs={"x": TensorSpec(dims, array.dtype)}) as g:
        g.output(y=function(g.inputs.x))
    return mograph.interpret(g.module)(array)


ROW = np.array([1, 2, -3, 4], np.float32)


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x + 1.5,
        lambda x: 1.5 + x,
        lambda x: x - ROW,
        lambda x: ROW - x,
        lambda x: x * x,
        lambda x: 2 * x,
        lambda x: x / 4,
        lambda x: 1.0 / (x + 8.0),
        lambda x: x // 0.5,
        lambda x: 3.0 // (x + 8.0),
        lambda x: x % 0.75,
        lambda x: 3.0 % (x + 8.0),
        lambda x: x**2.0,
        lambda x: 2.0**x,
        lambda x: x @ ROW,
        lambda x: np.ones([2, 4], np.float32) @ x.T,
        lambda x: -x,
        lambda x: +x,
        lambda x: abs(x),
        lambda x: x < 0.5,
        lambda x: x <= 0.5,
        lambda x: x > 0.5,
        lambda x: x >= ROW,
        lambda x: x == 0.25,
        lambda x: x != ROW,
        lambda x: np.float32(0.5) < x,
    ],
)
def test_operators_of_floats(function: Callable[[Any], Any]) -> None:
    np.testing.assert_allclose(computed(function, X), function(X), rtol=1e-6)
    assert computed(function, X).dtype == function(X).dtype


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x + 2,
        lambda x: x // 4,
        lambda x: 7 // (x + 8),
        lambda x: x % 4,
        lambda x: x & 3,
        lambda x: 3 & x,
        lambda x: x | 1,
        lambda x: 1 | x,
        lambda x: x ^ 5,
        lambda x: 5 ^ x,
        lambda x: ~x,
        lambda x: x << 2,
        lambda x: 1 << abs(x),
        lambda x: x >> 1,
        lambda x: 64 >> abs(x),
        lambda x: (x > 0) & ~(x > 3) | (x == -2),
    ],
)
def test_operators_of_integers(function: Callable[[Any], Any]) -> None:
    np.testing.assert_array_equal(computed(function, WHOLE), function(WHOLE))
    assert computed(function, WHOLE).dtype == function(WHOLE).dtype


INDICES: list[Any] = [
    np.s_[1],
    np.s_[-1],
    np.s_[0, 2],
    np.s_[-2, -1],
    np.s_[1:],
    np.s_[:-1],
    np.s_[::-1],
    np.s_[2:0:-1, ::2],
    np.s_[-1:-4:-2],
    np.s_[5:],
    np.s_[...],
    np.s_[..., 1],
    np.s_[1, ...],
    np.s_[:, None],
    np.s_[None, ..., None],
    np.s_[0, None, 1:3],
    np.s_[:, ::-3],
    np.s_[np.int64(1), True and 2],
]


@pytest.mark.parametrize("dims", [("n", 4), (3, 4), (3, "m")])
@pytest.mark.parametrize("index", INDICES, ids=str)
def test_indexing_is_numpys(index: Any, dims: tuple[Any, ...]) -> None:
    np.testing.assert_array_equal(computed(operator.itemgetter(index), X, dims), X[index])


@pytest.mark.parametrize(
    ("index", "message"),
    [
        (np.s_[0, 0, 0], "expected at most 2 indices for a tensor of rank 2, found 3"),
        (np.s_[..., ...], r"expected one '\.\.\.' at most"),
        (np.s_[3], "expected an index of -3 to 2 on axis 0, found 3"),
        (np.s_[0, -5], "expected an index of -4 to 3 on axis 1, found -5"),
        (np.s_[1.0], "expected an int, a slice of ints, '...' or None, found 1.0"),
        (np.s_[True], "found True"),
        (np.s_["a":], "found 'a'"),
        (np.s_[::0], "expected steps other than 0"),
    ],
)
def test_wrong_indices(index: Any, message: str) -> None:
    with Graph("main", inputs={"x": TensorSpec([3, 4], "f32")}) as g:
        with pytest.raises(GraphError, match=message):
            _ = g.inputs.x[index]
        g.output()


def test_indexing_everything_builds_nothing(body: Callable[[Graph], list[str]]) -> None:
    with Graph("main", inputs={"x": TensorSpec(["n", 4], "f32")}) as g:
        g.output(g.inputs.x[:][..., :][:, :])
    assert body(g) == ["mo.output %arg0"]


def test_operators_build_operations(body: Callable[[Graph], list[str]]) -> None:
    with Graph("main", inputs={"x": TensorSpec(["n", 64], "f32"), "w": TensorSpec([64, 10], "f32")}) as g:
        x, w = g.inputs
        y = x @ w * 2.0 - 1.0
        g.output(y=y[1:, 3].reshape(["k"]) < 0.0)
    assert body(g) == [
        "%0 = mo.matmul %arg0, %arg1",
        "%1 = mo.constant 2.000000e+00",
        "%2 = mo.mul %0, %1",
        "%3 = mo.constant 1.000000e+00",
        "%4 = mo.sub %2, %3",
        "%5 = mo.slice %4 starts = [1, 3] stops = [9223372036854775807, 4] steps = [1, 1]",
        "%6 = mo.reshape %5",
        "%7 = mo.reshape %6",
        "%8 = mo.constant 0.000000e+00",
        "%9 = mo.less %7, %8",
        "mo.output %9",
    ]
    assert y.shape == (Dim("n"), 10)


@pytest.mark.parametrize(
    "pair",
    [
        (lambda x: x.T, lambda x: x.T),
        (lambda x: x.transpose([1, 0]), lambda x: x.T),
        (lambda x: x.reshape([-1]), lambda x: x.ravel()),
        (lambda x: x.reshape([2, -1]), lambda x: x.reshape([2, -1])),
        (lambda x: x.reshape([Dim("n") * 2, 2]), lambda x: x.reshape([6, 2])),
        (lambda x: x.sum(), lambda x: x.sum()),
        (lambda x: x.sum(0), lambda x: x.sum(0)),
        (lambda x: x.mean([-1], keepdims=True), lambda x: x.mean(-1, keepdims=True)),
        (lambda x: x.max(axes=1), lambda x: x.max(axis=1)),
        (lambda x: x.min(axes=(0, 1)), lambda x: x.min()),
        (lambda x: x.cast("si8"), lambda x: x.astype(np.int8)),
        (lambda x: x.cast(np.float64), lambda x: x.astype(np.float64)),
    ],
)
def test_methods(pair: tuple[Callable[[Any], Any], Callable[[Any], Any]]) -> None:
    ours, numpys = pair
    np.testing.assert_allclose(computed(ours, X), numpys(X), rtol=1e-6)
    assert computed(ours, X).dtype == numpys(X).dtype


def test_properties() -> None:
    with Graph("main", inputs={"x": TensorSpec(["n", "n * 2", 3], "bool", "gpu:0")}) as g:
        x = g.inputs.x
        assert x.shape == (Dim("n"), Dim("n") * 2, 3)
        assert (x.ndim, x.dtype, x.device) == (3, "i1", "gpu:0")
        assert repr(x) == "<Tensor !mo.tensor<[n, n * 2, 3], i1, gpu:0>>"
        assert len(x.T) == 3
        with pytest.raises(TypeError, match="length of .* is not constant"):
            len(x)
        with pytest.raises(TypeError, match="not iterable"):
            iter(x)  # type: ignore[call-overload]  # the point of the test
        assert {x: 1}[x] == 1
        g.output()


def test_elements_decide_nothing_while_building() -> None:
    with Graph("main", inputs={"x": TensorSpec([], "f32")}) as g:
        with pytest.raises(GraphError, match=r"ops\.select, ops\.if_ and ops\.while_"):
            bool(g.inputs.x > 0.0)
        g.output()


def test_division_of_integers_must_say_how_it_rounds() -> None:
    with Graph("main", inputs={"x": TensorSpec([3], "si32")}) as g:
        for divide in (lambda x: x / 2, lambda x: 2 / x):
            with pytest.raises(GraphError, match="'/' expected a float, found si32; .* // rounds the quotient down"):
                divide(g.inputs.x)
        g.output()


@pytest.mark.parametrize("operate", [operator.add, operator.matmul, operator.lt, operator.and_])
def test_operators_leave_other_objects_to_python(operate: Callable[[Any, Any], Any]) -> None:
    with Graph("main", inputs={"x": TensorSpec([3], "f32")}) as g:
        with pytest.raises(TypeError, match="unsupported operand|not supported between"):
            operate(g.inputs.x, "text")
        assert (g.inputs.x == None) is False  # noqa: E711  # comparing with None is the point
        g.output()
