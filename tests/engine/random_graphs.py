# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Draws graphs of `mo` beside what numpy makes of them.

Values are small whole numbers in f32 and si32, kept small by clamping, so that every way of computing them gives the
same bits; functions that round come last.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

Array = NDArray[Any]
Dims = tuple["int | str", ...]
DTYPES: dict[str, Any] = {"f32": np.float32, "si32": np.int32, "i1": np.bool_}
LIMIT = 8


@dataclass
class Value:
    """A value of the graph: its name in the text, its type, and what numpy makes of it."""

    name: str
    dtype: str
    dims: Dims
    array: Array

    @property
    def type(self) -> str:
        return f"!mo.tensor<[{', '.join(map(str, self.dims))}], {self.dtype}>"


@dataclass
class Graph:
    """A graph that is drawn. `n` is the extent of its named dimension."""

    n: int
    values: list[Value] = field(default_factory=list)
    inputs: list[Value] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    outputs: list[Value] = field(default_factory=list)

    def input(self, dtype: str, dims: Dims, array: Array) -> Value:
        value = Value(f"%in{len(self.inputs)}", dtype, dims, array.astype(DTYPES[dtype]))
        self.inputs.append(value)
        self.values.append(value)
        return value

    def op(self, text: str, dtype: str, dims: Dims, array: Any, keep: bool = True) -> Value:
        value = Value(f"%v{len(self.lines)}", dtype, dims, np.asarray(array, DTYPES[dtype]))
        self.lines.append(f"{value.name} = {text}")
        if keep:
            self.values.append(value)
        return value

    def clamped(self, x: Value) -> Value:
        """Between -LIMIT and LIMIT, by constants."""
        for op, function, bound in (("min", np.minimum, LIMIT), ("max", np.maximum, -LIMIT)):
            literal = f"{bound}.0" if x.dtype == "f32" else str(bound)
            constant = self.op(f"mo.constant {literal} : !mo.tensor<[], {x.dtype}>", x.dtype, (), bound, keep=False)
            text = f"mo.{op} {x.name}, {constant.name} : {x.type}, {constant.type}"
            x = self.op(text, x.dtype, x.dims, function(x.array, constant.array), keep=op == "max")
        return x

    @property
    def text(self) -> str:
        arguments = ", ".join(f"{each.name}: {each.type}" for each in self.inputs)
        results = ", ".join(each.type for each in self.outputs)
        names = ", ".join(each.name for each in self.outputs)
        body = "\n".join(f"  {line}" for line in self.lines)
        return f"mo.graph @f({arguments}) -> ({results}) {{\n{body}\n  mo.output {names} : {results}\n}}\n"


BINARY: dict[str, Callable[[Array, Array], Array]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "max": np.maximum,
    "min": np.minimum,
}
COMPARE: dict[str, Callable[[Array, Array], Array]] = {
    "less": np.less,
    "equal": np.equal,
    "greater_equal": np.greater_equal,
}
UNARY: dict[str, Callable[[Array], Array]] = {"negative": np.negative, "abs": np.abs, "square": np.square}
REDUCE: dict[str, Callable[..., Array]] = {"add": np.sum, "max": np.max, "min": np.min}
ROUNDED: dict[str, Callable[[Array], Array]] = {
    "tanh": np.tanh,
    "exp": np.exp,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "sin": np.sin,
}


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Draw a graph of some ten operations with one named dimension and a few outputs."""
    graph = Graph(n=draw(st.integers(1, 4)))
    random = np.random.default_rng(draw(st.integers(0, 2**16)))
    for _ in range(draw(st.integers(1, 3))):
        dims = tuple(draw(st.lists(st.sampled_from([1, 2, 3, "n"]), max_size=3)))
        shape = [graph.n if dim == "n" else dim for dim in dims]
        graph.input(draw(st.sampled_from(["f32", "si32"])), dims, random.integers(-2, 3, shape))
    if not any("n" in each.dims for each in graph.inputs):
        graph.input("f32", ("n",), random.integers(-2, 3, graph.n))
    for _ in range(draw(st.integers(1, 8))):
        draw(st.sampled_from(STEPS))(draw, graph)
    graph.outputs = list(draw(st.lists(st.sampled_from(graph.values), min_size=1, max_size=3, unique_by=id)))
    last = graph.outputs[-1]
    if last.dtype == "f32":
        name, function = draw(st.sampled_from(sorted(ROUNDED.items(), key=lambda item: item[0])))
        graph.outputs.append(graph.op(f"mo.{name} {last.name} : {last.type}", "f32", last.dims, function(last.array)))
    return graph


def _numbers(draw: st.DrawFn, graph: Graph) -> Value:
    return draw(st.sampled_from([each for each in graph.values if each.dtype != "i1"]))


def _broadcast(a: Dims, b: Dims) -> Dims | None:
    rank = max(len(a), len(b))
    result: list[int | str] = []
    for x, y in zip((1,) * (rank - len(a)) + a, (1,) * (rank - len(b)) + b, strict=True):
        if x != y and 1 not in (x, y):
            return None
        result.append(y if x == 1 else x)
    return tuple(result)


def _pair(draw: st.DrawFn, graph: Graph) -> tuple[Value, Value, Dims]:
    a = _numbers(draw, graph)
    fitting = [each for each in graph.values if each.dtype == a.dtype and _broadcast(a.dims, each.dims) is not None]
    b = draw(st.sampled_from(fitting))
    dims = _broadcast(a.dims, b.dims)
    assert dims is not None
    return a, b, dims


def _unary(draw: st.DrawFn, graph: Graph) -> None:
    x = _numbers(draw, graph)
    name = draw(st.sampled_from(sorted(UNARY)))
    graph.clamped(graph.op(f"mo.{name} {x.name} : {x.type}", x.dtype, x.dims, UNARY[name](x.array), keep=False))


def _binary(draw: st.DrawFn, graph: Graph) -> None:
    a, b, dims = _pair(draw, graph)
    name = draw(st.sampled_from(sorted(BINARY)))
    text = f"mo.{name} {a.name}, {b.name} : {a.type}, {b.type}"
    graph.clamped(graph.op(text, a.dtype, dims, BINARY[name](a.array, b.array), keep=False))


def _select(draw: st.DrawFn, graph: Graph) -> None:
    a, b, dims = _pair(draw, graph)
    name = draw(st.sampled_from(sorted(COMPARE)))
    found = COMPARE[name](a.array, b.array)
    mask = graph.op(f"mo.{name} {a.name}, {b.name} : {a.type}, {b.type}", "i1", dims, found)
    text = f"mo.select {mask.name}, {a.name}, {b.name} : {mask.type}, {a.type}, {b.type}"
    graph.op(text, a.dtype, dims, np.where(found, a.array, b.array))


def _reduce(draw: st.DrawFn, graph: Graph) -> None:
    x = _numbers(draw, graph)
    axes = sorted(draw(st.sets(st.sampled_from(range(len(x.dims)))))) if x.dims else []
    keep = draw(st.booleans())
    name = draw(st.sampled_from(sorted(REDUCE)))
    dims = tuple(1 if i in axes else dim for i, dim in enumerate(x.dims) if keep or i not in axes)
    attributes = f"axes = array<i64{': ' if axes else ''}{', '.join(map(str, axes))}>{', keepdims' if keep else ''}"
    type_ = f"!mo.tensor<[{', '.join(map(str, dims))}], {x.dtype}>"
    text = f'"mo.reduce.{name}"({x.name}) {{{attributes}}} : ({x.type}) -> {type_}'
    found = REDUCE[name](x.array, axis=tuple(axes), keepdims=keep)
    graph.clamped(graph.op(text, x.dtype, dims, found, keep=False))


def _matmul(draw: st.DrawFn, graph: Graph) -> None:
    x = _numbers(draw, graph)
    if len(x.dims) < 2:
        return
    rows, columns = x.dims[-2:]
    perm = (*range(len(x.dims) - 2), len(x.dims) - 1, len(x.dims) - 2)
    turned_dims = (*x.dims[:-2], columns, rows)
    turned_array = np.swapaxes(x.array, -1, -2)
    turned_type = f"!mo.tensor<[{', '.join(map(str, turned_dims))}], {x.dtype}>"
    text = f'"mo.transpose"({x.name}) {{perm = array<i64: {", ".join(map(str, perm))}>}} : ({x.type}) -> {turned_type}'
    turned = graph.op(text, x.dtype, turned_dims, turned_array)
    dims = (*x.dims[:-1], rows)
    product = f"mo.matmul {x.name}, {turned.name} : {x.type}, {turned.type}"
    graph.clamped(graph.op(product, x.dtype, dims, np.matmul(x.array, turned_array), keep=False))


def _reshape(draw: st.DrawFn, graph: Graph) -> None:
    x = _numbers(draw, graph)
    front = draw(st.booleans())
    dims: Dims = (1, *x.dims) if front else (*x.dims, 1)
    if draw(st.booleans()) and x.dims and x.dims.count("n") <= 1:
        constant = int(np.prod([dim for dim in x.dims if dim != "n"], dtype=int))
        dims = ("n", constant) if "n" in x.dims else (constant,)
    type_ = f"!mo.tensor<[{', '.join(map(str, dims))}], {x.dtype}>"
    shape = [graph.n if dim == "n" else int(dim) for dim in dims]
    graph.op(f"mo.reshape {x.name} : {x.type} to {type_}", x.dtype, dims, x.array.reshape(shape))


def _concat(draw: st.DrawFn, graph: Graph) -> None:
    x = _numbers(draw, graph)
    if not x.dims:
        return
    axis = draw(st.sampled_from(range(len(x.dims))))
    dims = tuple(("n * 2" if dim == "n" else 2 * int(dim)) if i == axis else dim for i, dim in enumerate(x.dims))
    text = f'"mo.concat"({x.name}, {x.name}) {{axis = {axis} : i64}} : ({x.type}, {x.type}) -> '
    text += f"!mo.tensor<[{', '.join(map(str, dims))}], {x.dtype}>"
    # Of extents that are expressions nothing is drawn further.
    graph.op(text, x.dtype, dims, np.concatenate([x.array, x.array], axis), keep=dims[axis] != "n * 2")


def _cast(draw: st.DrawFn, graph: Graph) -> None:
    x = draw(st.sampled_from(graph.values))
    dtype = draw(st.sampled_from(["f32", "si32"]))
    if dtype != x.dtype:
        type_ = f"!mo.tensor<[{', '.join(map(str, x.dims))}], {dtype}>"
        graph.op(f"mo.cast {x.name} : {x.type} to {type_}", dtype, x.dims, x.array.astype(DTYPES[dtype]))


def _move(draw: st.DrawFn, graph: Graph) -> None:
    """One that keeps the extents: in reverse, rolled, or in the order of indices."""
    x = draw(st.sampled_from(graph.values))
    if not x.dims:
        return
    axis = draw(st.sampled_from(range(len(x.dims))))
    way = draw(st.sampled_from(["flip", "roll", "gather"]))
    if way == "flip":
        graph.op(f"mo.flip {x.name} axes = [{axis}] : {x.type}", x.dtype, x.dims, np.flip(x.array, axis))
    elif way == "roll":
        shift = draw(st.integers(-3, 3))
        text = f"mo.roll {x.name} shifts = [{shift}] axes = [{axis}] : {x.type}"
        graph.op(text, x.dtype, x.dims, np.roll(x.array, shift, axis))
    else:
        found = np.arange(x.array.shape[axis])
        rows = graph.op(f"mo.iota : !mo.tensor<[{x.dims[axis]}], si32>", "si32", (x.dims[axis],), found)
        text = f"mo.gather {x.name}, {rows.name} axis = {axis} : {x.type}, {rows.type}"
        graph.op(text, x.dtype, x.dims, np.take(x.array, rows.array, axis))


def _pad(draw: st.DrawFn, graph: Graph) -> None:
    x = _numbers(draw, graph)
    if not x.dims:
        return
    axis = draw(st.sampled_from(range(len(x.dims))))
    mode = draw(st.sampled_from(["constant", "edge", "reflect", "wrap"]))
    low, high = ([draw(st.integers(0, 2)) if i == axis else 0 for i in range(len(x.dims))] for _ in range(2))
    more = low[axis] + high[axis]
    dims = tuple(
        (f"n + {more}" if dim == "n" else int(dim) + more) if i == axis else dim for i, dim in enumerate(x.dims)
    )
    text = f"mo.pad {x.name} low = {low} high = {high} mode = {mode} : {x.type}"
    padded = np.pad(x.array, list(zip(low, high, strict=True)), mode)  # type: ignore[call-overload]  # a mode of numpy's
    # Of extents that are expressions nothing is drawn further.
    graph.op(text, x.dtype, dims if more else x.dims, padded, keep=not more or isinstance(dims[axis], int))


STEPS = (_unary, _binary, _select, _reduce, _matmul, _reshape, _concat, _cast, _move, _pad)
