# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Code that transforms the filter of Winograd's convolutions.

It comes in panels of `width` results. A panel has a plane for each place of the transformed square, and that a row of
`width` elements for each channel.
"""

from typing import TYPE_CHECKING

from mlir import ir

from mograph.targets.cpu.builder import Builder, Descriptor, Int
from mograph.targets.cpu.cook_toom import Transforms
from mograph.targets.cpu.nest import Nest
from mograph.targets.cpu.partial import element_bits
from mograph.targets.cpu.transpose import copy_across
from mograph.targets.cpu.winograd_transform import Transformer

if TYPE_CHECKING:
    from mograph.targets.cpu.winograd import Roles


class Filters:
    """The panels of the filter that `nest` reads in `roles`, on vectors of `lanes` elements."""

    def __init__(self, nest: Nest, roles: "Roles", by: Transforms, width: int, lanes: int) -> None:
        self.roles, self.by, self.width, self.lanes = roles, by, width, lanes
        self.type = nest.memory[roles.w].element
        self.strides = [stride.constant for stride in nest.memory[roles.w].strides]
        # From one plane to the next it is a line of the cache more than needed, since multiples of a page would all be
        # kept in the same few lines of it.
        self.plane = roles.channels * width + lanes
        self.panel = by.size**2 * self.plane
        self.count = roles.results // width

    @property
    def key(self) -> tuple[object, ...]:
        """What the panels depend on, besides the filter."""
        return "winograd", self.by.m, self.by.r, self.width, self.lanes, self.roles.last, *self.strides

    @property
    def bytes(self) -> int:
        """Of all panels."""
        return self.count * self.panel * element_bits(self.type) // 8

    def emit(self, b: Builder, fused: bool, source: ir.Value, target: ir.Value, panels: tuple[Int, Int]) -> None:
        """Makes the panels from the first to before the last of `panels`, the first one at `target`; `source` is the
        filter.
        """
        roles, width, lo = self.roles, self.width, panels[0]
        transformer = Transformer(b, self.type, self.lanes, fused, [self.by.filter])
        turned = None if roles.last else b.allocate(self.type, roles.taps**2 * roles.channels * width)

        def panel(number: Int) -> None:
            start = b.address(source, b.mul(number, width * self.strides[roles.result]), self.type)
            into = b.address(target, b.mul(b.sub(number, lo), self.panel), self.type)
            steps = [self.strides[loop] for loop in (roles.channel, roles.row_tap, roles.column_tap)]
            if turned is not None:
                # The filter of a result is one line of channels and taps; what results have side by side is wanted.
                block = Descriptor(b, turned).aligned()
                lines = roles.taps**2 * roles.channels
                copy_across(
                    b, self.type, (start, self.strides[roles.result]), (block, width), (lines, width),
                    self.lanes * element_bits(self.type),
                )  # fmt: skip
                start, steps = block, [step * width for step in steps]
            b.each(
                0, roles.channels, 1,
                lambda channel: b.each(
                    0, width, self.lanes, lambda lane: self._one(transformer, start, steps, into, channel, lane)
                ),
            )  # fmt: skip

        b.each(lo, panels[1], 1, panel)
        if turned is not None:
            b.create("memref.dealloc", [], [turned])

    def _one(
        self, transformer: Transformer, source: ir.Value, steps: list[int], target: ir.Value, channel: Int, lane: Int
    ) -> None:
        """A vector of results of a channel, at all places."""
        b, size = transformer.b, self.by.size
        start = b.address(source, b.add(b.mul(channel, steps[0]), lane), self.type)
        first = b.address(target, b.add(b.mul(channel, self.width), lane), self.type)

        def load(column: Int, row: int) -> ir.Value:
            at = b.address(b.address(start, b.mul(column, steps[2]), self.type), row * steps[1], self.type)
            return b.load(transformer.vector, at, transformer.bytes)

        def store(row: Int, column: int, value: ir.Value) -> None:
            place = b.mul(b.add(b.mul(row, size), column), self.plane)
            b.store(value, b.address(first, place, self.type), transformer.bytes)

        transformer.square(self.by.filter, load, store)
