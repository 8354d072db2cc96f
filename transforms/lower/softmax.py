# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.softmax` and `mo.log_softmax`, computed in f32 or f64 and rounded once; `mo.hardmax`."""

from mograph.transforms.lower.builder import SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import equal, maximum_number
from mograph.transforms.lower.builder.scalar_math import exp, log
from mograph.transforms.lower.reduce import position
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "hardmax", "log_softmax", "softmax"]

OPS = ("mo.hardmax", "mo.log_softmax", "mo.softmax")


def softmax(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """exp(x - max) * (1 / sum(exp(x - max))): one division for a row, and at most one rounding more.

    NaN need not be the maximum to get into the whole row: the sum has it.
    """
    compute = x.dtype.compute
    largest = k.reduce(maximum_number, x, [op.axis], keepdims=True, dtype=compute)

    def exponential(element: Scalar, top: Scalar) -> Scalar:
        return exp(element - top)

    e = k.map(exponential, x, largest, dtype=compute)

    def scaled(element: Scalar, sum_: Scalar) -> Scalar:
        return element * (1.0 / sum_)

    return k.map(scaled, e, k.reduce(k.add, e, [op.axis], keepdims=True), dtype=x.dtype)


def log_softmax(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """x - max - log(sum(exp(x - max)))."""
    compute = x.dtype.compute
    largest = k.reduce(maximum_number, x, [op.axis], keepdims=True, dtype=compute)
    shifted = k.map(k.sub, x, largest, dtype=compute)
    total = k.reduce(k.add, k.exp(shifted), [op.axis], keepdims=True)

    def difference(element: Scalar, sum_: Scalar) -> Scalar:
        return element - log(sum_)

    return k.map(difference, shifted, total, dtype=x.dtype)


def hardmax(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """1 at the position of the greatest element, else 0."""
    axis = op.axis % x.rank
    first = position(k, x, axis, largest=True, last=False, keepdims=True)
    here = k.generate(lambda *indices: cast(indices[axis], SI64), x.shape, SI64)
    return k.map(lambda left, right: cast(equal(left, right), x.dtype.compute), here, first, dtype=x.dtype)


RULES = {"mo.hardmax": hardmax, "mo.log_softmax": log_softmax, "mo.softmax": softmax}
