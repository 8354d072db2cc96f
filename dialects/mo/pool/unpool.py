# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.max_unpool`."""

from mograph.dialects.kit import Operand, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import rules, shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.retyped import require_same_but_shape
from mograph.dialects.mo.shape_operand import extents_of, require_shape_operand
from mograph.dialects.mo.types import TensorType

__all__ = ["MaxUnpool"]


class MaxUnpool(Mo.Operation, name="max_unpool", traits=[t.Pure]):
    """The elements of `input` put back to where `mo.max_pool` found them, and 0 elsewhere.

    `indices`, si64 and of the shape of `input`, count the elements of the result in order, as `mo.max_pool` counts
    those of its input; of several elements for one place the last one stays. The result's shape is written; where it
    has new names, the host tensor `shape` of dtype si64 gives their extents. An index outside the result is an error
    when the program runs.
    """

    input: Operand[TensorType]
    indices: Operand[TensorType]
    shape: OptionalOperand[TensorType]
    result: Result[TensorType]
    assembly_format = (
        "$input `,` $indices (`,` $shape^)? attr-dict `:` type($input) `,` type($indices) (`,` type($shape)^)? "
        "`to` type($result)"
    )
    folds = True
    speculatable = may_fail

    @staticmethod
    def check(input: TensorType, indices: TensorType, shape: TensorType | None, result: TensorType) -> None:
        if str(indices.dtype) != "si64":
            raise VerifyError(f"expected indices of dtype si64, found {indices.dtype}")
        rules.same_device(input=input, indices=indices)
        if tuple(indices.shape) != tuple(input.shape):
            raise VerifyError(
                f"expected indices of the input's shape {shapes.text(input.shape)}, found {shapes.text(indices.shape)}"
            )
        require_same_but_shape(input, result)
        if shape is not None:
            require_shape_operand(shape, result)

    @staticmethod
    def evaluate(input: Array, indices: Array, shape: Array | None, result_shapes: list[tuple[int, ...]]) -> Array:
        extents = result_shapes[0] if shape is None else extents_of("mo.max_unpool", shape, result_shapes[0])
        out = np.zeros(extents, input.dtype)
        wrong = indices[(indices < 0) | (indices >= out.size)]
        if wrong.size:
            raise ValueError(f"mo.max_unpool: expected indices from 0 to {out.size - 1}, found {wrong.flat[0]}")
        out.reshape(-1)[indices.reshape(-1)] = input.reshape(-1)
        return out
