# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.constant.external`."""

from mograph.dialects.kit import Attribute, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.types import TensorType

__all__ = ["ConstantExternal"]


class ConstantExternal(Mo.Operation, name="constant.external", traits=[t.Pure]):
    """A weight: a tensor of a static shape that the program names and the compiler never reads.

    Its elements are given when a compiled model is initialised, under the name `weight`; inside a graph that is
    called with a `prefix`, under the prefix followed by that name.
    """

    weight: Attribute[c.StrAttr]
    result: Result[TensorType]
    assembly_format = "$weight attr-dict `:` type($result)"

    @staticmethod
    def check(weight: str, result: TensorType) -> None:
        if not weight:
            raise VerifyError("expected the name of a weight, found an empty one")
        if not shapes.static(result.shape):
            raise VerifyError(f"expected a static shape, found {shapes.text(result.shape)}")
