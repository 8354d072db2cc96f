# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.top_k` and `mo.bottom_k`."""

from mograph.dialects.kit import Attribute, Operand, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, order, rules, shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["BottomK", "TopK"]


class _Selection(Mo.Operation, traits=[t.Pure]):
    """The first elements along `axis` of an order."""

    input: Operand[TensorType]
    k: OptionalOperand[TensorType]
    axis: Attribute[c.I64Attr] = -1
    values: Result[TensorType]
    indices: Result[TensorType]
    assembly_format = "operands (`axis` `=` $axis^)? attr-dict `:` functional-type(operands, results)"
    folds = True

    @staticmethod
    def check(input: TensorType, k: TensorType | None, axis: int, values: TensorType, indices: TensorType) -> None:
        dtypes.require(dtypes.ANY, input.dtype)
        rank = len(input.shape)
        along = shapes.axis_index(axis, rank)
        if k is not None:
            rules.scalar("k", k, "si64", input.device)
        found = values.shape[along] if len(values.shape) == rank else 0
        shape = (*input.shape[:along], found, *input.shape[along + 1 :])
        for name, result, dtype in (("values", values, input.dtype), ("indices", indices, "si64")):
            wanted = TensorType.get(shape, dtype, input.device)
            if result != wanted:
                raise VerifyError(
                    f"expected {name} of the input's shape but on axis {axis}, where they are as many as chosen, "
                    f"as {wanted}; found {result}"
                )
        extent = input.shape[along]
        if isinstance(found, int) and isinstance(extent, int) and found > extent:
            raise VerifyError(f"expected at most the {extent} elements on axis {axis} to be chosen, found {found}")


def _chosen(
    op: str, input: Array, k: Array | None, axis: int, result_shapes: list[tuple[int, ...]], descending: bool
) -> list[Array]:
    extent = result_shapes[0][axis] if k is None else int(k)
    if not 0 <= extent <= input.shape[axis] or result_shapes[0][axis] not in (-1, extent):
        limits = f"0 to {input.shape[axis]}" if result_shapes[0][axis] == -1 else str(result_shapes[0][axis])
        raise ValueError(f"{op}: expected k to be {limits}, found {extent}")
    places = np.take(order.places(input, axis, descending), np.arange(extent), axis=axis)
    return [np.take_along_axis(input, places, axis), places]


class TopK(_Selection, name="top_k"):
    """The greatest elements along `axis`, in descending order, and their positions there as si64.

    How many is the extent of the results on the axis. It may be a new name: then the operand `k`, of rank 0 and dtype
    si64, says it; with any other extent, `k` is compared when the program runs. It is at most the extent of the axis.
    Of equal elements the first is chosen first; NaN is greater than all numbers. A negative axis counts from the end.
    """

    speculatable = may_fail

    @staticmethod
    def evaluate(input: Array, k: Array | None, axis: int, result_shapes: list[tuple[int, ...]]) -> list[Array]:
        return _chosen("mo.top_k", input, k, axis, result_shapes, True)


class BottomK(_Selection, name="bottom_k"):
    """The least elements along `axis`, in ascending order, and their positions there as si64.

    All else is as for `mo.top_k`; NaN is chosen last.
    """

    speculatable = may_fail

    @staticmethod
    def evaluate(input: Array, k: Array | None, axis: int, result_shapes: list[tuple[int, ...]]) -> list[Array]:
        return _chosen("mo.bottom_k", input, k, axis, result_shapes, False)
