# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.deform_conv`."""

import math

from mograph.dialects.kit import Attribute, Operand, OptionalAttribute, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, shapes
from mograph.dialects.mo import rules as types
from mograph.dialects.mo.conv import rules
from mograph.dialects.mo.conversion import rounded
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.sample.grid_sample import require_elements
from mograph.dialects.mo.sample.reference import sampled
from mograph.dialects.mo.types import TensorType
from mograph.dialects.mo.windows import Windows

__all__ = ["DeformConv"]


class DeformConv(Mo.Operation, name="deform_conv", traits=[t.Pure]):
    """`mo.conv` whose windows' elements are moved, each by itself.

    (Dai et al., "Deformable convolutional networks", 2017.)

    An input `[batch, c, *d]` and a filter `[m, c / groups, *k]` give `[batch, m, *o]`, as `mo.conv` does. `offset`,
    `[batch, offset_groups * prod(k) * r, *o]` for r spatial axes, holds for each of `offset_groups` runs of channels,
    each element of the window and each axis how far the element is moved there. It is the sum of the elements around
    that place, with the weights of linear interpolation; what lies outside the input is 0. `mask`,
    `[batch, offset_groups * prod(k), *o]`, is what it is multiplied by, if it is given (Zhu et al., "Deformable
    ConvNets v2", 2019).

    Operands are floats of one dtype, on one device. Floats narrower than f32 are computed in f32 or wider and rounded
    once. The reference computes in f64.
    """

    input: Operand[TensorType]
    filter: Operand[TensorType]
    offset: Operand[TensorType]
    bias: OptionalOperand[TensorType]
    mask: OptionalOperand[TensorType]
    strides: OptionalAttribute[c.DenseI64ArrayAttr]
    dilations: OptionalAttribute[c.DenseI64ArrayAttr]
    low: OptionalAttribute[c.DenseI64ArrayAttr]
    high: OptionalAttribute[c.DenseI64ArrayAttr]
    groups: Attribute[c.I64Attr] = 1
    offset_groups: Attribute[c.I64Attr] = 1
    result: Result[TensorType]
    assembly_format = (
        "$input `,` $filter `,` $offset (`bias` $bias^)? (`mask` $mask^)? (`strides` `=` $strides^)? "
        "(`dilations` `=` $dilations^)? (`low` `=` $low^)? (`high` `=` $high^)? (`groups` `=` $groups^)? "
        "(`offset_groups` `=` $offset_groups^)? attr-dict `:` type($input) `,` type($filter) `,` type($offset) "
        "(`bias` type($bias)^)? (`mask` type($mask)^)?"
    )
    folds = True

    @staticmethod
    def infer(
        input: TensorType,
        filter: TensorType,
        offset: TensorType,
        bias: TensorType | None,
        mask: TensorType | None,
        strides: tuple[int, ...] | None,
        dilations: tuple[int, ...] | None,
        low: tuple[int, ...] | None,
        high: tuple[int, ...] | None,
        groups: int,
        offset_groups: int,
    ) -> TensorType:
        rules.operands(input, filter, "channels_first")
        dtypes.require(dtypes.FLOAT, input.dtype)
        require_elements(input)
        results, per_group, *kernel = filter.shape
        rules.grouped("the channels of the result", results, groups)
        rules.grouped("the channels of the input", input.shape[1], offset_groups)
        if per_group * groups != input.shape[1]:
            raise VerifyError(
                f"expected an input of {per_group * groups} channels, {groups} groups of the filter's {per_group}; "
                f"found {input.shape[1]}"
            )
        rules.require_bias(bias, filter, results)
        spatial = Windows.of(kernel, strides, dilations, low, high).counts(input.shape[2:])
        each = offset_groups * math.prod(kernel)
        for name, operand, rows in (("offset", offset, each * len(kernel)), ("mask", mask, each)):
            if operand is None:
                continue
            types.same_dtype(**{"input": input, name: operand})
            types.same_device(**{"input": input, name: operand})
            wanted = (input.shape[0], rows, *spatial)
            if tuple(operand.shape) != wanted:
                raise VerifyError(f"expected {name} of shape {shapes.text(wanted)}, found {shapes.text(operand.shape)}")
        return TensorType.get((input.shape[0], results, *spatial), input.dtype, input.device)

    @staticmethod
    def evaluate(
        input: Array,
        filter: Array,
        offset: Array,
        bias: Array | None,
        mask: Array | None,
        strides: tuple[int, ...] | None,
        dilations: tuple[int, ...] | None,
        low: tuple[int, ...] | None,
        high: tuple[int, ...] | None,
        groups: int,
        offset_groups: int,
    ) -> Array:
        windows = Windows.of(filter.shape[2:], strides, dilations, low, high)
        counts, rank = offset.shape[2:], len(filter.shape) - 2
        columns = _columns(input.astype(np.float64), offset, mask, windows, offset_groups)
        w = filter.astype(np.float64)
        # Letters of einsum by number: batch 0, result 1, channel 2, then the taps k and the places o.
        k, o = range(3, 3 + rank), range(3 + rank, 3 + 2 * rank)
        out = np.concatenate(
            [
                np.einsum(part, [0, 2, *k, *o], bank, [1, 2, *k], [0, 1, *o], optimize=True)
                for part, bank in zip(np.split(columns, groups, axis=1), np.split(w, groups, axis=0), strict=True)
            ],
            axis=1,
        ).reshape(input.shape[0], filter.shape[0], *counts)
        if bias is not None:
            out = out + bias.astype(np.float64).reshape(-1, *[1] * rank)
        return rounded(out, input.dtype)


def _columns(x: Array, offset: Array, mask: Array | None, windows: Windows, groups: int) -> Array:
    """What lies under the windows' moved elements: [batch, c, *kernel, *counts]."""
    kernel, counts, rank = windows.sizes, offset.shape[2:], len(windows.kernel)
    moved = offset.astype(np.float64).reshape(x.shape[0], groups, *kernel, rank, *counts)
    scale = np.ones((x.shape[0], groups, *kernel, *counts))
    if mask is not None:
        scale = mask.astype(np.float64).reshape(scale.shape)
    each = x.shape[1] // groups
    columns = np.zeros((*x.shape[:2], *kernel, *counts))
    for batch, group in np.ndindex(x.shape[0], groups):
        at = []
        for axis in range(rank):
            taps = np.arange(kernel[axis]) * windows.dilations[axis] - windows.low[axis]
            starts = np.arange(counts[axis]) * windows.strides[axis]
            shape = [1] * (2 * rank)
            shape[axis], shape[rank + axis] = kernel[axis], counts[axis]
            of_axis = (batch, group, *[slice(None)] * rank, axis)
            at.append((taps[:, None] + starts).reshape(shape) + moved[of_axis])
        channels = slice(group * each, (group + 1) * each)
        found = sampled(x[batch, channels], at, "linear", "zeros", align_corners=True)
        columns[batch, channels] = found * scale[batch, group]
    return columns
