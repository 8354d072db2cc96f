# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.conv_transpose`."""

from collections.abc import Sequence

from mograph.dialects.kit import Attribute, Operand, OptionalAttribute, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.conv import rules
from mograph.dialects.mo.conversion import is_float, rounded
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.shapes import Extent
from mograph.dialects.mo.types import TensorType
from mograph.dialects.mo.windows import LAYOUTS, Windows, from_channels_first, overlapped, to_channels_first

__all__ = ["ConvTranspose"]


def _extents(extents: Sequence[Extent], windows: Windows, more: Sequence[int] | None) -> list[Extent]:
    """The spatial extents of the result."""
    rank = len(extents)
    more = (0,) * rank if more is None else tuple(more)
    if len(more) != rank:
        raise VerifyError(f"expected {rank} output_padding, one for each spatial axis; found {len(more)}")
    if any(extra < 0 for extra in more):
        raise VerifyError(f"expected output_padding of 0 or more, found {list(more)}")
    result = []
    for extent, stride, reach, low, high, extra in zip(
        extents, windows.strides, windows.reach, windows.low, windows.high, more, strict=True
    ):
        if isinstance(extent, int) and extent < 1:
            raise VerifyError("expected an input whose spatial extents are 1 or more, found 0")
        found = stride * (extent - 1) + reach + extra - low - high
        if isinstance(found, int) and found < 0:
            raise VerifyError(
                f"expected padding of at most {found + low + high} on an axis, the extent of the result without; "
                f"found {low + high}"
            )
        result.append(found)
    return result


class ConvTranspose(Mo.Operation, name="conv_transpose", traits=[t.Pure]):
    """The transpose of `mo.conv` as a linear map, which is its gradient with respect to the input.

    Every element of the input adds a window, the filter times it, to the result. With `channels_first`, an input
    `[batch, c, *d]` and a filter `[c, m / groups, *k]` give `[batch, m, *o]`; with `channels_last`, `[batch, *d, c]`
    and `[*k, m / groups, c]` give `[batch, *o, m]`:

        result[b, m, i * stride + k * dilation - low..] = bias[m] + sum of filter[c, m, k..] * input[b, c, i..]

    over c, i.. and k.., where c is of the same of the `groups` runs of channels as m. `low` and `high` are cut off the
    result, `output_padding` is added to it behind; these are by default 0, `strides` and `dilations` 1, and each
    spatial extent of the result is

        o = stride * (d - 1) + dilation * (k - 1) + 1 + output_padding - low - high

    Operands, and how sums are made, are as for `mo.conv`.
    """

    input: Operand[TensorType]
    filter: Operand[TensorType]
    bias: OptionalOperand[TensorType]
    strides: OptionalAttribute[c.DenseI64ArrayAttr]
    dilations: OptionalAttribute[c.DenseI64ArrayAttr]
    low: OptionalAttribute[c.DenseI64ArrayAttr]
    high: OptionalAttribute[c.DenseI64ArrayAttr]
    output_padding: OptionalAttribute[c.DenseI64ArrayAttr]
    groups: Attribute[c.I64Attr] = 1
    layout: Attribute[c.EnumAttr(*LAYOUTS)] = "channels_first"
    result: Result[TensorType]
    assembly_format = (
        "$input `,` $filter (`,` $bias^)? (`strides` `=` $strides^)? (`dilations` `=` $dilations^)? (`low` `=` $low^)? "
        "(`high` `=` $high^)? (`output_padding` `=` $output_padding^)? (`groups` `=` $groups^)? ($layout^)? attr-dict "
        "`:` type($input) `,` type($filter) (`,` type($bias)^)?"
    )
    folds = True

    @staticmethod
    def infer(
        input: TensorType,
        filter: TensorType,
        bias: TensorType | None,
        strides: tuple[int, ...] | None,
        dilations: tuple[int, ...] | None,
        low: tuple[int, ...] | None,
        high: tuple[int, ...] | None,
        output_padding: tuple[int, ...] | None,
        groups: int,
        layout: str,
    ) -> TensorType:
        axes = rules.operands(input, filter, layout)
        last = layout == "channels_last"
        kernel = filter.shape[:-2] if last else filter.shape[2:]
        channels, per_group = (filter.shape[-1], filter.shape[-2]) if last else filter.shape[:2]
        found = input.shape[axes.channel]
        rules.grouped("the channels of the input", found, groups)
        if channels != found:
            raise VerifyError(f"expected an input of {channels} channels, as the filter has; found {found}")
        results = per_group * groups
        rules.require_bias(bias, filter, results)
        windows = Windows.of(kernel, strides, dilations, low, high)
        spatial = _extents([input.shape[axis] for axis in axes.spatial], windows, output_padding)
        shape = rules.with_axes(axes, input.shape[0], results, tuple(spatial))
        return TensorType.get(shape, input.dtype, input.device)

    @staticmethod
    def evaluate(
        input: Array,
        filter: Array,
        bias: Array | None,
        strides: tuple[int, ...] | None,
        dilations: tuple[int, ...] | None,
        low: tuple[int, ...] | None,
        high: tuple[int, ...] | None,
        output_padding: tuple[int, ...] | None,
        groups: int,
        layout: str,
    ) -> Array:
        wide = np.dtype(np.float64) if is_float(input.dtype) else input.dtype
        x = to_channels_first(input, layout).astype(wide)
        # The filter as [c, m / groups, *k].
        w = (np.moveaxis(filter, (-1, -2), (0, 1)) if layout == "channels_last" else filter).astype(wide)
        windows = Windows.of(w.shape[2:], strides, dilations, low, high)
        rank = len(windows.kernel)
        # Letters of einsum by number: batch 0, result 1, channel 2, then the elements i and the taps k.
        i, k = range(3, 3 + rank), range(3 + rank, 3 + 2 * rank)
        columns = np.concatenate(
            [
                np.einsum(part, [0, 2, *i], bank, [2, 1, *k], [0, 1, *k, *i], optimize=True)
                for part, bank in zip(np.split(x, groups, axis=1), np.split(w, groups, axis=0), strict=True)
            ],
            axis=1,
        )
        extents = _extents(x.shape[2:], windows, output_padding)
        out = overlapped(columns, windows, [int(str(extent)) for extent in extents])
        if bias is not None:
            out = out + bias.astype(wide).reshape(-1, *[1] * rank)
        out = rounded(out, input.dtype) if is_float(input.dtype) else out
        return from_channels_first(out, layout)
