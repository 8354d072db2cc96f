# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.space_to_depth` and `mo.depth_to_space`: one transposition between two views."""

from mograph.transforms.lower.builder import KernelBuilder, Tensor
from mograph.transforms.lower.builder.scalar import equal
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "depth_to_space", "space_to_depth"]

OPS = ("mo.depth_to_space", "mo.space_to_depth")


def _require_even(k: KernelBuilder, op: Op, extent: object, axis: int, divisor: int) -> None:
    """Compare where the type leaves open whether the extent is divisible."""
    rest = extent % divisor  # type: ignore[operator]  # extents are ints or expressions
    if rest != 0:
        k.require(
            equal(k.index(k.dim(rest)), 0),
            f"{op.OPERATION_NAME}: expected an extent on axis {axis} that {divisor} divides, found {extent}",
        )


def space_to_depth(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """The blocks' rows and columns move before the channels, or behind them."""
    size = op.block_size
    batch, channels, height, width = x.shape
    for axis in (2, 3):
        _require_even(k, op, x.shape[axis], axis, size)
    blocks = k.reshape(x, (batch, channels, height // size, size, width // size, size), checked=True)
    order = (0, 3, 5, 1, 2, 4) if op.mode == "dcr" else (0, 1, 3, 5, 2, 4)
    return k.reshape(k.transpose(blocks, order), op.result.type.shape)


def depth_to_space(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """What the channels hold of a block moves behind its row and its column."""
    size = op.block_size
    batch, depth, height, width = x.shape
    _require_even(k, op, depth, 1, size * size)
    channels = depth // (size * size)
    if op.mode == "dcr":
        shape, order = (batch, size, size, channels, height, width), (0, 3, 4, 1, 5, 2)
    else:
        shape, order = (batch, channels, size, size, height, width), (0, 1, 4, 2, 5, 3)
    blocks = k.reshape(x, shape, checked=True)
    return k.reshape(k.transpose(blocks, order), op.result.type.shape)


RULES = {"mo.depth_to_space": depth_to_space, "mo.space_to_depth": space_to_depth}
