# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Windows that slide over axes of a tensor, as places in a loop nest, and the padding that they reach into."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mograph.transforms.lower.builder import shapes
from mograph.transforms.lower.builder.emit import Sum
from mograph.transforms.lower.builder.scalar import Number, constant
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["padded", "require_fit", "under"]


def under(window: int, stride: int, tap: int | None, dilation: int) -> int | Sum:
    """Where the tap `tap` of the window `window` lies, both loops; a tap of None is the only one."""
    first: Sum = ((window, stride),)
    if tap is None:
        return window if stride == 1 else first
    return (*first, (tap, dilation))


def padded(
    k: KernelBuilder, x: Tensor, axes: Sequence[int], low: Sequence[int], high: Sequence[int], fill: Number
) -> Tensor:
    """`x` with `low` elements before and `high` behind it on each of `axes`, all of them `fill`."""
    if not any(low) and not any(high):
        return x
    shape, offsets = list(x.shape), [0] * x.rank
    for axis, before, after in zip(axes, low, high, strict=True):
        shape[axis], offsets[axis] = shape[axis] + before + after, before
    border = k.filled(shape, constant(k.em, fill, x.dtype))
    if 0 in x.shape:  # upstream has no place for an empty slice in an empty tensor
        return Tensor(k, x.dtype, tuple(shape), value=border)
    source = Tensor(k, x.dtype, x.shape, value=x.value)
    return Tensor(k, x.dtype, tuple(shape), value=shapes.insert_slice(k, source, border, offsets, x.shape))


def require_fit(k: KernelBuilder, op: str, extent: Any, reach: Any) -> None:
    """Stop the program unless windows that reach over `reach` places fit into `extent`, which types may leave open."""
    room = extent - reach
    if not isinstance(room, int):
        k.require(
            k.index(k.dim(room)) >= 0,
            f"{op}: expected windows that fit into the padded input, found one that reaches over {reach} places for "
            f"{extent}",
        )
