# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.reverse_sequence`."""

from mograph.dialects.kit import Attribute, Operand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["ReverseSequence"]


class ReverseSequence(Mo.Operation, name="reverse_sequence", traits=[t.Pure]):
    """Each sequence of a batch with its first `lengths[b]` elements in reverse order; the rest stays.

    `batch_axis` and `time_axis` are two axes of the input; negative ones count from the end. `lengths` are integers,
    one for each sequence of the batch, from 0 to the extent of the time axis: others are an error when the program
    runs.
    """

    input: Operand[TensorType]
    lengths: Operand[TensorType]
    batch_axis: Attribute[c.I64Attr]
    time_axis: Attribute[c.I64Attr]
    result: Result[TensorType]
    assembly_format = (
        "$input `,` $lengths `batch_axis` `=` $batch_axis `time_axis` `=` $time_axis "
        "attr-dict `:` type($input) `,` type($lengths)"
    )
    folds = True
    speculatable = may_fail

    @staticmethod
    def infer(input: TensorType, lengths: TensorType, batch_axis: int, time_axis: int) -> TensorType:
        rank = len(input.shape)
        batch = shapes.axis_index(batch_axis, rank, "batch_axis")
        if batch == shapes.axis_index(time_axis, rank, "time_axis"):
            raise VerifyError(f"expected batch_axis and time_axis to be distinct, found {batch} for both")
        dtypes.require(dtypes.INTEGER, lengths.dtype, "the dtype of lengths")
        rules.same_device(input=input, lengths=lengths)
        if lengths.shape != (input.shape[batch],):
            raise VerifyError(
                f"expected lengths of shape {shapes.text([input.shape[batch]])}, one for each of axis {batch} of the "
                f"input; found {shapes.text(lengths.shape)}"
            )
        return input

    @staticmethod
    def evaluate(input: Array, lengths: Array, batch_axis: int, time_axis: int) -> Array:
        extent = input.shape[time_axis]
        if lengths.size and (lengths.min() < 0 or lengths.max() > extent):
            raise ValueError(f"mo.reverse_sequence: expected lengths from 0 to {extent}, found {lengths.tolist()}")
        moved = np.moveaxis(input, (batch_axis, time_axis), (0, 1)).copy()
        for sequence, length in zip(moved, lengths.tolist(), strict=True):
            sequence[:length] = sequence[:length][::-1].copy()
        return np.moveaxis(moved, (0, 1), (batch_axis, time_axis))
