# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sorts of the CPU's runtime: of rows, along the last axis."""

from __future__ import annotations

from mograph.transforms.lower.builder import SI64, DType, KernelBuilder, Tensor

__all__ = ["elements", "is_sortable", "order_rows", "sort_rows"]

_KINDS = {"bool": 0, "unsigned": 0, "signed": 1, "float": 2}
_LIMITS = {
    "f8E4M3FN": 0x7E,
    "f8E5M2": 0x7C,
    "f16": 0x7C00,
    "bf16": 0x7F80,
    "f32": 0x7F800000,
    "f64": 0x7FF0000000000000,
}
"""The bits of the largest magnitude that is no NaN."""


def is_sortable(dtype: DType) -> bool:
    """Whether the runtime sorts elements of this dtype."""
    return not dtype.as_bytes and (dtype.kind != "float" or dtype.name in _LIMITS)


def elements(x: Tensor, *, descending: bool) -> list[int]:
    """What a sort is told: the rank, how elements are read, and whether the greatest comes first."""
    dtype = x.dtype
    return [x.rank, max(8, dtype.bits) // 8, _KINDS[dtype.kind], _LIMITS.get(dtype.name, 0), int(descending)]


def sort_rows(k: KernelBuilder, x: Tensor, *, descending: bool) -> Tensor:
    """Each row in order; equal elements as they are."""
    return k.library("mograph_sort", [x], [(x.dtype, x.shape)], elements(x, descending=descending))[0]


def order_rows(k: KernelBuilder, x: Tensor, *, descending: bool) -> Tensor:
    """The positions of each row's elements in order; equal ones as they are."""
    return k.library("mograph_argsort", [x], [(SI64, x.shape)], elements(x, descending=descending))[0]
