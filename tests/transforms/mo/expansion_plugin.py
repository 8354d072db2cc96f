# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A dialect of a plugin, whose operation brings its expansion."""

from typing import Any

from mograph.dialects.kit import Dialect, Operand, Result
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import TensorType


class Toy(Dialect, name="toy_expansion"):
    """One operation."""


class Twice(Toy.Operation, name="twice", traits=[t.Pure]):
    """input + input."""

    input: Operand[TensorType]
    result: Result[TensorType]
    assembly_format = "$input attr-dict `:` type($input)"

    @staticmethod
    def infer(input: TensorType) -> TensorType:
        return input

    @staticmethod
    def expansion(k: Any, op: Any, x: Any) -> Any:
        """In terms of `mo.add`."""
        return k.add(x, x)


Toy.register()
