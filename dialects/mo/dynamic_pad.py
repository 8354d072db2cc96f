# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.dynamic.pad`."""

from mograph.dialects.kit import Attribute, Operand, OptionalOperand, Result
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.literal import literal
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.pad import Pad
from mograph.dialects.mo.padding import MODES, padded, require_value
from mograph.dialects.mo.retyped import require_same_but_shape, require_same_rank
from mograph.dialects.mo.shape_operand import require_extents
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import RewritePattern
from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = ["DynamicPad"]


class KnownPad(RewritePattern, root="mo.dynamic.pad", operands=["mo.constant"]):
    """Constant paddings that give the written extents are `mo.pad`."""

    def match_and_rewrite(self, op: "DynamicPad", rewriter: Rewriter) -> "bool | None":
        low, high = literal(op.low), literal(op.high)
        if low is None or high is None or (op.mode != "constant" and min([0, *low, *high]) < 0):
            return rewriter.notify_match_failure(op, "its paddings are not known")
        input, result = TensorType(op.input.type), TensorType(op.result.type)
        wanted = tuple(
            extent + before + after
            for extent, before, after in zip(input.shape, low.tolist(), high.tolist(), strict=True)
        )
        if wanted != result.shape:
            return rewriter.notify_match_failure(op, "its result has other extents than follow from constants")
        rewriter.replace(op, Pad.build(op.input, op.value, low=low.tolist(), high=high.tolist(), mode=op.mode))
        return True


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
    canonicalizers = [KnownPad]
    speculatable = may_fail

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
