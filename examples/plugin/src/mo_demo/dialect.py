# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The dialect `demo`: one operation, on `mo`'s tensors."""

from typing import Any

from mograph.dialects.kit import Dialect, Operand, Result, VerifyError
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import TensorType

FLOATS = ("f16", "bf16", "f32", "f64")


class Demo(Dialect, name="demo"):
    """What this package adds to mo."""


class Swish(Demo.Operation, name="swish", traits=[t.Pure]):
    """x * sigmoid(x), element by element, of a tensor of f16, bf16, f32 or f64."""

    input: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input attr-dict `:` type($input)"

    @staticmethod
    def infer(input: TensorType) -> TensorType:
        """The operand's type."""
        if str(input.dtype) not in FLOATS:
            raise VerifyError(f"expected one of {', '.join(FLOATS)}, found {input.dtype}")
        return input

    @staticmethod
    def evaluate(input: Any) -> Any:
        """The reference, in numpy."""
        import numpy as np  # at first use: declaring the operation must be quick

        return input / (1 + np.exp(-input))


Demo.register()
