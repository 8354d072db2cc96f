# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Few rows of C by a large B: what takes time is to read B, so it is read once, in the order in which it lies there."""

from collections.abc import Sequence

from mlir import ir

from mograph.targets.cpu.builder import Int
from mograph.targets.cpu.contraction.body import Emitter
from mograph.targets.cpu.contraction.schedule import Schedule
from mograph.targets.cpu.contraction.tile import Side
from mograph.targets.cpu.nest import storage_type
from mograph.targets.cpu.partial import Partial, element_bytes

READING = 30  # picoseconds for a byte of B


def stream_rows(
    emitter: Emitter,
    schedule: Schedule,
    partial: Partial,
    sides: tuple[Side, Side],
    c_type: ir.Type,
    lines: Sequence[ir.Value],
    columns: Int,
    depth: Int,
) -> None:
    """Adds the products of some rows of A and B, which are `depth` long, to the rows of C that start at `lines` and
    have so many `columns`. Some rows of B pass by at a time, which processors bring from memory faster when left alone
    than when they are asked for lines ahead.
    """
    b, body = emitter.b, emitter.body
    a, right = sides
    left_type, right_type = storage_type(a.stored), storage_type(right.stored)

    def rows(k: Int, count: int) -> None:
        first = b.address(right.base, b.mul(k, right.along), right_type)
        starts = [b.address(first, b.mul(right.along, u), right_type) for u in range(count)]
        corner = b.address(a.base, b.mul(k, a.along), left_type)
        factors = [[element(corner, r, u) for u in range(count)] for r in range(len(lines))]

        def piece(n: Int, width: int, left: Int | None) -> None:
            vector = ir.VectorType.get([width], right_type)
            values = [
                emitter.factor(body.right, partial.load(vector, b.address(start, n, right_type), left))
                for start in starts
            ]
            for line, own in zip(lines, factors, strict=True):
                place = b.address(line, n, c_type)
                total = partial.load(ir.VectorType.get([width], c_type), place, left)
                for value, factor in zip(values, own, strict=True):
                    spread = b.one("vector.broadcast", ir.VectorType.get([width], factor.type), factor)
                    total = emitter.combine(spread, value, total)
                partial.store(total, place, left)

        whole = b.mul(b.split(columns, schedule.width)[0], schedule.width)
        b.each(0, whole, schedule.width, lambda n: piece(n, schedule.width, None))
        b.each(
            whole, columns, schedule.lanes, lambda n: piece(n, schedule.lanes, b.min(b.sub(columns, n), schedule.lanes))
        )

    def element(corner: ir.Value, r: int, u: int) -> ir.Value:
        at = b.add(b.mul(a.across, r), b.mul(a.along, u))
        value = b.load(left_type, b.address(corner, at, left_type), element_bytes(left_type))
        return emitter.factor(body.left, value)

    full = b.mul(b.split(depth, schedule.stream)[0], schedule.stream)
    b.each(0, full, schedule.stream, lambda k: rows(k, schedule.stream))
    b.each(full, depth, 1, lambda k: rows(k, 1))
