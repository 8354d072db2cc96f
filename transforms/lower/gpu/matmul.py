# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.matmul`: floats of 8 bits stay as they are in memory, for matrix units that multiply them."""

from mograph.transforms.lower.builder import KernelBuilder, Tensor
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES"]

OPS = ("mo.matmul",)


def _matmul(k: KernelBuilder, op: Op, lhs: Tensor, rhs: Tensor) -> Tensor:
    """One contraction; 16-bit floats accumulate in f32."""
    return k.matmul(lhs, rhs, transpose_a=bool(op.transpose_lhs), transpose_b=bool(op.transpose_rhs), as_stored=True)


RULES = {"mo.matmul": _matmul}
