# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Copies between buffers of the program and tensors go where one of the two can stand for both.

What is loaded from a buffer is read there, unless the buffer is written to before that is over. What is stored in one
is computed there, unless the buffer is used in the meantime or a check may fail: a program that ends before the store
leaves the buffer as it was.
"""

from collections.abc import Sequence

from mlir import ir

from mograph.dialects.kit.values import listed
from mograph.targets.cpu.builder import find
from mograph.targets.cpu.effects import Effects, callee
from mograph.targets.cpu.flow import Flow, Node, Sources
from mograph.targets.cpu.forms import iterator_types
from mograph.targets.cpu.inplace import may_overwrite


def drop_copies(module: ir.Module) -> None:
    """Removes such copies from every function."""
    effects = Effects(module)
    for function in find(module.operation, "func.func"):
        copies = [op for op in find(function, "memref.copy", "linalg.generic") if _is_copy(op)]
        if copies and len(function.regions[0].blocks) == 1:
            _Function(function, effects).run(copies)
            effects.forget(function)


def copied(op: ir.Operation) -> tuple[ir.Value, ir.Value] | None:
    """The source and the target of an operation that copies one memref to another, element by element."""
    operands = list(op.operands)
    if op.name not in ("memref.copy", "linalg.generic") or len(operands) != 2 or operands[0] == operands[1]:
        return None
    source, target = operands
    if op.name == "memref.copy":
        return source, target
    if not all(isinstance(each.type, ir.MemRefType) for each in operands) or "reduction" in iterator_types(op):
        return None
    read, written = (attribute.value for attribute in listed(op.attributes["indexing_maps"]))
    if read != written or not read.is_permutation:
        return None
    (end,) = find(op, "linalg.yield")
    return (source, target) if list(end.operands) == [op.regions[0].blocks[0].arguments[0]] else None


def _is_copy(op: ir.Operation) -> bool:
    """Whether an operation copies one memref to another of the same type, element by element."""
    found = copied(op)
    return found is not None and bool(found[0].type == found[1].type)


class _Function:
    def __init__(self, function: ir.Operation, effects: Effects) -> None:
        self.flow, self.effects = Flow(function), effects
        self.is_entry = "sym_visibility" not in function.attributes

    def run(self, copies: Sequence[ir.Operation]) -> None:
        """Removes what can be removed of these."""
        for node in list(self.flow.nodes):
            if node.name in ("memref.copy", "linalg.generic") and node.op in copies:
                source, target = node.op.operands
                if self._is_read_in_place(node, source, target):
                    self._unite(node, target, source)
                elif self._is_computed_in_place(node, source, target):
                    self._unite(node, source, target)

    def _is_read_in_place(self, copy: Node, source: ir.Value, target: ir.Value) -> bool:
        """Whether `source` may be read instead of its copy."""
        uses = self._own_uses(copy, target)
        if not uses or any(self._writes(node, target) for node in uses if node is not copy):
            return False
        same = self.flow.sources(source)
        return uses[0] is copy and not any(
            self._may_be(same, value) for node in self._between(copy, uses[-1]) for value in self.effects.written(node)
        )

    def _is_computed_in_place(self, copy: Node, source: ir.Value, target: ir.Value) -> bool:
        """Whether `source` may be computed in `target`, and be read from there after the copy."""
        uses = self._own_uses(copy, source)
        if not uses or uses[0] is copy or not self._is_there(target, uses[0]):
            return False
        later = self._between(copy, uses[-1])
        same = self.flow.sources(target)
        if any(self._writes(node, source) for node in uses if node.number > copy.number):
            return False
        if any(self._may_be(same, value) for node in later for value in self.effects.written(node)):
            return False
        first = uses[0]
        if any(self._may_fail(node) for node in (first, *self._between(first, copy)) if node is not copy):
            return False
        return not any(
            self._may_be(same, value) and not (node is first and may_overwrite(node, value, source, self.effects))
            for node in (first, *self._between(first, copy))
            if node is not copy
            for value in node.memrefs
        )

    def _writes(self, node: Node, buffer: ir.Value) -> bool:
        """Whether an operation writes to a buffer, or to a view of it."""
        return any(buffer in self.flow.sources(value) for value in self.effects.written(node))

    def _own_uses(self, copy: Node, buffer: ir.Value) -> list[Node]:
        """The operations that use a buffer which the copy's block allocates for itself; none for any other."""
        made = self.flow.allocation(buffer)
        if made is None or made.op.results[0] != buffer or made.parent is not copy.parent:
            return []
        return [] if self.flow.is_shared(buffer) else self.flow.touching(buffer)

    def _between(self, first: Node, last: Node) -> list[Node]:
        """The operations after one and up to the end of another."""
        return [node for node in self.flow.nodes[first.number + 1 : last.end + 1] if node.name]

    def _is_there(self, value: ir.Value, node: Node) -> bool:
        """Whether a memref is defined in front of an operation."""
        maker = self.flow.makers.get(value)
        return maker is None or maker.number < node.number

    def _may_be(self, sources: Sources, value: ir.Value) -> bool:
        """Whether a memref may look into what comes from these sources, too."""
        others = self.flow.sources(value)
        return bool(sources & others) or any(self._may_be_one(one, other) for one in sources for other in others)

    def _may_be_one(self, one: ir.Value, other: ir.Value) -> bool:
        """Whether two sources may be one buffer. Two allocations never are, nor an allocation and what was there before
        it; what a loop or a call hands on may be any buffer that has been handed to one.
        """
        kinds = {self._kind(one), self._kind(other)}
        return "kept" not in kinds and ("any" in kinds or kinds == {"given"})

    def _kind(self, source: ir.Value) -> str:
        maker = self.flow.makers[source]
        if maker.name == "memref.alloc":
            return "shared" if self.flow.is_shared(source) else "kept"
        if maker is self.flow.root:
            return "apart" if self.is_entry else "given"
        return "apart" if maker.name == "memref.get_global" else "any"

    def _may_fail(self, node: Node) -> bool:
        """Whether the program may end there."""
        if node.name == "func.call":
            flow = self.effects.flow(callee(node))
            return flow is None or any(self._may_fail(each) for each in flow.nodes)
        return node.name == "cf.assert"

    def _unite(self, copy: Node, old: ir.Value, new: ir.Value) -> None:
        """Lets `new` stand for the buffer `old`, which was copied from it or to it."""
        made = self.flow.makers[old]
        self.flow.remove(copy)
        self.flow.rename(old, new)
        old.replace_all_uses_with(new)
        copy.op.erase()
        made.op.erase()
        made.name = copy.name = ""
