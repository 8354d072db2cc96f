# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.dynamic.slice`."""

from mograph.dialects.kit import Operand, Result, VerifyError
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.literal import literal
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.retyped import require_same_but_shape, require_same_rank
from mograph.dialects.mo.shape_operand import require_extents
from mograph.dialects.mo.slice import Slice
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import RewritePattern
from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = ["DynamicSlice"]


class KnownSlice(RewritePattern, root="mo.dynamic.slice", operands=["mo.constant"]):
    """Constant ranges that give the written extents are `mo.slice`."""

    def match_and_rewrite(self, op: "DynamicSlice", rewriter: Rewriter) -> "bool | None":
        starts, stops, steps = literal(op.starts), literal(op.stops), literal(op.steps)
        if starts is None or stops is None or steps is None or not steps.all():
            return rewriter.notify_match_failure(op, "its ranges are no constants")
        input, result = TensorType(op.input.type), TensorType(op.result.type)
        ranges = {"starts": starts.tolist(), "stops": stops.tolist(), "steps": steps.tolist()}
        wanted = tuple(map(shapes.sliced, input.shape, *ranges.values()))
        if wanted != result.shape:
            return rewriter.notify_match_failure(op, "its result has other extents than follow from constants")
        rewriter.replace(op, Slice.build(op.input, **ranges))
        return True


class DynamicSlice(Mo.Operation, name="dynamic.slice", traits=[t.Pure]):
    """`mo.slice` by ranges that are known when it runs: numpy's `input[starts[0]:stops[0]:steps[0], ...]`.

    `starts`, `stops` and `steps` are host tensors `[rank]` of dtype si64. A negative start or stop counts from the end,
    and both are clamped to the extent; a negative step walks backwards. The largest integer means to the end; the
    lowest, with a negative step, to the front and including it. A step of 0 is an error when the program runs. New
    names among the dimensions of the result are bound to the extents of the slice, and the others compared with them.
    """

    input: Operand[TensorType]
    starts: Operand[TensorType]
    stops: Operand[TensorType]
    steps: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input `,` $starts `,` $stops `,` $steps attr-dict `:` functional-type(operands, results)"
    canonicalizers = [KnownSlice]
    speculatable = may_fail

    @staticmethod
    def check(input: TensorType, starts: TensorType, stops: TensorType, steps: TensorType, result: TensorType) -> None:
        require_same_but_shape(input, result)
        require_same_rank(input, result)
        for name, operand in (("starts", starts), ("stops", stops), ("steps", steps)):
            require_extents(name, operand, len(input.shape))
        for axis, (extent, taken) in enumerate(zip(input.shape, result.shape, strict=True)):
            if isinstance(extent, int) and isinstance(taken, int) and taken > extent:
                raise VerifyError(f"expected an extent of {extent} or less on axis {axis}, found {taken}")

    @staticmethod
    def evaluate(input: Array, starts: Array, stops: Array, steps: Array) -> Array:
        for axis, step in enumerate(steps.tolist()):
            if step == 0:
                raise ValueError(f"mo.dynamic.slice: expected a step other than 0 on axis {axis}, found 0")
        return input[tuple(map(slice, starts.tolist(), stops.tolist(), steps.tolist()))]
