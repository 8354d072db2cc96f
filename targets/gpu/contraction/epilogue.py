# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is done with a sum: it is combined with what C starts from, and the nests after the product go on with that.

All of it is done element by element, in registers: of what lives in the group only nothing is in memory.
"""

from collections.abc import Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.body import from_storage, to_storage
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.codegen import NestCode, Place
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import Access, Nest, Seen, storage_type
from mograph.targets.cpu.partial import element_bytes
from mograph.targets.gpu.contraction.indices import offset_of
from mograph.targets.gpu.contraction.roles import Roles
from mograph.targets.gpu.single import MACHINE, SCALAR


class Element(NestCode):
    """A nest at one point, where the elements of the memrefs in `values` are known, and results get known. Results are
    stored but for those of memrefs in `unstored`.
    """

    def __init__(
        self, b: Builder, nest: Nest, seen: Seen, values: dict[ir.Value, ir.Value], unstored: set[ir.Value]
    ) -> None:
        super().__init__(b, nest, SCALAR, seen, MACHINE)
        self.values, self.unstored = values, unstored

    def _load(self, k: int, place: Place) -> ir.Value:
        value = self.values.get(self._access(k).memref)
        return super()._load(k, place) if value is None else value

    def _store(self, place: Place, values: Sequence[ir.Value]) -> None:
        for k, value in zip(range(self.first_output, len(self.nest.accesses)), values, strict=True):
            access = self._access(k)
            self.values[access.memref] = value
            if access.memref not in self.unstored:
                storage = storage_type(access.element)
                address = self.b.address(self.bases[k], place.offsets[k], storage)
                self.b.store(to_storage(self.b, value, access.element), address, element_bytes(storage))


class Epilogue:
    """Finishes elements of C."""

    def __init__(self, b: Builder, group: Group, roles: Roles, seen: Sequence[Seen]) -> None:
        self.b, self.group, self.roles, self.seen = b, group, roles, seen

    def finish(self, indices: Mapping[int, Int], total: ir.Value) -> None:
        """Goes on with a sum at these indices of the product's parallel loops."""
        b, at = self.b, self.roles.product
        nest = self.group.nests[at]
        c, values = nest.outputs[0], dict[ir.Value, ir.Value]()
        if self.roles.begun:
            self._run(0, indices, values)
        else:
            element = self._address(c, indices)
            storage = storage_type(c.element)
            values[c.memref] = from_storage(b, b.load(storage, element, element_bytes(storage)), c.element)
        values[c.memref] = b.one(self.roles.kind, total.type, values[c.memref], total)
        if c.memref not in self._unstored(at):
            b.store(to_storage(b, values[c.memref], c.element), self._address(c, indices), element_bytes(c.element))
        for number in range(at + 1, len(self.group.nests)):
            self._run(number, indices, values)

    def _address(self, access: Access, indices: Mapping[int, Int]) -> ir.Value:
        seen = self.seen[self.roles.product]
        return self.b.address(
            seen.bases[2], offset_of(self.b, access, indices, seen.symbols), storage_type(access.element)
        )

    def _run(self, number: int, indices: Mapping[int, Int], values: dict[ir.Value, ir.Value]) -> None:
        nest = self.group.nests[number]
        Element(self.b, nest, self.seen[number], values, self._unstored(number)).emit_point(indices)

    def _unstored(self, number: int) -> set[ir.Value]:
        """The memrefs that nobody reads as a nest leaves them."""
        later = {access.memref for nest in self.group.nests[number + 1 :] for access in nest.outputs}
        return {*self.group.temps, *later}
