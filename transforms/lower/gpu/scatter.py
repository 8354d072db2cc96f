# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.scatter` and `mo.scatter_nd`: a thread applies all updates of one place, in their order.

Updates are put in order of where they go by a stable sort; few are compared with each other instead. No operation is
atomic, so that no result depends on which thread comes first: sums and products of floats are rounded as they are where
one update follows the other, and only where the order is nothing to the result are many updates of one place combined
by several threads.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from mograph._records import record
from mograph.transforms.lower.builder import BOOL, DTYPES, INDEX, SI64, DType, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.indices import from_front, require_extents_within, require_indices
from mograph.transforms.lower.builder.scalar import bit_and, constant, equal, select, shift_right
from mograph.transforms.lower.builder.tuples import position_of, require_tuples
from mograph.transforms.lower.gpu.changing import changed
from mograph.transforms.lower.gpu.sorting import is_long, sorted_places, taken
from mograph.transforms.lower.rule import Op
from mograph.transforms.lower.scatter import combined, put
from mograph.transforms.lower.sort import last_axis

__all__ = ["OPS", "RULES"]

OPS = ("mo.scatter", "mo.scatter_nd")

MANY = 2048
"""So many lines keep the multiprocessors busy with a thread for each."""
PART = 256
"""Updates of one place that a thread combines where several may, a power of two."""

Place = Sequence[Scalar]


@record
class _Updates:
    """Rows of updates: the `keys` of a row, on the last axis, say which of them go to the same place.

    `inner` are the dimensions of an update, `position(row, number)` says where it begins, and `element(row, number,
    inner)` is one of it.
    """

    keys: Tensor
    inner: tuple[Any, ...]
    position: Callable[[Place, Scalar], Place]
    element: Callable[[Place, Scalar, Place], Scalar]


class _Application(ABC):
    """How threads apply updates, of which there is one for each element of each update."""

    def __init__(self, k: KernelBuilder, op: Op, given: _Updates) -> None:
        self.k, self.given, self.reduction = k, given, str(op.reduction)
        self.outer = given.keys.rank - 1
        self.shape = (*given.keys.shape, *given.inner)
        self.count = k.index(k.dim(given.keys.shape[-1]))

    @abstractmethod
    def key(self, at: Place, number: Scalar) -> Scalar:
        """Where the update `number` of a thread's row goes."""

    @abstractmethod
    def update(self, at: Place, number: Scalar) -> Scalar:
        """The element of an update that is a thread's."""

    @abstractmethod
    def place(self, at: Place, number: Scalar) -> list[Scalar]:
        """Where that element goes."""

    @abstractmethod
    def applied(self, x: Tensor) -> Tensor:
        """`x` with all updates."""

    def replaced(self, x: Tensor, counts: Callable[[Place], Scalar]) -> Tensor:
        """`x` with the elements of the updates that count."""

        def step(at: Place, target: Tensor) -> Tensor:
            number = at[self.outer]

            def put() -> list[Tensor]:
                return [self.k.insert(target, self.update(at, number), self.place(at, number))]

            return self._where(counts(at), put, target)

        return changed(self.k, x, self.shape, step)

    def _where(self, condition: Scalar, then: Callable[[], list[Tensor]], target: Tensor) -> Tensor:
        result: list[Tensor] = self.k.branch(condition, then, lambda: [target])
        return result[0]


class _Few(_Application):
    """Each update is compared with all others."""

    def key(self, at: Place, number: Scalar) -> Scalar:
        return self.k.extract(self.given.keys, [*at[: self.outer], number])

    def update(self, at: Place, number: Scalar) -> Scalar:
        return self.given.element(at[: self.outer], number, at[self.outer + 1 :])

    def place(self, at: Place, number: Scalar) -> list[Scalar]:
        return [*self.given.position(at[: self.outer], number), *at[self.outer + 1 :]]

    def applied(self, x: Tensor) -> Tensor:
        """By the thread of the first update of a place, or of the last where that alone counts."""
        k = self.k
        if self.reduction == "none":
            return self.replaced(x, lambda at: ~self._is_among(at, at[self.outer] + 1, self.count))

        def step(at: Place, target: Tensor) -> Tensor:
            number = at[self.outer]
            own = self.key(at, number)

            def total() -> list[Tensor]:
                place = self.place(at, number)
                first = combined(self.reduction, k.extract(target, place), self.update(at, number))

                def more(other: Scalar, value: Scalar) -> list[Scalar]:
                    next_ = combined(self.reduction, value, self.update(at, other))
                    return [select(equal(self.key(at, other), own), next_, value)]

                (value,) = k.loop((number + 1, self.count), [first], more)
                return [k.insert(target, value, place)]

            return self._where(~self._is_among(at, k.index(0), number), total, target)

        return changed(k, x, self.shape, step)

    def _is_among(self, at: Place, start: Scalar, end: Scalar) -> Scalar:
        """Whether an update from `start` to before `end` goes where that of the thread goes."""
        own = self.key(at, at[self.outer])
        no = constant(self.k.em, False, BOOL)
        (found,) = self.k.loop((start, end), [no], lambda other, found: [found | equal(self.key(at, other), own)])
        assert isinstance(found, Scalar)
        return found


class _Sorted(_Application):
    """Updates are in the order of where they go."""

    def __init__(self, k: KernelBuilder, op: Op, given: _Updates) -> None:
        super().__init__(k, op, given)
        self._numbers = sorted_places(k, given.keys, descending=False)
        self._keys = taken(k, given.keys, self._numbers)

    def key(self, at: Place, number: Scalar) -> Scalar:
        return self.k.extract(self._keys, [*at[: self.outer], number])

    def _number(self, at: Place, number: Scalar) -> Scalar:
        return cast(self.k.extract(self._numbers, [*at[: self.outer], number]), INDEX)

    def update(self, at: Place, number: Scalar) -> Scalar:
        return self.given.element(at[: self.outer], self._number(at, number), at[self.outer + 1 :])

    def place(self, at: Place, number: Scalar) -> list[Scalar]:
        return [*self.given.position(at[: self.outer], self._number(at, number)), *at[self.outer + 1 :]]

    def applied(self, x: Tensor) -> Tensor:
        """By the thread of the first update of a place, or of the last where that alone counts."""
        if self.reduction == "none":
            return self.replaced(x, lambda at: ~self._goes_on(at, at[self.outer], at[self.outer] + 1))
        if not self._in_parts(x.dtype):
            return self._added_up(x, self.update, 1)
        parts = self._parts(x.dtype)
        return self._added_up(x, lambda at, number: self.k.extract(parts, self._at(at, number)), PART)

    def _in_parts(self, dtype: DType) -> bool:
        """Whether several threads may combine the updates of a place: there may be many, in whatever order."""
        number = self.shape[self.outer]
        ordered = dtype.kind == "float" and self.reduction in ("add", "mul")
        return not ordered and (not isinstance(number, int) or number > PART)

    def _at(self, at: Place, number: Scalar) -> list[Scalar]:
        return [*at[: self.outer], number, *at[self.outer + 1 :]]

    def _goes_on(self, at: Place, number: Scalar, other: Scalar) -> Scalar:
        """Whether there is an update `other` that goes where `number` goes."""
        exists = (other >= 0) & (other < self.count)
        return exists & equal(self.key(at, select(exists, other, number)), self.key(at, number))

    def _added_up(self, x: Tensor, element: Callable[[Place, Scalar], Scalar], stride: int) -> Tensor:
        """`x` with elements of each place combined: of the first update there, and of every `stride`-th after it."""
        k = self.k

        def step(at: Place, target: Tensor) -> Tensor:
            number = at[self.outer]

            def total() -> list[Tensor]:
                place = self.place(at, number)
                first = combined(self.reduction, k.extract(target, place), element(at, number))
                return [k.insert(target, self._walked(at, first, element, stride, self.count), place)]

            return self._where(~self._goes_on(at, number, number - 1), total, target)

        return changed(k, x, self.shape, step)

    def _walked(
        self, at: Place, first: Scalar, element: Callable[[Place, Scalar], Scalar], stride: int, end: Scalar
    ) -> Scalar:
        """`first` combined with the elements of later updates of the same place, before `end`."""
        number = at[self.outer]

        def more(other: Scalar, _: Scalar) -> Scalar:
            return (other < end) & self._goes_on(at, number, other)

        def step(other: Scalar, value: Scalar) -> list[Any]:
            return [other + stride, combined(self.reduction, value, element(at, other))]

        _, value = self.k.repeat([number + stride, first], more, step)
        assert isinstance(value, Scalar)
        return value

    def _parts(self, dtype: DType) -> Tensor:
        """What `PART` updates of a place combine to, where the first of them is; nothing elsewhere."""
        k = self.k

        def step(at: Place, target: Tensor) -> Tensor:
            number = at[self.outer]
            begins = equal(bit_and(number - self._first(at), PART - 1), 0)

            def part() -> list[Tensor]:
                value = self._walked(at, self.update(at, number), self.update, 1, number + PART)
                return [k.insert(target, value, list(at))]

            return self._where(begins, part, target)

        return changed(k, k.blank(self.shape, dtype), self.shape, step)

    def _first(self, at: Place) -> Scalar:
        """The number of the first update that goes where that of the thread goes."""
        own = self.key(at, at[self.outer])

        def halved(low: Scalar, high: Scalar) -> list[Scalar]:
            middle = shift_right(low + high, 1)
            before = self.key(at, middle) < own
            return [select(before, middle + 1, low), select(before, high, middle)]

        low, _ = self.k.repeat([self.k.index(0), at[self.outer]], lambda low, high: low < high, halved)
        assert isinstance(low, Scalar)
        return low


def _applied(k: KernelBuilder, op: Op, x: Tensor, given: _Updates) -> Tensor:
    way = _Sorted if is_long(given.keys.shape[-1]) else _Few
    return way(k, op, given).applied(x)


def _key_dtype(positions: Any) -> DType:
    """What holds the numbers of so many positions."""
    return DTYPES["si32"] if isinstance(positions, int) and positions < 1 << 31 else SI64


def _scatter(k: KernelBuilder, op: Op, x: Tensor, indices: Tensor, updates: Tensor) -> Tensor:
    """Lines along the axis have nothing to do with each other: many have a thread each."""
    axis = op.axis % x.rank
    require_extents_within(k, op, indices.shape, x.shape, axis)
    require_indices(k, op, indices, x.shape[axis], axis)
    if 0 in (*x.shape, *indices.shape):
        return x
    extent = k.index(k.dim(x.shape[axis]))

    def index(place: Place) -> Scalar:
        return from_front(k.extract(indices, place), extent)

    across = (*indices.shape[:axis], *indices.shape[axis + 1 :])
    lines = math.prod(dim for dim in across if isinstance(dim, int))
    if lines >= MANY:

        def line(at: Place, target: Tensor) -> Tensor:
            def step(number: Scalar, target: Tensor) -> list[Tensor]:
                place = [*at[:axis], number, *at[axis:]]
                position = [*at[:axis], index(place), *at[axis:]]
                return [put(k, op, target, position, k.extract(updates, place))]

            made: list[Tensor] = k.loop(k.index(k.dim(indices.shape[axis])), [target], step)
            return made[0]

        return changed(k, x, across, line)
    order, back = last_axis(op.axis, x.rank)
    dtype = _key_dtype(x.shape[axis])

    def place(row: Place, number: Scalar) -> list[Scalar]:
        line = [*row, number]
        return [line[at] for at in back]

    def position(row: Place, number: Scalar) -> list[Scalar]:
        at = place(row, number)
        return [*at[:axis], index(at), *at[axis + 1 :]]

    keys = k.generate(
        lambda *line: cast(index(place(line[:-1], line[-1])), dtype), [indices.shape[at] for at in order], dtype
    )
    given = _Updates(keys, (), position, lambda row, number, _: k.extract(updates, place(row, number)))
    return _applied(k, op, x, given)


def _scatter_nd(k: KernelBuilder, op: Op, x: Tensor, indices: Tensor, updates: Tensor) -> Tensor:
    """There is one row of updates, each a slice."""
    require_tuples(k, op, indices, x.shape, 0)
    if 0 in (*x.shape, *updates.shape):
        return x
    width = indices.shape[-1]
    count, inner, dtype = math.prod(indices.shape[:-1]), x.shape[width:], _key_dtype(math.prod(x.shape[:width]))
    indices, updates = k.reshape(indices, (count, width)), k.reshape(updates, (count, *inner))

    def position(_: Place, number: Scalar) -> list[Scalar]:
        return position_of(k, indices, [number], x.shape, 0)

    def key(number: Scalar) -> Scalar:
        flat = k.index(0)
        for axis, at in enumerate(position((), number)):
            flat = flat * k.index(k.dim(x.shape[axis])) + at
        return cast(flat, dtype)

    def element(_: Place, number: Scalar, inner: Place) -> Scalar:
        return k.extract(updates, [number, *inner])

    keys = k.generate(key, (count,), dtype)
    return _applied(k, op, x, _Updates(keys, inner, position, element))


RULES: dict[str, Any] = {"mo.scatter": _scatter, "mo.scatter_nd": _scatter_nd}
