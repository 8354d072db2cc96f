# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the convolutions share: rules on their operands' types, and the layouts of filters."""

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import dtypes, rules, shapes
from mograph.dialects.mo.shapes import Extent, Shape
from mograph.dialects.mo.types import TensorType
from mograph.dialects.mo.windows import Axes, axes_of

__all__ = ["grouped", "operands", "require_bias", "with_axes"]


def operands(input: TensorType, filter: TensorType, layout: str) -> Axes:
    """The axes of the input of a convolution, whose operands' dtypes, devices and ranks fit."""
    rules.same_dtype(input=input, filter=filter)
    dtypes.require(dtypes.NUMERIC, input.dtype)
    rules.same_device(input=input, filter=filter)
    axes = axes_of(len(input.shape), layout, 3)
    if len(filter.shape) != len(input.shape):
        raise VerifyError(
            f"expected a filter of rank {len(input.shape)}, as the input has; found {shapes.text(filter.shape)}"
        )
    return axes


def grouped(what: str, channels: Extent, groups: int) -> Extent:
    """The channels of one of the groups."""
    if groups < 1:
        raise VerifyError(f"expected groups of 1 or more, found {groups}")
    each = channels // groups
    if each * groups != channels:
        raise VerifyError(f"expected {what} to be a multiple of the {groups} groups, found {channels}")
    return each


def require_bias(bias: TensorType | None, filter: TensorType, channels: Extent) -> None:
    """An error unless the bias, where there is one, has an element for each channel of the result."""
    if bias is None:
        return
    rules.same_dtype(filter=filter, bias=bias)
    rules.same_device(filter=filter, bias=bias)
    if tuple(bias.shape) != (channels,):
        raise VerifyError(
            f"expected a bias of shape {shapes.text([channels])}, one element for each channel of the result; "
            f"found {shapes.text(bias.shape)}"
        )


def with_axes(axes: Axes, batch: Extent, channels: Extent, spatial: Shape) -> Shape:
    """The shape of these extents in the layout of `axes`."""
    return (batch, channels, *spatial) if axes.channel == 1 else (batch, *spatial, channels)
