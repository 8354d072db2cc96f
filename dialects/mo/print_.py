# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.print`."""

from mograph.dialects.kit import Attribute, Operand, OptionalAttribute, Result, Write
from mograph.dialects.kit import constraints as c
from mograph.dialects.mo import dtypes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.types import Chain, ChainType, TensorType
from mograph.dialects.printing import show

__all__ = ["Print"]


class Print(Mo.Operation, name="print"):
    """Prints a tensor when the chain says so, to Python's `sys.stdout`.

    There is a line with the label, the dtype and the shape, `x: f32[2, 3]`, and then the elements as numpy prints them.
    Of an axis longer than twice `summarize`, only as many elements at both ends are shown; without it, elements are
    left out of tensors of more than 1000.
    """

    value: Operand[TensorType]
    chain: Operand[Chain]
    label: Attribute[c.StrAttr] = ""
    summarize: OptionalAttribute[c.IntAttr(minimum=1)]
    after: Result[Chain]
    effects = (Write("output"),)
    assembly_format = (
        "$value `,` $chain (`label` `=` $label^)? (`summarize` `=` $summarize^)? attr-dict `:` type($value)"
    )

    @staticmethod
    def infer() -> ChainType:
        return ChainType.get()

    @staticmethod
    def evaluate(value: Array, label: str, summarize: int | None) -> None:
        (name,) = (dtype.name for dtype in dtypes.DTYPES.values() if dtype.numpy == value.dtype)
        show(label, "bool" if name == "i1" else name, value, summarize)
