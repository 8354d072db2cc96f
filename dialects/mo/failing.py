# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations without effects that may fail when they run: where extents do not fit, or an index is out of range.

They go where nothing uses them, and equal ones are one; but they run only where the program has them. Computed before a
loop that makes no trip, they would fail where the program does not.
"""

from typing import Any

from mograph.dialects.mo import shapes
from mograph.dialects.mo.types import TensorType

__all__ = ["fits", "is_static", "may_fail", "without_shape"]


def may_fail(op: Any) -> bool:
    """As the hook `speculatable`: never."""
    return False


def without_shape(op: Any) -> bool:
    """As the hook `speculatable`: without a shape operand, which might contradict the type."""
    return op.shape is None


def fits(op: Any) -> bool:
    """As the hook `speculatable` of a reshape: where both shapes are known to have as many elements."""
    source, result = (TensorType(value.type).shape for value in (op.input, op.result))
    return op.shape is None and shapes.count(source) == shapes.count(result)


def is_static(op: Any) -> bool:
    """As the hook `speculatable`: where the shape of the first operand is constant, and so has been verified."""
    return shapes.static(TensorType(op.operation.operands[0].type).shape)
