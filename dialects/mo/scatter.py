# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.scatter` and `mo.scatter_nd`: a tensor with other elements at indices."""

from collections.abc import Iterable
from typing import Any

from mograph.dialects.kit import Attribute, Operand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.gather import element_positions, tuple_width
from mograph.dialects.mo.indices import compared_extents, require_indices, wrapped
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["Scatter", "ScatterNd"]

Reduction = c.EnumAttr("none", "add", "mul", "max", "min")


def _require_updates(input: TensorType, updates: TensorType, reduction: str) -> None:
    rules.same_dtype(input=input, updates=updates)
    rules.same_device(input=input, updates=updates)
    if reduction != "none":
        dtypes.require(dtypes.NUMERIC, input.dtype)


def _updated(input: Array, places: Iterable[tuple[Any, Array]], reduction: str) -> Array:
    """`input` with values put, one after the other, at places. Every step is rounded to the dtype."""
    combine = {"add": np.add, "mul": np.multiply, "max": np.maximum, "min": np.minimum}.get(reduction)
    result: Array = input.copy()
    for place, value in places:
        result[place] = value if combine is None else combine(result[place], value)
    return result


class Scatter(Mo.Operation, name="scatter", traits=[t.Pure]):
    """The input with elements replaced at each index along `axis`: ONNX's ScatterElements.

    result[indices[i, j, ..], j, ..] = updates[i, j, ..] for axis 0, and everywhere else the input; a negative axis
    counts from the end. `updates` have the shape of `indices` and the input's dtype. Indices are integers, of the
    input's rank, and of its extents or smaller ones on the other axes. A negative index counts from the end, and one
    that is out of range is an error when the program runs.

    With a `reduction`, the result there is the sum, product, maximum or minimum of what was there and the update.
    Updates are applied one after the other in the order of the indices, each rounded to the dtype, so that of several
    for one element, without a reduction, the last counts.
    """

    input: Operand[TensorType]
    indices: Operand[TensorType]
    updates: Operand[TensorType]
    axis: Attribute[c.I64Attr] = 0
    reduction: Attribute[Reduction] = "none"
    result: Result[TensorType]
    assembly_format = (
        "$input `,` $indices `,` $updates (`axis` `=` $axis^)? (`reduction` `=` $reduction^)? "
        "attr-dict `:` type($input) `,` type($indices) `,` type($updates)"
    )
    folds = True
    speculatable = may_fail

    @staticmethod
    def infer(input: TensorType, indices: TensorType, updates: TensorType, axis: int, reduction: str) -> TensorType:
        require_indices(input, indices)
        _require_updates(input, updates, reduction)
        along = shapes.axis_index(axis, len(input.shape))
        if len(indices.shape) != len(input.shape):
            raise VerifyError(
                f"expected indices of rank {len(input.shape)}, as the input has; found {shapes.text(indices.shape)}"
            )
        if updates.shape != indices.shape:
            raise VerifyError(
                f"expected updates of shape {shapes.text(indices.shape)}, as indices have; "
                f"found {shapes.text(updates.shape)}"
            )
        compared_extents("indices", indices.shape, input.shape, along)
        return input

    @staticmethod
    def evaluate(input: Array, indices: Array, updates: Array, axis: int, reduction: str) -> Array:
        along = axis % input.ndim
        positions = element_positions("mo.scatter", input, indices, along)
        each = (
            (tuple(position[index] for position in positions), updates[index]) for index in np.ndindex(indices.shape)
        )
        return _updated(input, each, reduction)


class ScatterNd(Mo.Operation, name="scatter_nd", traits=[t.Pure]):
    """The input with slices replaced at tuples of indices: ONNX's ScatterND.

    The last dimension of `indices`, a constant, holds the tuples, each of which names positions on as many axes, from
    the first on. `updates` have the shape of `indices` without the last dimension, followed by the dimensions of the
    input that no index names, and the input's dtype. Indices out of range, and `reduction`, are as in `mo.scatter`;
    updates are applied one after the other in the order of the indices.
    """

    input: Operand[TensorType]
    indices: Operand[TensorType]
    updates: Operand[TensorType]
    reduction: Attribute[Reduction] = "none"
    result: Result[TensorType]
    assembly_format = (
        "$input `,` $indices `,` $updates (`reduction` `=` $reduction^)? "
        "attr-dict `:` type($input) `,` type($indices) `,` type($updates)"
    )
    folds = True
    speculatable = may_fail

    @staticmethod
    def infer(input: TensorType, indices: TensorType, updates: TensorType, reduction: str) -> TensorType:
        require_indices(input, indices)
        _require_updates(input, updates, reduction)
        wanted = (*indices.shape[:-1], *input.shape[tuple_width(input, indices, 0) :])
        if updates.shape != wanted:
            raise VerifyError(
                f"expected updates of shape {shapes.text(wanted)}, that of indices without the last dimension and the "
                f"input's other dimensions; found {shapes.text(updates.shape)}"
            )
        return input

    @staticmethod
    def evaluate(input: Array, indices: Array, updates: Array, reduction: str) -> Array:
        places = [wrapped("mo.scatter_nd", indices[..., i], input.shape[i], i) for i in range(indices.shape[-1])]
        each = ((tuple(place[index] for place in places), updates[index]) for index in np.ndindex(indices.shape[:-1]))
        return _updated(input, each, reduction)
