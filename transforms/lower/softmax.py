# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.softmax` and `mo.log_softmax`, computed in f32 or f64 and rounded once."""

from mograph.transforms.lower.builder import KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.scalar_math import exp, log
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "log_softmax", "softmax"]

OPS = ("mo.log_softmax", "mo.softmax")


def softmax(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """exp(x - max) / sum(exp(x - max))."""
    compute = x.dtype.compute
    largest = k.reduce(k.max, x, [op.axis], keepdims=True, dtype=compute)

    def exponential(element: Scalar, top: Scalar) -> Scalar:
        return exp(element - top)

    e = k.map(exponential, x, largest, dtype=compute)
    return k.map(k.div, e, k.reduce(k.add, e, [op.axis], keepdims=True), dtype=x.dtype)


def log_softmax(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """x - max - log(sum(exp(x - max)))."""
    compute = x.dtype.compute
    largest = k.reduce(k.max, x, [op.axis], keepdims=True, dtype=compute)
    shifted = k.map(k.sub, x, largest, dtype=compute)
    total = k.reduce(k.add, k.exp(shifted), [op.axis], keepdims=True)

    def difference(element: Scalar, sum_: Scalar) -> Scalar:
        return element - log(sum_)

    return k.map(difference, shifted, total, dtype=x.dtype)


RULES = {"mo.log_softmax": log_softmax, "mo.softmax": softmax}
