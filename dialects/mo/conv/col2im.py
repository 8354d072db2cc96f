# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.col2im`."""

import math

from mograph.dialects.kit import Operand, OptionalAttribute, OptionalOperand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import dtypes, shapes
from mograph.dialects.mo.conversion import is_float, rounded
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.retyped import require_same_but_shape
from mograph.dialects.mo.shape_operand import extents_of, require_extents, require_shape_operand
from mograph.dialects.mo.types import TensorType
from mograph.dialects.mo.windows import Windows, overlapped

__all__ = ["Col2im"]


class Col2im(Mo.Operation, name="col2im", traits=[t.Pure]):
    """Images from the columns that their windows were made: where windows overlap, their elements are added.

    `input` is `[batch, c * prod(kernel), l]`: for each channel and each tap of a window one row, for each of the l
    windows a column, in row-major order. The result, whose type is written, is `[batch, c, *d]`; on each spatial axis
    there are (d + low + high - dilation * (kernel - 1) - 1) floordiv stride + 1 windows, as in `mo.conv`, and their
    product is l. What falls into the padding is dropped. New names among the dimensions of the result are bound by
    `shape`, a host tensor `[rank]` of dtype si64. Where the windows' extents are known only when the program runs,
    `block`, a host tensor of them of dtype si64, takes the place of `kernel`.

    Elements are integers, whose sums wrap, or floats; floats narrower than f32 are added in f32 or wider and rounded
    once. The reference adds in f64.
    """

    input: Operand[TensorType]
    shape: OptionalOperand[TensorType]
    block: OptionalOperand[TensorType]
    kernel: OptionalAttribute[c.DenseI64ArrayAttr]
    strides: OptionalAttribute[c.DenseI64ArrayAttr]
    dilations: OptionalAttribute[c.DenseI64ArrayAttr]
    low: OptionalAttribute[c.DenseI64ArrayAttr]
    high: OptionalAttribute[c.DenseI64ArrayAttr]
    result: Result[TensorType]
    assembly_format = (
        "$input (`shape` $shape^)? (`block` $block^)? (`kernel` `=` $kernel^)? (`strides` `=` $strides^)? "
        "(`dilations` `=` $dilations^)? (`low` `=` $low^)? (`high` `=` $high^)? attr-dict `:` type($input) "
        "(`shape` type($shape)^)? (`block` type($block)^)? `to` type($result)"
    )
    folds = True
    speculatable = may_fail

    @staticmethod
    def check(
        input: TensorType,
        shape: TensorType | None,
        block: TensorType | None,
        kernel: tuple[int, ...] | None,
        strides: tuple[int, ...] | None,
        dilations: tuple[int, ...] | None,
        low: tuple[int, ...] | None,
        high: tuple[int, ...] | None,
        result: TensorType,
    ) -> None:
        dtypes.require(dtypes.NUMERIC, input.dtype)
        require_same_but_shape(input, result)
        if len(input.shape) != 3:
            raise VerifyError(f"expected an input of rank 3: batch, rows, columns; found {shapes.text(input.shape)}")
        if shape is not None:
            require_shape_operand(shape, result)
        rank = len(result.shape) - 2
        if rank < 1:
            raise VerifyError(
                f"expected a result of batch, channels and spatial axes, found {shapes.text(result.shape)}"
            )
        if (block is None) == (kernel is None):
            raise VerifyError("expected either block or kernel")
        if block is not None:
            require_extents("block", block, rank)
            return
        assert kernel is not None
        if len(kernel) != rank:
            raise VerifyError(
                f"expected a kernel of {rank} extents, one for each spatial axis of {shapes.text(result.shape)}; "
                f"found {len(kernel)}"
            )
        windows = Windows.of(kernel, strides, dilations, low, high)
        batch, rows, columns = input.shape
        if result.shape[0] != batch:
            raise VerifyError(f"expected a result of batch {batch}, as the input has; found {result.shape[0]}")
        if result.shape[1] * math.prod(kernel) != rows:
            raise VerifyError(
                f"expected {result.shape[1] * math.prod(kernel)} rows, {math.prod(kernel)} taps of the result's "
                f"{result.shape[1]} channels; found {rows}"
            )
        count = math.prod(windows.counts(result.shape[2:]))
        if isinstance(count, int) and isinstance(columns, int) and count != columns:
            raise VerifyError(f"expected {count} columns, one for each window of the result; found {columns}")

    @staticmethod
    def evaluate(
        input: Array,
        shape: Array | None,
        block: Array | None,
        kernel: tuple[int, ...] | None,
        strides: tuple[int, ...] | None,
        dilations: tuple[int, ...] | None,
        low: tuple[int, ...] | None,
        high: tuple[int, ...] | None,
        result_shapes: list[tuple[int, ...]],
    ) -> Array:
        extents = result_shapes[0] if shape is None else extents_of("mo.col2im", shape, result_shapes[0])
        if block is not None:
            kernel = tuple(block.tolist())
        assert kernel is not None
        windows = Windows.of(kernel, strides, dilations, low, high)
        counts = windows.static_counts(extents[2:])
        if math.prod(counts) != input.shape[2]:
            raise ValueError(
                f"mo.col2im: expected {math.prod(counts)} columns, one for each window; found {input.shape[2]}"
            )
        if extents[1] * math.prod(kernel) != input.shape[1]:
            raise ValueError(f"mo.col2im: expected {extents[1] * math.prod(kernel)} rows, found {input.shape[1]}")
        columns = input.astype(np.float64) if is_float(input.dtype) else input
        out = overlapped(columns.reshape(*extents[:2], *kernel, *counts), windows, extents[2:])
        return rounded(out, input.dtype) if is_float(input.dtype) else out
