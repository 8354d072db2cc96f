# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reference counting of buffers.

After bufferisation nothing frees a buffer. This pass makes each structured block release what it owns, after its last
use:

- A block owns the buffers that it allocates, those that calls return, and the arguments of loops and the results of
  loops and branches that may come from inside these. All others are borrowed from the blocks around, which release
  them where nothing uses them any more under any name.
- A buffer that a block hands on to where it is owned (by a yield, a return, or as the initial value of a loop) is moved
  if that is the block's last use of it, else retained. Arguments of functions are borrowed.
- A buffer is allocated where it is first used.
- A view belongs to the buffer that it looks into: it carries the same allocated pointer.

Carried buffers are thus passed from iteration to iteration without copies or run-time checks. Inputs and constants are
recognised at run time by their allocated pointer and left alone, so that an entry may return them (its caller copies
those).

Upstream's ownership-based deallocation is not used since it copies every carried buffer in each iteration.
"""

from mlir import ir

from mograph.targets.cpu.builder import Builder, Descriptor, find
from mograph.targets.cpu.flow import COUNTED, Flow, Node
from mograph.targets.cpu.outline import Runtime

RETAIN = "mograph_retain"


def manage_memory(module: ir.Module) -> None:
    """Inserts `memref.dealloc`, which releases, and calls of the runtime's retain, into every function. Raises
    ValueError for a region of several blocks.
    """
    runtime = Runtime(module)
    for function in find(module.operation, "func.func"):
        if len(function.regions[0].blocks):
            flow = Flow(function)
            for node in flow.nodes:
                for number, block in enumerate(node.blocks):
                    if block:
                        _Block(runtime, function, flow, node, number).run()


class _Block:
    """The block of region `number` of `parent`."""

    def __init__(self, runtime: Runtime, function: ir.Operation, flow: Flow, parent: Node, number: int) -> None:
        self.runtime, self.function, self.flow, self.parent, self.number = runtime, function, flow, parent, number
        self.nodes = parent.blocks[number]

    def run(self) -> None:
        """Inserts what the block releases and retains."""
        used = [self._used(node) for node in self.nodes]
        last = self._made()
        for place, found in enumerate(used):
            last.update((source, place) for source in found if source in last)
        moved: set[ir.Value] = set()
        allocations = {node.results[0]: node.op for node in self.nodes if node.name == "memref.alloc"}
        first = {source: place for place, sources in reversed(list(enumerate(used))) for source in sources}
        for place, node in enumerate(self.nodes):
            for _, value, end in self.flow.handed(node):
                if end is not None and not self.flow.is_owned(end):
                    continue
                sources = self.flow.sources(value)
                source = next(iter(sources)) if len(sources) == 1 else None
                movable = source in last and source not in moved and last[source] == place
                if source is not None and movable and not self._used_inside(node, source):
                    moved.add(source)
                else:
                    # What is first used here is made before it is counted.
                    here = {source for source in sources & allocations.keys() if first[source] == place}
                    self._sink(node, here, allocations)
                    self._retain(value, node.op)
        for source, place in last.items():
            if source not in moved:
                after = self.nodes[min(place + 1, len(self.nodes) - 1)].op
                at = ir.InsertionPoint(after)
                ir.Operation.create("memref.dealloc", operands=[source], ip=at, loc=after.location)
        for node, each in zip(self.nodes, used, strict=True):
            self._sink(node, each & allocations.keys(), allocations)

    def _sink(self, node: Node, sources: set[ir.Value], allocations: dict[ir.Value, ir.Operation]) -> None:
        """Moves allocations to where their buffers are first used, in the order in which they are."""
        for source in sorted(sources, key=lambda each: self.flow.makers[each].number):
            allocations.pop(source).move_before(node.op)

    def _made(self) -> dict[ir.Value, int]:
        """The buffers that the block owns, and where each is made."""
        arguments = self.parent.arguments(self.number) if self.parent is not self.flow.root else []
        made = {value: -1 for value in arguments if self.flow.is_owned(value)}
        for place, node in enumerate(self.nodes):
            for value in node.results:
                counts = node.name in ("memref.alloc", "func.call") or self.flow.is_owned(value)
                if counts:
                    made[value] = place
        return made

    def _used(self, node: Node) -> set[ir.Value]:
        """The sources of all that an operation uses, in its regions, too."""
        inside = self.flow.nodes[node.number : node.end + 1]
        return {source for each in inside for value in each.memrefs for source in self.flow.sources(value)}

    def _used_inside(self, node: Node, source: ir.Value) -> bool:
        """Whether the regions of an operation use the buffer: then it cannot be moved into it."""
        inside = self.flow.nodes[node.number + 1 : node.end + 1]
        return any(source in self.flow.sources(value) for each in inside for value in each.memrefs)

    def _retain(self, value: ir.Value, before: ir.Operation) -> None:
        for source in self.flow.sources(value):
            maker = self.flow.makers[source]
            if maker.name == "memref.alloc":
                maker.op.attributes[COUNTED] = ir.UnitAttr.get()
        with before.location:
            b = Builder.before(before, self.function)
            self.runtime.call(b, RETAIN, [Descriptor(b, value).allocated()])
