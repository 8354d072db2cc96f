# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Removes the copies that bufferisation makes of what loops carry.

One-shot bufferisation gives each carried value of a loop a buffer of its own, and copies a value into a new one where
an iteration hands it on under another name or merely passes it on. Reference counting lets names share a buffer, which
is right as long as nobody writes to it. So such a copy is dropped when all writes to the buffers that would be shared
happen before these are handed on.
"""

from collections.abc import Callable, Iterator, Sequence

from mlir import ir

from mograph import _native
from mograph._records import record
from mograph.targets.cpu.builder import blocks_of, find, operations
from mograph.targets.cpu.effects import Effects
from mograph.targets.cpu.flow import VIEWS

READERS = frozenset({"memref.load", "memref.dim", "memref.alloc", "memref.extract_strided_metadata"})
HANDERS = ("scf.yield", "scf.condition", "func.return")
LOOPS = ("scf.while", "scf.for", "scf.if")


def forward_copies(module: ir.Module) -> None:
    """Hands the source of a copy on in the place of the copy, in every function where that is safe."""
    effects = Effects(module)
    for function in find(module.operation, "func.func"):
        if len(function.regions[0].blocks) == 1 and find(function, "memref.copy"):
            _Flow(function, effects.of).forward()


@record
class _Copy:
    """A copy whose target is a new buffer that is only handed on."""

    op: ir.Operation
    source: ir.Value
    target: ir.Value
    alloc: ir.Operation
    terminator: ir.Operation


class _Flow:
    """Which buffers of a function may become one when its superfluous copies are dropped, and who writes to them.

    `writes` tells for each argument of a function that is called whether it writes to it.
    """

    def __init__(self, function: ir.Operation, writes: Callable[[str], list[bool]]) -> None:
        self._writes = writes
        self._parent: dict[ir.Value, ir.Value] = {}  # a union-find forest over memrefs
        self._roots: dict[ir.Value, ir.Value] = {}  # what a view looks into
        self._allocs: dict[ir.Value, ir.Operation] = {}
        self._users: dict[ir.Value, list[ir.Operation]] = {}  # of a buffer and the views of it
        self._writers: list[tuple[ir.Operation, ir.Value]] = []
        self._visit(function.regions[0].blocks[0], function)
        self._copies = [copy for alloc in self._allocs for copy in self._copies_into(alloc)]
        for copy in self._copies:
            self._join(copy.source, copy.target)

    def forward(self) -> None:
        """Drops the copies for which that is safe."""
        unsafe = {self._find(target) for op, target in self._writers if not self._is_early(op, target)}
        for copy in self._copies:
            source = self._root(copy.source)
            changed = any(self._root(target) == source and _follows(op, copy.op) for op, target in self._writers)
            if changed or self._find(copy.source) in unsafe:
                continue
            for number, operand in enumerate(copy.terminator.operands):
                if operand == copy.target:
                    copy.terminator.operands[number] = copy.source
            copy.op.erase()
            copy.alloc.erase()

    def _copies_into(self, target: ir.Value) -> Iterator[_Copy]:
        """The copy into a new buffer whose only other use is to be handed on at the end of its block."""
        alloc = self._allocs[target]
        users = self._users.get(target, [])
        copies = [op for op in users if op.name == "memref.copy" and op.operands[1] == target]
        others = [op for op in users if op not in copies]
        if len(copies) == len(others) == 1 and others[0].name in HANDERS:
            (copy,), (terminator,) = copies, others
            if copy.operands[0].type == target.type and alloc.block == copy.block == terminator.block:
                yield _Copy(copy, copy.operands[0], target, alloc, terminator)

    def _is_early(self, op: ir.Operation, target: ir.Value) -> bool:
        """Whether a write goes to a buffer that is new in its block and not handed on yet."""
        alloc = self._allocs.get(self._root(target))
        if alloc is None:
            return False
        write = _ancestor(op, alloc.block)
        root = self._root(target)
        handing = [user for user in self._users[root] if _hands_on(user)]
        handing += [copy.op for copy in self._copies if self._root(copy.source) == root]
        handed = (_ancestor(user, alloc.block) for user in handing)
        return write is not None and all(
            at is not None and at != write and write.is_before_in_block(at) for at in handed
        )

    def _root(self, value: ir.Value) -> ir.Value:
        while value in self._roots:
            value = self._roots[value]
        return value

    def _find(self, value: ir.Value) -> ir.Value:
        while value in self._parent:
            value = self._parent[value]
        return value

    def _join(self, a: ir.Value, b: ir.Value) -> None:
        a, b = self._find(a), self._find(b)
        if a != b:
            self._parent[a] = b

    def _visit(self, block: ir.Block, parent: ir.Operation) -> None:
        for op in operations(block, parent):
            memrefs, results = _native.memrefs_of(op)
            for operand in memrefs:
                self._users.setdefault(self._root(operand), []).append(op)
            if memrefs or results:
                self._note(op, memrefs, results)
            if op.name != "linalg.generic":
                for inner in blocks_of(op):
                    self._visit(inner, op)

    def _note(self, op: ir.Operation, memrefs: Sequence[ir.Value], results: Sequence[ir.Value]) -> None:
        """Notes what an operation makes one of the memrefs that it takes and gives, and what it writes to."""
        if op.name == "memref.alloc":
            self._allocs[results[0]] = op
        elif op.name in VIEWS:
            self._roots[results[0]] = memrefs[0]
            self._join(results[0], memrefs[0])
        elif op.name == "func.call":
            written = self._writes(ir.FlatSymbolRefAttr(op.attributes["callee"]).value)
            self._write(op, [value for value, is_written in zip(op.operands, written, strict=True) if is_written])
            self._join_all([[value] for value in (*memrefs, *results)])
        elif op.name in ("memref.copy", "memref.store"):
            self._write(op, [op.operands[1]])
        elif op.name.startswith("linalg."):
            self._write(op, list(op.operands)[int(op.attributes["operandSegmentSizes"][0]) :])
        elif op.name in LOOPS:
            self._join_all([memrefs, results, *self._ends(op)])
        elif op.name == "arith.select":
            self._join_all([[value] for value in (*memrefs, *results)])
        elif op.name not in READERS and op.name not in HANDERS:
            self._write(op, memrefs)

    def _write(self, op: ir.Operation, values: Sequence[ir.Value]) -> None:
        self._writers += [(op, value) for value in values if _is_memref(value)]

    def _join_all(self, lists: Sequence[Sequence[ir.Value]]) -> None:
        """Joins the first values of all lists, the second ones and so on."""
        longest = max(lists, key=len, default=[])
        for values in lists:
            for one, other in zip(values, longest, strict=False):
                self._join(one, other)

    @staticmethod
    def _ends(op: ir.Operation) -> Iterator[list[ir.Value]]:
        """The buffers that enter and leave the blocks of a structured operation."""
        for block in blocks_of(op):
            yield list(filter(_is_memref, block.arguments))
            yield list(filter(_is_memref, operations(block, op)[-1].operands))


def _is_memref(value: ir.Value) -> bool:
    return isinstance(value.type, ir.MemRefType)


def _hands_on(op: ir.Operation) -> bool:
    """Whether buffers that an operation takes get further names by it."""
    return op.name in HANDERS or op.name in LOOPS or (op.name in ("func.call", "arith.select") and len(op.results) > 0)


def _ancestor(op: ir.Operation, block: ir.Block) -> ir.Operation | None:
    """The operation of `block` that is or contains `op`."""
    while op.block != block:
        parent = op.parent
        if parent is None or parent.name == "func.func":
            return None
        op = parent
    return op


def _follows(op: ir.Operation, other: ir.Operation) -> bool:
    """Whether `op` comes after `other` in the block of that."""
    at = _ancestor(op, other.block)
    return at is not None and at != other and other.is_before_in_block(at)
