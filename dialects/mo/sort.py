# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.sort` and `mo.argsort`."""

from mograph.dialects.kit import Attribute, Operand, OptionalAttribute, Result
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, order, shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["Argsort", "Sort"]


class _Sorting(Mo.Operation, traits=[t.Pure]):
    """The vectors along one axis, sorted. A negative axis counts from the end."""

    input: Operand[TensorType]
    axis: Attribute[c.I64Attr] = -1
    descending: OptionalAttribute[c.UnitAttr]
    result: Result[TensorType]
    assembly_format = "$input (`axis` `=` $axis^)? (`descending` $descending^)? attr-dict `:` type($input)"
    folds = True


class Sort(_Sorting, name="sort"):
    """The elements along `axis` in ascending order, or descending.

    The order of equal elements stays, so that of 0 and -0; false is less than true. NaN is greater than all numbers:
    last as in numpy, and first where the order is descending. A negative axis counts from the end.
    """

    @staticmethod
    def infer(input: TensorType, axis: int) -> TensorType:
        dtypes.require(dtypes.ANY, input.dtype)
        shapes.axis_index(axis, len(input.shape))
        return input

    @staticmethod
    def evaluate(input: Array, axis: int, descending: bool) -> Array:
        return np.take_along_axis(input, order.places(input, axis, descending), axis)


class Argsort(_Sorting, name="argsort"):
    """The positions along `axis`, as si64, of the elements in the order of `mo.sort`."""

    @staticmethod
    def infer(input: TensorType, axis: int) -> TensorType:
        dtypes.require(dtypes.ANY, input.dtype)
        shapes.axis_index(axis, len(input.shape))
        return TensorType.get(input.shape, "si64", input.device)

    @staticmethod
    def evaluate(input: Array, axis: int, descending: bool) -> Array:
        return order.places(input, axis, descending)
