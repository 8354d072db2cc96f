# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which outer loops a sequence of nests may share.

A loop of one nest and a loop of a later one are the same axis when both index the same dimension of some memref. The
nests may run point by point of an axis, one after the other, when whatever one of them writes and another one touches
is indexed by the axis, in the same dimension by both: then two points touch different elements.

Buffers are told apart by their roots: an allocation overlaps nothing but its views, and what may be another name for
it where it is handed to a loop or a function that gives it back. Two arguments of a function overlap only when they are
one buffer of one type, which a caller may pass to work in place; so they are held to the same indexing, unless all
callers are known and none does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mlir import ir

from mograph import _native
from mograph.dialects.kit.values import listed
from mograph.targets.cpu.builder import find, operations
from mograph.targets.cpu.copies import copied
from mograph.targets.cpu.flow import VIEWS
from mograph.targets.cpu.forms import iterator_types
from mograph.targets.cpu.parts import Slice

FRESH = frozenset({"memref.alloc", "memref.alloca", "memref.get_global"})
PLAIN = frozenset(
    {"linalg.generic", "memref.copy", "memref.dealloc", "memref.dim", "memref.load", "memref.store", "func.return"}
)
"""Operations that give what they take no further name."""

Axis = tuple[int, ...]  # for each nest the number of its loop


class Buffers:
    """The memrefs of a function: where they come from, and how often each is an operand."""

    def __init__(self, function: ir.Operation) -> None:
        self._views: dict[ir.Value, ir.Value] = {}
        self._slices: dict[ir.Value, Slice] = {}
        self._fresh: set[ir.Value] = set()
        self._list = list(function.regions[0].blocks[0].arguments)
        self._arguments = set(self._list)
        self._uses: dict[ir.Value, int] = {}
        handed_on: list[ir.Value] = []

        for op in [function, *_native.ops_in(function, ["linalg.generic"])]:
            name = op.name
            memrefs, _ = _native.memrefs_of(op)
            for memref in memrefs:
                self._uses[memref] = self._uses.get(memref, 0) + 1
            if name in VIEWS:
                self._views[op.results[0]] = memrefs[0]
                if name == "memref.subview":
                    self._slices[op.results[0]] = Slice.of(op)
            elif name in FRESH:
                self._fresh.add(op.results[0])
            elif name not in PLAIN:
                handed_on.extend(memrefs)
        for op in find(function, "memref.load"):
            if op.parent is not None and op.parent.name == "linalg.generic":
                self._uses[op.operands[0]] = self._uses.get(op.operands[0], 0) + 1
        self._named = {self.root(memref) for memref in handed_on}
        self._meeting: set[tuple[ir.Value, ir.Value]] | None = None
        self._apart: dict[tuple[ir.Value, ir.Value], bool] = {}
        self._touched: dict[ir.Operation, list[Touch]] = {}

    def called(self, meeting: set[tuple[int, int]]) -> None:
        """Notes that all callers are known, and which pairs of arguments may be one buffer in one of them."""
        self._meeting = {(self._list[a], self._list[b]) for pair in meeting for a, b in (pair, pair[::-1])}
        self._apart.clear()

    def root(self, memref: ir.Value) -> ir.Value:
        """What a memref is a view of."""
        while memref in self._views:
            memref = self._views[memref]
        return memref

    def uses(self, memref: ir.Value) -> int:
        """How often a memref is an operand."""
        return self._uses.get(memref, 0)

    def moved(self, old: ir.Value, new: ir.Value, count: int) -> None:
        """Notes that so many uses of a memref have become ones of a new allocation."""
        self._apart.clear()  # the new one may be where one was that is gone
        self._fresh.add(new)
        self._uses[new] = count
        self._uses[old] -= count

    def same(self, a: ir.Value, b: ir.Value) -> bool:
        """Whether equal indices of two memrefs are the only ones whose elements may be the same."""
        return bool(a == b or (a in self._arguments and b in self._arguments and self._may_meet(a, b)))

    def whole_in(self, a: ir.Value, b: ir.Value, dimension: int | None) -> bool:
        """Whether `b` is a slice of `a` that has all of a dimension, which is the same of both."""
        found = self._slices.get(b)
        if found is None or dimension is None or found.source != a or len(found.ends) != ir.MemRefType(b.type).rank:
            return False
        return found.ends[dimension] == (0, ir.MemRefType(a.type).shape[dimension] - 1)

    def touches(self, op: ir.Operation, again: bool = False) -> list["Touch"]:
        """What a nest touches, remembered; looked at `again` where its operands have changed."""
        if again or op not in self._touched:
            self._touched[op] = touches(op)
        return self._touched[op]

    def apart(self, a: ir.Value, b: ir.Value) -> bool:
        """Whether two memrefs have no element in common."""
        found = self._apart.get((a, b))
        if found is None:
            found = self._apart[a, b] = self._are_apart(a, b)
        return found

    def _are_apart(self, a: ir.Value, b: ir.Value) -> bool:
        if a in self._slices and b in self._slices and self._slices[a].apart(self._slices[b]):
            return True
        a, b = self.root(a), self.root(b)
        if a == b:
            return False
        if a in self._arguments and b in self._arguments:
            return not self._may_meet(a, b)
        fresh_a, fresh_b = a in self._fresh, b in self._fresh
        if (fresh_a or a in self._arguments) and (fresh_b or b in self._arguments):
            return True
        return (fresh_a and a not in self._named) or (fresh_b and b not in self._named)

    def _may_meet(self, a: ir.Value, b: ir.Value) -> bool:
        """Whether two arguments may be one buffer."""
        return bool(a.type == b.type) and (self._meeting is None or (a, b) in self._meeting)


def note_callers(module: ir.Module, buffers: Mapping[str, Buffers]) -> None:
    """Tells the `buffers` of each private function of a module which of its arguments may be one buffer."""
    meeting: dict[str, set[tuple[int, int]]] = {}
    for function in find(module.operation, "func.func"):
        name = ir.StringAttr(function.attributes["sym_name"]).value
        for call in find(function, "func.call"):
            callee = ir.FlatSymbolRefAttr(call.attributes["callee"]).value
            operands = [(i, each) for i, each in enumerate(call.operands) if isinstance(each.type, ir.MemRefType)]
            met = meeting.setdefault(callee, set())
            for k, (i, a) in enumerate(operands):
                met |= {(i, j) for j, b in operands[:k] if a.type == b.type and not buffers[name].apart(a, b)}
    for function in find(module.operation, "func.func"):
        name = ir.StringAttr(function.attributes["sym_name"]).value
        if name in buffers and "sym_visibility" in function.attributes:
            buffers[name].called(meeting.get(name, set()))


class Touch(NamedTuple):
    """One operand of a nest: the memref, which loop indexes each of its dimensions (None where that is not just one
    loop, or not known), and whether it is written and read.
    """

    memref: ir.Value
    loops: tuple[int | None, ...] | None
    writes: bool
    reads: bool

    def dimension(self, loop: int) -> int | None:
        """The dimension that a loop indexes and that no other loop does."""
        return self.loops.index(loop) if self.loops is not None and loop in self.loops else None


def touches(op: ir.Operation) -> list[Touch]:
    """All that a `linalg.generic` touches, also by loads in its body."""
    inputs = int(op.attributes["operandSegmentSizes"][0])
    body = op.regions[0].blocks[0]
    inner = operations(body, op)
    used = {operand for each in inner for operand in each.operands}
    found = []
    for number, (operand, attribute) in enumerate(
        zip(op.operands, listed(op.attributes["indexing_maps"]), strict=True)
    ):
        if isinstance(operand.type, ir.MemRefType):
            loops = tuple(
                expr.position if isinstance(expr, ir.AffineDimExpr) else None for expr in attribute.value.results
            )
            found.append(Touch(operand, loops, number >= inputs, body.arguments[number] in used))
    return found + [Touch(each.operands[0], None, False, True) for each in inner if each.name == "memref.load"]


@dataclass
class Run:
    """Nests in sequence, what each touches, and the axes that all of them share."""

    buffers: Buffers
    ops: list[ir.Operation] = field(default_factory=list)
    touched: list[list[Touch]] = field(default_factory=list)
    axes: list[Axis] = field(default_factory=list)

    def extended(self, op: ir.Operation) -> "Run | None":
        """The run with one more nest; None when that shares no axis with the others."""
        new = self.buffers.touches(op)
        parallel = [i for i, kind in enumerate(iterator_types(op)) if kind == "parallel"]
        if not self.ops:
            axes: list[Axis] = [(loop,) for loop in parallel]
        else:
            axes = []
            for axis in self.axes:
                loop = self._continued(axis, new, parallel, copied(op) is not None)
                if loop is not None and all(loop != other[-1] for other in axes):
                    axes.append((*axis, loop))
        if not axes:
            return None
        return Run(self.buffers, [*self.ops, op], [*self.touched, new], axes)

    def inserted(self, op: ir.Operation, place: int) -> "Run | None":
        """The run with one more nest, which is the one of that number; None as above. What may run together does not
        depend on the order.
        """
        run = self.extended(op)
        if run is None:
            return None
        *ops, op = run.ops
        *touched, new = run.touched
        axes = [(*axis[:place], axis[-1], *axis[place:-1]) for axis in run.axes]
        return Run(self.buffers, [*ops[:place], op, *ops[place:]], [*touched[:place], new, *touched[place:]], axes)

    def again(self) -> "Run":
        """The run of the same nests, whose operands have changed places with others of the same indexing."""
        return Run(self.buffers, self.ops, [self.buffers.touches(op, again=True) for op in self.ops], self.axes)

    def touches(self, op: ir.Operation) -> bool:
        """Whether an operation and the run may have any element in common."""
        new = self.buffers.touches(op)
        return any(not self.buffers.apart(a.memref, b.memref) for nest in self.touched for a in nest for b in new)

    def _continued(self, axis: Axis, new: Sequence[Touch], parallel: Sequence[int], copies: bool) -> int | None:
        """The loop of a new nest that is one with an axis: the extents are those of one memref, or of a slice that has
        all of it, where the nest `copies` into that. Where two arguments may be one buffer, they are if they are, and
        the loop has to be the same.
        """
        loop: int | None = None
        asked: set[int] = set()
        for written in (True, False):  # what is written has a say before what both only read
            for old, nest in zip(self.touched, axis, strict=True):
                for a in old:
                    for b in new:
                        if (a.writes or b.writes) is not written:
                            continue
                        if written and self.buffers.apart(a.memref, b.memref):
                            continue
                        dimension = a.dimension(nest)
                        whole = copies and self.buffers.whole_in(a.memref, b.memref, dimension)
                        if not whole and not self.buffers.same(a.memref, b.memref):
                            dimension = None
                        found = b.loops[dimension] if dimension is not None and b.loops is not None else None
                        if written and (found is None or found not in parallel):
                            return None
                        if written and found is not None:
                            asked.add(found)
                        if loop is None and found in parallel and (whole or a.memref == b.memref):
                            loop = found
        return loop if asked <= {loop} else None
