# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.unique`."""

from mograph.dialects.kit import Attribute, Operand, OptionalAttribute, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, order, shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["Unique"]


class Unique(Mo.Operation, name="unique", traits=[t.Pure]):
    """The distinct elements, or with an `axis` the distinct slices along it; numpy's and ONNX's `unique`.

    There are u of n, where n is the number of elements, or the extent of the axis:

    - `values` `[u]`, or the input's shape with u on the axis. They are in ascending order, slices by their first
      element that differs; with `sorted = false` in the order of their first occurrence.
    - `indices` `[u]`, si64: where each occurs first, in the flattened input or on the axis.
    - `inverse` `[n]`, si64: which of the values each element or slice is.
    - `counts` `[u]`, si64: how often each occurs.

    u is known when the program runs: it is a new name in the types of the results, or is compared. 0 and -0 are equal,
    and so are NaNs, which are greater than all numbers. A negative axis counts from the end.
    """

    input: Operand[TensorType]
    axis: OptionalAttribute[c.I64Attr]
    sorted: Attribute[c.BoolAttr] = True
    values: Result[TensorType]
    indices: Result[TensorType]
    inverse: Result[TensorType]
    counts: Result[TensorType]
    assembly_format = (
        "$input (`axis` `=` $axis^)? (`sorted` `=` $sorted^)? attr-dict `:` functional-type(operands, results)"
    )
    folds = True
    speculatable = may_fail

    @staticmethod
    def check(
        input: TensorType,
        axis: int | None,
        values: TensorType,
        indices: TensorType,
        inverse: TensorType,
        counts: TensorType,
    ) -> None:
        dtypes.require(dtypes.ANY, input.dtype)
        before: shapes.Shape = ()
        after: shapes.Shape = ()
        number = shapes.count(input.shape)
        if axis is not None:
            along = shapes.axis_index(axis, len(input.shape))
            before, number, after = input.shape[:along], input.shape[along], input.shape[along + 1 :]
        found = indices.shape[0] if len(indices.shape) == 1 else 0
        for name, result, shape, dtype in (
            ("values", values, (*before, found, *after), input.dtype),
            ("indices", indices, (found,), "si64"),
            ("inverse", inverse, (number,), "si64"),
            ("counts", counts, (found,), "si64"),
        ):
            wanted = TensorType.get(shape, dtype, input.device)
            if result != wanted:
                raise VerifyError(f"expected {name} of a type such as {wanted}, found {result}")

    @staticmethod
    def evaluate(input: Array, axis: int | None, sorted: bool, result_shapes: list[tuple[int, ...]]) -> list[Array]:
        slices = input.reshape(-1, 1)
        if axis is not None:
            number = input.shape[axis]
            slices = np.moveaxis(input, axis, 0).reshape(number, input.size // max(number, 1))
        keys = order.comparable(slices)
        ranked = np.lexsort(keys.T[::-1]) if keys.shape[1] else np.arange(len(keys))
        ordered = keys[ranked]
        same = (ordered[1:] == ordered[:-1]) | ((ordered[1:] != ordered[1:]) & (ordered[:-1] != ordered[:-1]))
        new = np.concatenate([np.ones(min(len(keys), 1), np.bool_), ~np.all(same, axis=1)])
        group = np.empty(len(keys), np.int64)
        group[ranked] = np.cumsum(new) - 1
        first = ranked[new]
        if not sorted:
            shown = np.argsort(first)
            first, group = first[shown], np.argsort(shown)[group]
        if result_shapes[1][0] not in (-1, len(first)):
            raise ValueError(f"mo.unique: expected {result_shapes[1][0]} distinct elements, found {len(first)}")
        values = input.reshape(-1)[first] if axis is None else np.take(input, first, axis=axis)
        return [values, first, group, np.bincount(group, minlength=len(first))]
