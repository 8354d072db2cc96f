# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations whose results have extents that are known when the graph runs, under names that the graph gives them."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from mograph.dialects.kit import Dim
from mograph.dialects.mo import (
    Compress,
    DynamicPad,
    DynamicSlice,
    DynamicTile,
    Expand,
    NonZero,
    OneHot,
    Range,
    Split,
)
from mograph.graph.emit import Form, attempt, build, fail
from mograph.graph.ops.operands import tensor_of
from mograph.graph.ops.typed import known_type, new_names, new_type
from mograph.graph.tensor import Tensor, TensorLike
from mograph.graph.types import DTypeLike, Extent, ExtentLike, ShapeLike, extents

__all__ = [
    "compress",
    "dynamic_pad",
    "dynamic_slice",
    "dynamic_tile",
    "expand",
    "non_zero",
    "one_hot",
    "range",
    "split",
]

Mode = Literal["constant", "reflect", "edge", "wrap"]


def expand(input: TensorLike, shape: Tensor | ShapeLike, *, dims: ShapeLike | None = None) -> Tensor:
    """The tensor broadcast together with a shape: aligned at the last dimension, two extents are equal or one is 1.

    `shape` is a shape, or a tensor of dtype si64 on the host that holds one: then `dims` says what the dimensions of
    the result are, of which new names are bound; without it, all of them are new.

    Builds `mo.expand`. Raises GraphError.
    """
    tensor = tensor_of(Expand, "input", input)
    if isinstance(shape, Tensor):
        count = shape.shape[0] if shape.ndim == 1 else None
        if not isinstance(count, int):
            fail(Expand.OPERATION_NAME, f"expected a shape of a known number of extents, found one of {shape.shape}")
        return _with_dims(Expand, (tensor, shape), {}, tensor, dims, max(tensor.ndim, count))
    wanted = attempt(Expand.OPERATION_NAME, "shape", extents, shape)
    rank = max(tensor.ndim, len(wanted))
    own, asked = ((1,) * (rank - len(each)) + tuple(each) for each in (tensor.shape, wanted))
    both = [have if extent == 1 else extent for have, extent in zip(own, asked, strict=True)]
    type_ = known_type(Expand, both, tensor.dtype, tensor.device)
    made: Tensor = build(Form.of(Expand), (tensor, None), {}, [type_])
    return made


def dynamic_slice(
    input: TensorLike,
    starts: TensorLike | Sequence[int],
    stops: TensorLike | Sequence[int],
    steps: TensorLike | Sequence[int],
    *,
    dims: ShapeLike | None = None,
) -> Tensor:
    """numpy's `input[starts[0]:stops[0]:steps[0], ...]` by ranges that are known when the graph runs.

    `starts`, `stops` and `steps` have an si64 for each axis. `dims` says what the dimensions of the result are, of
    which new names are bound; without it, all of them are new.

    Builds `mo.dynamic.slice`. Raises GraphError.
    """
    tensor = tensor_of(DynamicSlice, "input", input)
    ranges = {"starts": starts, "stops": stops, "steps": steps}
    operands = [_numbers(DynamicSlice, name, given) for name, given in ranges.items()]
    return _with_dims(DynamicSlice, (tensor, *operands), {}, tensor, dims, tensor.ndim)


def dynamic_pad(
    input: TensorLike,
    low: TensorLike | Sequence[int],
    high: TensorLike | Sequence[int],
    value: TensorLike | None = None,
    mode: Mode = "constant",
    *,
    dims: ShapeLike | None = None,
) -> Tensor:
    """`pad` by paddings that are known when the graph runs: `low` and `high` have an si64 for each axis.

    `dims` says what the dimensions of the result are, of which new names are bound; without it, all of them are new.

    Builds `mo.dynamic.pad`. Raises GraphError.
    """
    tensor = tensor_of(DynamicPad, "input", input)
    before, after = (_numbers(DynamicPad, name, given) for name, given in (("low", low), ("high", high)))
    fill = None if value is None else tensor_of(DynamicPad, "value", value, (tensor,))
    return _with_dims(DynamicPad, (tensor, before, after, fill), {"mode": mode}, tensor, dims, tensor.ndim)


def dynamic_tile(input: TensorLike, repeats: TensorLike | Sequence[int], *, dims: ShapeLike | None = None) -> Tensor:
    """`tile` by repeats that are known when the graph runs: an si64 for each axis.

    `dims` says what the dimensions of the result are, of which new names are bound; without it, all of them are new.

    Builds `mo.dynamic.tile`. Raises GraphError.
    """
    tensor = tensor_of(DynamicTile, "input", input)
    times = _numbers(DynamicTile, "repeats", repeats)
    return _with_dims(DynamicTile, (tensor, times), {}, tensor, dims, tensor.ndim)


def _numbers(op: Any, field: str, given: TensorLike | Sequence[int]) -> Tensor:
    """An operand that holds an si64 for each axis."""
    return tensor_of(op, field, given if isinstance(given, Tensor) else np.asarray(given, np.int64))


def _with_dims(
    op: Any, operands: Sequence[Any], attributes: dict[str, Any], like: Tensor, dims: ShapeLike | None, rank: int
) -> Tensor:
    """The result of an operation, of these dimensions or of new ones."""
    shape = new_names(op, rank) if dims is None else dims
    made: Tensor = build(Form.of(op), operands, attributes, [new_type(op, shape, like.dtype, like.device)])
    return made


def split(input: TensorLike, axis: int, dims: int | ShapeLike) -> tuple[Tensor, ...]:
    """The tensor cut along an axis: into parts of these extents, or into a number of equal parts.

    A negative axis counts from the end.

    Builds `mo.split`. Raises GraphError for extents whose sum is not that of the axis.
    """
    name = Split.OPERATION_NAME
    tensor = tensor_of(Split, "input", input)
    if not isinstance(axis, int) or not -tensor.ndim <= axis < tensor.ndim:
        fail(name, f"expected axis to be in [{-tensor.ndim}, {tensor.ndim}) for a tensor of rank {tensor.ndim}")
    extent = tensor.shape[axis]
    if isinstance(dims, int):
        if dims < 1 or extent % dims != 0:
            fail(name, f"expected a number of parts that divides the extent {extent}, found {dims}")
        parts: tuple[Extent, ...] = (extent // dims,) * dims
    else:
        parts = attempt(name, "dims", extents, dims)
    along = axis % tensor.ndim
    before, after = tensor.shape[:along], tensor.shape[along + 1 :]
    types = [known_type(Split, (*before, part, *after), tensor.dtype, tensor.device) for part in parts]
    made: tuple[Tensor, ...] = build(Form.of(Split), (tensor,), {"axis": axis}, types)
    return made


def one_hot(
    indices: TensorLike,
    on: TensorLike,
    off: TensorLike,
    depth: Tensor | ExtentLike,
    axis: int = -1,
    *,
    dtype: DTypeLike = "f32",
    dims: ExtentLike | None = None,
) -> Tensor:
    """For each index the value `on` at its place along a new axis, and `off` everywhere else.

    `depth` is the extent of the axis, or a tensor of shape [] and dtype si64 that holds it: then `dims` is what that
    extent is called, by default a new name. Numbers `on` and `off` are of `dtype`.

    Builds `mo.one_hot`. Raises GraphError.
    """
    name = OneHot.OPERATION_NAME
    places = tensor_of(OneHot, "indices", indices)
    values = [
        given if isinstance(given, Tensor) else tensor_of(OneHot, field, given, dtype=str(dtype))
        for field, given in (("on", on), ("off", off))
    ]
    rank = places.ndim + 1
    if not isinstance(axis, int) or not -rank <= axis < rank:
        fail(name, f"expected axis to be in [{-rank}, {rank}) for a tensor of rank {rank}, found {axis!r}")
    known = known_type if not isinstance(depth, Tensor) else new_type
    (extent,) = (depth,) if not isinstance(depth, Tensor) else (new_names(OneHot, 1) if dims is None else (dims,))
    shape: list[Any] = list(places.shape)
    shape.insert(axis % rank, extent)
    type_ = known(OneHot, shape, values[0].dtype, places.device)
    operands = (places, *values, depth if isinstance(depth, Tensor) else None)
    made: Tensor = build(Form.of(OneHot), operands, {"axis": axis}, [type_])
    return made


def range(
    start: TensorLike,
    limit: TensorLike,
    step: TensorLike = 1,
    *,
    dtype: DTypeLike = "si64",
    dims: ExtentLike | None = None,
) -> Tensor:
    """The numbers from `start` to before `limit`, `step` apart.

    They are tensors of shape [] and one dtype, or numbers, of the dtype of the tensors or of `dtype`. `dims` is what
    the extent of the result is called, by default a new name.

    Builds `mo.range`. Raises GraphError.
    """
    given = {"start": start, "limit": limit, "step": step}
    of = next((each.dtype for each in given.values() if isinstance(each, Tensor)), str(dtype))
    operands = [tensor_of(Range, name, each, dtype=of) for name, each in given.items()]
    return _counted(Range, operands, {}, lambda extent: [extent], operands[0].dtype, "cpu", dims)


def non_zero(input: TensorLike, *, dims: ExtentLike | None = None) -> Tensor:
    """The indices of the elements that are not 0, in their order: numpy's `nonzero`, as rows of one tensor [rank, k].

    `dims` is what k is called, by default a new name.

    Builds `mo.non_zero`. Raises GraphError.
    """
    tensor = tensor_of(NonZero, "input", input)
    return _counted(NonZero, (tensor,), {}, lambda extent: [tensor.ndim, extent], "si64", tensor.device, dims)


def compress(
    input: TensorLike, condition: TensorLike, axis: int | None = None, *, dims: ExtentLike | None = None
) -> Tensor:
    """numpy's `compress`: the slices along `axis` whose condition is true; without an axis, such elements, in order.

    The condition is a bool tensor of rank 1. `dims` is what the extent of the axis is called, by default a new name.

    Builds `mo.compress`. Raises GraphError.
    """
    name = Compress.OPERATION_NAME
    tensor = tensor_of(Compress, "input", input)
    flags = tensor_of(Compress, "condition", condition, dtype="i1")
    if axis is not None and (not isinstance(axis, int) or not -tensor.ndim <= axis < tensor.ndim):
        fail(name, f"expected axis to be in [{-tensor.ndim}, {tensor.ndim}) for a tensor of rank {tensor.ndim}")

    def shape(extent: ExtentLike) -> list[ExtentLike]:
        if axis is None:
            return [extent]
        result: list[ExtentLike] = list(tensor.shape)
        result[axis] = extent
        return result

    return _counted(Compress, (tensor, flags), {"axis": axis}, shape, tensor.dtype, tensor.device, dims)


def _counted(
    op: Any,
    operands: Sequence[Any],
    attributes: dict[str, Any],
    shape: Callable[[ExtentLike], Sequence[ExtentLike]],
    dtype: str,
    device: str,
    dims: ExtentLike | None,
) -> Tensor:
    """The result of an operation with one extent that is counted."""
    extent: ExtentLike | Dim = new_names(op, 1)[0] if dims is None else dims
    made: Tensor = build(Form.of(op), operands, attributes, [new_type(op, shape(extent), dtype, device)])
    return made
