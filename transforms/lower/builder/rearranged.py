# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A matrix of the elements of a tensor, where the place of each is a sum of what its row and its column add to it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mograph.transforms.lower.builder import shapes
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.dtype import DTYPES, SI64, DType
from mograph.transforms.lower.builder.scalar import Scalar, equal, select
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["Part", "rearranged"]


class Part(NamedTuple):
    """A part of the index of a row or a column, less than `extent`. It adds `first` and so many times `step` to the
    place of an element. Where it is in `lacking`, it has the `mark`, a power of two.
    """

    extent: int
    step: int
    first: int = 0
    mark: int = 0
    lacking: range = range(0)


def rearranged(k: KernelBuilder, x: Tensor, rows: Sequence[Part], columns: Sequence[Part]) -> Tensor:
    """The matrix whose rows and columns have indices of these parts, the last of which changes fastest. An element is 0
    where the row and the column both have some mark, and is else the one of `x` at the place. All extents are known.
    """
    count = math.prod(x.shape)
    integer = DTYPES["si32"] if count < 1 << 31 else SI64
    flat = k.reshape(x, (count,))
    flat = Tensor(k, x.dtype, flat.shape, value=flat.value)
    read = [_table(k, rows, integer, _place), _table(k, columns, integer, _place)]
    if any(part.mark for part in rows) and any(part.mark for part in columns):
        read += [_table(k, rows, integer, _marks), _table(k, columns, integer, _marks)]
    read = [k.reshape(table, (*table.shape, 1)) if number % 2 == 0 else table for number, table in enumerate(read)]

    def element(row: Scalar, column: Scalar, *marks: Scalar) -> Scalar:
        place = row + column
        if not marks:
            return k.extract(flat, [k.index(place)])
        there = equal(marks[0] & marks[1], 0)
        return select(there, k.extract(flat, [k.index(select(there, place, 0))]), 0)

    return k.map(element, *read, dtype=x.dtype, shape=(read[0].shape[0], read[1].shape[0]))


def _table(
    k: KernelBuilder, parts: Sequence[Part], integer: DType, function: Callable[[Part, Scalar], Scalar]
) -> Tensor:
    """For each index of parts the sum of what a function gives for the places in them."""

    def element(index: Scalar) -> Scalar:
        rest = cast(index, integer)
        total = rest.constant(0)
        for part in reversed(parts):
            extent = rest.constant(part.extent)
            total = total + function(part, rest.apply("arith.remui", extent))
            rest = rest.apply("arith.divui", extent)
        return total

    # In memory, not computed again for each element of the matrix.
    return shapes.materialized(k, k.generate(element, (math.prod(part.extent for part in parts),), integer))


def _place(part: Part, place: Scalar) -> Scalar:
    return place * part.step + part.first


def _marks(part: Part, place: Scalar) -> Scalar:
    return select((place >= part.lacking.start) & (place < part.lacking.stop), place.constant(part.mark), 0)
