# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.chain.create`."""

from mograph.dialects.kit import Result
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.types import ChainType

__all__ = ["ChainCreate"]


class ChainCreate(Mo.Operation, name="chain.create", traits=[t.Pure]):
    """A chain on which nothing has happened yet: an effect that takes it waits for nothing."""

    result: Result[ChainType]
    assembly_format = "attr-dict"

    @staticmethod
    def infer() -> ChainType:
        return ChainType.get()

    @staticmethod
    def evaluate() -> None:
        return None
