# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.non_max_suppression`: which boxes overlap is found for all pairs at once, and then each class is walked through.

For each box there is a bit for each other one that it suppresses. A thread for each batch and class goes through the
boxes in the order of their scores, puts the bits of those that it selects together, and passes over what they suppress.
Boxes are numbered by a scan of how many each class has, and each searches for its class.
"""

from __future__ import annotations

from typing import Any

from mograph.transforms.lower.builder import DTYPES, INDEX, SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.binding import bind_extent
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import (
    add,
    bit_and,
    bit_or,
    constant,
    div,
    equal,
    greater,
    minimum,
    select,
    shift_left,
    shift_right,
)
from mograph.transforms.lower.gpu.changing import changed
from mograph.transforms.lower.gpu.scanning import scanned_rows
from mograph.transforms.lower.gpu.searching import counted
from mograph.transforms.lower.gpu.sorting import sorted_places
from mograph.transforms.lower.non_max_suppression import (
    Limits,
    corners_of,
    limits_of,
    non_max_suppression,
    overlap,
)
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES"]

OPS = ("mo.non_max_suppression",)

BITS = 64
WORD = DTYPES["ui64"]


def _suppression(k: KernelBuilder, op: Op, boxes: Tensor, scores: Tensor, *given: Tensor) -> Tensor:
    if 0 in scores.shape:
        return non_max_suppression(k, op, boxes, scores, *given)
    limits = limits_of(k, op, boxes, given)
    batches, classes, number = scores.shape
    boxes = Tensor(k, boxes.dtype, boxes.shape, value=boxes.value)
    masks = _masks(k, op, boxes, limits.overlap)
    selected, counts = _selected(k, scores, masks, limits)
    rows = batches * classes
    selected, counts = k.reshape(selected, (rows, number)), k.reshape(counts, (rows,))
    result = op.result.type.shape
    total = k.index(k.reduce(k.add, counts, [0]).scalar)
    bind_extent(k, op, result[0], total, "the number of boxes that are selected")
    ends = scanned_rows(k, counts, add)
    owners = counted(k, result[0], rows, lambda box, row: k.extract(ends, [row]) <= cast(box, SI64))

    def element(box: Scalar, column: Scalar) -> Scalar:
        row = cast(k.extract(owners, [box]), INDEX)
        before = select(equal(row, 0), row, row - 1)
        start = select(equal(row, 0), row, cast(k.extract(ends, [before]), INDEX))
        batch = div(row, k.index(k.dim(classes)))
        class_ = row - batch * k.index(k.dim(classes))
        found = k.extract(selected, [row, box - start])
        return select(equal(column, 2), found, cast(select(equal(column, 0), batch, class_), SI64))

    return k.generate(element, result, SI64)


def _masks(k: KernelBuilder, op: Op, boxes: Tensor, limit: Scalar) -> Tensor:
    """For each box of a batch a bit for each box that overlaps with it by more than `limit`, in words."""
    batches, number, _ = boxes.shape
    shape = (batches, number, (number + BITS - 1) // BITS)
    count = k.index(k.dim(number))

    def word(at: list[Scalar], target: Tensor) -> Tensor:
        batch, box, column = at
        own = corners_of(k, op, boxes, batch, box)
        first = column * BITS

        def bit(other: Scalar, bits: Scalar) -> list[Scalar]:
            suppressed = overlap(own, corners_of(k, op, boxes, batch, other), limit)
            return [bit_or(bits, shift_left(cast(suppressed, WORD), _word(other - first)))]

        nothing = constant(k.em, 0, WORD)
        (bits,) = k.loop((first, minimum(first + BITS, count)), [nothing], bit)
        return k.insert(target, bits, at)

    return changed(k, k.blank(shape, WORD), shape, word)


def _selected(k: KernelBuilder, scores: Tensor, masks: Tensor, limits: Limits) -> tuple[Tensor, Tensor]:
    """For each batch and class its selected boxes, in order, and how many there are."""
    batches, classes, number = scores.shape
    places = sorted_places(k, scores, descending=True)
    extent, words = k.index(k.dim(number)), k.index(k.dim(masks.shape[-1]))
    zero = constant(k.em, 0, WORD)

    def of_class(at: list[Scalar], rows: list[Tensor], blanks: list[Tensor]) -> list[Tensor]:
        order, row = rows
        boxes, count, gone = blanks
        (gone,) = k.loop(words, [gone], lambda i, gone: [k.insert(gone, zero, [i])])

        def more(place: Scalar, count: Scalar, *_: Tensor) -> Scalar:
            return (place < extent) & (count < limits.wanted)

        def step(place: Scalar, count: Scalar, boxes: Tensor, gone: Tensor) -> list[Any]:
            found = k.extract(order, [place])
            box = cast(found, INDEX)
            bit = shift_right(k.extract(gone, [shift_right(box, 6)]), _word(bit_and(box, BITS - 1)))
            free = equal(bit_and(bit, 1), 0)
            if limits.score is not None:
                free = free & greater(k.extract(row, [box]), limits.score)

            def take() -> list[Any]:
                def both(i: Scalar, gone: Tensor) -> list[Tensor]:
                    return [k.insert(gone, bit_or(k.extract(gone, [i]), k.extract(masks, [at[0], box, i])), [i])]

                return [count + 1, k.insert(boxes, found, [count]), *k.loop(words, [gone], both)]

            return [place + 1, *k.branch(free, take, lambda: [count, boxes, gone])]

        _, total, boxes, gone = k.repeat([k.index(0), k.index(0), boxes, gone], more, step)
        return [boxes, k.insert(count, cast(total, SI64), [0]), gone]

    shapes = [(SI64, number), (SI64, 1), (WORD, masks.shape[-1])]
    outputs = [(dtype, (batches, classes, extent)) for dtype, extent in shapes]
    boxes, counts, _ = k.rows([places, scores], outputs, 1, of_class)
    return boxes, counts


def _word(number: Scalar) -> Scalar:
    return cast(cast(number, SI64), WORD)


RULES = {"mo.non_max_suppression": _suppression}
