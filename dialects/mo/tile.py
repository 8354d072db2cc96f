# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.tile` and `mo.dynamic.tile`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.literal import literal
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.retyped import require_same_but_shape, require_same_rank
from mograph.dialects.mo.shape_operand import require_extents
from mograph.dialects.mo.types import TensorType
from mograph.dialects.rewrite.patterns import RewritePattern

if TYPE_CHECKING:
    from mlir import ir

    from mograph.dialects.rewrite.rewriter import Rewriter

__all__ = ["DynamicTile", "Tile"]


class Tile(Mo.Operation, name="tile", traits=[t.Pure]):
    """The tensor laid `repeats[i]` times end to end along axis i, as numpy's `tile`; no time at all is possible."""

    input: Operand[TensorType]
    repeats: Attribute[c.DenseI64ArrayAttr]
    result: Result[TensorType]
    assembly_format = "$input `repeats` `=` $repeats attr-dict `:` type($input)"
    folds = True

    @staticmethod
    def infer(input: TensorType, repeats: tuple[int, ...]) -> TensorType:
        if len(repeats) != len(input.shape):
            raise VerifyError(f"expected {len(input.shape)} repeats, one for each axis; found {len(repeats)}")
        if any(times < 0 for times in repeats):
            raise VerifyError(f"expected repeats of 0 or more, found {list(repeats)}")
        shape = tuple(extent * times for extent, times in zip(input.shape, repeats, strict=True))
        return TensorType.get(shape, input.dtype, input.device)

    def fold(self) -> "ir.Value | None":
        return self.input if all(times == 1 for times in self.repeats) else None

    @staticmethod
    def evaluate(input: Array, repeats: tuple[int, ...]) -> Array:
        return np.tile(input, repeats)


class KnownTile(RewritePattern, root="mo.dynamic.tile", operands=["mo.constant"]):
    """Constant repeats that give the written extents are `mo.tile`."""

    def match_and_rewrite(self, op: "DynamicTile", rewriter: "Rewriter") -> "bool | None":
        repeats = literal(op.repeats)
        input, result = TensorType(op.input.type), TensorType(op.result.type)
        if repeats is None or (repeats < 0).any():
            return rewriter.notify_match_failure(op, "its repeats are not known")
        if tuple(extent * times for extent, times in zip(input.shape, repeats.tolist(), strict=True)) != result.shape:
            return rewriter.notify_match_failure(op, "its result has other extents than follow from constants")
        rewriter.replace(op, Tile.build(op.input, repeats=repeats.tolist()))
        return True


class DynamicTile(Mo.Operation, name="dynamic.tile", traits=[t.Pure]):
    """`mo.tile` by repeats that are known when it runs: a host tensor `[rank]` of dtype si64.

    New names among the dimensions of the result are bound to the input's extents times the repeats, and the others
    compared with them when the program runs. Negative repeats are an error then.
    """

    input: Operand[TensorType]
    repeats: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input `,` $repeats attr-dict `:` functional-type(operands, results)"
    canonicalizers = [KnownTile]
    speculatable = may_fail

    @staticmethod
    def check(input: TensorType, repeats: TensorType, result: TensorType) -> None:
        require_same_but_shape(input, result)
        require_same_rank(input, result)
        require_extents("repeats", repeats, len(input.shape))

    @staticmethod
    def evaluate(input: Array, repeats: Array) -> Array:
        if (repeats < 0).any():
            raise ValueError(f"mo.dynamic.tile: expected repeats of 0 or more, found {repeats.tolist()}")
        return np.tile(input, repeats.tolist())
