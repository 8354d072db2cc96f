# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.cumsum` and `mo.cumprod` by the runtime; floats narrower than f32 by code of their own."""

from __future__ import annotations

from mograph.transforms.lower import cumulative as general
from mograph.transforms.lower.builder import KernelBuilder, Tensor
from mograph.transforms.lower.rule import Op, Rule

__all__ = ["OPS", "RULES"]

OPS = ("mo.cumprod", "mo.cumsum")

_NUMBERS = ("i8", "i16", "i32", "i64", "f32", "f64")
"""As the runtime numbers them."""


def _scan(name: str) -> Rule:
    def rule(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
        storage = x.dtype.storage
        if 0 in x.shape or storage not in _NUMBERS or x.dtype.as_bytes:
            made = general.RULES[name](k, op, x)
            assert isinstance(made, Tensor)
            return made
        kind = [name == "mo.cumprod", op.exclusive, op.reverse]
        numbers = [x.rank, op.axis % x.rank, _NUMBERS.index(storage), *map(int, kind)]
        return k.library("mograph_scan", [x], [(x.dtype, x.shape)], numbers)[0]

    return rule


RULES: dict[str, Rule] = {name: _scan(name) for name in OPS}
