# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.matmul`."""

from mograph.transforms.lower.builder import KernelBuilder, Tensor
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "matmul"]

OPS = ("mo.matmul",)


def matmul(k: KernelBuilder, op: Op, lhs: Tensor, rhs: Tensor) -> Tensor:
    """One contraction; 16-bit floats accumulate in f32."""
    return k.matmul(lhs, rhs, transpose_a=bool(op.transpose_lhs), transpose_b=bool(op.transpose_rhs))


RULES = {"mo.matmul": matmul}
