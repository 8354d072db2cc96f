# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Products of integers of 8 and 16 bits that are summed in 32: processors multiply pairs of 16 bits and add the two
products by one instruction. So two neighbours along k are packed as the halves of one i32, and a tile takes a pair of
lines in a step. All of it wraps, so results are those of products one by one.
"""

from collections.abc import Callable

from mlir import ir

from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.contraction.body import Body, Emitter, Factor
from mograph.targets.cpu.contraction.packing import AHEAD, Packing, each_panel
from mograph.targets.cpu.contraction.schedule import Schedule
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.partial import Partial, element_bits, element_bytes
from mograph.targets.cpu.transpose import transposed

# By bits of a vector: the feature that a processor needs, and LLVM's name of the instruction.
INSTRUCTIONS = {
    128: ("sse2", "llvm.x86.sse2.pmadd.wd"),
    256: ("avx2", "llvm.x86.avx2.pmadd.wd"),
    512: ("avx512bw", "llvm.x86.avx512.pmaddw.d.512"),
}
HALF = 16


def suits(body: Body, machine: Machine) -> bool:
    """Whether a body multiplies integers that 16 bits hold and adds the product to one of 32, on a processor that does
    so in pairs.
    """
    feature, _ = INSTRUCTIONS.get(machine.vector_bits, ("", ""))
    if feature not in machine.features or [op.name for op in body.core] != ["arith.muli", "arith.addi"]:
        return False
    multiply, add = body.core
    return (
        element_bits(body.total.type) == 2 * HALF
        and set(multiply.operands) == {body.left.value, body.right.value}
        and set(add.operands) == {body.total, multiply.results[0]}
        and _narrow(body.left)
        and _narrow(body.right)
    )


def _narrow(factor: Factor) -> bool:
    if len(factor.ops) != 1 or factor.ops[0].operands[0] != factor.argument:
        return False
    bits = element_bits(factor.argument.type)
    return (factor.ops[0].name, bits) in {("arith.extsi", 8), ("arith.extui", 8), ("arith.extsi", 16)}


def add_products(b: Builder, left: ir.Value, right: ir.Value, total: ir.Value) -> ir.Value:
    """The sums with two more terms each: all three are vectors of i32."""
    lanes = total.type.shape[0]
    halves = ir.VectorType.get([2 * lanes], ir.IntegerType.get_signless(HALF))
    products = b.create(
        "llvm.call_intrinsic",
        [total.type],
        [b.one("vector.bitcast", halves, each) for each in (left, right)],
        {
            "intrin": ir.StringAttr.get(INSTRUCTIONS[2 * HALF * lanes][1]),
            "operandSegmentSizes": ir.DenseI32ArrayAttr.get([2, 0]),
            "op_bundle_sizes": ir.DenseI32ArrayAttr.get([]),
        },
    ).results[0]
    return b.one("arith.addi", total.type, total, products)


def packing_of(
    emitter: Emitter, factor: Factor, partial: Partial, schedule: Schedule, machine: Machine
) -> "Packing | PairPacking":
    """What copies slabs of a factor as a schedule says."""
    b = emitter.b
    if schedule.pairs:
        return PairPacking(b, factor, partial, schedule.lanes)

    def convert(value: ir.Value) -> ir.Value:
        return emitter.factor(factor, value)

    return Packing(b, factor.argument.type, factor.value.type, convert, partial, machine.vector_bits)


class PairPacking:
    """Copies elements of a factor as pairs, in vectors of `lanes` pairs. A last line without a neighbour gets zeros."""

    def __init__(self, b: Builder, factor: Factor, partial: Partial, lanes: int) -> None:
        self.b, self.partial, self.lanes = b, partial, lanes
        self.stored, self.extension = factor.argument.type, factor.ops[0].name
        self.bits, self.bytes = element_bits(self.stored), element_bytes(self.stored)

    def line(self, source: ir.Value, along: Int, target: ir.Value, count: Int) -> None:
        """Copies `count` elements that are `along` apart to pairs that lie together."""
        b, lanes, pairs = self.b, self.lanes, self._half(count)
        if along != 1:
            self._each(source, target, (along, 0), (1, 0), count, 0, 1, None)
            return
        whole = b.round_down(pairs, lanes)

        def piece(at: Int, left: Int | None) -> None:
            self.partial.store(
                self._neighbours(b.address(source, b.mul(at, 2), self.stored), left), b.address(target, at, b.i32), left
            )

        b.each(0, whole, lanes, lambda at: piece(at, None))
        b.each(whole, pairs, lanes, lambda at: piece(at, b.sub(pairs, at)))
        self._each(source, target, (1, 0), (1, 0), count, pairs, 1, None)

    def slab(
        self,
        source: ir.Value,
        target: ir.Value,
        strides: tuple[Int, Int],
        counts: tuple[Int, Int],
        panel: tuple[int, int],
    ) -> None:
        """Copies as many lines and columns as `counts` says, whose neighbours are `strides` apart, to panels of so many
        pairs of lines and columns.
        """
        b, (along_k, along_n), (depth, columns), (_, width) = self.b, strides, counts, panel
        if along_n == 1:
            self._lines(source, along_k, target, counts, panel)
            return

        def one(start: ir.Value, to: ir.Value, last: Int | None) -> None:
            first: Int = 0
            if along_k == 1:
                first = b.round_down(self._half(depth), self.lanes)
                self._squares(start, along_n, to, (first, width), last)
            self._each(start, to, strides, (width, 1), depth, first, width, last)

        each_panel(b, (source, along_n, self.stored), (target, b.i32), columns, panel, one)

    def _lines(
        self, source: ir.Value, along: Int, target: ir.Value, counts: tuple[Int, Int], panel: tuple[int, int]
    ) -> None:
        b, (depth, columns), (lines, width) = self.b, counts, panel
        whole = b.mul(b.split(columns, width)[0], width)

        def pair(number: Int, alone: bool) -> None:
            starts = [
                b.address(source, b.mul(b.add(b.mul(number, 2), i), along), self.stored) for i in range(2 - alone)
            ]
            to = b.address(target, b.mul(number, width), b.i32)
            for start in starts:
                b.prefetch(b.address(start, b.mul(along, AHEAD), self.stored), 1)

            def piece(at: Int, left: Int | None) -> None:
                vector = ir.VectorType.get([width], self.stored)
                values = [
                    self._widened(self.partial.load(vector, b.address(start, at, self.stored), left))
                    for start in starts
                ]
                b.store(self._joined(*values), b.address(to, b.mul(at, lines), b.i32), 4)

            b.each(0, whole, width, lambda at: piece(at, None))
            b.each(whole, columns, width, lambda at: piece(at, b.sub(columns, at)))

        pairs = self._half(depth)
        b.each(0, pairs, 1, lambda number: pair(number, False))
        self._if_odd(depth, lambda: pair(pairs, True))

    def _squares(
        self, source: ir.Value, along: Int, target: ir.Value, counts: tuple[Int, int], last: Int | None
    ) -> None:
        b, lanes, (pairs, width) = self.b, self.lanes, counts

        def square(pair: ir.Value, column: ir.Value) -> None:
            numbers = [self._clamped(b.add(column, i), last) for i in range(lanes)]
            starts = [b.add(b.mul(pair, 2), b.mul(number, along)) for number in numbers]
            rows = [self._neighbours(b.address(source, start, self.stored), None) for start in starts]
            for i, row in enumerate(transposed(b, rows)):
                at = b.add(b.mul(b.add(pair, i), width), column)
                b.store(row, b.address(target, at, b.i32), 4)

        b.grid(0, pairs, 0, width, lanes, square)

    def _each(
        self,
        source: ir.Value,
        target: ir.Value,
        strides: tuple[Int, Int],
        to: tuple[Int, Int],
        depth: Int,
        first: Int,
        columns: int,
        last: Int | None,
    ) -> None:
        """Copies pairs one by one from the pair `first` on."""
        b, pairs = self.b, self._half(depth)

        def one(pair: Int, column: Int, alone: bool) -> None:
            across = b.mul(self._clamped(column, last), strides[1])
            places = [b.add(b.mul(b.add(b.mul(pair, 2), i), strides[0]), across) for i in range(2 - alone)]
            values = [
                self._widened(b.load(self.stored, b.address(source, at, self.stored), self.bytes)) for at in places
            ]
            at = b.add(b.mul(pair, to[0]), b.mul(column, to[1]))
            b.store(self._joined(*values), b.address(target, at, b.i32), 4)

        def rest() -> None:
            b.each(0, columns, 1, lambda column: one(pairs, column, True))

        if not (isinstance(first, int) and first == pairs):
            b.grid(first, pairs, 0, columns, 1, lambda pair, column: one(pair, column, False))
        self._if_odd(depth, rest)

    def _neighbours(self, address: ir.Value, left: Int | None) -> ir.Value:
        """A vector of pairs whose elements lie together."""
        b, i32 = self.b, ir.VectorType.get([self.lanes], self.b.i32)
        unit = ir.VectorType.get([self.lanes], ir.IntegerType.get_signless(2 * self.bits))
        value = b.load(unit, address, self.bytes) if left is None else self.partial.load(unit, address, left)
        if self.bits == HALF:
            return value
        wide = b.one("arith.extui", i32, value)
        shift = "arith.shrsi" if self.extension == "arith.extsi" else "arith.shrui"
        upper = (b.one("arith.shli", i32, wide, b.number(i32, bits)) for bits in (24, 16))
        return self._joined(*(b.one(shift, i32, each, b.number(i32, 24)) for each in upper))

    def _widened(self, value: ir.Value) -> ir.Value:
        shape = value.type.shape if isinstance(value.type, ir.VectorType) else None
        return self.b.one(self.extension, self.b.i32 if shape is None else ir.VectorType.get(shape, self.b.i32), value)

    def _joined(self, first: ir.Value, second: ir.Value | None = None) -> ir.Value:
        b, type_ = self.b, first.type
        low = b.one("arith.andi", type_, first, b.number(type_, (1 << HALF) - 1))
        if second is None:
            return low
        return b.one("arith.ori", type_, low, b.one("arith.shli", type_, second, b.number(type_, HALF)))

    def _half(self, count: Int) -> Int:
        return self.b.split(count, 2)[0]

    def _if_odd(self, count: Int, then: Callable[[], None]) -> None:
        b, odd = self.b, self.b.split(count, 2)[1]
        if not isinstance(odd, int):
            b.if_(b.one("arith.trunci", b.i1, odd), then)
        elif odd:
            then()

    def _clamped(self, column: Int, last: Int | None) -> Int:
        return column if last is None else self.b.min(column, last)
