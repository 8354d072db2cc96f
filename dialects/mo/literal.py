# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The elements of constants, for patterns."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import to_numpy
from mograph.dialects.mo.constant import Constant
from mograph.dialects.mo.numpy_ import Array

if TYPE_CHECKING:
    from mlir import ir

__all__ = ["literal"]


def literal(value: "ir.Value") -> Array | None:
    """The elements of a value that a `mo.constant` gives; None of another."""
    op = getattr(value.owner, "opview", None)
    return to_numpy(op.operation.attributes["value"]) if isinstance(op, Constant) else None
