# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.max_pool` and `mo.global_max_pool`."""

from typing import TYPE_CHECKING

from mograph.dialects.kit import Result
from mograph.dialects.mo import dtypes
from mograph.dialects.mo.conversion import is_float
from mograph.dialects.mo.numpy_ import Array, ml_dtypes, np
from mograph.dialects.mo.pool.families import WINDOW_FORMAT, GlobalPool, WindowPool, globally, pooled, under_windows
from mograph.dialects.mo.types import TensorType
from mograph.dialects.mo.windows import Windows, axes_of, from_channels_first, to_channels_first

if TYPE_CHECKING:
    from typing import Any

__all__ = ["GlobalMaxPool", "MaxPool"]


def _lowest(dtype: "np.dtype[Any]") -> float:
    """What is no more than any value."""
    if not is_float(dtype):
        return int(np.iinfo(dtype).min)
    return float(ml_dtypes.finfo(dtype).min) if dtype == ml_dtypes.float8_e4m3fn else -np.inf


class MaxPool(WindowPool, name="max_pool"):
    """The largest element under each window, and where it stands.

    Windows are those of `mo.avg_pool`; what lies in the padding is never the largest. The largest of an element that
    occurs several times is the first, and the first NaN is larger than any number. `indices` are si64 and count the
    elements of the whole input, of all batches and channels, in its order. A window without an element gives the lowest
    value of the dtype, which is of integers or floats, and the index -1. A program that does not use the indices does
    not compute them.
    """

    values: Result[TensorType]
    indices: Result[TensorType]
    assembly_format = f"$input {WINDOW_FORMAT} ($layout^)? attr-dict `:` type($input)"

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
    ) -> list[TensorType]:
        values = pooled(dtypes.NUMERIC, input, kernel, strides, dilations, low, high, ceil_mode, layout)
        return [values, TensorType.get(values.shape, "si64", values.device)]

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
    ) -> list[Array]:
        windows = Windows.of(kernel, strides, dilations, low, high)
        x = to_channels_first(input, layout)
        counts = windows.static_counts(x.shape[2:], ceil_mode)
        lowest = _lowest(input.dtype)
        compared = x.astype(np.float64) if is_float(x.dtype) else x
        under = under_windows(compared, windows, counts, lowest)
        numbers = to_channels_first(np.arange(input.size).reshape(input.shape), layout)
        places = under_windows(numbers, windows, counts, -1)
        inside = places >= 0
        best = np.argmax(under, -1)[..., None]
        # Padding is as low as the lowest element may be, which then goes before it.
        best = np.where(np.take_along_axis(inside, best, -1), best, np.argmax(inside, -1)[..., None])
        indices = np.take_along_axis(places, best, -1)[..., 0]
        values = np.full(indices.shape, lowest).astype(input.dtype)
        if input.size:
            values = np.where(indices >= 0, input.reshape(-1)[indices], values)
        return [from_channels_first(values, layout), from_channels_first(indices, layout)]


class GlobalMaxPool(GlobalPool, name="global_max_pool"):
    """The largest over all spatial axes, which become 1: of `[batch, c, *d]`, or of `[batch, *d, c]` (`channels_last`).

    A NaN is larger than any number; without elements the result is the lowest value of the dtype, which is of integers
    or floats.
    """

    @staticmethod
    def infer(input: TensorType, layout: str) -> TensorType:
        return globally(dtypes.NUMERIC, input, layout)

    @staticmethod
    def evaluate(input: Array, layout: str) -> Array:
        axes = tuple(axes_of(input.ndim, layout).spatial)
        compared = input.astype(np.float64) if is_float(input.dtype) else input
        largest = np.max(compared, axis=axes, keepdims=True, initial=_lowest(input.dtype))
        return np.asarray(largest).astype(input.dtype)
