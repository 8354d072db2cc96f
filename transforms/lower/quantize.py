# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.quantize` and `mo.dequantize`: maps over the input, its scale and its zero point."""

from collections.abc import Callable
from typing import Any

from mograph.transforms.lower.builder import DTYPES, F32, F64, DType, KernelBuilder, Scalar, Tensor, dtype_of, loops
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import div, maximum, minimum, select
from mograph.transforms.lower.builder.scalar_math import is_nan, round_even
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "dequantize", "quantize"]

OPS = ("mo.dequantize", "mo.quantize")

_SI32 = DTYPES["si32"]


def quantize(k: KernelBuilder, op: Op, x: Tensor, scale: Tensor, zero_point: Tensor | None = None) -> Tensor:
    """Computed in f32 or f64; an integer is saturated there, where both its ends are exact."""
    dtype = dtype_of(op.result.type.dtype)
    step = F64 if x.dtype is F64 else F32

    def element(value: Scalar, factor: Scalar, zero: Scalar | None) -> Scalar:
        quotient = cast(value, step) / cast(factor, step)
        if dtype.kind == "float":
            return cast(quotient if zero is None else quotient + cast(zero, step), dtype, saturate=op.saturate)
        whole = round_even(quotient)
        whole = whole if zero is None else whole + cast(zero, step)
        inside = minimum(maximum(whole, float(dtype.lowest)), float(dtype.highest))
        return cast(select(is_nan(whole), 0.0, inside), dtype)

    return _mapped(k, op, element, x, scale, zero_point, dtype)


def dequantize(k: KernelBuilder, op: Op, x: Tensor, scale: Tensor, zero_point: Tensor | None = None) -> Tensor:
    """Integers are subtracted in si32, and the product computed in f32 or f64."""
    dtype = dtype_of(op.result.type.dtype)
    step = F64 if F64 in (dtype, scale.dtype) else F32
    exact = step if x.dtype.kind == "float" else _SI32

    def element(value: Scalar, factor: Scalar, zero: Scalar | None) -> Scalar:
        difference = cast(value, exact) if zero is None else cast(value, exact) - cast(zero, exact)
        return cast(cast(difference, step) * cast(factor, step), dtype)

    return _mapped(k, op, element, x, scale, zero_point, dtype)


def _mapped(
    k: KernelBuilder,
    op: Op,
    element: Callable[[Scalar, Scalar, Scalar | None], Scalar],
    x: Tensor,
    scale: Tensor,
    zero_point: Tensor | None,
    dtype: DType,
) -> Tensor:
    """`element` of each element of `x`, its scale and its zero point."""
    parameters = [scale] if zero_point is None else [scale, zero_point]
    if not op.block_size:
        aligned = [
            _along(k, parameter, op.axis % x.rank, x.rank) if parameter.rank else parameter for parameter in parameters
        ]
        return k.map(lambda value, *given: element(value, *_both(given)), x, *aligned, dtype=dtype)
    axis, size = op.axis % x.rank, op.block_size
    extent = x.shape[axis]
    if isinstance(extent, int) and extent % size == 0:
        # Whole blocks are a dimension of their own, along which a scale is repeated.
        shape = (*x.shape[:axis], extent // size, size, *x.shape[axis + 1 :])
        wide = [
            k.with_missing(each, (*each.shape[: axis + 1], 1, *each.shape[axis + 1 :]), (axis + 1,))
            for each in parameters
        ]
        made = k.map(lambda value, *given: element(value, *_both(given)), k.reshape(x, shape), *wide, dtype=dtype)
        return k.reshape(made, x.shape)

    x = Tensor(k, x.dtype, x.shape, value=x.value)  # in memory even where it is uniform, for there to be a loop

    def at_index(value: Scalar) -> Scalar:
        indices = [loops.loop_index(k, i) for i in range(x.rank)]
        indices[axis] = div(indices[axis], size)
        return element(value, *_both([k.extract(parameter, indices) for parameter in parameters]))

    return k.map(at_index, x, dtype=dtype)


def _along(k: KernelBuilder, parameter: Tensor, axis: int, rank: int) -> Tensor:
    """A parameter of rank 1 as one of `rank`, whose only dimension is `axis`."""
    shape = tuple(parameter.shape[0] if i == axis else 1 for i in range(rank))
    return k.with_missing(parameter, shape, tuple(i for i in range(rank) if i != axis))


def _both(given: Any) -> tuple[Scalar, Scalar | None]:
    scale, *zero = given
    return scale, zero[0] if zero else None


RULES = {"mo.dequantize": dequantize, "mo.quantize": quantize}
