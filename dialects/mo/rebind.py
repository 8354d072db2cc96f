# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.rebind`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Operand, Result, VerifyError
from mograph.dialects.mo import shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.retyped import require_same_but_shape, require_same_rank
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["Rebind"]


class Rebind(Mo.Operation, name="rebind"):
    """The same tensor under another shape of the same rank, asserted to be equal.

    Where two dimensions are not the same expression, the program compares them when it runs, and fails when they
    differ: so `n` can become 4, or `m`. A name that is new in the result is bound to the extent found. A rebind whose
    result is not used asserts nothing.
    """

    input: Operand[TensorType]
    result: Result[TensorType]
    effects = ()  # and not speculatable: out of its place, the assertion might fail where the program does not
    assembly_format = "$input attr-dict `:` type($input) `to` type($result)"

    @staticmethod
    def check(input: TensorType, result: TensorType) -> None:
        require_same_but_shape(input, result)
        require_same_rank(input, result)
        for axis, (found, asserted) in enumerate(zip(input.shape, result.shape, strict=True)):
            if isinstance(found - asserted, int) and found != asserted:
                raise VerifyError(
                    f"expected dimension {axis} of {shapes.text(input.shape)} to become {asserted}, found {found}"
                )

    def fold(self) -> "ir.Value | None":
        return self.input if self.input.type == self.result.type else None

    @staticmethod
    def evaluate(input: Array, result_shapes: list[tuple[int, ...]]) -> Array:
        for axis, (found, asserted) in enumerate(zip(input.shape, result_shapes[0], strict=True)):
            if asserted not in (-1, found):
                raise ValueError(f"mo.rebind: expected dimension {axis} to be {asserted}, found {found}")
        return input
