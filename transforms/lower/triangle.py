# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.band_part` and `mo.trilu`: the elements near a diagonal, or on one side of it."""

from collections.abc import Callable

from mograph.transforms.lower.builder import INDEX, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import bit_and, select
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "band_part", "trilu"]

OPS = ("mo.band_part", "mo.trilu")


def _kept(k: KernelBuilder, x: Tensor, condition: Callable[[Scalar, Scalar], Scalar]) -> Tensor:
    """`x` where the condition holds of an element's row and column, and 0 elsewhere."""
    zero = k.full((), 0, x.dtype).scalar

    def element(*place: Scalar) -> Scalar:
        return select(condition(*place[-2:]), k.extract(x, place), zero)

    return k.generate(element, x.shape, x.dtype)


def band_part(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """Compares how far an element lies from the diagonal."""

    def condition(row: Scalar, column: Scalar) -> Scalar:
        if op.lower < 0:
            return column - row <= op.upper if op.upper >= 0 else column >= 0
        below = row - column <= op.lower
        return below if op.upper < 0 else bit_and(below, column - row <= op.upper)

    return _kept(k, x, condition)


def trilu(k: KernelBuilder, op: Op, x: Tensor, diagonal: Tensor | None = None) -> Tensor:
    """Compares on which side of the diagonal an element lies."""
    at = k.index(0) if diagonal is None else cast(diagonal.scalar, INDEX)

    def condition(row: Scalar, column: Scalar) -> Scalar:
        return column - row >= at if op.upper else column - row <= at

    return _kept(k, x, condition)


RULES = {"mo.band_part": band_part, "mo.trilu": trilu}
