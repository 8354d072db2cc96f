# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.dynamic.pad`."""

from mograph.dialects.kit import Attribute, Operand, OptionalOperand, Result
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.padding import MODES, padded, require_value
from mograph.dialects.mo.retyped import require_same_but_shape, require_same_rank
from mograph.dialects.mo.shape_operand import require_extents
from mograph.dialects.mo.types import TensorType

__all__ = ["DynamicPad"]


class DynamicPad(Mo.Operation, name="dynamic.pad", traits=[t.Pure]):
    """`mo.pad` by paddings that are known when it runs: `low` and `high` are host tensors `[rank]` of dtype si64.

    New names among the dimensions of the result are bound to the input's extents plus both paddings, and the others
    compared with them when the program runs.
    """

    input: Operand[TensorType]
    low: Operand[TensorType]
    high: Operand[TensorType]
    value: OptionalOperand[TensorType]
    mode: Attribute[c.EnumAttr(*MODES)] = "constant"
    result: Result[TensorType]
    assembly_format = (
        "$input `,` $low `,` $high (`,` $value^)? (`mode` `=` $mode^)? attr-dict `:` functional-type(operands, results)"
    )

    @staticmethod
    def check(
        input: TensorType,
        low: TensorType,
        high: TensorType,
        value: TensorType | None,
        mode: str,
        result: TensorType,
    ) -> None:
        require_same_but_shape(input, result)
        require_same_rank(input, result)
        require_extents("low", low, len(input.shape))
        require_extents("high", high, len(input.shape))
        require_value(input, value, mode)

    @staticmethod
    def evaluate(input: Array, low: Array, high: Array, value: Array | None, mode: str) -> Array:
        return padded("mo.dynamic.pad", input, low.tolist(), high.tolist(), value, mode)
