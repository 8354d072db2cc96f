# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.clamp`."""

from mograph.dialects.kit import Operand, Result
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import Pattern
from mograph.dialects.rewrite.variables import operand, ops

__all__ = ["Clamp"]


class ClampOfClamp(Pattern):
    """Between the same bounds it stays what it is."""

    x, low, high = operand(), operand(), operand()
    root = ops["mo.clamp"](ops["mo.clamp"](x, low, high), low, high)
    replace = ops["mo.clamp"](x, low, high)


class Clamp(Mo.Operation, name="clamp", traits=[t.Pure]):
    """min(max(input, low), high): the input between the bounds, the nearer of them outside.

    Where low is above high it is high, and NaN where one of the three is. All are integers or floats of equal dtype, on
    one device, and their shapes broadcast.
    """

    input: Operand[TensorType]
    low: Operand[TensorType]
    high: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input `,` $low `,` $high attr-dict `:` custom<Types>(type($input), type($low), type($high))"
    folds = True
    canonicalizers = [ClampOfClamp]

    @staticmethod
    def infer(input: TensorType, low: TensorType, high: TensorType) -> TensorType:
        rules.same_dtype(input=input, low=low, high=high)
        dtypes.require(dtypes.NUMERIC, input.dtype)
        rules.same_device(input=input, low=low, high=high)
        return TensorType.get(shapes.broadcast_all(input.shape, low.shape, high.shape), input.dtype, input.device)

    @staticmethod
    def evaluate(input: Array, low: Array, high: Array) -> Array:
        return np.minimum(np.maximum(input, low), high)
