# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo.grouped_matmul` as one nest over all rows, columns, groups and sums: the host need not know where groups are.

The nest adds up, over the groups and over k, the terms of the group that a row is in, and keeps the sum for all others.
Where groups start and stop is computed before, by one thread.
"""

from __future__ import annotations

from typing import Any

from mograph.transforms.lower.builder import SI64, KernelBuilder, Scalar, Tensor
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.loops import generic, loop_index
from mograph.transforms.lower.builder.scalar import bit_and, constant, select
from mograph.transforms.lower.grouped_matmul import group_end
from mograph.transforms.lower.rule import Op

__all__ = ["OPS", "RULES", "grouped_matmul"]

OPS = ("mo.grouped_matmul",)

_ROW, _COLUMN, _GROUP, _INNER = range(4)  # the loops of the nest


def grouped_matmul(k: KernelBuilder, op: Op, lhs: Tensor, rhs: Tensor, sizes: Tensor) -> Tensor:
    """Each element of the result goes through all groups, one of which may have it."""
    shape = op.result.type.shape
    if 0 in (*lhs.shape, *rhs.shape):
        return k.full(shape, 0, lhs.dtype)
    if rhs.shape[0] == 1:
        return _of_one_group(k, op, lhs, rhs, sizes)
    compute = lhs.dtype.compute
    starts, stops = _bounds(k, sizes, lhs.shape[0])
    left, right = (_plain(k, x) for x in (lhs, rhs))
    matrix = (_GROUP, _COLUMN, _INNER) if op.transpose_rhs else (_GROUP, _INNER, _COLUMN)
    maps = [(_ROW, _INNER), matrix, (_GROUP,), (_GROUP,)]

    def body(arguments: list[Any]) -> list[Any]:
        a, b, start, stop, total = (
            Scalar(k.em, value, dtype)
            for value, dtype in zip(arguments, (left.dtype, right.dtype, SI64, SI64, compute), strict=True)
        )
        row = cast(loop_index(k, _ROW), SI64)
        more = total + cast(a, compute) * cast(b, compute)
        return [select(bit_and(row >= start, row < stop), more, total).value]

    inputs = [(x.value, map_) for x, map_ in zip((left, right, starts, stops), maps, strict=True)]
    output = (k.filled(shape, constant(k.em, 0, compute)), (_ROW, _COLUMN))
    (value,) = generic(k, ["parallel", "parallel", "reduction", "reduction"], inputs, [output], body)
    return k.cast(k.input(value, compute, shape), lhs.dtype)


def _of_one_group(k: KernelBuilder, op: Op, lhs: Tensor, rhs: Tensor, sizes: Tensor) -> Tensor:
    """A product of matrices, of which the rows behind the group are zeros."""
    rows = k.index(k.dim(lhs.shape[0]))
    product = k.matmul(lhs, k.reshape(rhs, rhs.shape[1:]), transpose_b=bool(op.transpose_rhs))
    numbers = k.generate(lambda row, _: cast(row, SI64), (lhs.shape[0], 1), SI64)
    stops = k.map(lambda size: cast(group_end(size, k.index(0), rows), SI64), sizes, dtype=SI64)
    return k.map(lambda sum_, row, stop: select(row < stop, sum_, 0), product, numbers, stops, dtype=lhs.dtype)


def _plain(k: KernelBuilder, x: Tensor) -> Tensor:
    """`x` in memory, in a type whose widening is one operation."""
    x = Tensor(k, x.dtype, x.shape, value=x.value)
    return k.cast(x, x.dtype.compute) if x.dtype.bits == 8 and x.dtype.kind == "float" else x


def _bounds(k: KernelBuilder, sizes: Tensor, rows: Any) -> tuple[Tensor, Tensor]:
    """The row at which each group starts, and the one behind its last."""
    last = k.index(k.dim(rows))
    blanks = [k.blank(sizes.shape, SI64) for _ in range(2)]

    def bound(number: Scalar, start: Scalar, starts: Tensor, stops: Tensor) -> list[Scalar | Tensor]:
        stop = group_end(k.extract(sizes, [number]), start, last)
        return [stop, *(k.insert(x, cast(at, SI64), [number]) for x, at in ((starts, start), (stops, stop)))]

    _, starts, stops = k.loop(k.index(k.dim(sizes.shape[0])), [k.index(0), *blanks], bound)
    return starts, stops


RULES = {"mo.grouped_matmul": grouped_matmul}
