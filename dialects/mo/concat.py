# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.concat`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operands, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import rules, shapes
from mograph.dialects.mo.canonical import pieces
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["Concat"]


class Concat(Mo.Operation, name="concat", traits=[t.Pure]):
    """The inputs, one or more, laid end to end along `axis`; a negative axis counts from the end.

    Inputs are of equal dtype and rank, on one device, with equal extents on all other axes. The result's extent on
    the axis is the sum of theirs.
    """

    inputs: Operands[TensorType]
    axis: Attribute[c.I64Attr]
    result: Result[TensorType]
    assembly_format = "$inputs `axis` `=` $axis attr-dict `:` custom<Types>(type($inputs))"
    folds = True
    canonicalizers = [pieces.ConcatFlattened, pieces.ConcatOfSlices]

    @staticmethod
    def infer(inputs: tuple[TensorType, ...], axis: int) -> TensorType:
        if not inputs:
            raise VerifyError("expected one input or more, found none")
        named = {f"input {index}": input for index, input in enumerate(inputs)}
        rules.same_dtype(**named)
        rules.same_device(**named)
        return TensorType.get(shapes.concat([input.shape for input in inputs], axis), inputs[0].dtype, inputs[0].device)

    def fold(self) -> "ir.Value | None":
        return self.inputs[0] if len(self.inputs) == 1 else None

    @staticmethod
    def evaluate(inputs: list[Array], axis: int) -> Array:
        return np.concatenate(inputs, axis=axis)
