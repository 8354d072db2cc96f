# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.non_zero` and `mo.compress`, whose places the runtime counts and notes."""

from __future__ import annotations

from typing import Any

from mograph.transforms.lower.builder import SI64, KernelBuilder, Tensor
from mograph.transforms.lower.builder.binding import bind_extent
from mograph.transforms.lower.rule import Op
from mograph.transforms.lower.selection import compress, non_zero, places_of

__all__ = ["OPS", "RULES"]

OPS = ("mo.compress", "mo.non_zero")


def _places(k: KernelBuilder, op: Op, flags: Tensor, dim: Any, what: str) -> Tensor:
    if flags.uniform is not None or 0 in flags.shape:
        return places_of(k, op, flags, dim, what)
    (count,) = k.library("mograph_count", [flags], [(SI64, (1,))])
    bind_extent(k, op, dim, k.index(k.extract(count, [k.index(0)])), what)
    return k.library("mograph_places", [flags], [(SI64, (dim,))])[0]


def _non_zero(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    return non_zero(k, op, x, _places)


def _compress(k: KernelBuilder, op: Op, x: Tensor, condition: Tensor) -> Tensor:
    return compress(k, op, x, condition, _places)


RULES = {"mo.compress": _compress, "mo.non_zero": _non_zero}
