# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What operations share whose result type is written: its dtype and device are the operand's, and often its rank."""

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo.shapes import text
from mograph.dialects.mo.types import TensorType

__all__ = ["require_same_but_shape", "require_same_rank"]


def require_same_but_shape(input: TensorType, result: TensorType) -> None:
    """An error unless the result has the dtype and device of the input."""
    if (input.dtype, input.device) != (result.dtype, result.device):
        raise VerifyError(
            "expected a result with the dtype and device of the input, "
            f"{input.dtype} on {input.device}; found {result.dtype} on {result.device}"
        )


def require_same_rank(input: TensorType, result: TensorType) -> None:
    """An error unless the result has as many dimensions as the input."""
    if len(input.shape) != len(result.shape):
        raise VerifyError(f"expected a result of rank {len(input.shape)}, as the input has; found {text(result.shape)}")
