# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.expand`."""

from mograph.transforms.lower.builder import KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.binding import bind_extent
from mograph.transforms.lower.builder.scalar import bit_or, equal, select
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "expand"]

OPS = ("mo.expand",)


def expand(k: KernelBuilder, op: Op, x: Tensor, shape: Tensor | None = None) -> Tensor:
    """A loop nest that reads what is repeated at 0; which axes are is known, or found out once."""
    wanted = op.result.type.shape
    lead = len(wanted) - x.rank
    if shape is not None:
        _bind(k, op, x, shape)
    repeated: list[Scalar | bool] = []
    for axis, (own, dim) in enumerate(zip(x.shape, wanted[lead:], strict=True)):
        if own == 1 or own == dim:
            repeated.append(own == 1)
            continue
        one = equal(k.index(k.dim(own)), 1)
        k.require(
            bit_or(one, equal(k.index(k.dim(own)), k.index(k.dim(dim)))),
            f"mo.expand: expected dimension {axis} of the input, {own}, to be 1 or {dim}",
        )
        repeated.append(one)
    if all(isinstance(each, bool) for each in repeated):
        return k.broadcast_to(x, wanted)

    def element(*place: Scalar) -> Scalar:
        indices: list[Scalar | int] = []
        for index, once in zip(place[lead:], repeated, strict=True):
            known = 0 if once is True else index
            indices.append(select(once, 0, index) if isinstance(once, Scalar) else known)
        return k.extract(x, indices)

    return k.generate(element, wanted, x.dtype)


def _bind(k: KernelBuilder, op: Op, x: Tensor, shape: Tensor) -> None:
    """Bind the extents of the result to what those of the input and of the operand give together."""
    wanted = op.result.type.shape
    count = shape.shape[0]
    for axis, dim in enumerate(wanted):
        own = k.index(1 if axis < len(wanted) - x.rank else k.dim(x.shape[axis - len(wanted)]))
        if axis < len(wanted) - count:
            bind_extent(k, op, dim, own, f"extent {axis}")
            continue
        asked = k.index(k.extract(shape, [axis - len(wanted) + count]))
        fits = bit_or(bit_or(equal(asked, 1), equal(own, 1)), equal(asked, own))
        k.require(
            fits, f"mo.expand: expected extent {axis} of the shape to be 1 or that of the input, or the input's 1"
        )
        bind_extent(k, op, dim, select(equal(asked, 1), own, asked), f"extent {axis} of input and shape together")


RULES = {"mo.expand": expand}
