# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Searches in what is in order, each by a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mograph.transforms.lower.builder import SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import select, shift_right

__all__ = ["counted"]


def counted(k: KernelBuilder, dim: Any, extent: Any, before: Callable[[Scalar, Scalar], Scalar]) -> Tensor:
    """For each number below `dim` how many of the places below `extent` lie before it, of dtype si64.

    `before(number, place)` holds for no place after one for which it does not. At most `extent - 1` are counted, so
    that the count is a place; there must be one, unless `dim` is 0.
    """
    last = k.index(k.dim(extent)) - 1

    def search(indices: list[Scalar], _: list[Tensor], blanks: list[Tensor]) -> list[Tensor]:
        def halved(low: Scalar, high: Scalar) -> list[Scalar]:
            middle = shift_right(low + high, 1)
            ahead = before(indices[0], middle)
            return [select(ahead, middle + 1, low), select(ahead, high, middle)]

        count, _high = k.repeat([k.index(0), last], lambda low, high: low < high, halved)
        return [k.insert(blanks[0], cast(count, SI64), [0])]

    (found,) = k.rows([], [(SI64, (dim, 1))], 1, search)
    return k.reshape(found, (dim,))
