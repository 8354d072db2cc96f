# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.sort`, `mo.argsort`, `mo.top_k`, `mo.bottom_k`: rows in parallel, each by the positions of its elements."""

from typing import Any

from mograph.transforms.lower.builder import INDEX, SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.binding import bind_extent
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.selecting import first_places
from mograph.transforms.lower.builder.shapes import extract_slice
from mograph.transforms.lower.builder.sorting import precedes, sorted_places
from mograph.transforms.lower.rule import Op, Rule

__all__ = ["OPS", "RULES", "argsort", "last_axis", "selected_extent", "sort", "sorted_row"]

_FEW = 8  # one of how many elements at most is selected, rather than all sorted

OPS = ("mo.argsort", "mo.bottom_k", "mo.sort", "mo.top_k")


def sorted_row(k: KernelBuilder, row: Tensor, target: Tensor, *, descending: bool) -> Tensor:
    """The positions of the elements of `row`, of rank 1, in order: `target`, of dtype si64, with these inserted."""
    return sorted_places(
        k, target, lambda a, b: precedes(k.extract(row, [a]), k.extract(row, [b]), descending=descending)
    )


def sort(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """What lies at the sorted positions."""
    if 0 in x.shape:
        return x
    order, back = last_axis(op.axis, x.rank)
    x = k.transpose(x, order)

    def body(_: Any, rows: list[Tensor], blanks: list[Tensor]) -> list[Tensor]:
        places = sorted_row(k, rows[0], k.blank(rows[0].shape, SI64), descending=bool(op.descending))
        return [_taken(k, rows[0], places, blanks[0])]

    (made,) = k.rows([x], [(x.dtype, x.shape)], 1, body)
    return k.transpose(made, back)


def argsort(k: KernelBuilder, op: Op, x: Tensor) -> Tensor:
    """The sorted positions."""
    if 0 in x.shape:
        return k.blank(x.shape, SI64)
    order, back = last_axis(op.axis, x.rank)
    x = k.transpose(x, order)

    def body(_: Any, rows: list[Tensor], blanks: list[Tensor]) -> list[Tensor]:
        return [sorted_row(k, rows[0], blanks[0], descending=bool(op.descending))]

    (made,) = k.rows([x], [(SI64, x.shape)], 1, body)
    return k.transpose(made, back)


def selected_extent(k: KernelBuilder, op: Op, x: Tensor, count: Tensor | None) -> Any:
    """How many elements are selected along the axis, which is checked."""
    axis = op.axis % x.rank
    extent, limit = op.outputs[0].type.shape[axis], x.shape[axis]
    if count is not None:
        bind_extent(k, op, extent, k.index(count.scalar), "k")
    if not isinstance(limit - extent, int):
        k.require(
            k.index(k.dim(extent)) <= k.index(k.dim(limit)),
            f"{op.OPERATION_NAME}: expected k to be at most the extent of axis {op.axis}, {limit}; found more",
        )
    return extent


def _selection(descending: bool) -> Rule:
    def rule(k: KernelBuilder, op: Op, x: Tensor, count: Tensor | None = None) -> list[Tensor]:
        """The first of the sorted positions, and what lies there."""
        extent = selected_extent(k, op, x, count)
        if 0 in (*x.shape, extent):
            whole = op.outputs[0].type.shape
            return [k.blank(whole, x.dtype), k.blank(whole, SI64)]
        order, back = last_axis(op.axis, x.rank)
        x = k.transpose(x, order)

        def body(_: Any, rows: list[Tensor], blanks: list[Tensor]) -> list[Tensor]:
            values, indices = blanks
            places = _first(k, rows[0], extent, descending=descending)
            (indices,) = k.loop(
                k.index(k.dim(extent)),
                [indices],
                lambda i, target: [k.insert(target, k.extract(places, [i]), [i])],
            )
            return [_taken(k, rows[0], places, values), indices]

        shape = (*x.shape[:-1], extent)
        made = k.rows([x], [(x.dtype, shape), (SI64, shape)], 1, body)
        return [k.transpose(each, back) for each in made]

    return rule


def _first(k: KernelBuilder, row: Tensor, extent: Any, *, descending: bool) -> Tensor:
    """The first `extent` positions of a row in order: selected where they are few, else of all that are sorted."""
    limit = row.shape[0]

    def selected() -> list[Tensor]:
        return [
            first_places(
                k,
                k.blank((extent,), SI64),
                k.index(k.dim(limit)),
                lambda a, b: precedes(k.extract(row, [a]), k.extract(row, [b]), descending=descending),
            )
        ]

    def cut() -> list[Tensor]:
        places = sorted_row(k, row, k.blank(row.shape, SI64), descending=descending)
        return [Tensor(k, SI64, (extent,), value=extract_slice(k, places, [0], (extent,), [1]).value)]

    if isinstance(extent, int) and isinstance(limit, int):
        return (selected() if extent * _FEW < limit else cut())[0]
    few = k.index(k.dim(extent)) * _FEW < k.index(k.dim(limit))
    (places,) = k.branch(few, selected, cut)
    assert isinstance(places, Tensor)
    return places


def last_axis(axis: int, rank: int) -> tuple[list[int], list[int]]:
    """The permutation that moves `axis` to the end, and the one that moves it back."""
    order = [i for i in range(rank) if i != axis % rank] + [axis % rank]
    return order, [order.index(i) for i in range(rank)]


def _taken(k: KernelBuilder, row: Tensor, places: Tensor, target: Tensor) -> Tensor:
    """`target`, of rank 1, with what lies in `row` at as many first `places`."""

    def step(i: Scalar, target: Tensor) -> list[Tensor]:
        return [k.insert(target, k.extract(row, [cast(k.extract(places, [i]), INDEX)]), [i])]

    (target,) = k.loop(k.index(k.dim(target.shape[0])), [target], step)
    return target


RULES: dict[str, Rule] = {
    "mo.argsort": argsort,
    "mo.bottom_k": _selection(descending=False),
    "mo.sort": sort,
    "mo.top_k": _selection(descending=True),
}
