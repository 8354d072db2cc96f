# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.reduce.any` and `mo.reduce.all`."""

from mograph.dialects.mo.canonical import spread
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.reduce.families import BoolReduction

__all__ = ["ReduceAll", "ReduceAny"]


class ReduceAny(BoolReduction, name="reduce.any"):
    """Whether an element is true; false of no elements."""

    canonicalizers = [spread.reduction_of_ones("mo.reduce.any")]

    @staticmethod
    def evaluate(input: Array, axes: tuple[int, ...] | None, keepdims: bool) -> Array:
        return np.asarray(np.any(input, axis=axes, keepdims=keepdims))


class ReduceAll(BoolReduction, name="reduce.all"):
    """Whether all elements are true; true of no elements."""

    canonicalizers = [spread.reduction_of_ones("mo.reduce.all")]

    @staticmethod
    def evaluate(input: Array, axes: tuple[int, ...] | None, keepdims: bool) -> Array:
        return np.asarray(np.all(input, axis=axes, keepdims=keepdims))
