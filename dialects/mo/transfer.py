# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.transfer`."""

from mograph.dialects.kit import Allocate, Attribute, Operand, Read, Result
from mograph.dialects.kit import constraints as c
from mograph.dialects.mo.buffer.rules import MEMORY
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.types import BufferType, Chain, ChainType, Device, TensorType

__all__ = ["Transfer"]


class Transfer(Mo.Operation, name="transfer"):
    """The same elements on another device, copied when the chain says so.

    A tensor gives a tensor; a buffer gives a new buffer, which holds what the other one did. The chain is the one of
    the loop or graph around it, so that nothing moves a transfer to where its source holds something else.
    """

    value: Operand[c.AnyTypeOf(TensorType, BufferType)]
    chain: Operand[Chain]
    device: Attribute[Device]
    result: Result[c.AnyTypeOf(TensorType, BufferType)]
    after: Result[Chain]
    effects = (Read(MEMORY, on="value"), Allocate(MEMORY, on="result"))
    assembly_format = "$value `to` $device `,` $chain attr-dict `:` type($value)"

    @staticmethod
    def infer(value: TensorType | BufferType, device: Device) -> tuple[TensorType | BufferType, ChainType]:
        return type(value).get(value.shape, value.dtype, device.label), ChainType.get()

    @staticmethod
    def evaluate(value: Array, result: TensorType | BufferType) -> tuple[Array, None]:
        return (value.copy() if isinstance(result, BufferType) else value), None
