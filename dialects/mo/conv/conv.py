# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.conv`."""

from mograph.dialects.kit import Attribute, Operand, OptionalAttribute, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo.conv import rules
from mograph.dialects.mo.conversion import is_float, rounded
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType
from mograph.dialects.mo.windows import LAYOUTS, Windows, from_channels_first, taps, to_channels_first

__all__ = ["Conv"]


class Conv(Mo.Operation, name="conv", traits=[t.Pure]):
    """The cross-correlation of an input with a bank of filters, over one to three spatial axes.

    With `channels_first`, an input `[batch, c, *d]` and a filter `[m, c / groups, *k]` give `[batch, m, *o]`; with
    `channels_last`, `[batch, *d, c]` and `[*k, c / groups, m]` give `[batch, *o, m]`. The channels of the input and of
    the result are cut into `groups` runs, and each run of results comes from one run of inputs:

        result[b, m, o..] = bias[m] + sum of filter[m, c, k..] * input[b, g + c, o * stride + k * dilation - low..]

    over c and k.., where g is the first channel of m's run and what lies outside the input is 0. `strides` and
    `dilations` (by default 1), `low` and `high` (by default 0) have a number for each spatial axis, and each spatial
    extent of the result is

        o = (d + low + high - dilation * (k - 1) - 1) floordiv stride + 1

    Operands are integers or floats of one dtype, on one device. Integers wrap. Sums of floats narrower than f32 are
    accumulated in f32 or wider and rounded once; the order of a sum is the target's. The reference accumulates in f64.
    """

    input: Operand[TensorType]
    filter: Operand[TensorType]
    bias: OptionalOperand[TensorType]
    strides: OptionalAttribute[c.DenseI64ArrayAttr]
    dilations: OptionalAttribute[c.DenseI64ArrayAttr]
    low: OptionalAttribute[c.DenseI64ArrayAttr]
    high: OptionalAttribute[c.DenseI64ArrayAttr]
    groups: Attribute[c.I64Attr] = 1
    layout: Attribute[c.EnumAttr(*LAYOUTS)] = "channels_first"
    result: Result[TensorType]
    assembly_format = (
        "$input `,` $filter (`,` $bias^)? (`strides` `=` $strides^)? (`dilations` `=` $dilations^)? (`low` `=` $low^)? "
        "(`high` `=` $high^)? (`groups` `=` $groups^)? ($layout^)? attr-dict `:` "
        "type($input) `,` type($filter) (`,` type($bias)^)?"
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
        groups: int,
        layout: str,
    ) -> TensorType:
        axes = rules.operands(input, filter, layout)
        last = layout == "channels_last"
        kernel = filter.shape[:-2] if last else filter.shape[2:]
        results, per_group = (filter.shape[-1], filter.shape[-2]) if last else filter.shape[:2]
        found = input.shape[axes.channel]
        rules.grouped("the channels of the result", results, groups)
        if per_group * groups != found:
            raise VerifyError(
                f"expected an input of {per_group * groups} channels, {groups} groups of the filter's {per_group}; "
                f"found {found}"
            )
        rules.require_bias(bias, filter, results)
        windows = Windows.of(kernel, strides, dilations, low, high)
        spatial = windows.counts([input.shape[axis] for axis in axes.spatial])
        shape = rules.with_axes(axes, input.shape[0], results, spatial)
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
        groups: int,
        layout: str,
    ) -> Array:
        wide = np.dtype(np.float64) if is_float(input.dtype) else input.dtype
        x = to_channels_first(input, layout).astype(wide)
        # The filter as [m, c / groups, *k].
        w = np.moveaxis(filter, (-1, -2), (0, 1)) if layout == "channels_last" else filter
        windows = Windows.of(w.shape[2:], strides, dilations, low, high)
        under = taps(x, windows, windows.static_counts(x.shape[2:]), 0)
        rank = len(windows.kernel)
        # Letters of einsum by number: batch 0, result 1, channel 2, then the places o and the taps k.
        o, k = range(3, 3 + rank), range(3 + rank, 3 + 2 * rank)
        out = np.concatenate(
            [
                np.einsum(part, [0, 2, *o, *k], bank, [1, 2, *k], [0, 1, *o], optimize=True)
                for part, bank in zip(
                    np.split(under, groups, axis=1), np.split(w.astype(wide), groups, axis=0), strict=True
                )
            ],
            axis=1,
        )
        if bias is not None:
            out = out + bias.astype(wide).reshape(-1, *[1] * rank)
        out = rounded(out, input.dtype) if is_float(input.dtype) else out
        return from_channels_first(out, layout)
