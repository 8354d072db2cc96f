# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests of floats: `mo.is_nan`, `mo.is_inf`, `mo.is_finite`."""

from mograph.dialects.mo.elementwise.families import Predicate
from mograph.dialects.mo.numpy_ import Array, np

__all__ = ["IsFinite", "IsInf", "IsNan"]


class IsNan(Predicate, name="is_nan"):
    """Whether input is NaN."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.isnan(input)


class IsInf(Predicate, name="is_inf"):
    """Whether input is infinite."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.isinf(input)


class IsFinite(Predicate, name="is_finite"):
    """Whether input is neither infinite nor NaN."""

    @staticmethod
    def evaluate(input: Array) -> Array:
        return np.isfinite(input)
