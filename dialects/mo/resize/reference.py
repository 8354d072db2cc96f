# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The reference of `mo.resize` in numpy: one axis after the other."""

import math

from mograph._records import record
from mograph.dialects.mo.conversion import cast, is_float, rounded
from mograph.dialects.mo.numpy_ import Array, np

__all__ = ["Sampler"]


@record
class Sampler:
    """How `mo.resize` interpolates; the fields are its attributes."""

    mode: str
    coordinates: str
    nearest: str
    cubic_coeff: float
    exclude_outside: bool
    antialias: bool
    extrapolation_value: float

    def resized(self, x: Array, extents: tuple[int, ...], scales: Array | None, roi: Array | None) -> Array:
        """`x` at other extents."""
        dtype = x.dtype
        y = x if self.mode == "nearest" else x.astype(np.float64)
        outside = np.zeros(extents, bool)
        for axis, (have, want) in enumerate(zip(x.shape, extents, strict=True)):
            scale = np.float64(want) / have if scales is None else np.float64(scales[axis])
            region = (0.0, 1.0) if roi is None else (float(roi[axis]), float(roi[axis + x.ndim]))
            at = self._places(np.arange(want, dtype=np.float64), have, want, scale, region)
            if self.coordinates == "tf_crop_and_resize":
                beyond = (at < 0) | (at > have - 1)
                outside |= beyond.reshape([-1 if i == axis else 1 for i in range(x.ndim)])
            if self.mode == "nearest":
                y = np.take(y, np.clip(self._rounded(at), 0, max(have - 1, 0)), axis=axis)
            else:
                y = self._interpolated(y, axis, at, scale)
        if self.mode != "nearest":
            y = rounded(y, dtype) if is_float(dtype) else cast(y, dtype)
        return np.where(outside, cast(np.float64(self.extrapolation_value), dtype), y) if outside.any() else y

    def _places(self, i: Array, have: int, want: int, scale: float, region: tuple[float, float]) -> Array:
        """The coordinates in the input of the elements `i` of the result."""
        length = scale * have
        if self.coordinates == "align_corners":
            return i * 0.0 if length == 1 else i * (have - 1) / (length - 1)
        if self.coordinates == "asymmetric":
            return i / scale
        if self.coordinates == "tf_crop_and_resize":
            start, end = region
            if length == 1:
                return i * 0.0 + (start + (end - start) / 2) * (have - 1)
            return i * (end - start) * (have - 1) / (length - 1) + start * (have - 1)
        if self.coordinates == "pytorch_half_pixel" and length == 1:
            return i * 0.0 - 0.5
        shift = have / 2 * (1 - want / length) if self.coordinates == "half_pixel_symmetric" else 0.0
        return np.asarray(shift + (i + 0.5) / scale - 0.5)

    def _rounded(self, at: Array) -> Array:
        if self.nearest == "round_prefer_floor":
            at = np.ceil(at - 0.5)
        elif self.nearest == "round_prefer_ceil":
            at = np.floor(at + 0.5)
        else:
            at = np.floor(at) if self.nearest == "floor" else np.ceil(at)
        return at.astype(np.int64)

    def _interpolated(self, y: Array, axis: int, at: Array, scale: float) -> Array:
        have = y.shape[axis]
        if not len(at):
            return y.take([], axis=axis)
        narrow = min(scale, 1.0) if self.antialias else 1.0
        reach = math.ceil((1 if self.mode == "linear" else 2) / narrow)
        places = np.floor(at).astype(np.int64)[:, None] + np.arange(1 - reach, reach + 1)
        weights = self._weight((places - at[:, None]) * narrow)
        if self.exclude_outside:
            weights = np.where((places >= 0) & (places < have), weights, 0.0)
        if self.exclude_outside or self.antialias:
            weights = weights / weights.sum(-1, keepdims=True)
        taken = np.take(y, np.clip(places, 0, max(have - 1, 0)), axis=axis)
        return np.asarray((taken * weights.reshape(*weights.shape, *[1] * (y.ndim - axis - 1))).sum(axis + 1))

    def _weight(self, x: Array) -> Array:
        x = np.abs(x)
        if self.mode == "linear":
            return np.asarray(np.maximum(1 - x, 0))
        a = self.cubic_coeff
        near = ((a + 2) * x - (a + 3)) * x * x + 1
        far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
        return np.where(x <= 1, near, np.where(x < 2, far, 0.0))
