# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.cumsum` and `mo.cumprod`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operand, OptionalAttribute, Result
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, shapes
from mograph.dialects.mo.conversion import is_float, through_f64
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["Cumprod", "Cumsum"]


class _Cumulative(Mo.Operation, traits=[t.Pure]):
    """What combines each element with those before it along an axis; the result has the type of the input."""

    input: Operand[TensorType]
    axis: Attribute[c.I64Attr]
    exclusive: OptionalAttribute[c.UnitAttr]
    reverse: OptionalAttribute[c.UnitAttr]
    result: Result[TensorType]
    assembly_format = (
        "$input `axis` `=` $axis (`exclusive` $exclusive^)? (`reverse` $reverse^)? attr-dict `:` type($input)"
    )
    folds = True

    @staticmethod
    def infer(input: TensorType, axis: int) -> TensorType:
        dtypes.require(dtypes.NUMERIC, input.dtype)
        shapes.axis_index(axis, len(input.shape))
        return input

    def fold(self) -> "ir.Value | None":
        alone = TensorType(self.input.type).shape[self.axis] == 1
        return self.input if alone and not self.exclusive else None


def _accumulated(
    function: Callable[..., Array], first: int, input: Array, axis: int, exclusive: bool, reverse: bool
) -> Array:
    """`function`, numpy's `cumsum` or `cumprod`, along an axis; `first` is what it starts with."""

    def accumulated(values: Array) -> Array:
        ordered = np.flip(values, axis) if reverse else values
        if exclusive:
            edge = np.full_like(np.take(ordered, range(min(1, ordered.shape[axis])), axis), first)
            ordered = np.concatenate([edge, np.take(ordered, range(ordered.shape[axis] - 1), axis)], axis)
        result = function(ordered, axis, dtype=values.dtype)
        return np.flip(result, axis) if reverse else result

    return through_f64(accumulated, input) if is_float(input.dtype) else accumulated(input)


class Cumsum(_Cumulative, name="cumsum"):
    """The sum of all elements up to each one along `axis`.

    A negative axis counts from the end. With `exclusive`, an element itself is left out, so that the first sum is 0;
    with `reverse`, the elements from each one on are added. Integers wrap; floats are accumulated in f32 or wider and
    rounded once for each result (the reference accumulates in f64).
    """

    @staticmethod
    def evaluate(input: Array, axis: int, exclusive: bool, reverse: bool) -> Array:
        return _accumulated(np.cumsum, 0, input, axis, exclusive, reverse)


class Cumprod(_Cumulative, name="cumprod"):
    """The product of all elements up to each one along `axis`.

    A negative axis counts from the end. With `exclusive`, an element itself is left out, so that the first product is
    1; with `reverse`, the elements from each one on are multiplied. Integers wrap; floats are accumulated in f32 or
    wider and rounded once for each result (the reference accumulates in f64).
    """

    @staticmethod
    def evaluate(input: Array, axis: int, exclusive: bool, reverse: bool) -> Array:
        return _accumulated(np.cumprod, 1, input, axis, exclusive, reverse)
