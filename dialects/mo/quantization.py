# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What `mo.quantize` and `mo.dequantize` share: where scales and zero points apply, and the dtypes that they take."""

from mograph.dialects.kit import Dim, VerifyError
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["require_parameters", "require_quantized", "spread"]

_WIDEST = 16  # bits of quantized integers
_FLOATS = ("f8E4M3FN", "f8E5M2", "f8E4M3FNUZ", "f8E5M2FNUZ", "f4E2M1FN")


def require_quantized(dtype: object, what: str, *more: str) -> None:
    """An error unless `dtype` is an integer of 16 bits or fewer, a float of 8 bits or fewer, or one of `more`."""
    found = dtypes.of(dtype)
    integer = found.kind in ("signed", "unsigned") and found.bits <= _WIDEST
    if not integer and found.name not in (*_FLOATS, *more):
        accepted = ", ".join(("integers of 16, 8, 4 or 2 bits", *more, *_FLOATS))
        raise VerifyError(f"expected {what} to be of {accepted}; found {found.name}")


def require_parameters(
    input: TensorType,
    scale: TensorType,
    zero_point: TensorType | None,
    quantized: object,
    axis: int,
    block_size: int,
) -> None:
    """An error unless `scale` and `zero_point` fit `input`, and the zero point is of the dtype `quantized`."""
    dtypes.require(dtypes.DTypeSet(dtypes.FLOAT.text, dtypes.FLOAT.kinds, stored=True), scale.dtype, "scale")
    rules.same_device(input=input, scale=scale)
    if zero_point is not None:
        rules.same_device(input=input, zero_point=zero_point)
        if str(zero_point.dtype) != str(quantized):
            raise VerifyError(f"expected a zero point of dtype {quantized}, found {zero_point.dtype}")
        if zero_point.shape != scale.shape:
            raise VerifyError(
                "expected a scale and a zero point of equal shape, "
                f"found {shapes.text(scale.shape)} and {shapes.text(zero_point.shape)}"
            )
    if block_size < 0:
        raise VerifyError(f"expected a block size of 0 or more, found {block_size}")
    rank = len(input.shape)
    if block_size:
        along = shapes.axis_index(axis, rank)
        blocks = Dim.parse(f"({input.shape[along]}) ceildiv {block_size}")
        wanted = (*input.shape[:along], blocks, *input.shape[along + 1 :])
        if scale.shape != wanted:
            raise VerifyError(
                f"expected a scale for each block of {block_size} on axis {axis}, of shape {shapes.text(wanted)}; "
                f"found {shapes.text(scale.shape)}"
            )
    elif len(scale.shape) == 1:
        extent = input.shape[shapes.axis_index(axis, rank)]
        if scale.shape[0] not in (1, extent):
            raise VerifyError(
                f"expected one scale, or {extent}, one for each position on axis {axis}; found {scale.shape[0]}"
            )
    elif scale.shape:
        raise VerifyError(
            "expected a scale of rank 0 or 1, or a block size for one of the input's rank; "
            f"found the shape {shapes.text(scale.shape)}"
        )


def spread(parameter: Array, shape: tuple[int, ...], axis: int, block_size: int) -> Array:
    """A scale or zero point in a shape that broadcasts to `shape`, the input's."""
    if block_size:
        repeated = np.repeat(parameter, block_size, axis=axis)
        return np.take(repeated, np.arange(shape[axis]), axis=axis)
    if parameter.ndim == 0:
        return parameter
    return parameter.reshape([-1 if i == axis % len(shape) else 1 for i in range(len(shape))])
