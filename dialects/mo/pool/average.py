# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.avg_pool` and `mo.global_avg_pool`."""

import math

from mograph.dialects.kit import OptionalAttribute, Result
from mograph.dialects.kit import constraints as c
from mograph.dialects.mo import dtypes
from mograph.dialects.mo.conversion import rounded
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.pool.families import (
    WINDOW_FORMAT,
    GlobalPool,
    WindowPool,
    globally,
    over_spatial_axes,
    pooled,
    under_windows,
)
from mograph.dialects.mo.types import TensorType
from mograph.dialects.mo.windows import Windows, from_channels_first, to_channels_first

__all__ = ["AvgPool", "GlobalAvgPool"]


class AvgPool(WindowPool, name="avg_pool"):
    """The mean of the elements under each window, of `kernel` elements on each spatial axis.

    An input `[batch, c, *d]` gives `[batch, c, *o]` (`channels_last`: `[batch, *d, c]` and `[batch, *o, c]`). `strides`
    and `dilations` (by default 1), `low` and `high` (by default 0: the padding) have a number for each spatial axis:

        o = (d + low + high - dilation * (kernel - 1) - 1) floordiv stride + 1

    With `ceil_mode` ceildiv, and a last window that would start in the padding behind is left out. The mean is over the
    elements of the input, or with `count_include_pad` over those of the padding too, which are 0; what `ceil_mode` adds
    beyond that never counts. Floats narrower than f32 are computed in f32 or wider and rounded once; the reference
    computes in f64. A window without an element gives NaN.
    """

    count_include_pad: OptionalAttribute[c.UnitAttr]
    result: Result[TensorType]
    assembly_format = (
        f"$input {WINDOW_FORMAT} (`count_include_pad` $count_include_pad^)? ($layout^)? attr-dict `:` type($input)"
    )

    @staticmethod
    def infer(
        input: TensorType,
        kernel: tuple[int, ...],
        strides: tuple[int, ...] | None,
        dilations: tuple[int, ...] | None,
        low: tuple[int, ...] | None,
        high: tuple[int, ...] | None,
        ceil_mode: bool,
        layout: str,
    ) -> TensorType:
        return pooled(dtypes.FLOAT, input, kernel, strides, dilations, low, high, ceil_mode, layout)

    @staticmethod
    def evaluate(
        input: Array,
        kernel: tuple[int, ...],
        strides: tuple[int, ...] | None,
        dilations: tuple[int, ...] | None,
        low: tuple[int, ...] | None,
        high: tuple[int, ...] | None,
        ceil_mode: bool,
        count_include_pad: bool,
        layout: str,
    ) -> Array:
        windows = Windows.of(kernel, strides, dilations, low, high)
        x = to_channels_first(input, layout).astype(np.float64)
        counts = windows.static_counts(x.shape[2:], ceil_mode)
        total = under_windows(x, windows, counts, 0).sum(-1)
        counted = np.ones(x.shape)
        if count_include_pad:  # the padding is pooled too
            border = [(0, 0), (0, 0), *zip(windows.low, windows.high, strict=True)]
            counted = np.pad(counted, border, constant_values=1)
            windows = Windows.of(kernel, strides, dilations, None, None)
        out = rounded(total / under_windows(counted, windows, counts, 0).sum(-1), input.dtype)
        return from_channels_first(out, layout)


class GlobalAvgPool(GlobalPool, name="global_avg_pool"):
    """The mean over all spatial axes, which become 1: of `[batch, c, *d]`, or of `[batch, *d, c]` (`channels_last`).

    Floats narrower than f32 are computed in f32 or wider and rounded once; the reference computes in f64. Without
    elements the result is NaN.
    """

    @staticmethod
    def infer(input: TensorType, layout: str) -> TensorType:
        return globally(dtypes.FLOAT, input, layout)

    @staticmethod
    def evaluate(input: Array, layout: str) -> Array:
        def mean(x: Array, axes: tuple[int, ...]) -> Array:
            return np.asarray(x.sum(axes, keepdims=True) / math.prod(x.shape[axis] for axis in axes))

        return rounded(over_spatial_axes(mean, input, layout), input.dtype)
