# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.buffer.load`."""

from mograph.dialects.kit import Operand, Read, Result
from mograph.dialects.mo.buffer.rules import MEMORY
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.types import BufferType, Chain, ChainType, TensorType

__all__ = ["BufferLoad"]


class BufferLoad(Mo.Operation, name="buffer.load"):
    """What a buffer holds after all that the chain says has happened, as a tensor that later stores do not change."""

    buffer: Operand[BufferType]
    chain: Operand[Chain]
    result: Result[TensorType]
    after: Result[Chain]
    effects = (Read(MEMORY, on="buffer"),)
    assembly_format = "$buffer `,` $chain attr-dict `:` type($buffer)"

    @staticmethod
    def infer(buffer: BufferType) -> tuple[TensorType, ChainType]:
        return TensorType.get(buffer.shape, buffer.dtype, buffer.device), ChainType.get()

    @staticmethod
    def evaluate(buffer: Array) -> tuple[Array, None]:
        return buffer.copy(), None
