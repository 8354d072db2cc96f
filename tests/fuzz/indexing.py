# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Drawing operations that look elements up by indices, and those that order elements."""

from typing import Any

from drawing import DTYPES, Drawing, dtype_of, shape_of
from shaping import constant_of

NUMBERS = tuple(dtype for dtype in DTYPES if dtype != "i1")


def _indexed(g: Drawing, dtypes: Any = DTYPES) -> tuple[Any, int]:
    """A value with an axis that has elements."""
    x = g.tensor(dtypes, where=lambda shape: any(isinstance(dim, int) and dim > 0 for dim in shape))
    return x, g.choose([i for i, dim in enumerate(shape_of(x)) if isinstance(dim, int) and dim > 0] or [0])


def _kind(g: Drawing) -> str:
    return str(g.choose(["si64", "si32"]))


def gather(g: Drawing, name: str) -> Any:
    x, axis = _indexed(g)
    indices = g.input(g.shape(g.integer(0, 2)), _kind(g), "index", shape_of(x)[axis])
    return g.build(name, x, indices, axis=axis)


def gather_elements(g: Drawing, name: str) -> Any:
    x, axis = _indexed(g)
    shape = list(shape_of(x))
    shape[axis] = g.choose([1, 2, 5])
    return g.build(name, x, g.input(shape, _kind(g), "index", shape_of(x)[axis]), axis=axis)


def scatter(g: Drawing, name: str) -> Any:
    x, axis = _indexed(g)
    shape = list(shape_of(x))
    shape[axis] = 1  # more could name one element twice, whose order nothing says
    indices = g.input(shape, _kind(g), "index", shape_of(x)[axis])
    reduction = g.choose(["none", "add", "mul", "max", "min"])
    return g.build(name, x, indices, g.input(shape, dtype_of(x)), axis=axis, reduction=reduction)


def gather_nd(g: Drawing, name: str) -> Any:
    x = g.tensor(where=lambda shape: len(shape) > 0 and all(isinstance(dim, int) and dim for dim in shape))
    shape = shape_of(x)
    depth = g.integer(1, len(shape))
    least = min((dim for dim in shape[:depth]), default=1)
    return g.build(name, x, g.input([*g.shape(g.integer(0, 1)), depth], _kind(g), "index", least))


def scatter_nd(g: Drawing, name: str) -> Any:
    x = g.tensor(where=lambda shape: len(shape) > 0 and all(isinstance(dim, int) and dim for dim in shape))
    shape = shape_of(x)
    depth = g.integer(1, len(shape))
    indices = g.input([1, depth], _kind(g), "index", min(shape[:depth]))
    updates = g.input([1, *shape[depth:]], dtype_of(x))
    return g.build(name, x, indices, updates, reduction=g.choose(["none", "add", "mul", "max", "min"]))


def one_hot(g: Drawing, name: str) -> Any:
    depth = g.choose([1, 3, "n"])
    indices = g.input(g.shape(g.integer(0, 2)), _kind(g), "index", depth)
    dtype = g.dtype()
    on, off = (g.input([], dtype) for _ in range(2))
    shape = shape_of(indices)
    axis = g.integer(0, len(shape))
    return g.build(
        name, indices, on, off, None, axis=axis, results=[g.type([*shape[:axis], depth, *shape[axis:]], dtype)]
    )


def order(g: Drawing, name: str) -> Any:
    x = g.tensor(NUMBERS, where=lambda shape: len(shape) > 0)
    rank = len(shape_of(x))
    return g.build(name, x, axis=g.integer(-rank, rank - 1), descending=g.flag())


def best(g: Drawing, name: str) -> Any:
    x, axis = _indexed(g, NUMBERS)
    shape = list(shape_of(x))
    shape[axis] = g.integer(0, shape[axis])
    return g.build(name, x, None, axis=axis, results=[g.type(shape, dtype_of(x)), g.type(shape, "si64")])


def unique(g: Drawing, name: str) -> Any:
    x = g.tensor(NUMBERS, where=lambda shape: all(isinstance(dim, int) for dim in shape))
    count = 1
    for dim in shape_of(x):
        count *= dim
    new = f"u{len(g.pool)}"
    types = [g.type([new], dtype_of(x)), g.type([new], "si64"), g.type([count], "si64"), g.type([new], "si64")]
    made = g.build(name, x, results=types, sorted=g.flag())
    for value in made or ():
        g.pool.remove(value)
    return made


def suppression(g: Drawing, name: str) -> Any:
    boxes, scores = g.input([1, 4, 4], "f32"), g.input([1, 2, 4], "f32")
    limits = [constant_of(g, 2, "si64"), constant_of(g, 0.5, "f32"), constant_of(g, 0.0, "f32")]
    made = g.build(name, boxes, scores, *limits, results=[g.type([f"s{len(g.pool)}", 3], "si64")])
    for value in made or ():
        g.pool.remove(value)
    return made


RECIPES = {
    "mo.argsort": order,
    "mo.bottom_k": best,
    "mo.gather": gather,
    "mo.gather_elements": gather_elements,
    "mo.gather_nd": gather_nd,
    "mo.non_max_suppression": suppression,
    "mo.one_hot": one_hot,
    "mo.scatter": scatter,
    "mo.scatter_nd": scatter_nd,
    "mo.sort": order,
    "mo.top_k": best,
    "mo.unique": unique,
}
