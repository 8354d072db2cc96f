# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations on images whose result has extents that are said, or follow from scales."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from mograph.dialects.mo import Col2im, MaxUnpool, Resize
from mograph.dialects.mo.types import TensorType
from mograph.graph.emit import Form, build, fail
from mograph.graph.ops.operands import tensor_of
from mograph.graph.ops.typed import known_type, new_names, new_type, shaped_type
from mograph.graph.tensor import Tensor, TensorLike
from mograph.graph.types import Extent, ShapeLike

__all__ = ["col2im", "max_unpool", "resize"]

Ints = int | Sequence[int]


def col2im(
    input: TensorLike,
    shape: Tensor | ShapeLike,
    block: TensorLike | None = None,
    kernel: Ints | None = None,
    strides: Ints | None = None,
    dilations: Ints | None = None,
    low: Ints | None = None,
    high: Ints | None = None,
    *,
    dims: ShapeLike | None = None,
) -> Tensor:
    """Images of a shape from the columns that their windows were made: where windows overlap, their elements are added.

    `input` is `[batch, c * prod(kernel), l]`: for each channel and each tap of a window one row, for each of the l
    windows a column. `kernel` is the windows' extents, or `block` a tensor that holds them when the graph runs.
    `strides` and `dilations` are by default 1, the padding `low` and `high` 0. `shape`, `[batch, c, *d]`, is a shape,
    or a tensor of dtype si64 on the host that holds one: then `dims` says what the dimensions of the result are, of
    which new names are bound.

    Builds `mo.col2im`. Raises GraphError.
    """
    tensor = tensor_of(Col2im, "input", input)
    type_, extents = shaped_type(Col2im, shape, dims, tensor.dtype, tensor.device)
    windows = None if block is None else tensor_of(Col2im, "block", block)
    fields = {"kernel": kernel, "strides": strides, "dilations": dilations, "low": low, "high": high}
    made: Tensor = build(Form.of(Col2im), (tensor, extents, windows), fields, [type_])
    return made


def max_unpool(
    input: TensorLike, indices: TensorLike, shape: Tensor | ShapeLike, *, dims: ShapeLike | None = None
) -> Tensor:
    """The elements of `input` put back to where `max_pool` found them, in a tensor of a shape that is 0 elsewhere.

    `indices`, si64, count the elements of the result in order; one outside is an error when the graph runs. `shape` is
    a shape, or a tensor of dtype si64 on the host that holds one: then `dims` says what the dimensions of the result
    are, of which new names are bound.

    Builds `mo.max_unpool`. Raises GraphError.
    """
    tensor, places = tensor_of(MaxUnpool, "input", input), tensor_of(MaxUnpool, "indices", indices)
    type_, extents = shaped_type(MaxUnpool, shape, dims, tensor.dtype, tensor.device)
    made: Tensor = build(Form.of(MaxUnpool), (tensor, places, extents), {}, [type_])
    return made


def resize(
    input: TensorLike,
    shape: Tensor | ShapeLike | None = None,
    scales: TensorLike | Sequence[float] | None = None,
    roi: TensorLike | Sequence[float] | None = None,
    mode: Literal["nearest", "linear", "cubic"] = "nearest",
    coordinates: Literal[
        "half_pixel",
        "half_pixel_symmetric",
        "pytorch_half_pixel",
        "align_corners",
        "asymmetric",
        "tf_crop_and_resize",
    ] = "half_pixel",
    nearest: Literal["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"] = "round_prefer_floor",
    cubic_coeff: float = -0.75,
    exclude_outside: bool = False,
    antialias: bool = False,
    extrapolation_value: float = 0.0,
    *,
    dims: ShapeLike | None = None,
) -> Tensor:
    """The input at other extents, by interpolation along each axis (ONNX's Resize).

    The result has the extents of `shape`, a shape or a tensor of dtype si64 on the host that holds one; or else
    floor(extent * scale) for the `scales`, one for each axis: numbers, or a tensor. Where a tensor says the extents,
    `dims` are the dimensions of the result, of which new names are bound; by default all are new. With both, `scales`
    are what coordinates are computed with. The rest is explained at `mo.resize`.

    Builds `mo.resize`. Raises GraphError.
    """
    tensor = tensor_of(Resize, "input", input)
    factors = _numbers("scales", scales)
    region = _numbers("roi", roi)
    extents = None
    if shape is not None:
        type_, extents = shaped_type(Resize, shape, dims, tensor.dtype, tensor.device)
    elif factors is None:
        fail(Resize.OPERATION_NAME, "expected shape or scales, found neither")
    elif dims is None and not isinstance(scales, Tensor):
        type_ = _scaled_type(tensor, np.asarray(scales, np.float32).tolist())
    else:
        type_ = new_type(Resize, new_names(Resize, tensor.ndim) if dims is None else dims, tensor.dtype, tensor.device)
    fields: dict[str, Any] = {
        "mode": mode,
        "coordinates": coordinates,
        "nearest": nearest,
        "cubic_coeff": cubic_coeff,
        "exclude_outside": exclude_outside,
        "antialias": antialias,
        "extrapolation_value": extrapolation_value,
    }
    made: Tensor = build(Form.of(Resize), (tensor, extents, factors, region), fields, [type_])
    return made


def _numbers(field: str, given: TensorLike | Sequence[float] | None) -> Tensor | None:
    """An operand of f32 for each axis, or of the dtype of a tensor that is given."""
    if given is None:
        return None
    return tensor_of(Resize, field, given if isinstance(given, Tensor) else np.asarray(given, np.float32))


def _scaled_type(tensor: Tensor, scales: Sequence[float]) -> TensorType:
    """The type of a result whose extents are scaled: exactly, as the f32 that the scales are."""
    if len(scales) != tensor.ndim:
        fail(Resize.OPERATION_NAME, f"expected a scale for each of the {tensor.ndim} axes, found {len(scales)}")
    shape: list[Extent] = []
    for extent, scale in zip(tensor.shape, map(Fraction, scales), strict=True):
        shape.append(extent * scale.numerator // scale.denominator)
    return known_type(Resize, shape, tensor.dtype, tensor.device)
