# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loops that carry buffers allocate nothing while they run.

After bufferisation each iteration allocates what it hands on. A loop here hands on the buffers that it has: a new value
is written over a carried one that is not needed any more, or into a spare buffer, which the loop carries along and for
which it gets the one that drops out. For that the buffers have to be the loop's own: an initial value that others use
is copied once, before the loop.

What changes its size from one iteration to the next, or comes out of a branch, stays as it is.
"""

from collections.abc import Iterator, Sequence

from mlir import ir

from mograph._records import record
from mograph.targets.cpu.builder import DYNAMIC, Builder, find
from mograph.targets.cpu.effects import Effects
from mograph.targets.cpu.flow import Flow, Node, Sources
from mograph.targets.cpu.inplace import count, may_overwrite, merge


def carry_buffers(module: ir.Module) -> None:
    """Rewrites the loops of all functions, inner ones first."""
    effects = Effects(module)
    for function in find(module.operation, "func.func"):
        others: dict[ir.Value, ir.Value] = {}
        loops = find(function, "scf.while", "scf.for")
        for op in reversed(loops):
            flow = Flow(function)
            _Loop(flow, next(node for node in flow.nodes if node.op == op), function, others, effects).run()
        if loops:
            effects.forget(function)


@record
class _Slot:
    """A memref that a loop carries: `number` is that of the value among those carried and `result` that of the result
    that it becomes, `initial` what it is at first, `argument` its name in the body and `next` what the body hands on.
    """

    number: int
    result: int
    initial: ir.Value
    argument: ir.Value
    next: ir.Value


@record
class _Spare:
    """A spare buffer that comes to a loop: it takes the place of what `made` allocates for `slot`, is like what `taken`
    holds, and is `next` in the next iteration.
    """

    slot: _Slot
    made: Node
    taken: _Slot
    next: ir.Value


@record
class _Made:
    """What the body makes for a slot: into the buffer of `first`, or, where an inner loop has a spare buffer, into that
    of `first` or `second`; `other` is then the one that it is not in.
    """

    first: Node
    second: Node | None = None
    other: ir.Value | None = None


class _Loop:
    """One loop. `others` has, for each result of the loops inside that is in one of two buffers, the other one."""

    def __init__(
        self,
        flow: Flow,
        node: Node,
        function: ir.Operation,
        others: dict[ir.Value, ir.Value],
        effects: Effects,
    ) -> None:
        self.flow, self.node, self.function, self.others, self.effects = flow, node, function, others, effects
        self.is_while = node.name == "scf.while"
        self.body = node.blocks[-1]
        self.slots = list(self._slots())
        self.handed = list(self.body[-1].op.operands)
        self.writes = [
            (each.number, source)
            for each in flow.nodes
            for value in effects.written(each)
            for source in flow.sources(value)
        ]
        self.constants = {op.results[0]: op for op in find(function, "arith.constant", "memref.dim")}

    def run(self) -> None:
        """Pairs the values that the body makes with carried ones that drop out, and rewrites the loop for them."""
        own = self._own()
        dropped = [slot for slot in own if not self._sends(slot.argument)]
        pairs: list[tuple[_Slot, _Made, _Slot]] = []
        for slot in own:
            made = self._made(slot)
            if made is not None:
                fitting = [each for each in dropped if self._fits(made, slot, each)]
                fitting.sort(key=lambda each: each is not slot)
                if fitting:
                    pairs.append((slot, made, fitting[0]))
                    dropped.remove(fitting[0])
        if not pairs:
            return
        with self.node.op.location:
            b = Builder.before(self.node.op, self.function)
            self._take_over(b, own, [taken for _, _, taken in pairs])
            spares: list[_Spare] = []
            for slot, made, taken in pairs:
                if made.second is not None and made.other is not None:
                    spares.append(_Spare(slot, made.second, taken, made.other))
                if not self._merged(made.first, taken):
                    spares.append(_Spare(slot, made.first, taken, taken.argument))
            if spares:
                self._carry(b, spares)

    # What the loop has

    def _slots(self) -> Iterator[_Slot]:
        op, end = self.node.op, self.body[-1].op
        if not self.is_while:
            for number, argument in enumerate(self.node.arguments(0)[1:]):
                if isinstance(argument.type, ir.MemRefType):
                    yield _Slot(number, number, op.operands[3 + number], argument, end.operands[number])
            return
        passed = list(self.node.blocks[0][-1].op.operands)[1:]
        for number, before in enumerate(self.node.arguments(0)):
            if isinstance(before.type, ir.MemRefType) and passed.count(before) == 1:
                at = passed.index(before)
                yield _Slot(number, at, op.operands[number], self.node.arguments(1)[at], end.operands[number])

    def _own(self) -> list[_Slot]:
        """The slots whose buffers nobody else has a name for, once their initial values are copied."""
        own = [slot for slot in self.slots if self._is_own(slot)]
        while True:
            arguments = [slot.argument for slot in own]
            kept = [
                slot
                for slot in own
                if self._made(slot) is not None or (slot.next in arguments and self._sends(slot.next) == 1)
            ]
            if len(kept) == len(own):
                return own
            own = kept

    def _is_own(self, slot: _Slot) -> bool:
        """Whether only the ends of the loop's blocks hand on what a slot holds, to where references count, and nothing
        writes to it from here on: else it is a buffer of the program, which is another one than any copy of it.
        """
        names = [(slot.argument, self.body[-1])]
        if self.is_while:
            names.append((self.node.arguments(0)[slot.number], self.node.blocks[0][-1]))
        if any(self.flow.sources(name) != {name} or self.flow.is_shared(name, end) for name, end in names):
            return False
        initial = self.flow.sources(slot.initial)
        same = initial | {name for name, _ in names} | {self.node.op.results[slot.result]}
        start = self._repeated(initial)
        return not any(number > start and source in same for number, source in self.writes)

    def _repeated(self, sources: Sources) -> int:
        """Where the outermost loop starts that comes here again with the same buffers."""
        start, parent = self.node.number, self.node.parent
        while parent is not None:
            if parent.name in ("scf.for", "scf.while") and not all(
                self.flow.belongs(source, parent) for source in sources
            ):
                start = parent.number
            parent = parent.parent
        return start

    def _made(self, slot: _Slot) -> _Made | None:
        """What the body makes for a slot, if only the slot gets it."""
        found = sorted(self.flow.sources(slot.next), key=lambda source: self.flow.makers[source].number)
        nodes = [self.flow.makers[source] for source in found]
        for source, node in zip(found, nodes, strict=True):
            fresh = node.name == "memref.alloc" and node.parent is self.node and node.within(self.body) is not None
            whole = slot.next == source or slot.next.type == source.type and DYNAMIC not in source.type.shape
            if not fresh or not whole or self._sends(source) != 1 or self.flow.is_shared(source, self.body[-1]):
                return None
        if len(nodes) == 2 and slot.next in self.others:
            return _Made(nodes[0], nodes[1], self.others[slot.next])
        return _Made(nodes[0]) if len(nodes) == 1 else None

    def _sends(self, buffer: ir.Value) -> int:
        """How often the body hands on what a name may stand for."""
        return sum(buffer in self.flow.sources(value) for value in self.handed)

    def _fits(self, made: _Made, slot: _Slot, taken: _Slot) -> bool:
        """Whether the buffer of the slot `taken` has the size of what is made for `slot`."""
        type_ = ir.MemRefType(slot.argument.type)
        if type_ != taken.argument.type:
            return False
        if DYNAMIC not in type_.shape:
            return True
        if slot is not taken:
            return False
        axes = [axis for axis, extent in enumerate(type_.shape) if extent == DYNAMIC]
        return all(self._same(size, slot, axis) for size, axis in zip(made.first.op.operands, axes, strict=True))

    def _same(self, size: ir.Value, slot: _Slot, axis: int) -> bool:
        """Whether a size is that of what the slot holds along an axis."""
        dim = self.constants.get(size)
        if dim is not None and dim.name == "memref.dim" and dim.operands[0] in (slot.argument, slot.initial):
            index = self.constants.get(dim.operands[1])
            return index is not None and ir.IntegerAttr(index.attributes["value"]).value == axis
        first = self.flow.allocation(slot.initial)
        if first is None or first.op.results[0] != slot.initial:
            return False
        shape = ir.MemRefType(slot.initial.type).shape
        return bool(first.op.operands[sum(extent == DYNAMIC for extent in shape[:axis])] == size)

    # What becomes of it

    def _take_over(self, b: Builder, own: Sequence[_Slot], written: Sequence[_Slot]) -> None:
        """Copies the initial values that end in slots which are written to, unless only this loop uses them."""
        waiting, seen = list(written), set()
        while waiting:
            slot = waiting.pop()
            if slot.number in seen:
                continue
            seen.add(slot.number)
            waiting += [each for each in own if each.argument == slot.next]
            if not self._is_exclusive(slot.initial):
                new = b.buffer_like(slot.initial, ir.MemRefType(slot.initial.type))
                b.create("memref.copy", [], [slot.initial, new])
                self.node.op.operands[slot.number if self.is_while else 3 + slot.number] = new

    def _is_exclusive(self, initial: ir.Value) -> bool:
        made = self.flow.allocation(initial)
        if made is None or made.op.results[0] != initial or made.parent is not self.node.parent:
            return False
        last = self.flow.touching(initial)[-1]
        alone = sum(initial in self.flow.sources(value) for value in self.node.op.operands) == 1
        return last is self.node and alone and not self.flow.is_shared(initial, self.node)

    def _merged(self, made: Node, taken: _Slot) -> bool:
        """Writes what is made over what `taken` holds, if that is not needed any more."""
        buffer = made.op.results[0]
        first = self.flow.touching(buffer)[0].within(self.body)
        uses = [each.within(self.body) for each in self.flow.touching(taken.argument)]
        inside = [each for each in uses if each is not None]
        if first is None or any(each.number > first.number for each in inside):
            return False
        if any(each is first for each in inside) and not may_overwrite(first, taken.argument, buffer, self.effects):
            return False
        merge(self.flow, made, taken.argument)
        count(self.function, 1)
        return True

    def _carry(self, b: Builder, spares: Sequence[_Spare]) -> None:
        """Makes the loop anew, with the spare buffers."""
        old = self.node.op
        types = [spare.taken.argument.type for spare in spares]
        fresh = [b.buffer_like(spare.taken.initial, ir.MemRefType(spare.taken.initial.type)) for spare in spares]
        new = b.create(
            old.name,
            [*(result.type for result in old.results), *types],
            [*old.operands, *fresh],
            {name: old.attributes[name] for name in old.attributes},
            regions=len(old.regions),
        )
        ends = [block[-1].op for block in self.node.blocks]
        for number, region in enumerate(old.regions):
            region.blocks[0].append_to(new.regions[number])
            block = new.regions[number].blocks[0]
            arguments = [block.add_argument(type_, old.location) for type_ in types]
            if number < len(old.regions) - 1:  # the condition passes them on
                _extend(ends[number], arguments)
                continue
            for spare, argument in zip(spares, arguments, strict=True):
                spare.made.op.results[0].replace_all_uses_with(argument)
                spare.made.op.erase()
            _extend(ends[number], [spare.next for spare in spares])
        for before, after in zip(old.results, new.results, strict=False):
            before.replace_all_uses_with(after)
        for spare, result in zip(spares, list(new.results)[len(old.results) :], strict=True):
            if spare.slot is spare.taken and sum(each.slot is spare.slot for each in spares) == 1:
                self.others[new.results[spare.slot.result]] = result
        old.erase()


def _extend(terminator: ir.Operation, values: Sequence[ir.Value]) -> None:
    """Lets a terminator hand on more values."""
    with terminator.location:
        ir.Operation.create(terminator.name, operands=[*terminator.operands, *values], ip=ir.InsertionPoint(terminator))
    terminator.erase()
