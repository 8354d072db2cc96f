# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.buffer.store`."""

from mograph.dialects.kit import Operand, Result, Write
from mograph.dialects.mo.buffer.rules import MEMORY, require_contents
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.types import BufferType, Chain, TensorType

__all__ = ["BufferStore"]


class BufferStore(Mo.Operation, name="buffer.store"):
    """Puts a tensor into a buffer of its shape, dtype and device. What takes the resulting chain finds it there."""

    value: Operand[TensorType]
    buffer: Operand[BufferType]
    chain: Operand[Chain]
    after: Result[Chain]
    effects = (Write(MEMORY, on="buffer"),)
    assembly_format = "$value `,` $buffer `,` $chain attr-dict `:` type($value) `,` type($buffer)"

    @staticmethod
    def check(value: TensorType, buffer: BufferType) -> None:
        require_contents(value, buffer)

    @staticmethod
    def evaluate(value: Array, buffer: Array) -> None:
        buffer[...] = value
