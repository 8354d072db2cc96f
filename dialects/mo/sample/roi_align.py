# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.roi_align`."""

import math

from mograph.dialects.kit import Attribute, Operand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.conversion import rounded
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.sample.grid_sample import require_elements
from mograph.dialects.mo.types import TensorType

__all__ = ["RoiAlign"]


class RoiAlign(Mo.Operation, name="roi_align", traits=[t.Pure]):
    """Regions of images, each pooled to `output_height` by `output_width` (He et al., "Mask R-CNN", 2017).

    An input `[batch, c, h, w]`, regions `[n, 4]` of x1, y1, x2, y2 and `batch_indices` `[n]` of dtype si64 give
    `[n, c, output_height, output_width]`. Coordinates are multiplied by `spatial_scale`, and with `half_pixel` half a
    pixel is taken off; without, a region has at least the size 1. A region is cut into bins of equal size, and a bin is
    the mean (`avg`) of samples, of `sampling_ratio` on each axis in its middle parts, or with 0 of ceil(size of the
    bin). A sample lies between four elements and is their sum with the weights of linear interpolation; with `max`, a
    bin is the largest of these four products of all samples. Coordinates are clamped to the image; farther outside
    than 1 a sample is 0.

    Operands are floats of one dtype, on one device, but for the indices; one that is not of the batch is an error when
    the program runs. Floats narrower than f32 are computed in f32 or wider and rounded once. The reference computes in
    f64.
    """

    input: Operand[TensorType]
    rois: Operand[TensorType]
    batch_indices: Operand[TensorType]
    output_height: Attribute[c.IntAttr(minimum=1)] = 1
    output_width: Attribute[c.IntAttr(minimum=1)] = 1
    mode: Attribute[c.EnumAttr("avg", "max")] = "avg"
    coordinates: Attribute[c.EnumAttr("half_pixel", "output_half_pixel")] = "half_pixel"
    sampling_ratio: Attribute[c.IntAttr(minimum=0)] = 0
    spatial_scale: Attribute[c.F64Attr] = 1.0
    result: Result[TensorType]
    assembly_format = "operands attr-dict `:` functional-type(operands, results)"
    folds = True
    speculatable = may_fail

    @staticmethod
    def infer(
        input: TensorType, rois: TensorType, batch_indices: TensorType, output_height: int, output_width: int
    ) -> TensorType:
        rules.same_dtype(input=input, rois=rois)
        dtypes.require(dtypes.FLOAT, input.dtype)
        rules.same_device(input=input, rois=rois, batch_indices=batch_indices)
        if len(input.shape) != 4:
            raise VerifyError(f"expected an input [batch, channels, height, width], found {shapes.text(input.shape)}")
        require_elements(input)
        if len(rois.shape) != 2 or rois.shape[1] != 4:
            raise VerifyError(f"expected rois [n, 4], found {shapes.text(rois.shape)}")
        if str(batch_indices.dtype) != "si64" or tuple(batch_indices.shape) != (rois.shape[0],):
            raise VerifyError(
                f"expected batch_indices {shapes.text(rois.shape[:1])} of dtype si64, one for each region; "
                f"found {batch_indices}"
            )
        shape = (rois.shape[0], input.shape[1], output_height, output_width)
        return TensorType.get(shape, input.dtype, input.device)

    @staticmethod
    def evaluate(
        input: Array,
        rois: Array,
        batch_indices: Array,
        output_height: int,
        output_width: int,
        mode: str,
        coordinates: str,
        sampling_ratio: int,
        spatial_scale: float,
    ) -> Array:
        x = input.astype(np.float64)
        out = np.zeros((len(rois), input.shape[1], output_height, output_width))
        if ((batch_indices < 0) | (batch_indices >= len(input))).any():
            raise ValueError(f"mo.roi_align: expected batch_indices from 0 to {len(input) - 1}")
        for n, (roi, batch) in enumerate(zip(rois.astype(np.float64), batch_indices, strict=True)):
            left, top, right, bottom = roi * spatial_scale - (0.5 if coordinates == "half_pixel" else 0.0)
            rows = _bins(top, bottom, output_height, x.shape[2], sampling_ratio, coordinates)
            columns = _bins(left, right, output_width, x.shape[3], sampling_ratio, coordinates)
            out[n] = _pooled(x[batch], rows, columns, mode)
        return rounded(out, input.dtype)


def _bins(start: float, end: float, bins: int, d: int, ratio: int, coordinates: str) -> Array:
    """The places of the samples in each bin on one axis: [bins, samples]; NaN outside."""
    size = end - start if coordinates == "half_pixel" else max(end - start, 1.0)
    step = size / bins
    samples = ratio or max(math.ceil(step), 0)
    at = start + np.arange(bins)[:, None] * step + (np.arange(samples)[None, :] + 0.5) * step / max(samples, 1)
    return np.where((at < -1) | (at > d), np.nan, np.clip(at, 0, d - 1))


def _pooled(x: Array, rows: Array, columns: Array, mode: str) -> Array:
    """All bins of one region of `x`, [c, h, w]."""
    y, x_ = rows[:, None, :, None], columns[None, :, None, :]
    outside = np.isnan(y) | np.isnan(x_)
    products = []
    for row, row_weight in _around(y, x.shape[1]):
        for column, column_weight in _around(x_, x.shape[2]):
            products.append(np.where(outside, 0.0, x[:, row, column] * (row_weight * column_weight)))
    if not outside[0, 0].size:
        return np.zeros((x.shape[0], len(rows), len(columns)))
    if mode == "max":
        return np.asarray(np.max(products, axis=0).max((-2, -1)))
    return np.asarray(np.sum(products, axis=0).mean((-2, -1)))


def _around(at: Array, d: int) -> list[tuple[Array, Array]]:
    """The elements before and behind, and their weights."""
    at = np.nan_to_num(at)
    low = np.minimum(np.floor(at), d - 1)
    return [(low.astype(int), 1 - (at - low)), (np.minimum(low + 1, d - 1).astype(int), at - low)]
