# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.matmul_integer`: the product of the operands as they are, and what zero points take from it.

(a - p)(b - q) summed over K terms is the sum of ab, less q times the sum of a, less p times that of b, plus K p q. All
of it wraps, so the result is exact modulo 2^32, and the product stays one of matrices of narrow integers.
"""

from typing import Any

from mograph.transforms.lower.builder import DTYPES, INDEX, KernelBuilder, Tensor
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "matmul_integer"]

OPS = ("mo.matmul_integer",)

_SI32 = DTYPES["si32"]


def matmul_integer(k: KernelBuilder, op: Op, lhs: Tensor, rhs: Tensor, *zeros: Tensor) -> Tensor:
    """Accumulated in si32."""
    result = k.matmul(lhs, rhs, dtype=_SI32, accumulator=_SI32)
    given = iter(zeros)
    left = None if op.lhs_zero is None else _aligned(k, next(given), lhs, rhs, row=True)
    right = None if op.rhs_zero is None else _aligned(k, next(given), lhs, rhs, row=False)
    matrices = lhs.rank > 1, rhs.rank > 1
    if right is not None:
        sums = k.reduce(k.add, k.cast(lhs, _SI32), [-1], keepdims=matrices[1])
        result = result - sums * right
    if left is not None:
        axis = -2 if matrices[1] else -1
        sums = k.reduce(k.add, k.cast(rhs, _SI32), [axis], keepdims=all(matrices))
        result = result - left * sums
    if left is not None and right is not None:
        count = k.cast(k.full((), k.index(k.dim(lhs.shape[-1])), INDEX), _SI32)
        result = result + left * right * count
    return result


def _aligned(k: KernelBuilder, zero: Tensor, lhs: Tensor, rhs: Tensor, *, row: bool) -> Tensor:
    """A zero point as si32, in a shape that broadcasts to the result's."""
    operand, other = (lhs, rhs) if row else (rhs, lhs)
    zero = k.cast(zero, _SI32)
    shape: tuple[Any, ...] = zero.shape
    if operand.rank == 1:  # one for all
        return k.reshape(zero, ())
    if row and zero.rank == 1:
        shape = (*shape, 1)
    if other.rank == 1 and len(shape) > 1:  # the dimension that the result lacks
        shape = shape[:-1] if row else (*shape[:-2], shape[-1])
    return k.reshape(zero, shape)


RULES = {"mo.matmul_integer": matmul_integer}
