# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.slice`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.canonical import pieces
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["Slice"]


class Slice(Mo.Operation, name="slice", traits=[t.Pure]):
    """numpy's `input[starts[0]:stops[0]:steps[0], ...]`, one range for each axis.

    A negative start or stop counts from the end, and both are clamped to the extent; a negative step walks backwards.
    The largest integer means to the end; the lowest, with a negative step, to the front and including it. A step is
    not 0. On a named axis the result's extent is an expression that clamps in the same way, `max(0, n - 1)` for
    `[1:]`.
    """

    input: Operand[TensorType]
    starts: Attribute[c.DenseI64ArrayAttr]
    stops: Attribute[c.DenseI64ArrayAttr]
    steps: Attribute[c.DenseI64ArrayAttr]
    result: Result[TensorType]
    assembly_format = "$input `starts` `=` $starts `stops` `=` $stops `steps` `=` $steps attr-dict `:` type($input)"
    folds = True
    canonicalizers = [pieces.SliceOfSlice, pieces.SliceOfConcat]

    @staticmethod
    def infer(input: TensorType, starts: tuple[int, ...], stops: tuple[int, ...], steps: tuple[int, ...]) -> TensorType:
        rank = len(input.shape)
        for name, given in (("starts", starts), ("stops", stops), ("steps", steps)):
            if len(given) != rank:
                raise VerifyError(f"expected {rank} {name}, one for each axis of the input; found {len(given)}")
        if 0 in steps:
            raise VerifyError(f"expected steps other than 0, found {list(steps)}")
        ranges = zip(input.shape, starts, stops, steps, strict=True)
        return TensorType.get(tuple(shapes.sliced(*each) for each in ranges), input.dtype, input.device)

    def fold(self) -> "ir.Value | None":
        # Forwards, nothing but the whole has as many elements as the whole.
        forwards = all(step > 0 for step in self.steps)
        return self.input if forwards and self.input.type == self.result.type else None

    @staticmethod
    def evaluate(input: Array, starts: tuple[int, ...], stops: tuple[int, ...], steps: tuple[int, ...]) -> Array:
        return input[tuple(map(slice, starts, stops, steps))]
