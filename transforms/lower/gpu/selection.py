# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.non_zero` and `mo.compress`: a scan counts what is true up to each place, and is searched for each number."""

from __future__ import annotations

from typing import Any

from mograph.transforms.lower.builder import SI64, KernelBuilder, Tensor
from mograph.transforms.lower.builder.binding import bind_extent
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import add
from mograph.transforms.lower.gpu.scanning import scanned_rows
from mograph.transforms.lower.gpu.searching import counted
from mograph.transforms.lower.gpu.sorting import is_long
from mograph.transforms.lower.rule import Op
from mograph.transforms.lower.selection import compress, non_zero, places_of

__all__ = ["OPS", "RULES"]

OPS = ("mo.compress", "mo.non_zero")


def _places(k: KernelBuilder, op: Op, flags: Tensor, dim: Any, what: str) -> Tensor:
    """Each place is found by a thread of its own: where the scan first has its number."""
    if flags.uniform is not None or 0 in flags.shape or not is_long(flags.shape[0]):
        return places_of(k, op, flags, dim, what)
    numbers = k.map(lambda flag: cast(flag, SI64), flags, dtype=SI64)
    bind_extent(k, op, dim, k.index(k.reduce(k.add, numbers, [0]).scalar), what)
    counts = scanned_rows(k, numbers, add)
    return counted(k, dim, flags.shape[0], lambda number, place: k.extract(counts, [place]) <= cast(number, SI64))


def _non_zero(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    return non_zero(k, op, x, _places)


def _compress(k: KernelBuilder, op: Op, x: Tensor, condition: Tensor) -> Tensor:
    return compress(k, op, x, condition, _places)


RULES = {"mo.compress": _compress, "mo.non_zero": _non_zero}
