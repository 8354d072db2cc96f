# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.space_to_depth` and `mo.depth_to_space`."""

from mograph.dialects.kit import Attribute, Operand, Result, VerifyError
from mograph.dialects.kit import constraints as c
from mograph.dialects.kit import traits as t
from mograph.dialects.mo import shapes
from mograph.dialects.mo.dialect import Mo
from mograph.dialects.mo.failing import may_fail
from mograph.dialects.mo.numpy_ import Array, np
from mograph.dialects.mo.types import TensorType

__all__ = ["DepthToSpace", "SpaceToDepth"]

BlockSize = c.IntAttr(c.I64Attr, minimum=1)
Mode = c.EnumAttr("dcr", "crd")


def _require_images(input: TensorType) -> None:
    if len(input.shape) != 4:
        raise VerifyError(f"expected an input [batch, channels, height, width], found {shapes.text(input.shape)}")


def _require_divisible(input: TensorType, axis: int, divisor: int) -> shapes.Extent:
    """The extent of an axis divided by `divisor`; an error where it is known that something is left."""
    extent: shapes.Extent = input.shape[axis]
    if isinstance(extent % divisor, int) and extent % divisor != 0:
        raise VerifyError(f"expected an extent on axis {axis} that {divisor} divides, found {extent}")
    return extent // divisor


def _require_even(op: str, input: Array, axis: int, divisor: int) -> None:
    if input.shape[axis] % divisor:
        raise ValueError(f"{op}: expected an extent on axis {axis} that {divisor} divides, found {input.shape[axis]}")


class SpaceToDepth(Mo.Operation, name="space_to_depth", traits=[t.Pure]):
    """Blocks of an image become channels: [n, c, h, w] becomes [n, c * b * b, h / b, w / b], b being `block_size`.

    input[n, k, y * b + i, x * b + j] becomes result[n, (i * b + j) * c + k, y, x] in mode `dcr`, where the channels lie
    innermost, and result[n, k * b * b + i * b + j, y, x] in mode `crd`, where they lie outermost. Heights and widths
    are divisible by b: compared when the program runs where they are named.
    """

    input: Operand[TensorType]
    block_size: Attribute[BlockSize]
    mode: Attribute[Mode] = "dcr"
    result: Result[TensorType]
    assembly_format = "$input `block_size` `=` $block_size (`mode` `=` $mode^)? attr-dict `:` type($input)"
    folds = True
    speculatable = may_fail

    @staticmethod
    def infer(input: TensorType, block_size: int) -> TensorType:
        _require_images(input)
        batch, channels, *_ = input.shape
        height, width = (_require_divisible(input, axis, block_size) for axis in (2, 3))
        return TensorType.get((batch, channels * block_size**2, height, width), input.dtype, input.device)

    @staticmethod
    def evaluate(input: Array, block_size: int, mode: str) -> Array:
        for axis in (2, 3):
            _require_even("mo.space_to_depth", input, axis, block_size)
        batch, channels, height, width = input.shape
        high, wide = height // block_size, width // block_size
        blocks = input.reshape(batch, channels, high, block_size, wide, block_size)
        return np.reshape(
            blocks.transpose((0, 3, 5, 1, 2, 4) if mode == "dcr" else (0, 1, 3, 5, 2, 4)),
            (batch, channels * block_size**2, high, wide),
        )


class DepthToSpace(Mo.Operation, name="depth_to_space", traits=[t.Pure]):
    """Channels become blocks of an image: [n, c * b * b, h, w] becomes [n, c, h * b, w * b], b being `block_size`.

    result[n, k, y * b + i, x * b + j] = input[n, (i * b + j) * c + k, y, x] in mode `dcr`, where the channels lie
    innermost, and input[n, k * b * b + i * b + j, y, x] in mode `crd`, where they lie outermost. The number of channels
    is divisible by b * b: compared when the program runs where it is named.
    """

    input: Operand[TensorType]
    block_size: Attribute[BlockSize]
    mode: Attribute[Mode] = "dcr"
    result: Result[TensorType]
    assembly_format = "$input `block_size` `=` $block_size (`mode` `=` $mode^)? attr-dict `:` type($input)"
    folds = True
    speculatable = may_fail

    @staticmethod
    def infer(input: TensorType, block_size: int) -> TensorType:
        _require_images(input)
        batch, _, height, width = input.shape
        channels = _require_divisible(input, 1, block_size**2)
        return TensorType.get((batch, channels, height * block_size, width * block_size), input.dtype, input.device)

    @staticmethod
    def evaluate(input: Array, block_size: int, mode: str) -> Array:
        _require_even("mo.depth_to_space", input, 1, block_size**2)
        batch, depth, height, width = input.shape
        channels = depth // block_size**2
        if mode == "dcr":
            blocks = input.reshape(batch, block_size, block_size, channels, height, width).transpose(0, 3, 4, 1, 5, 2)
        else:
            blocks = input.reshape(batch, channels, block_size, block_size, height, width).transpose(0, 1, 4, 2, 5, 3)
        return np.reshape(blocks, (batch, channels, height * block_size, width * block_size))
