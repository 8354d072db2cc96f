# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Where the buffers of a function come from and where they go, read once.

A memref is a buffer or looks into one. Its sources are the operations and arguments that it may come from: allocations,
globals, what calls return, arguments of the function. Loops and branches hand buffers on, so that a memref may have
several sources.

What a loop or a branch hands on is owned where the buffer may come from inside it: one reference is counted for each
such value, which is then a source of its own. Otherwise it is borrowed from the blocks around, which keep the buffers
alive, and nothing is counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from mlir import ir

from mograph import _native
from mograph.targets.cpu.builder import blocks_of, find, operations

VIEWS = frozenset(
    {
        "memref.assume_alignment",
        "memref.cast",
        "memref.collapse_shape",
        "memref.expand_shape",
        "memref.memory_space_cast",
        "memref.reinterpret_cast",
        "memref.reshape",
        "memref.subview",
        "memref.transpose",
        "memref.view",
    }
)
ALLOCATIONS = frozenset({"memref.alloc", "memref.alloca"})
NESTS = frozenset({"linalg.generic", "linalg.fill", "linalg.map", "linalg.reduce"})
"""Operations whose region computes elements and holds no buffers."""
BRANCHES = "branches between blocks are not supported, use scf.if and scf.while"

COUNTED = "mograph.counted"
"""The attribute of an allocation whose references are counted: something keeps it beyond its block."""

Sources = frozenset[ir.Value]
NOTHING: Sources = frozenset()


@dataclass(eq=False)
class Node:
    """An operation outside of nests. `number` is its place in the function, `end` that of the last operation inside."""

    op: ir.Operation
    name: str
    number: int
    parent: "Node | None"
    memrefs: list[ir.Value]  # its operands, and what a nest's body reads besides
    results: list[ir.Value]  # memrefs, too
    end: int = 0
    blocks: list[list["Node"]] = field(default_factory=list)

    def holds(self, other: "Node") -> bool:
        """Whether `other` is this operation or inside of it."""
        return self.number <= other.number <= self.end

    def arguments(self, region: int) -> list[ir.Value]:
        """The arguments of the block of a region, memrefs and others."""
        return list(self.op.regions[region].blocks[0].arguments)

    def within(self, block: Sequence["Node"]) -> "Node | None":
        """The operation of `block` that is this one or holds it."""
        node: Node | None = self
        while node is not None and node.parent is not block[0].parent:
            node = node.parent
        return node if node is not None and block[0].number <= node.number <= block[-1].number else None


def is_memref(value: ir.Value) -> bool:
    """Whether a value is a ranked memref."""
    return isinstance(value.type, ir.MemRefType)


class Flow:
    """The flow of buffers through a function, each of whose regions is one block; ValueError where one is not."""

    def __init__(self, function: ir.Operation) -> None:
        self.nodes: list[Node] = []
        self.users: dict[ir.Value, list[Node]] = {}  # of a memref: the operations that have it as an operand
        self.makers: dict[ir.Value, Node] = {}  # the operation whose result a memref is, or into which it is handed
        self._inside: set[ir.Value] = set()  # arguments of blocks: they belong into their maker
        self._edges: dict[ir.Value, list[ir.Value]] = {}
        self._origins: list[ir.Value] = []
        self._groups: list[tuple[Node, list[ir.Value]]] = []  # what one decision about references is taken for
        self._twins: dict[ir.Value, ir.Value] = {}  # of a result of a loop: the argument that gets the same
        self._owned: set[ir.Value] = set()
        self._sources: dict[ir.Value, Sources] = {}
        self._holders: dict[ir.Value, list[ir.Value]] = {}  # of a source: the memrefs that may come from it
        self.root = self._read(function, None)
        for node in self.nodes:
            self._link(node)
        self._settle()

    def sources(self, value: ir.Value) -> Sources:
        """What a memref may come from; nothing for other values."""
        return self._sources.get(value, NOTHING)

    def is_owned(self, value: ir.Value) -> bool:
        """Whether an argument or result of a loop or branch counts as a reference."""
        return value in self._owned

    def belongs(self, source: ir.Value, node: Node) -> bool:
        """Whether a source is there inside of an operation only."""
        maker = self.makers[source]
        return node.holds(maker) and (maker is not node or source in self._inside)

    def handed(self, node: Node) -> list[tuple[int, ir.Value, ir.Value | None]]:
        """The memrefs that a terminator or a loop hands on: the number of the operand, the memref, and the argument or
        result that it arrives as, None where it leaves the function.
        """
        operands = list(node.op.operands)
        parent = node.parent
        if node.name == "scf.for":
            ends: list[ir.Value | None] = [None] * 3 + list(node.op.results)
        elif node.name == "scf.while":
            ends = list(node.arguments(0))
        elif parent is None or not parent.blocks or all(block[-1] is not node for block in parent.blocks):
            return []
        elif parent is self.root:
            ends = [None] * len(operands)
        elif node.name == "scf.condition":
            ends = [None, *parent.op.results]
        else:
            ends = parent.arguments(0) if parent.name == "scf.while" else list(parent.op.results)
        return [(number, operand, ends[number]) for number, operand in enumerate(operands) if is_memref(operand)]

    def allocation(self, value: ir.Value) -> Node | None:
        """The `memref.alloc` that a memref surely comes from."""
        found = self.sources(value)
        maker = self.makers[next(iter(found))] if len(found) == 1 else None
        return maker if maker is not None and maker.name == "memref.alloc" else None

    def touching(self, source: ir.Value) -> list[Node]:
        """The operations with an operand that may come from `source`, in order."""
        users = (self.users.get(value, ()) for value in self._holders.get(source, ()))
        return sorted({node for each in users for node in each}, key=lambda node: node.number)

    def is_shared(self, source: ir.Value, but: Node | None = None) -> bool:
        """Whether a buffer may have names that are not known to be its: an operation other than `but` hands it on to
        where references count, or it is given to a call that may give it back.
        """
        return any(
            (node.name == "func.call" and node.results)
            or any(
                source in self.sources(value) and (end is None or self.is_owned(end))
                for _, value, end in self.handed(node)
            )
            for node in self.touching(source)
            if node is not but
        )

    def remove(self, node: Node) -> None:
        """Forgets what an operation uses that goes."""
        for value in dict.fromkeys(node.memrefs):
            self.users[value].remove(node)

    def rename(self, old: ir.Value, new: ir.Value) -> None:
        """Lets the memref `new` be wherever the allocated one `old` was, whose operation goes."""
        for node in self.users.pop(old, []):
            node.memrefs = [new if value == old else value for value in node.memrefs]
            if node not in self.users.setdefault(new, []):
                self.users[new].append(node)
        sources = self.sources(new)
        for value in self._holders.pop(old):
            self._sources[value] = self._sources[value] - {old} | sources
            for source in sources if value != old else ():
                self._holders[source].append(value)

    # Reading

    def _read(self, op: ir.Operation, parent: Node | None) -> Node:
        name = op.name
        operands, results = _native.memrefs_of(op)
        if name in NESTS:  # what its body reads
            operands += [load.operands[0] for load in find(op, "memref.load")]
        node = Node(op, name, len(self.nodes), parent, operands, results)
        self.nodes.append(node)
        for value in dict.fromkeys(node.memrefs):
            self.users.setdefault(value, []).append(node)
        for value in node.results:
            self.makers[value] = node
        for block in blocks_of(op) if name not in NESTS else ():
            if len(block.region.blocks) > 1:
                named = f"func.func @{ir.StringAttr(op.attributes['sym_name']).value}" if parent is None else name
                raise ValueError(f"{named}: {BRANCHES}")
            for argument in filter(is_memref, block.arguments):
                self.makers[argument] = node
                self._inside.add(argument)
            node.blocks.append([self._read(each, node) for each in operations(block, op)])
        node.end = len(self.nodes) - 1
        return node

    def _link(self, node: Node) -> None:
        """Notes what the results and arguments of an operation come from."""
        if node is self.root:
            self._origins += filter(is_memref, node.arguments(0))
        elif node.name in VIEWS or node.name == "arith.select":
            for memref in node.memrefs if node.name == "arith.select" else node.memrefs[:1]:
                self._edges.setdefault(memref, []).append(node.results[0])
        elif not node.name.startswith("scf."):
            known = node.name in ALLOCATIONS or node.name in ("func.call", "memref.get_global")
            if node.results and not known:
                raise ValueError(f"{node.name}: returns a buffer of which it is not known who owns it")
            self._origins += node.results
        elif node.blocks:
            pairs = [pair for block in node.blocks if block for pair in self.handed(block[-1])]
            for _, value, end in [*pairs, *self.handed(node)]:
                assert end is not None
                self._edges.setdefault(value, []).append(end)
            self._group(node)

    def _group(self, node: Node) -> None:
        results = list(node.op.results)
        if node.name == "scf.while":
            self._groups += [(node, [value]) for value in filter(is_memref, node.arguments(0))]
            ends = [list(pair) for pair in zip(results, node.arguments(1), strict=True)]
        elif node.name == "scf.for":
            ends = [list(pair) for pair in zip(results, node.arguments(0)[1:], strict=True)]
        else:
            ends = [[value] for value in results]
        for end in ends:
            if is_memref(end[0]):
                self._groups.append((node, end))
                if len(end) > 1:  # what arrives as the result arrives as the argument, too
                    self._twins[end[0]] = end[1]

    def _settle(self) -> None:
        """Finds the sources of all memrefs, and what has to be owned for that."""
        while True:
            self._spread()
            new = [
                value
                for node, group in self._groups
                if group[0] not in self._owned
                and any(self.belongs(source, node) for value in group for source in self.sources(value))
                for value in group
            ]
            if not new:
                return
            self._owned.update(new)

    def _spread(self) -> None:
        found: dict[ir.Value, set[ir.Value]] = {value: {value} for value in (*self._origins, *self._owned)}
        waiting = list(found)
        while waiting:
            value = waiting.pop()
            twin = self._twins.get(value)
            for target in (*self._edges.get(value, ()), *(() if twin is None else (twin,))):
                if target not in self._owned and not found[value] <= found.setdefault(target, set()):
                    found[target] |= found[value]
                    waiting.append(target)
        self._sources = {value: frozenset(sources) for value, sources in found.items()}
        self._holders = {}
        for value, sources in found.items():
            for source in sources:
                self._holders.setdefault(source, []).append(value)
