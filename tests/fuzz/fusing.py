# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Drawn graphs of what fusion puts together: moves, joins, parts, sums and products, whose numbers are small integers.

Whatever is fused, such sums are exact, so that results are compared bit by bit; those past a transcendental function
are compared with a tolerance. Only some of the values are outputs, so that the others need never be in memory.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np

from mograph.dialects.kit import Dim

Array = np.ndarray[Any, Any]
LARGEST = 2**20
"""Beyond it, sums of a hundred thousand products might be rounded."""
MOST = 1 << 14
"""Elements that a tensor has at most."""


@dataclass(frozen=True)
class Value:
    """A value of a graph: its name, its shape with dimension n, its elements, and whether they are exact."""

    name: str
    shape: tuple[Any, ...]
    array: Array
    exact: bool

    @property
    def type(self) -> str:
        """The type, of f32."""
        return f"!mo.tensor<[{', '.join(map(str, self.shape))}], f32>"


@dataclass
class Fused:
    """A graph while it is drawn, evaluated with numpy as it grows. `extent` is that of n."""

    random: Random
    extent: int
    lines: list[str] = field(default_factory=list)
    inputs: list[Value] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)

    def input(self, shape: Sequence[Any]) -> Value:
        """A new input."""
        extents = [dim if isinstance(dim, int) else int(dim.evaluate({"n": self.extent})) for dim in shape]
        array = np.random.default_rng(len(self.inputs)).integers(-3, 4, extents).astype(np.float32)
        value = Value(f"%x{len(self.inputs)}", tuple(shape), array, True)
        self.inputs.append(value)
        self.values.append(value)
        return value

    def add(
        self,
        op: str,
        operands: Sequence[Value],
        shape: Sequence[Any],
        function: Callable[..., Array],
        attributes: str = "",
        exact: bool = True,
    ) -> None:
        """One more operation, whose result numpy's `function` gives, unless that is too large."""
        with np.errstate(all="ignore"):
            array = np.asarray(function(*(each.array for each in operands)), np.float32)
        if array.size > MOST or not np.all(np.abs(array) < LARGEST):
            return
        result = Value(f"%v{len(self.lines)}", tuple(shape), array, exact and all(each.exact for each in operands))
        names, types = (", ".join(getattr(each, what) for each in operands) for what in ("name", "type"))
        arrow = " to " + result.type if op in ("reshape", "broadcast_to") else ""
        self.lines.append(f"{result.name} = mo.{op} {names} {attributes} : {types}{arrow}")
        self.values.append(result)

    def any(self, where: Callable[[Value], bool] = lambda value: True) -> Value:
        """One of the values, more often a late one."""
        fitting = [each for each in self.values if where(each)]
        if not fitting:
            return self.input([Dim.parse("n"), 6] if self.random.random() < 0.5 else [4, 6])
        return fitting[-1 - min(int(self.random.expovariate(0.35)), len(fitting) - 1)]

    def like(self, value: Value) -> Value:
        """A value of the same shape."""
        same = [each for each in self.values if each.shape == value.shape]
        return self.random.choice(same) if self.random.random() < 0.8 else self.input(value.shape)


def elementwise(g: Fused) -> None:
    """One operand, or two of one shape."""
    x = g.any()
    name, function = g.random.choice(
        [("negative", np.negative), ("abs", np.abs), ("relu", lambda v: np.maximum(v, 0)), ("square", np.square)]
    )
    g.add(name, [x], x.shape, function)


def binary(g: Fused) -> None:
    """Two operands of one shape, or one that is broadcast."""
    x = g.any()
    if g.random.random() < 0.3 and x.shape:
        cut = g.random.randint(0, len(x.shape))
        y = g.input([1 if g.random.random() < 0.3 else dim for dim in x.shape[cut:]])
    else:
        y = g.like(x)
    name, function = g.random.choice(
        [("add", np.add), ("sub", np.subtract), ("mul", np.multiply), ("max", np.maximum), ("min", np.minimum)]
    )
    g.add(name, [x, y], x.shape, function)


def rounded(g: Fused) -> None:
    """What is not exact any more."""
    x = g.any(lambda value: len(value.shape) > 0 and 0 not in value.array.shape)
    if g.random.random() < 0.5:
        g.add("tanh", [x], x.shape, np.tanh, exact=False)
        return

    def softmax(v: Array) -> Array:
        e = np.exp(v - v.max(-1, keepdims=True))
        return e / e.sum(-1, keepdims=True) if v.size else v

    if np.abs(x.array).max(initial=0) < 30:
        g.add("softmax", [x], x.shape, softmax, exact=False)


def reduce(g: Fused) -> None:
    """A sum or maximum over one axis."""
    x = g.any(lambda value: len(value.shape) > 0)
    if not x.array.size or not x.shape:
        return
    axis = g.random.randrange(len(x.shape))
    shape = [1 if i == axis else dim for i, dim in enumerate(x.shape)]
    name, function = g.random.choice([("reduce.add", np.sum), ("reduce.max", np.max)])
    g.add(name, [x], shape, lambda v: function(v, axis=axis, keepdims=True), f"axes = [{axis}] keepdims")


def transpose(g: Fused) -> None:
    """Another order of the axes."""
    x = g.any()
    perm = list(range(len(x.shape)))
    g.random.shuffle(perm)
    g.add("transpose", [x], [x.shape[i] for i in perm], lambda v: v.transpose(perm), f"perm = {perm}")


def reshape(g: Fused) -> None:
    """An axis is split, or two are joined."""
    x = g.any(lambda value: len(value.shape) > 0)
    shape = list(x.shape)
    even = [i for i, dim in enumerate(shape) if isinstance(dim, int) and dim > 1 and dim % 2 == 0]
    if even and g.random.random() < 0.5:
        at = g.random.choice(even)
        shape[at : at + 1] = [2, shape[at] // 2]
    elif len(shape) > 1:
        at = g.random.randrange(len(shape) - 1)
        shape[at : at + 2] = [shape[at] * shape[at + 1]]
    extents = [dim if isinstance(dim, int) else int(dim.evaluate({"n": g.extent})) for dim in shape]
    g.add("reshape", [x], shape, lambda v: v.reshape(extents))


def concat(g: Fused) -> None:
    """Several values, also the same one, along an axis."""
    x = g.any(lambda value: len(value.shape) > 0)
    axis = g.random.randrange(len(x.shape))

    def fits(value: Value) -> bool:
        return len(value.shape) == len(x.shape) and all(
            a == b for i, (a, b) in enumerate(zip(value.shape, x.shape, strict=True)) if i != axis
        )

    parts = [x, *(g.any(fits) for _ in range(g.random.randint(0, 2)))]
    parts = [each for each in parts if fits(each)]
    g.random.shuffle(parts)
    shape = list(x.shape)
    shape[axis] = sum((each.shape[axis] for each in parts[1:]), parts[0].shape[axis])
    g.add("concat", parts, shape, lambda *v: np.concatenate(v, axis), f"axis = {axis}")


def pad(g: Fused) -> None:
    """Zeros around."""
    x = g.any(lambda value: len(value.shape) > 0)
    low, high = ([g.random.choice([0, 0, 1, 2]) for _ in x.shape] for _ in range(2))
    shape = [dim + a + b for dim, a, b in zip(x.shape, low, high, strict=True)]
    g.add("pad", [x], shape, lambda v: np.pad(v, list(zip(low, high, strict=True))), f"low = {low} high = {high}")


def slice_(g: Fused) -> None:
    """A part of an axis whose extent is a number, forwards with any step or backwards."""
    x = g.any(lambda value: any(isinstance(dim, int) for dim in value.shape))
    numbers = [i for i, dim in enumerate(x.shape) if isinstance(dim, int)]
    if not numbers:
        return
    axis = g.random.choice(numbers)
    start = g.random.randint(0, x.shape[axis])
    stop, step = g.random.randint(start, x.shape[axis]), g.random.choice([1, 1, 1, 2])
    at = slice(start, stop, step)
    shape = [len(range(start, stop, step)) if i == axis else dim for i, dim in enumerate(x.shape)]
    starts, stops, steps = (
        [value if i == axis else other for i in range(len(x.shape))]
        for value, other in ((start, 0), (stop, 2**62), (step, 1))
    )
    where = (*[slice(None)] * axis, at)
    g.add("slice", [x], shape, lambda v: v[where], f"starts = {starts} stops = {stops} steps = {steps}")


def matmul(g: Fused) -> None:
    """A product of the last two axes with a new matrix, or with a value turned over."""
    x = g.any(lambda value: len(value.shape) > 1)
    if len(x.shape) < 2:
        return
    if g.random.random() < 0.5:
        perm = [*range(len(x.shape) - 2), len(x.shape) - 1, len(x.shape) - 2]
        g.add("transpose", [x], [x.shape[i] for i in perm], lambda v: v.transpose(perm), f"perm = {perm}")
        y = g.values[-1]
        if y.shape != tuple(x.shape[i] for i in perm):
            return
    else:
        y = g.input([x.shape[-1], g.random.choice([1, 5, 8, 33])])
    g.add("matmul", [x, y], [*x.shape[:-1], y.shape[-1]], np.matmul)


STEPS = (elementwise, binary, binary, rounded, reduce, transpose, reshape, concat, concat, pad, slice_, matmul)


def graph(random: Random, most: int = 14) -> tuple[str, list[Value], list[Value]]:
    """A graph's text, its inputs and its outputs, with what they are."""
    g = Fused(random, random.choice([0, 1, 2, 5, 17]))
    n = Dim.parse("n")
    g.input(random.choice([[n, 6], [4, 6], [n, 16], [2, n, 4], [3, 64], [n, 2, 8], [1, 1, 4]]))
    for _ in range(random.randint(2, most)):
        random.choice(STEPS)(g)
    made = g.values[1:] if len(g.values) > 1 else g.values
    made = [each for each in made if each.name.startswith("%v")] or g.values
    outputs = random.sample(made, min(len(made), random.randint(1, 3)))
    types = ", ".join(each.type for each in outputs)
    given = ", ".join(f"{each.name}: {each.type}" for each in g.inputs)
    body = "\n  ".join(g.lines)
    names = ", ".join(each.name for each in outputs)
    text = f"mo.graph @f({given}) -> ({types}) {{\n  {body}\n  mo.output {names} : {types}\n}}"
    return text, g.inputs, outputs


def in_buffers(text: str, inputs: Sequence[Value], outputs: Sequence[Value]) -> str:
    """The same graph, whose outputs are stored in mutable buffers that it is given besides."""
    buffers = [each.type.replace("!mo.tensor", "!mo.buffer") for each in outputs]
    given = ", ".join(
        [f"{each.name}: {each.type}" for each in inputs] + [f"%b{i}: {type_}" for i, type_ in enumerate(buffers)]
    )
    start = text.index("{\n") + 2
    body = text[start : text.index("  mo.output")]
    stores = "".join(
        f"  %c{i + 1} = mo.buffer.store {each.name}, %b{i}, %c{i} : {each.type}, {type_}\n"
        for i, (each, type_) in enumerate(zip(outputs, buffers, strict=True))
    )
    last = outputs[0]
    end = f"  mo.output {last.name} : {last.type}\n}}"
    return f"mo.graph @f({given}) -> {last.type} {{\n{body}  %c0 = mo.chain.create\n{stores}{end}"


def compare(found: Sequence[Array], outputs: Sequence[Value], text: str) -> None:
    """Raises AssertionError where a result is not what it should be."""
    for have, want in zip(found, outputs, strict=True):
        assert have.shape == want.array.shape, f"{want.name}: {have.shape}, expected {want.array.shape}\n{text}"
        if want.exact:
            assert np.array_equal(have, want.array), f"{want.name}: {have}, expected {want.array}\n{text}"
        else:
            size = float(np.abs(want.array).max(initial=1))
            near = np.allclose(have, want.array, rtol=1e-4, atol=1e-5 * size)
            assert near, f"{want.name}: {have}, expected {want.array}\n{text}"
