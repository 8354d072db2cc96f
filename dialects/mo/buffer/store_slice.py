# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.buffer.store_slice`."""

from mograph.dialects.kit import Attribute, Operand, Result, Write
from mograph.dialects.kit import constraints as c
from mograph.dialects.mo.buffer.rules import MEMORY, require_fits
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.shape_operand import require_extents
from mograph.dialects.mo.types import BufferType, Chain, TensorType

__all__ = ["BufferStoreSlice"]


class BufferStoreSlice(Mo.Operation, name="buffer.store_slice"):
    """Puts a tensor into a part of a buffer: `buffer[starts[0] :: steps[0], …]`, as many elements as the value has.

    `starts` is a host tensor `[rank]` of dtype si64; negative ones count from the end. `steps` are 1 where they are not
    given. A value that reaches beyond the buffer is an error when the program runs, and then nothing is stored.
    """

    value: Operand[TensorType]
    buffer: Operand[BufferType]
    starts: Operand[TensorType]
    chain: Operand[Chain]
    steps: Attribute[c.DenseI64ArrayAttr] = ()
    after: Result[Chain]
    effects = (Write(MEMORY, on="buffer"),)
    assembly_format = (
        "$value `,` $buffer `[` $starts `]` `,` $chain (`steps` `=` $steps^)? attr-dict `:` type($value) `,` "
        "type($buffer) `,` type($starts)"
    )

    @staticmethod
    def check(value: TensorType, buffer: BufferType, starts: TensorType, steps: tuple[int, ...]) -> None:
        require_fits(value, buffer, steps)
        require_extents("starts", starts, len(buffer.shape))

    @staticmethod
    def evaluate(value: Array, buffer: Array, starts: Array, steps: tuple[int, ...]) -> None:
        place = []
        for axis, (start, extent, count) in enumerate(zip(starts.tolist(), buffer.shape, value.shape, strict=True)):
            step = steps[axis] if steps else 1
            first = start + extent if start < 0 else start
            end = first + (count - 1) * step + 1 if count else first
            if first < 0 or end > extent:
                raise ValueError(
                    f"mo.buffer.store_slice: expected a start on axis {axis} from where {count} elements in steps of "
                    f"{step} lie within {extent}, found {start}"
                )
            place.append(slice(first, end, step))
        buffer[tuple(place)] = value
