# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What comes before and after one nest of a group, on the vectors in which it has its results."""

from collections.abc import Callable, Mapping, Sequence

from mlir import ir

from mograph.targets.cpu.body import VectorBody
from mograph.targets.cpu.builder import Builder, Int
from mograph.targets.cpu.group import Group
from mograph.targets.cpu.nest import Access, Nest, Seen
from mograph.targets.cpu.plan import vectorizable

Load = Callable[[int, int], ir.Value]  # (nest, operand) -> a vector, or the scalar that stands for all its elements
Store = Callable[[int, int, ir.Value], None]  # (nest, operand, vector)


def begins(nest: Nest, after: Nest) -> bool:
    """Whether a nest computes, element by element, what the one after it adds to."""
    if len(nest.outputs) != 1 or len(after.outputs) != 1 or nest.indexed or not vectorizable(nest):
        return False
    start, total = nest.outputs[0], after.outputs[0]
    if start.is_read or any(access.memref == start.memref for access in nest.memory if access is not start):
        return False
    count = len(nest.loops)
    same = (start.memref, start.offset, start.strides) == (total.memref, total.offset, total.strides[:count])
    return same and not any(loop.reduces for loop in nest.loops)


def surrounded(group: Group) -> tuple[int, bool] | None:
    """The number of the nest that reduces, when the others are one that its results start from and some that compute
    element by element, all over the same loops; and whether there is that one.
    """
    at = next((i for i, nest in enumerate(group.nests) if any(loop.reduces for loop in nest.loops)), None)
    if at is None or at > 1 or (at and not begins(group.nests[0], group.nests[1])):
        return None
    if len(group.nests) > 1 and sum(not loop.reduces for loop in group.nests[at].loops) != group.shared:
        return None
    for nest in group.nests[at + 1 :]:
        if len(nest.loops) != group.shared or any(loop.reduces for loop in nest.loops) or not vectorizable(nest):
            return None
    return at, at > 0


class Followers:
    """Makes the operations of the nests after number `at`, on vectors along the loop `along`."""

    def __init__(self, b: Builder, group: Group, at: int, seen: Sequence[Seen], along: int, fused: bool) -> None:
        self.group, self.at = group, at
        self.bodies = [
            VectorBody(b, nest, values, along, fused) for nest, values in zip(group.nests, seen, strict=True)
        ][at + 1 :]

    def run(self, values: Sequence[ir.Value], indices: Mapping[int, Int], width: int, load: Load, store: Store) -> None:
        """Of the results of nest `at`, vectors of `width` elements at the indices of the loops."""
        results: dict[ir.Value, ir.Value] = {}
        self._finish(self.at, values, results, store)
        for number, body in enumerate(self.bodies, self.at + 1):
            operands = {}
            for k, access in enumerate(self.group.nests[number].accesses):
                if isinstance(access, Access) and access.memref in results:
                    operands[k] = results[access.memref]
                elif not isinstance(access, Access) or access.is_read:
                    operands[k] = load(number, k)
            self._finish(number, body.apply(operands, indices, width), results, store)

    def _finish(self, number: int, values: Sequence[ir.Value], results: dict[ir.Value, ir.Value], store: Store) -> None:
        """Notes a nest's results, and stores those that are not of this group alone and are not replaced later."""
        nest = self.group.nests[number]
        for k, value in enumerate(values, len(nest.accesses) - len(nest.outputs)):
            access = nest.accesses[k]
            assert isinstance(access, Access)
            results[access.memref] = value
            later = any(access.memref in [a.memref for a in n.outputs] for n in self.group.nests[number + 1 :])
            if access.memref not in self.group.temps and not later:
                store(number, k, value)
