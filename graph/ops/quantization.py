# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Narrow integers and floats with scales and zero points."""

from mograph.dialects.mo import Dequantize, Quantize
from mograph.graph.emit import Form, build, fail
from mograph.graph.ops.operands import tensor_of
from mograph.graph.ops.typed import new_type
from mograph.graph.tensor import Tensor, TensorLike
from mograph.graph.types import DTypeLike

__all__ = ["dequantize", "quantize"]


def quantize(
    input: TensorLike,
    scale: TensorLike,
    zero_point: TensorLike | None = None,
    axis: int = 1,
    block_size: int = 0,
    saturate: bool = True,
    *,
    dtype: DTypeLike | None = None,
) -> Tensor:
    """round(input / scale) + zero_point in a narrow dtype: an integer of 16 bits or fewer, or a float of 8 or fewer.

    There is one scale and zero point for all, one for each position on `axis`, or with a `block_size` one for each
    block of so many positions there. Integers are rounded to nearest, ties to even, and saturated; floats too, unless
    `saturate` is false. `dtype` is by default that of the zero point.

    Builds `mo.quantize`. Raises GraphError.
    """
    tensor = tensor_of(Quantize, "input", input)
    factor = tensor_of(Quantize, "scale", scale, dtype="" if isinstance(scale, Tensor) else "f32")
    if dtype is None and not isinstance(zero_point, Tensor):
        fail(Quantize.OPERATION_NAME, "expected dtype, or a zero point that is a tensor and has one; found neither")
    wanted = dtype if dtype is not None or not isinstance(zero_point, Tensor) else zero_point.dtype
    assert wanted is not None
    result = new_type(Quantize, tensor.shape, wanted, tensor.device)
    zero = None if zero_point is None else tensor_of(Quantize, "zero_point", zero_point, dtype=str(result.dtype))
    attributes = {"axis": axis, "block_size": block_size, "saturate": saturate}
    made: Tensor = build(Form.of(Quantize), (tensor, factor, zero), attributes, [result])
    return made


def dequantize(
    input: TensorLike,
    scale: TensorLike,
    zero_point: TensorLike | None = None,
    axis: int = 1,
    block_size: int = 0,
    *,
    dtype: DTypeLike = "f32",
) -> Tensor:
    """(input - zero_point) * scale as a float of `dtype`; scales and zero points are those of `quantize`.

    Builds `mo.dequantize`. Raises GraphError.
    """
    tensor = tensor_of(Dequantize, "input", input)
    factor = tensor_of(Dequantize, "scale", scale, dtype="" if isinstance(scale, Tensor) else "f32")
    zero = None if zero_point is None else tensor_of(Dequantize, "zero_point", zero_point, dtype=tensor.dtype)
    result = new_type(Dequantize, tensor.shape, dtype, tensor.device)
    attributes = {"axis": axis, "block_size": block_size}
    made: Tensor = build(Form.of(Dequantize), (tensor, factor, zero), attributes, [result])
    return made
