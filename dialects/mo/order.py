# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The order of elements, for the references of what sorts: stable, with NaN greater than all numbers."""

from mograph.dialects.mo.conversion import is_float
from mograph.dialects.mo.numpy_ import Array, np

__all__ = ["comparable", "places"]


def comparable(values: Array) -> Array:
    """`values` in a dtype that numpy orders, with NaN last."""
    return values.astype(np.float64) if is_float(values.dtype) else values


def places(values: Array, axis: int, descending: bool) -> Array:
    """The positions along `axis` of the elements in order; equal ones keep theirs."""
    keys = comparable(values)
    if not descending:
        return np.argsort(keys, axis=axis, kind="stable")
    # Turned round twice, equal elements keep their order and all else is reversed.
    last = np.flip(np.argsort(np.flip(keys, axis), axis=axis, kind="stable"), axis)
    return np.asarray(values.shape[axis] - 1 - last)
