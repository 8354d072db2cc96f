# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What poolings share: operands, syntax and type inference."""

import math
from typing import TYPE_CHECKING

from mograph.dialects.kit import Attribute, Operand, OptionalAttribute, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType
from mograph.dialects.mo.windows import LAYOUTS, Windows, axes_of, taps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["WINDOW_FORMAT", "GlobalPool", "WindowPool", "globally", "over_spatial_axes", "pooled", "under_windows"]

WINDOW_FORMAT = (
    "`kernel` `=` $kernel (`strides` `=` $strides^)? (`dilations` `=` $dilations^)? (`low` `=` $low^)? "
    "(`high` `=` $high^)? (`ceil_mode` $ceil_mode^)?"
)


class WindowPool(Mo.Operation, traits=[t.Pure]):
    """One element for each window that slides over the spatial axes, of each channel by itself."""

    input: Operand[TensorType]
    kernel: Attribute[c.DenseI64ArrayAttr]
    strides: OptionalAttribute[c.DenseI64ArrayAttr]
    dilations: OptionalAttribute[c.DenseI64ArrayAttr]
    low: OptionalAttribute[c.DenseI64ArrayAttr]
    high: OptionalAttribute[c.DenseI64ArrayAttr]
    ceil_mode: OptionalAttribute[c.UnitAttr]
    layout: Attribute[c.EnumAttr(*LAYOUTS)] = "channels_first"
    folds = True


def pooled(
    accepted: dtypes.DTypeSet,
    input: TensorType,
    kernel: tuple[int, ...],
    strides: tuple[int, ...] | None,
    dilations: tuple[int, ...] | None,
    low: tuple[int, ...] | None,
    high: tuple[int, ...] | None,
    ceil_mode: bool,
    layout: str,
) -> TensorType:
    """The result of a pooling of `input`, whose dtype `accepted` must hold."""
    dtypes.require(accepted, input.dtype)
    axes = axes_of(len(input.shape), layout)
    if len(kernel) != len(axes.spatial):
        raise VerifyError(
            f"expected a kernel of {len(axes.spatial)} extents, one for each spatial axis of "
            f"{shapes.text(input.shape)}; found {len(kernel)}"
        )
    windows = Windows.of(kernel, strides, dilations, low, high)
    counts = windows.counts([input.shape[axis] for axis in axes.spatial], ceil_mode)
    shape = list(input.shape)
    shape[axes.spatial.start : axes.spatial.stop] = counts
    return TensorType.get(tuple(shape), input.dtype, input.device)


def under_windows(x: Array, windows: Windows, counts: "Sequence[int]", fill: float) -> Array:
    """What lies under each window of `x`, channels first, as [b, c, *counts, taps]; `fill` where that is padding."""
    under = taps(x, windows, counts, fill)
    return under.reshape(*under.shape[: 2 + len(counts)], math.prod(under.shape[2 + len(counts) :]))


class GlobalPool(Mo.Operation, traits=[t.Pure]):
    """One element for each channel, of all its elements."""

    input: Operand[TensorType]
    layout: Attribute[c.EnumAttr(*LAYOUTS)] = "channels_first"
    result: Result[TensorType]
    assembly_format = "$input ($layout^)? attr-dict `:` type($input)"
    folds = True


def globally(accepted: dtypes.DTypeSet, input: TensorType, layout: str) -> TensorType:
    """The result of a pooling over all of the spatial axes, which become 1."""
    dtypes.require(accepted, input.dtype)
    axes = axes_of(len(input.shape), layout)
    shape = tuple(1 if axis in axes.spatial else dim for axis, dim in enumerate(input.shape))
    return TensorType.get(shape, input.dtype, input.device)


def over_spatial_axes(function: "Callable[[Array, tuple[int, ...]], Array]", x: Array, layout: str) -> Array:
    """`function` of the f64 values of `x` and its spatial axes, which it keeps with extent 1."""
    return np.asarray(function(x.astype(np.float64), tuple(axes_of(x.ndim, layout).spatial)))
