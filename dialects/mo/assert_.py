# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.assert`."""

from mograph.dialects.kit import Attribute, Operand, OptionalOperand, OptionalResult, Write
from mograph.dialects.kit import constraints as c
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.types import Chain, ChainType, HostBool

__all__ = ["Assert"]


class Assert(Mo.Operation, name="assert"):
    """Ends the program with an error, `message`, unless the condition, a bool of rank 0 on the host, holds.

    It takes and gives a chain, or neither.
    """

    condition: Operand[HostBool]
    message: Attribute[c.StrAttr]
    chain: OptionalOperand[Chain]
    after: OptionalResult[Chain]
    effects = (Write("assertions"),)
    assembly_format = "$condition `,` $message (`,` $chain^)? attr-dict"

    @staticmethod
    def infer(chain: ChainType | None) -> list[ChainType]:
        return [] if chain is None else [chain]

    @staticmethod
    def evaluate(condition: Array, chain: None, message: str, after: ChainType | None) -> list[None]:
        if not condition:
            raise ValueError(message)
        return [] if after is None else [None]
