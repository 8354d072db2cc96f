# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.constant`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.types import TensorType

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["Constant"]


class Constant(Mo.Operation, name="constant", traits=[t.Pure, t.ConstantLike]):
    """A tensor whose elements stand in the program, of a static shape.

    `value` is a dense attribute over the builtin tensor of the result's shape and dtype. One number fills the whole
    tensor: `mo.constant 0 : !mo.tensor<[4], si32>`; else `mo.constant dense<[1, 2]> : !mo.tensor<[2], si32>`.
    """

    value: Attribute[c.ElementsAttr]
    result: Result[TensorType]
    assembly_format = "custom<Elements>($value, type($result)) attr-dict"

    @staticmethod
    def check(value: "ir.DenseElementsAttr", result: TensorType) -> None:
        if not shapes.static(result.shape):
            raise VerifyError(f"expected a static shape, found {shapes.text(result.shape)}")
        shape, dtype = tuple(value.type.shape), value.type.element_type
        if (shape, str(dtype)) != (result.shape, str(result.dtype)):
            raise VerifyError(
                f"expected a value of shape {shapes.text(result.shape)} and dtype {result.dtype}, "
                f"found {shapes.text(shape)} and {dtype}"
            )

    @staticmethod
    def evaluate(value: Array) -> Array:
        return value
