# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What becomes of the sums of convolutions: what the results start from is added, and nests follow."""

from collections.abc import Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.body import VectorBody, from_storage, to_storage, vector_of
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.followers import Followers
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.nest import ZERO, Access, Seen, storage_type
from mograph.targets.cpu.partial import element_bits, element_bytes
from mograph.targets.cpu.strided import Strided
from mograph.targets.cpu.transpose import copy_across

TOGETHER = 16  # results that are turned to lines of pixels at a time
C = 2  # the operand that is the result
Places = Mapping[tuple[int, int], ir.Value]


class Results:
    """Makes code with builder `b` for vectors of sums along a loop. The convolution is nest `at` of the group, and its
    results start from those of the nest before if they are `begun`.
    """

    def __init__(
        self, b: Builder, group: Group, at: int, begun: bool, along: int, seen: Sequence[Seen], fused: bool
    ) -> None:
        self.b, self.group, self.at, self.along, self.seen = b, group, at, along, seen
        self.followers = Followers(b, group, at, seen, along, fused)
        self.start = VectorBody(b, group.nests[0], seen[0], along, fused) if begun else None
        self.accesses = {
            (number, k): access
            for number, nest in enumerate(group.nests)
            for k, access in enumerate(nest.accesses)
            if isinstance(access, Access) and access.memref not in group.temps and (number != at or k == C)
        }

    def places(self, indices: Mapping[int, Int]) -> Places:
        """The addresses of all operands at the indices of loops."""
        b, found = self.b, {}
        for (number, k), access in self.accesses.items():
            offset: Int = 0
            for loop, index in indices.items():
                offset = b.add(offset, b.mul(index, access.strides[loop].constant))
            found[number, k] = b.address(self.seen[number].bases[k], offset, storage_type(access.element))
        return found

    def finish(self, value: ir.Value, places: Places, lane: Int, width: int, lanes: ir.Value | None) -> None:
        """Stores `width` results, given their sums; operands are at a lane from `places`. Only `lanes` of them exist
        where that mask is given.
        """
        b = self.b

        def address(number: int, k: int) -> ir.Value:
            return b.address(places[number, k], lane, storage_type(self.accesses[number, k].element))

        def load(number: int, k: int) -> ir.Value:
            if (number, k) not in self.accesses:
                return self.seen[number].bases[k]
            access = self.accesses[number, k]
            storage = storage_type(access.element)
            if access.strides[self.along] == ZERO:
                return from_storage(b, b.load(storage, places[number, k], element_bytes(storage)), access.element)
            vector = b.load_lanes(vector_of(storage, width), address(number, k), element_bytes(storage), lanes)
            return from_storage(b, vector, access.element)

        def store(number: int, k: int, result: ir.Value) -> None:
            access = self.accesses[number, k]
            stored = to_storage(b, result, access.element)
            b.store_lanes(stored, address(number, k), element_bytes(storage_type(access.element)), lanes)

        if self.start is None:
            start = load(self.at, C)
        else:
            inputs = range(len(self.group.nests[0].accesses) - 1)
            start = self.start.apply({k: load(0, k) for k in inputs}, {}, width)[0]
        self.followers.run([b.one("arith.addf", value.type, start, value)], {}, width, load, store)


class Lines:
    """Makes code that finishes sums of which a pixel has those of several results side by side: `ends` wants them along
    pixels, and `result` is the loop of the results.
    """

    def __init__(self, ends: Results, result: int, element: ir.Type, machine: Machine) -> None:
        self.ends, self.result, self.type, self.machine = ends, result, element, machine
        self.lanes = machine.vector_bits // element_bits(element)

    def emit(
        self, sums: tuple[ir.Value, int], lines: tuple[ir.Value, int], at: Mapping[int, Int], results: Int, count: Int
    ) -> None:
        """Finishes `results` results of `count` pixels from the indices `at` of loops on. `sums` and `lines` are each
        an address and a distance: that between pixels, and that between the lines of `TOGETHER` results, to which some
        sums at a time are turned.
        """
        b, first = self.ends.b, at[self.result]

        def some(result: Int) -> None:
            together = b.min(b.sub(results, result), TOGETHER)
            source = b.address(sums[0], result, self.type), sums[1]
            copy_across(b, self.type, source, lines, (together, count), self.machine.vector_bits)
            b.each(0, together, 1, lambda number: line(b.add(result, number), number))

        def line(result: Int, number: Int) -> None:
            places = self.ends.places({**at, self.result: b.add(first, result)})
            self._line(b.address(lines[0], b.mul(number, lines[1]), self.type), places, count)

        b.each(0, results, TOGETHER, some)

    def _line(self, start: ir.Value, places: Places, count: Int) -> None:
        b, lanes = self.ends.b, self.lanes
        bytes_ = element_bytes(self.type)

        def vector(lane: Int, width: int, mask: ir.Value | None) -> None:
            value = b.load_lanes(vector_of(self.type, width), b.address(start, lane, self.type), bytes_, mask)
            self.ends.finish(value, places, lane, width, mask)

        whole = b.mul(b.split(count, lanes)[0], lanes)
        b.each(0, whole, lanes, lambda lane: vector(lane, lanes, None))
        if isinstance(count, int) and count == whole:
            return
        if self.machine.masks:
            mask = Strided(b).mask(lanes, 1, b.sub(count, whole))
            b.each(whole, count, lanes, lambda lane: vector(lane, lanes, mask))
        else:
            b.each(whole, count, 1, lambda lane: vector(lane, 1, None))
