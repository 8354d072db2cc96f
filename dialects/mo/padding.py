# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What lies beyond the ends of a tensor: the rules and the reference of `mo.pad` and `mo.dynamic.pad`."""

from collections.abc import Sequence

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import rules
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["MODES", "padded", "require_value"]

MODES = ("constant", "reflect", "edge", "wrap")


def require_value(input: TensorType, value: TensorType | None, mode: str) -> None:
    """An error unless the value to pad with fits the input and the mode."""
    if value is None:
        return
    if mode != "constant":
        raise VerifyError(f"expected a value in mode constant only, found one in mode {mode}")
    rules.scalar("value", value, input.dtype, input.device)


def padded(op: str, input: Array, low: Sequence[int], high: Sequence[int], value: Array | None, mode: str) -> Array:
    """The elements of the padded tensor. Raises ValueError for paddings that leave nothing to take."""
    extents = [extent + before + after for extent, before, after in zip(input.shape, low, high, strict=True)]
    for axis, extent in enumerate(extents):
        if extent < 0:
            raise ValueError(f"{op}: expected an extent of 0 or more on axis {axis}, found {extent}")
        if mode != "constant" and min(low[axis], high[axis]) < 0:
            raise ValueError(f"{op}: expected paddings of 0 or more in mode {mode}, found one below on axis {axis}")
        if mode != "constant" and extent and not input.shape[axis]:
            raise ValueError(f"{op}: expected elements to repeat on axis {axis}, found none")
    positions = [np.arange(extent) - before for extent, before in zip(extents, low, strict=True)]
    inside = np.ones(extents, dtype=bool)
    for axis, position in enumerate(positions):
        column = [1] * len(extents)
        column[axis] = -1
        inside &= ((position >= 0) & (position < input.shape[axis])).reshape(column)
    fill = np.array(0).astype(input.dtype) if value is None else value
    if 0 in input.shape:
        return np.full(extents, fill, dtype=input.dtype)
    sources = [_source(mode, position, extent) for position, extent in zip(positions, input.shape, strict=True)]
    taken = input[np.ix_(*sources)] if sources else input
    return np.where(inside, taken, fill) if mode == "constant" else taken


def _source(mode: str, position: Array, extent: int) -> Array:
    """Where an element is taken from that lies at `position`, on an axis of `extent` elements."""
    if mode == "wrap":
        return np.mod(position, extent)
    if mode == "reflect" and extent > 1:
        period = 2 * (extent - 1)
        position = np.mod(position, period)
        return np.asarray(np.minimum(position, period - position))
    return np.clip(position, 0, extent - 1)
