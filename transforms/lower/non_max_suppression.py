# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.non_max_suppression`: for each batch and class a walk over its boxes in the order of their scores."""

from collections.abc import Callable, Sequence
from typing import Any

from mograph._records import record
from mograph.transforms.lower.builder import BOOL, INDEX, SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.binding import bind_extent
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.scalar import constant, greater, maximum, minimum, select, widen
from mograph.transforms.lower.rule import Op
from mograph.transforms.lower.sort import sorted_row

__all__ = ["OPS", "RULES", "Corners", "Limits", "corners_of", "limits_of", "non_max_suppression", "overlap"]

OPS = ("mo.non_max_suppression",)

Corners = tuple[list[Scalar], list[Scalar]]


@record
class Limits:
    """How many boxes of a class are `wanted`, the `overlap` with one of them that others may have, and the `score` that
    they must have more than, if any.
    """

    wanted: Scalar
    overlap: Scalar
    score: Scalar | None


def limits_of(k: KernelBuilder, op: Op, boxes: Tensor, given: Sequence[Tensor]) -> Limits:
    """What the operands `given` besides boxes and scores say."""
    rest = iter(given)
    most, limit, score = (
        None if each is None else next(rest).scalar for each in (op.max_output, op.iou_threshold, op.score_threshold)
    )
    wanted = k.index(0) if most is None else cast(most, INDEX)
    return Limits(wanted, constant(k.em, 0, boxes.dtype.compute) if limit is None else widen(limit), score)


def _ordered(k: KernelBuilder, scores: Tensor) -> Tensor:
    """The positions of each row's scores, the highest first."""

    def body(_: Any, rows: list[Tensor], blanks: list[Tensor]) -> list[Tensor]:
        return [sorted_row(k, rows[0], blanks[0], descending=True)]

    return k.rows([scores], [(SI64, scores.shape)], 1, body)[0]


def non_max_suppression(
    k: KernelBuilder,
    op: Op,
    boxes: Tensor,
    scores: Tensor,
    *given: Tensor,
    order: Callable[[KernelBuilder, Tensor], Tensor] = _ordered,
) -> Tensor:
    """What is selected is kept in one list, in order; the boxes of a class are those since it began."""
    limits = limits_of(k, op, boxes, given)
    batches, classes, number = scores.shape
    if 0 in scores.shape:
        bind_extent(k, op, op.result.type.shape[0], k.index(0), "the number of boxes that are selected")
        return k.blank(op.result.type.shape, SI64)
    result = op.result.type.shape
    places = order(k, scores)
    boxes = Tensor(k, boxes.dtype, boxes.shape, value=boxes.value)
    scores = Tensor(k, scores.dtype, scores.shape, value=scores.value)
    extent = k.index(k.dim(number))

    def of_class(batch: Scalar, class_: Scalar, count: Scalar, found: Tensor) -> list[Any]:
        start = count

        def more(place: Scalar, count: Scalar, _: Tensor) -> Scalar:
            return (place < extent) & (count - start < limits.wanted)

        def step(place: Scalar, count: Scalar, found: Tensor) -> list[Any]:
            box = cast(k.extract(places, [batch, class_, place]), INDEX)
            corners = corners_of(k, op, boxes, batch, box)

            def free() -> list[Any]:
                return [_overlaps(k, op, boxes, batch, corners, found, start, count, limits.overlap)]

            if limits.score is None:
                (hit,) = free()
            else:
                passes = greater(k.extract(scores, [batch, class_, box]), limits.score)
                (hit,) = k.branch(passes, free, lambda: [passes.constant(True)])

            def select_it() -> list[Any]:
                row = found
                for column, number in enumerate((batch, class_, box)):
                    row = k.insert(row, cast(number, SI64), [count, column])
                return [count + 1, row]

            count, found = k.branch(hit, lambda: [count, found], select_it)
            return [place + 1, count, found]

        _, count, found = k.repeat([k.index(0), count, found], more, step)
        return [count, found]

    def of_batch(batch: Scalar, *carried: Any) -> list[Any]:
        return k.loop(
            k.index(k.dim(classes)), list(carried), lambda class_, count, found: of_class(batch, class_, count, found)
        )

    found = k.blank((batches * classes * number, 3), SI64)
    count, found = k.loop(k.index(k.dim(batches)), [k.index(0), found], of_batch)
    bind_extent(k, op, result[0], count, "the number of boxes that are selected")
    return k.generate(lambda row, column: k.extract(found, [row, column]), result, SI64)


def _overlaps(
    k: KernelBuilder,
    op: Op,
    boxes: Tensor,
    batch: Scalar,
    corners: Corners,
    found: Tensor,
    start: Scalar,
    count: Scalar,
    limit: Scalar,
) -> Scalar:
    """Whether a box overlaps with one that was selected since `start`."""

    def step(place: Scalar, _: Scalar) -> list[Any]:
        other = corners_of(k, op, boxes, batch, cast(k.extract(found, [place, 2]), INDEX))
        return [place + 1, overlap(corners, other, limit)]

    _, hit = k.repeat([start, constant(k.em, False, BOOL)], lambda place, hit: (place < count) & ~hit, step)
    assert isinstance(hit, Scalar)
    return hit


def corners_of(k: KernelBuilder, op: Op, boxes: Tensor, batch: Scalar, box: Scalar) -> Corners:
    """The lowest and the highest coordinates of a box, in the compute type."""
    numbers = [widen(k.extract(boxes, [batch, box, i])) for i in range(4)]
    first, second = numbers[:2], numbers[2:]
    if op.center_point_box:
        halves = [size / 2 for size in second]
        return (
            [centre - half for centre, half in zip(first, halves, strict=True)],
            [centre + half for centre, half in zip(first, halves, strict=True)],
        )
    pairs = list(zip(first, second, strict=True))
    return [minimum(a, b) for a, b in pairs], [maximum(a, b) for a, b in pairs]


def overlap(a: Corners, b: Corners, limit: Scalar) -> Scalar:
    """Whether the area that two boxes share is more than `limit` times that which they cover."""
    highest = [minimum(x, y) for x, y in zip(a[1], b[1], strict=True)]
    lowest = [maximum(x, y) for x, y in zip(a[0], b[0], strict=True)]
    sides = [high - low for high, low in zip(highest, lowest, strict=True)]
    common = sides[0] * sides[1]
    areas = [(high[0] - low[0]) * (high[1] - low[1]) for low, high in (a, b)]
    whole = areas[0] + areas[1] - common
    valid = greater(sides[0], 0) & greater(sides[1], 0)
    for area in (common, *areas, whole):
        valid = valid & greater(area, 0)
    return valid & greater(common / select(valid, whole, 1), limit)


RULES = {"mo.non_max_suppression": non_max_suppression}
