# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Drawing operations that move elements, and those that make tensors of nothing."""

import math
from typing import Any

import numpy as np
from drawing import BOOL, DTYPES, FLOATS, INTEGERS, Drawing, dtype_of, shape_of
from mlir import ir

from mograph.dialects.kit import from_numpy

STORED = ("si4", "ui4", "si2", "ui2", "f4E2M1FN", "f8E4M3FNUZ", "f8E5M2FNUZ", "f8E8M0FNU")
BITS = {"f32": 32, "f64": 64, "f16": 16, "bf16": 16, "f8E4M3FN": 8, "f8E5M2": 8}


def _static(shape: tuple[Any, ...]) -> bool:
    return all(isinstance(dim, int) for dim in shape)


def broadcast_to(g: Drawing, name: str) -> Any:
    x = g.tensor()
    shape = [g.choose([2, 3, "n"]) if dim == 1 and g.flag() else dim for dim in shape_of(x)]
    return g.build(name, x, None, results=[g.type([*g.shape(g.integer(0, 1)), *shape], dtype_of(x))])


def cast(g: Drawing, name: str) -> Any:
    x = g.tensor()
    between = g.choose(STORED) if g.flag(4) else None
    if between and between != "f8E8M0FNU":
        made = g.build(name, x, results=[g.type(shape_of(x), between)])
        if made is None:
            return None
        x = made[0]
        g.pool.remove(x)
    return g.build(name, x, results=[g.type(shape_of(x), g.dtype())])


def bitcast(g: Drawing, name: str) -> Any:
    x = g.tensor([dtype for dtype in DTYPES if dtype != BOOL])
    bits = BITS.get(dtype_of(x)) or int(dtype_of(x)[2:])
    same = [*[d for d, width in BITS.items() if width == bits], f"si{bits}", f"ui{bits}"]
    return g.build(name, x, results=[g.type(shape_of(x), g.choose(same))])


def concat(g: Drawing, name: str) -> Any:
    x = g.tensor(where=lambda shape: len(shape) > 0)
    rank = len(shape_of(x))
    axis = g.integer(0, rank - 1)
    operands = [x]
    for _ in range(g.integer(0, 2)):
        shape = list(shape_of(x))
        shape[axis] = g.choose([1, 2, "m", shape[axis]])
        operands.append(g.input(shape, dtype_of(x)))
    return g.build(name, operands, axis=axis - g.choose([0, rank]))


def constant(g: Drawing, name: str) -> Any:
    shape = [g.choose([0, 1, 2, 3]) for _ in range(g.integer(0, 3))]
    dtype = ir.Type.parse(g.dtype())
    values = np.array([g.choose([0, 1, 2, 3]) for _ in range(math.prod(shape))]).reshape(shape)
    value = from_numpy(values, dtype)
    return g.build(name, value=value, results=[g.type(shape, str(dtype))])


def expand(g: Drawing, name: str) -> Any:
    x = g.tensor()
    shape = [g.choose([1, 2, "n"]) if dim == 1 else dim for dim in shape_of(x)]
    return g.build(name, x, None, results=[g.type([*g.shape(g.integer(0, 1)), *shape], dtype_of(x))])


def iota(g: Drawing, name: str) -> Any:
    shape = g.shape(g.integer(1, 3))
    axis = g.integer(-len(shape), len(shape) - 1)
    return g.build(name, None, axis=axis, results=[g.type(shape, g.dtype((*INTEGERS, *FLOATS)))])


def reshape(g: Drawing, name: str) -> Any:
    x = g.tensor()
    shape = list(shape_of(x))
    match g.integer(0, 3):
        case 0:
            shape.insert(g.integer(0, len(shape)), 1)
        case 1 if len(shape) > 1:
            at = g.integer(0, len(shape) - 2)
            shape[at : at + 2] = [shape[at] * shape[at + 1]]
        case 2 if 4 in shape:
            at = shape.index(4)
            shape[at : at + 1] = [2, 2]
        case _:
            shape = [dim for dim in shape if dim != 1]
    return g.build(name, x, None, results=[g.type(shape, dtype_of(x))])


def rebind(g: Drawing, name: str) -> Any:
    x = g.tensor(where=lambda shape: len(shape) > 0)
    shape = [f"k{len(g.pool)}_{i}" if g.flag() else dim for i, dim in enumerate(shape_of(x))]
    made = g.build(name, x, results=[g.type(shape, dtype_of(x))])
    if made is not None:  # nothing else has these names
        g.pool.remove(made[0])
    return made


def slice_(g: Drawing, name: str) -> Any:
    x = g.tensor(where=lambda shape: len(shape) > 0)
    rank = len(shape_of(x))
    ends = [-(2**63), -4, -2, -1, 0, 1, 2, 3, 2**63 - 1]
    starts, stops = ([g.choose(ends) for _ in range(rank)] for _ in range(2))
    return g.build(name, x, starts=starts, stops=stops, steps=[g.choose([1, 1, 2, -1, -3]) for _ in range(rank)])


def transpose(g: Drawing, name: str) -> Any:
    x = g.tensor()
    perm = list(range(len(shape_of(x))))
    g.random.shuffle(perm)
    return g.build(name, x, perm=perm)


def pad(g: Drawing, name: str) -> Any:
    x = g.tensor()
    rank = len(shape_of(x))
    mode = g.choose(["constant", "constant", "reflect", "edge", "wrap"])
    lowest = -1 if mode == "constant" else 0
    low, high = ([g.integer(lowest, 2) for _ in range(rank)] for _ in range(2))
    value = g.input([], dtype_of(x)) if mode == "constant" and g.flag() else None
    return g.build(name, x, value, low=low, high=high, mode=mode)


def split(g: Drawing, name: str) -> Any:
    x = g.tensor(where=lambda shape: any(isinstance(dim, int) for dim in shape))
    shape = shape_of(x)
    axis = g.choose([i for i, dim in enumerate(shape) if isinstance(dim, int)])
    first = g.integer(0, shape[axis])
    parts = [first, shape[axis] - first] if g.flag() else [shape[axis]]
    types = [g.type([*shape[:axis], part, *shape[axis + 1 :]], dtype_of(x)) for part in parts]
    return g.build(name, x, results=types, axis=axis)


def tile(g: Drawing, name: str) -> Any:
    x = g.tensor()
    return g.build(name, x, repeats=[g.choose([0, 1, 2, 3]) for _ in shape_of(x)])


def roll(g: Drawing, name: str) -> Any:
    x = g.tensor()
    axes = [axis for axis in range(len(shape_of(x))) if g.flag()]
    return g.build(name, x, shifts=[g.integer(-5, 5) for _ in axes], axes=axes)


def blocks(g: Drawing, name: str) -> Any:
    shape = (g.choose([1, 2, "n"]), 4, g.choose([2, 4]), g.choose([2, 4]))
    return g.build(name, g.input(shape, g.dtype()), block_size=g.choose([1, 2]))


def triangle(g: Drawing, name: str) -> Any:
    x = g.tensor(where=lambda shape: len(shape) > 1)
    if name == "mo.band_part":
        return g.build(name, x, lower=g.integer(-1, 2), upper=g.integer(-1, 2))
    k = g.input([], "si64") if g.flag() else None
    return g.build(name, x, k, upper=g.flag())


def reverse_sequence(g: Drawing, name: str) -> Any:
    x = g.tensor(where=lambda shape: len(shape) > 1)
    batch, time = g.random.sample(range(len(shape_of(x))), 2)
    lengths = g.input([shape_of(x)[batch]], "si64", "count", shape_of(x)[time])
    return g.build(name, x, lengths, batch_axis=batch, time_axis=time)


def _new(g: Drawing, suffix: str = "") -> str:
    return f"d{len(g.pool)}{suffix}"


def _written(g: Drawing, name: str, *operands: Any, shape: Any, dtype: str, **attributes: Any) -> Any:
    """An operation whose result has names that nothing else has."""
    made = g.build(name, *operands, results=[g.type(shape, dtype)], **attributes)
    if made is not None:
        g.pool.remove(made[0])
    return made


def range_(g: Drawing, name: str) -> Any:
    dtype = g.choose(["si64", "si32", "f32", "f64"])
    start, limit = (g.input([], dtype, "count", 6) for _ in range(2))
    step = constant_of(g, g.choose([1, 2, -1]), dtype)
    return _written(g, name, start, limit, step, shape=[_new(g)], dtype=dtype)


def constant_of(g: Drawing, value: Any, dtype: str) -> Any:
    """A number, or a list of numbers, as a constant."""
    array = np.asarray(value)
    made = g.build(
        "mo.constant", value=from_numpy(array, ir.Type.parse(dtype)), results=[g.type(list(array.shape), dtype)]
    )
    return made[0]


def non_zero(g: Drawing, name: str) -> Any:
    x = g.tensor()
    return _written(g, name, x, shape=[len(shape_of(x)), _new(g)], dtype="si64")


def compress(g: Drawing, name: str) -> Any:
    x = g.tensor(where=lambda shape: len(shape) > 0 and _static(shape))
    shape = shape_of(x)
    if g.flag():
        condition = g.input([math.prod(shape)], BOOL)
        return _written(g, name, x, condition, shape=[_new(g)], dtype=dtype_of(x))
    axis = g.integer(0, len(shape) - 1)
    condition = g.input([shape[axis]], BOOL)
    wanted = [*shape[:axis], _new(g), *shape[axis + 1 :]]
    return _written(g, name, x, condition, shape=wanted, dtype=dtype_of(x), axis=axis)


def dynamic_slice(g: Drawing, name: str) -> Any:
    x = g.tensor(where=lambda shape: len(shape) > 0)
    rank = len(shape_of(x))
    starts, stops = (g.input([rank], "si64") for _ in range(2))
    steps = constant_of(g, [g.choose([1, 2, -1]) for _ in range(rank)], "si64")
    shape = [_new(g, f"_{i}") for i in range(rank)]
    return _written(g, name, x, starts, stops, steps, shape=shape, dtype=dtype_of(x))


def dynamic_pad(g: Drawing, name: str) -> Any:
    x = g.tensor(where=lambda shape: len(shape) > 0)
    rank = len(shape_of(x))
    low, high = (g.input([rank], "si64", "count", 2) for _ in range(2))
    shape = [_new(g, f"_{i}") for i in range(rank)]
    mode = g.choose(["constant", "constant", "edge"])
    return _written(g, name, x, low, high, None, shape=shape, dtype=dtype_of(x), mode=mode)


def dynamic_tile(g: Drawing, name: str) -> Any:
    x = g.tensor(where=lambda shape: len(shape) > 0)
    rank = len(shape_of(x))
    shape = [_new(g, f"_{i}") for i in range(rank)]
    return _written(g, name, x, g.input([rank], "si64", "count", 2), shape=shape, dtype=dtype_of(x))


def random(g: Drawing, name: str) -> Any:
    dtype = g.dtype(("f32", "f64", "f16", "bf16"))
    low, high = (constant_of(g, value, "f32") for value in (g.choose([0.0, -1.0]), g.choose([1.0, 2.5])))
    seed = g.input([], "si64", "count", 9)
    shape = [g.choose([1, 2, 3, 5]) for _ in range(g.integer(0, 3))]
    extents = () if name.startswith("mo.static") else (constant_of(g, np.array(shape, np.int64), "si64"),)
    return g.build(name, *extents, low, high, seed, results=[g.type(shape, dtype)])


RECIPES = {
    "mo.band_part": triangle,
    "mo.bitcast": bitcast,
    "mo.broadcast_to": broadcast_to,
    "mo.cast": cast,
    "mo.compress": compress,
    "mo.concat": concat,
    "mo.constant": constant,
    "mo.depth_to_space": blocks,
    "mo.dynamic.pad": dynamic_pad,
    "mo.dynamic.slice": dynamic_slice,
    "mo.dynamic.tile": dynamic_tile,
    "mo.expand": expand,
    "mo.iota": iota,
    "mo.non_zero": non_zero,
    "mo.pad": pad,
    "mo.random.normal": random,
    "mo.random.uniform": random,
    "mo.range": range_,
    "mo.rebind": rebind,
    "mo.reshape": reshape,
    "mo.reverse_sequence": reverse_sequence,
    "mo.roll": roll,
    "mo.slice": slice_,
    "mo.space_to_depth": blocks,
    "mo.split": split,
    "mo.static.random.normal": random,
    "mo.tile": tile,
    "mo.transpose": transpose,
    "mo.trilu": triangle,
}
