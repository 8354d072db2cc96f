# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.unique`: many elements are sorted, and those unlike the one before numbered by a scan."""

from __future__ import annotations

from mograph.transforms.lower.builder import INDEX, SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import add, constant, equal, select
from mograph.transforms.lower.builder.sorting import precedes
from mograph.transforms.lower.gpu.scanning import scanned_rows
from mograph.transforms.lower.gpu.searching import counted
from mograph.transforms.lower.gpu.sorting import is_long, sorted_places, taken
from mograph.transforms.lower.rule import Op
from mograph.transforms.lower.unique import Numbered, numbered, unique

__all__ = ["OPS", "RULES"]

OPS = ("mo.unique",)


def _numbered(k: KernelBuilder, op: Op, slices: Tensor) -> Numbered:
    """Slices of several elements go the way of all targets."""
    extent, width = slices.shape
    if width != 1 or slices.uniform is not None or extent == 0 or not is_long(extent):
        return numbered(k, op, slices)
    row = k.reshape(slices, (extent,))
    places = sorted_places(k, row, descending=False)
    keys = taken(k, row, places)

    def differs(place: Scalar) -> Scalar:
        before = k.extract(keys, [select(equal(place, 0), place, place - 1)])
        return cast(equal(place, 0) | precedes(before, k.extract(keys, [place]), descending=False), SI64)

    marks = k.generate(differs, (extent,), SI64)
    groups = scanned_rows(k, marks, add)  # counted from 1
    found = k.reduce(k.add, marks, [0]).scalar

    starts = counted(k, extent, extent, lambda group, place: k.extract(groups, [place]) <= cast(group, SI64))
    order = counted(
        k,
        extent,
        extent,
        lambda number, place: precedes(k.extract(keys, [place]), k.extract(row, [number]), descending=False),
    )

    def length(group: Scalar) -> Scalar:
        following = group + 1
        is_last = following >= cast(found, INDEX)
        count = k.index(k.dim(extent))
        end = select(is_last, cast(count, SI64), k.extract(starts, [select(is_last, group, following)]))
        return end - k.extract(starts, [group])

    one = constant(k.em, 1, SI64)
    numbers = k.map(lambda place: k.extract(groups, [cast(place, INDEX)]) - one, order, dtype=SI64)
    firsts = k.map(lambda start: k.extract(places, [cast(start, INDEX)]), starts, dtype=SI64)
    made = cast(found, INDEX), numbers, firsts, k.generate(length, (extent,), SI64)
    return made if op.sorted else _as_they_come(k, made)


def _as_they_come(k: KernelBuilder, given: Numbered) -> Numbered:
    """The same in the order of their first rows: how many of those come before each is counted by a scan."""
    count, numbers, firsts, counts = given
    shape = numbers.shape

    def first(row: Scalar) -> Scalar:
        return k.extract(firsts, [cast(k.extract(numbers, [row]), INDEX)])

    marks = k.generate(lambda row: cast(equal(cast(first(row), INDEX), row), SI64), shape, SI64)
    ranks = scanned_rows(k, marks, add)  # counted from 1
    rows = counted(k, shape[0], shape[0], lambda number, row: k.extract(ranks, [row]) <= cast(number, SI64))

    def of(number: Scalar, each: Tensor) -> Scalar:
        row = cast(k.extract(rows, [number]), INDEX)
        return k.extract(each, [cast(k.extract(numbers, [row]), INDEX)])

    one = constant(k.em, 1, SI64)
    return (
        count,
        k.generate(lambda row: k.extract(ranks, [cast(first(row), INDEX)]) - one, shape, SI64),
        rows,
        k.generate(lambda number: of(number, counts), shape, SI64),
    )


def _unique(k: KernelBuilder, op: Op, x: Tensor) -> list[Tensor]:
    return unique(k, op, x, _numbered)


RULES = {"mo.unique": _unique}
