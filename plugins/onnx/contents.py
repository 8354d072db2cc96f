# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is known of small tensors while a model is imported: their elements, as numbers or expressions of dimensions.

Models compute shapes by nodes: Shape, Gather, Concat, and so on. Followed through these, the operand of a Reshape is
known to be `[n, 64]`, and the type of its result with it. Contents are numpy arrays: of Python's ints and `Dim`s (dtype
object) for integers, with None for elements that are not known; of bools, or of floats. An operator's function here
takes the node and the contents of its inputs, and gives the contents of its result; or None where they cannot be told.
"""

import math
import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from onnx import numpy_helper

from mograph.dialects.kit import Dim, dim_max, dim_min
from mograph.graph.types import Extent

from .node import Node
from .types import dtype_name, numpy_dtype

__all__ = ["LARGEST", "Contents", "as_array", "as_contents", "fold", "is_concrete", "is_extent", "unknown"]

Contents: TypeAlias = NDArray[Any]
LARGEST = 1024
"""The number of elements beyond which contents are not followed."""

_Function: TypeAlias = Callable[..., Contents | None]
_Dtype: TypeAlias = Callable[[Node, Sequence[str]], str]
_FOLDS: dict[str, tuple[_Function, _Dtype]] = {}


def as_contents(array: NDArray[Any]) -> Contents:
    """The contents of a constant."""
    return array.astype(object) if array.dtype.kind in "iu" else array


def as_array(contents: Contents, dtype: str) -> NDArray[Any] | None:
    """Contents that are concrete as an array of a dtype; None where it does not hold them."""
    wanted = numpy_dtype(dtype)
    if contents.dtype != object:
        return contents.astype(wanted)
    if wanted.kind in "iu":
        limits = np.iinfo(wanted)
        if any(not limits.min <= each <= limits.max for each in contents.flat):
            return None
    return np.array(contents.tolist(), wanted).reshape(contents.shape)


def is_concrete(contents: Contents) -> bool:
    """Whether all contents are numbers."""
    return contents.dtype != object or all(isinstance(each, int) for each in contents.flat)


def unknown(shape: Sequence[Extent], dtype: str) -> Contents | None:
    """Contents of a tensor of which nothing is known; None where that says nothing."""
    static = [extent for extent in shape if isinstance(extent, int)]
    if dtype[0] not in "su" or len(static) < len(shape) or math.prod(static) > LARGEST:
        return None
    return np.full(static, None, dtype=object)


def fold(node: Node, inputs: Sequence[Contents | None], dtypes: Sequence[str]) -> tuple[Contents, str] | None:
    """The contents and the dtype of a node's only result, if they follow from those of its inputs."""
    found = _FOLDS.get(node.op) if not node.domain else None
    if found is None or not inputs or inputs[0] is None:
        return None
    function, dtype = found
    try:
        contents = function(node, *inputs)
    except (TypeError, ValueError, IndexError, ZeroDivisionError, OverflowError):
        return None  # malformed, or not to be told: the conversion says what is wrong, if anything is
    if contents is None:
        return None
    if not isinstance(contents, np.ndarray):
        contents = _scalar(contents)
    nothing = contents.size and all(each is None for each in contents.flat)
    return None if nothing or contents.size > LARGEST else (contents, dtype(node, dtypes))


def _scalar(value: Any) -> Contents:
    """An element as contents of rank 0."""
    if isinstance(value, np.generic):
        return np.asarray(value)
    made = np.empty((), dtype=object)
    made[()] = value
    return made


def _same(node: Node, dtypes: Sequence[str]) -> str:
    return dtypes[0]


def _folds(*ops: str, dtype: _Dtype = _same) -> Callable[[_Function], _Function]:
    def mark(function: _Function) -> _Function:
        for op in ops:
            _FOLDS[op] = (function, dtype)
        return function

    return mark


def _each(function: Callable[..., Any], *arrays: Contents, dtype: Any = object) -> Contents:
    """A function applied to elements, with broadcasting. An integer that cannot be told is None."""
    broadcast = np.broadcast_arrays(*arrays)
    items = zip(*(each.flat for each in broadcast), strict=True)
    values = [None if any(item is None for item in each) else function(*each) for each in items]
    result = np.empty(len(values), dtype)
    for index, value in enumerate(values):
        if value is None and dtype is not object:
            raise ValueError("not to be told")
        result[index] = value
    return result.reshape(broadcast[0].shape)


# ---- Arithmetic


@_folds("Add", "Sub", "Mul")
def _arithmetic(node: Node, lhs: Contents, rhs: Contents) -> Contents:
    function = {"Add": operator.add, "Sub": operator.sub, "Mul": operator.mul}[node.op]
    return _each(function, lhs, rhs) if lhs.dtype == object else np.asarray(function(lhs, rhs))


@_folds("Div")
def _div(node: Node, lhs: Contents, rhs: Contents) -> Contents:
    return _each(_quotient, lhs, rhs) if lhs.dtype == object else np.asarray(lhs / rhs)


def _quotient(lhs: int | Dim, rhs: int | Dim) -> int | Dim | None:
    """Rounded toward zero, which for what cannot be negative is down."""
    if isinstance(lhs, int) and isinstance(rhs, int):
        quotient = abs(lhs) // abs(rhs)
        return quotient if (lhs < 0) == (rhs < 0) else -quotient
    return lhs // rhs if is_extent(lhs) and is_extent(rhs) else None


def is_extent(value: int | Dim) -> bool:
    """Whether a value can be seen not to be negative."""
    return value >= 0 if isinstance(value, int) else "-" not in str(value)


@_folds("Mod")
def _mod(node: Node, lhs: Contents, rhs: Contents) -> Contents | None:
    if lhs.dtype != object or node.get("fmod", 0):
        return None
    return _each(lambda a, b: a % b if isinstance(b, int) and b > 0 else None, lhs, rhs)


@_folds("Neg")
def _neg(node: Node, x: Contents) -> Contents:
    return _each(operator.neg, x) if x.dtype == object else -x


@_folds("Abs")
def _abs(node: Node, x: Contents) -> Contents:
    if x.dtype != object:
        return np.abs(x)
    return _each(lambda each: abs(each) if isinstance(each, int) else each if is_extent(each) else None, x)


@_folds("Max", "Min")
def _extreme(node: Node, *inputs: Contents) -> Contents:
    if inputs[0].dtype != object:
        return np.asarray(reduce(np.maximum if node.op == "Max" else np.minimum, inputs))
    of_two = dim_max if node.op == "Max" else dim_min
    return _each(lambda *values: reduce(of_two, values), *inputs)


@_folds("Floor", "Ceil", "Sqrt", "Round", "Reciprocal", "Exp", "Log")
def _float(node: Node, x: Contents) -> Contents | None:
    functions: dict[str, Callable[..., Any]] = {
        "Floor": np.floor,
        "Ceil": np.ceil,
        "Sqrt": np.sqrt,
        "Round": np.round,
        "Reciprocal": np.reciprocal,
        "Exp": np.exp,
        "Log": np.log,
    }
    return np.asarray(functions[node.op](x)) if x.dtype.kind == "f" else None


@_folds("Pow")
def _pow(node: Node, lhs: Contents, rhs: Contents) -> Contents | None:
    if lhs.dtype.kind == "f":
        return np.asarray(lhs ** rhs.astype(lhs.dtype))
    concrete = rhs.dtype == object and is_concrete(rhs) and is_concrete(lhs)
    return _each(lambda a, b: a**b if b >= 0 else None, lhs, rhs) if concrete else None


@_folds("Cast", dtype=lambda node, dtypes: dtype_name(node["to"]))
def _cast(node: Node, x: Contents) -> Contents | None:
    kind = numpy_dtype(dtype_name(node["to"])).kind
    if kind in "iu":
        return x if x.dtype == object else _each(int, x)
    if kind == "b":
        return _each(_truth, x, dtype=bool)
    return x.astype(numpy_dtype(dtype_name(node["to"]))) if is_concrete(x) and kind == "f" else None


def _truth(value: Any) -> bool | None:
    return None if isinstance(value, Dim) else bool(value)


# ---- Comparisons and logic


@_folds("Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual", dtype=lambda node, dtypes: "i1")
def _compare(node: Node, lhs: Contents, rhs: Contents) -> Contents:
    functions = {
        "Equal": operator.eq,
        "Less": operator.lt,
        "LessOrEqual": operator.le,
        "Greater": operator.gt,
        "GreaterOrEqual": operator.ge,
    }
    compare = functions[node.op]
    if lhs.dtype != object:
        return np.asarray(compare(lhs, rhs))
    return _each(lambda a, b: _sign_of(a, b, compare), lhs, rhs, dtype=bool)


def _sign_of(lhs: int | Dim, rhs: int | Dim, compare: Callable[[int, int], bool]) -> bool | None:
    difference = lhs - rhs
    if isinstance(difference, int):
        return compare(difference, 0)
    if isinstance(rhs, int) and rhs < 0 and is_extent(lhs):
        return compare(0, rhs)  # any extent compares as 0 does
    return None


@_folds("Not")
def _not(node: Node, x: Contents) -> Contents:
    return np.logical_not(x)


@_folds("And", "Or")
def _logic(node: Node, lhs: Contents, rhs: Contents) -> Contents:
    return np.asarray(np.logical_and(lhs, rhs) if node.op == "And" else np.logical_or(lhs, rhs))


@_folds("Where", dtype=lambda node, dtypes: dtypes[1])
def _where(node: Node, condition: Contents, lhs: Contents, rhs: Contents) -> Contents:
    return np.where(condition, lhs, rhs)


# ---- Movement


@_folds("Identity")
def _identity(node: Node, x: Contents) -> Contents:
    return x


@_folds("Gather")
def _gather(node: Node, x: Contents, indices: Contents) -> Contents:
    return np.take(x, indices.astype(np.int64), axis=node.get("axis", 0))


@_folds("Concat")
def _concat(node: Node, *inputs: Contents) -> Contents:
    return np.concatenate(inputs, axis=node["axis"])


@_folds("Slice")
def _slice(node: Node, x: Contents, *bounds: Contents | None) -> Contents:
    if node.version < 10:
        starts, ends = node["starts"], node["ends"]
        axes, steps = node.get("axes"), None
    else:
        starts, ends, axes, steps = (
            None if each is None else [operator.index(item) for item in each.tolist()]
            for each in (*bounds, None, None)[:4]
        )
    assert starts is not None
    assert ends is not None
    index = [slice(None)] * x.ndim
    axes = range(len(starts)) if axes is None else axes
    for axis, start, end, step in zip(axes, starts, ends, steps or [1] * len(starts), strict=True):
        # A stop before the front can only be said by None.
        index[axis] = slice(start, None if step < 0 and end < -x.shape[axis] else end, step)
    return x[tuple(index)]


@_folds("Unsqueeze")
def _unsqueeze(node: Node, x: Contents, axes: Contents | None = None) -> Contents:
    where = node["axes"] if axes is None else axes.tolist()
    return np.expand_dims(x, tuple(where))


@_folds("Squeeze")
def _squeeze(node: Node, x: Contents, axes: Contents | None = None) -> Contents:
    where = node.get("axes") if axes is None else axes.tolist()
    return np.squeeze(x, None if where is None else tuple(where))


@_folds("Reshape")
def _reshape(node: Node, x: Contents, shape: Contents) -> Contents | None:
    return x.reshape(shape.tolist()) if is_concrete(shape) and 0 not in shape else None


@_folds("Flatten")
def _flatten(node: Node, x: Contents) -> Contents:
    axis = node.get("axis", 1)
    axis += x.ndim if axis < 0 else 0
    return x.reshape(math.prod(x.shape[:axis]), -1)


@_folds("Transpose")
def _transpose(node: Node, x: Contents) -> Contents:
    return np.transpose(x, node.get("perm"))


@_folds("Expand")
def _expand(node: Node, x: Contents, shape: Contents) -> Contents:
    return np.array(np.broadcast_to(x, np.broadcast_shapes(x.shape, tuple(map(operator.index, shape.tolist())))))


@_folds("Tile")
def _tile(node: Node, x: Contents, repeats: Contents) -> Contents | None:
    counts = [operator.index(each) for each in repeats.tolist()]
    return np.tile(x, counts) if x.size * math.prod(counts) <= LARGEST else None


# ---- Made from shapes


def _value_dtype(node: Node, dtypes: Sequence[str]) -> str:
    return dtype_name(node["value"].data_type) if node.get("value") is not None else "f32"


@_folds("ConstantOfShape", dtype=_value_dtype)
def _constant_of_shape(node: Node, shape: Contents) -> Contents | None:
    extents = [operator.index(each) for each in shape.tolist()]
    if math.prod(extents) > LARGEST:
        return None
    value = node.get("value")
    filling = np.zeros(1, np.float32) if value is None else numpy_helper.to_array(value)
    return as_contents(np.full(extents, filling.reshape(-1)[0], filling.dtype))


@_folds("Range")
def _range(node: Node, start: Contents, limit: Contents, step: Contents) -> Contents | None:
    if not (is_concrete(start) and is_concrete(limit) and is_concrete(step)):
        return None
    low, high, stride = start.item(), limit.item(), step.item()
    if (high - low) / stride > LARGEST:
        return None
    if start.dtype == object:
        return np.array(range(low, high, stride), dtype=object)
    steps = np.arange(max(math.ceil((high - low) / stride), 0)).astype(start.dtype)
    return np.asarray(low + steps * start.dtype.type(stride))


@_folds("ReduceProd", "ReduceSum", "ReduceMax", "ReduceMin")
def _reduce(node: Node, x: Contents, axes: Contents | None = None) -> Contents | None:
    if x.dtype != object or x.ndim != 1 or (axes is None and node.get("noop_with_empty_axes", 0)):
        return None
    functions = {"ReduceProd": operator.mul, "ReduceSum": operator.add, "ReduceMax": dim_max, "ReduceMin": dim_min}
    start = {"ReduceProd": [1], "ReduceSum": [0]}.get(node.op, [])
    value = np.empty(1, dtype=object)
    value[0] = None if any(each is None for each in x) else reduce(functions[node.op], [*start, *x])
    return value if node.get("keepdims", 1) else value.reshape(())
