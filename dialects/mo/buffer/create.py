# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.buffer.create`."""

from mograph.dialects.kit import Allocate, OptionalOperand, Result
from mograph.dialects.mo import dtypes
from mograph.dialects.mo.buffer.rules import MEMORY
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.shape_operand import extents_of, require_shape_operand
from mograph.dialects.mo.types import BufferType, TensorType

__all__ = ["BufferCreate"]


class BufferCreate(Mo.Operation, name="buffer.create"):
    """A new buffer of the written type, whose elements are 0.

    `shape`, where it is given, is a host tensor `[rank]` of dtype si64 that holds the buffer's shape: new names among
    its dimensions are bound to it, and the others compared with it when the program runs.
    """

    shape: OptionalOperand[TensorType]
    buffer: Result[BufferType]
    effects = (Allocate(MEMORY, on="buffer"),)
    assembly_format = "(`shape` $shape^ `:` type($shape))? attr-dict `:` type($buffer)"

    @staticmethod
    def check(shape: TensorType | None, buffer: BufferType) -> None:
        if shape is not None:
            require_shape_operand(shape, TensorType.get(buffer.shape, buffer.dtype, buffer.device))

    @staticmethod
    def evaluate(shape: Array | None, buffer: BufferType, result_shapes: list[tuple[int, ...]]) -> Array:
        extents = result_shapes[0] if shape is None else extents_of("mo.buffer.create", shape, result_shapes[0])
        return np.zeros(extents, dtypes.of(buffer.dtype).numpy)
