# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operands that hold indices: their rules, and how the references read them."""

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["compared_extents", "require_indices", "wrapped"]


def require_indices(input: TensorType, indices: TensorType) -> None:
    """An error unless `indices` are integers, on the device of the input."""
    dtypes.require(dtypes.INTEGER, indices.dtype, "the dtype of indices")
    rules.same_device(input=input, indices=indices)


def wrapped(op: str, indices: Array, extent: int, axis: int) -> Array:
    """`indices` on an axis counted from the front. Raises ValueError for one that is out of range."""
    if indices.size and not (-extent <= int(indices.min()) and int(indices.max()) < extent):
        outside = next(index for index in indices.ravel().tolist() if not -extent <= index < extent)
        raise ValueError(f"{op}: expected indices in [-{extent}, {extent}) on axis {axis}, found {outside}")
    found = indices.astype(np.int64)
    return np.where(found < 0, found + extent, found)


def compared_extents(what: str, inner: shapes.Shape, outer: shapes.Shape, but: int) -> None:
    """An error when `inner`, the shape of `what`, is known to be larger than `outer` on another axis than `but`."""
    for axis, (extent, limit) in enumerate(zip(inner, outer, strict=True)):
        difference = extent - limit
        if axis != but and isinstance(difference, int) and difference > 0:
            raise VerifyError(
                f"expected {what} of at most {limit} on axis {axis}, as the input {shapes.text(outer)} has; "
                f"found {extent} in {shapes.text(inner)}"
            )
