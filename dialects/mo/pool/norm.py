# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.lp_pool` and `mo.global_lp_pool`."""

from mograph.dialects.kit import Attribute, Result
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

__all__ = ["GlobalLpPool", "LpPool"]


def _norm(x: Array, p: int, axis: int | tuple[int, ...], keepdims: bool) -> Array:
    total = np.sum(np.abs(x) ** p, axis=axis, keepdims=keepdims)
    return np.asarray(np.sqrt(total) if p == 2 else total ** (1 / p))


class LpPool(WindowPool, name="lp_pool"):
    """The norm of the elements under each window: the p-th root of the sum of |x|^p.

    Windows are those of `mo.avg_pool`, and the padding is 0. `p` is 1 or more. Floats narrower than f32 are computed in
    f32 or wider and rounded once; the reference computes in f64.
    """

    p: Attribute[c.IntAttr(minimum=1)] = 2
    result: Result[TensorType]
    assembly_format = f"$input {WINDOW_FORMAT} (`p` `=` $p^)? ($layout^)? attr-dict `:` type($input)"

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
        layout: str,
        p: int,
    ) -> Array:
        windows = Windows.of(kernel, strides, dilations, low, high)
        x = to_channels_first(input, layout).astype(np.float64)
        under = under_windows(x, windows, windows.static_counts(x.shape[2:], ceil_mode), 0)
        out = rounded(_norm(under, p, -1, keepdims=False), input.dtype)
        return from_channels_first(out, layout)


class GlobalLpPool(GlobalPool, name="global_lp_pool"):
    """The norm over all spatial axes, which become 1: of `[batch, c, *d]`, or of `[batch, *d, c]` (`channels_last`).

    The p-th root of the sum of |x|^p, as in `mo.lp_pool`.
    """

    p: Attribute[c.IntAttr(minimum=1)] = 2
    assembly_format = "$input (`p` `=` $p^)? ($layout^)? attr-dict `:` type($input)"

    @staticmethod
    def infer(input: TensorType, layout: str) -> TensorType:
        return globally(dtypes.FLOAT, input, layout)

    @staticmethod
    def evaluate(input: Array, layout: str, p: int) -> Array:
        return rounded(over_spatial_axes(lambda x, axes: _norm(x, p, axes, keepdims=True), input, layout), input.dtype)
