# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reference counting of buffers.

After bufferisation nothing frees a buffer. This pass makes each structured block release what it owns, after its last
use:

- A block owns the buffers that it allocates, those that calls and structured operations return, and the carried
  arguments of loops.
- A buffer that a block hands on (by a yield, a return, or as the initial value of a loop) is moved if that is the
  block's last use of it, else retained. Arguments of functions are borrowed.
- A view belongs to the buffer that it looks into: it carries the same allocated pointer.

Carried buffers are thus passed from iteration to iteration without copies or run-time checks. Inputs and constants are
recognised at run time by their allocated pointer and left alone, so that an entry may return them (its caller copies
those).

Upstream's ownership-based deallocation is not used since it copies every carried buffer in each iteration.
"""

from mlir import ir

from mograph.targets.cpu.builder import Builder, Descriptor, find, operations
from mograph.targets.cpu.outline import Runtime

RETAIN = "mograph_retain"
BRANCHES = "branches between blocks are not supported, use scf.if and scf.while"

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


def manage_memory(module: ir.Module) -> None:
    """Inserts `memref.dealloc`, which releases, and calls of the runtime's retain, into every function."""
    runtime = Runtime(module)
    for function in find(module.operation, "func.func"):
        if len(function.regions[0].blocks):
            _Function(runtime, function).run()


class _Function:
    def __init__(self, runtime: Runtime, function: ir.Operation) -> None:
        self.runtime = runtime
        self.function = function
        self.roots: dict[ir.Value, frozenset[ir.Value]] = {}  # of each memref: the owned buffers that it may look into

    def run(self) -> None:
        if len(self.function.regions[0].blocks) > 1:
            name = ir.StringAttr(self.function.attributes["sym_name"]).value
            raise ValueError(f"func.func @{name}: {BRANCHES}")
        self._block(self.function.regions[0].blocks[0], self.function, [])

    def _root(self, value: ir.Value) -> frozenset[ir.Value]:
        return self.roots.get(value, frozenset())

    def _block(self, block: ir.Block, parent: ir.Operation, owned: list[ir.Value]) -> None:
        """Handles one block, which owns its arguments `owned` from the start."""
        ops = operations(block, parent)
        for value in owned:
            self.roots[value] = frozenset([value])
        owned = list(owned)
        last: dict[ir.Value, int] = dict.fromkeys(owned, -1)
        for number, op in enumerate(ops):
            for value in self._used_roots(op):
                if value in last:
                    last[value] = number
            for value in self._enter(op):
                owned.append(value)
                last[value] = number
        moved: set[ir.Value] = set()
        for number, op in enumerate(ops):
            for value in self._handed_on(op, terminator=number == len(ops) - 1):
                root = next(iter(self._root(value)), None) if len(self._root(value)) == 1 else None
                movable = (
                    root in last and root not in moved and last[root] == number and not self._used_inside(op, root)
                )
                if movable and root is not None:
                    moved.add(root)
                else:
                    self._retain(value, op)
        for value in owned:
            if value not in moved:
                after = ops[min(last[value] + 1, len(ops) - 1)]
                at = ir.InsertionPoint(after)
                ir.Operation.create("memref.dealloc", operands=[value], ip=at, loc=after.location)

    def _enter(self, op: ir.Operation) -> list[ir.Value]:
        """Handles the regions of `op` and notes what its results look into. Returns the buffers that it gives to its
        block.
        """
        for region in op.regions:
            if op.name == "linalg.generic" or not len(region.blocks):
                continue
            if len(region.blocks) > 1:
                raise ValueError(f"{op.name}: {BRANCHES}")
            block = region.blocks[0]
            self._block(
                block, op, [argument for argument in block.arguments if isinstance(argument.type, ir.MemRefType)]
            )
        memrefs = [result for result in op.results if isinstance(result.type, ir.MemRefType)]
        if op.name == "memref.alloc" or op.name == "func.call" or op.name.startswith("scf."):
            for result in memrefs:
                self.roots[result] = frozenset([result])
            return memrefs
        if memrefs and op.name != "memref.alloca":
            sources = (
                list(op.operands) if op.name == "arith.select" else list(op.operands)[:1] if op.name in VIEWS else []
            )
            if not sources and op.name != "memref.get_global":
                raise ValueError(f"{op.name}: returns a buffer of which it is not known who owns it")
            self.roots[memrefs[0]] = (
                frozenset().union(*(self._root(source) for source in sources)) if sources else frozenset()
            )
        return []

    def _used_roots(self, op: ir.Operation) -> set[ir.Value]:
        used: set[ir.Value] = set()

        def step(inner: ir.Operation) -> ir.WalkResult:
            for operand in inner.operands:
                used.update(self._root(operand))
            return ir.WalkResult.ADVANCE

        op.walk(step)
        return used

    def _used_inside(self, op: ir.Operation, root: ir.Value) -> bool:
        """Whether the regions of `op` use the buffer: then it cannot be moved into `op`."""
        count = 0

        def step(inner: ir.Operation) -> ir.WalkResult:
            nonlocal count
            count += inner != op and any(root in self._root(operand) for operand in inner.operands)
            return ir.WalkResult.ADVANCE

        if len(op.regions):
            op.walk(step)
        return count > 0

    def _handed_on(self, op: ir.Operation, terminator: bool) -> list[ir.Value]:
        hands_on = terminator or op.name in ("scf.while", "scf.for")
        return [operand for operand in op.operands if hands_on and isinstance(operand.type, ir.MemRefType)]

    def _retain(self, value: ir.Value, before: ir.Operation) -> None:
        with before.location:
            b = Builder.before(before, self.function)
            self.runtime.call(b, RETAIN, [Descriptor(b, value).allocated()])
