# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loops whose number of trips is known: counting it, and straight code in their place."""

from collections.abc import Sequence
from typing import Any

from mlir import ir

from mograph.dialects.kit import Dim
from mograph.dialects.mo import Rebind
from mograph.transforms.mo._copying import Copier
from mograph.transforms.mo._effects import is_pure
from mograph.transforms.mo._known import Known
from mograph.transforms.mo._names import Extents, Names, bind, named, names_in, substituted
from mograph.transforms.mo._walking import block_of, body_of, terminator, visible

__all__ = ["count_trips", "expand", "hoist"]


def count_trips(loop: Any, most: int) -> int | None:
    """How often the body of `loop` runs, None where that is not known or more than `most`."""
    cond, body = map(block_of, (loop.cond, loop.body))
    goes_on, *forwarded = terminator(cond).operation.operands
    yielded = list(terminator(body).operation.operands)
    needed = _needed(goes_on, cond, forwarded, body, yielded)
    state = {i: Known().value(init) for i, init in enumerate(loop.operation.operands) if i in needed}
    for trips in range(most + 1):
        known = Known({cond.arguments[i]: state[i] for i in needed})
        more = known.value(goes_on)
        if more is None:
            return None
        if not more:
            return trips
        known = Known({body.arguments[i]: known.value(forwarded[i]) for i in needed})
        state = {i: known.value(yielded[i]) for i in needed}
    return None


def _needed(goes_on: Any, cond: Any, forwarded: Sequence[Any], body: Any, yielded: Sequence[Any]) -> set[int]:
    """The places of the carried values that the condition depends on, in whatever trip."""
    needed: set[int] = set()
    new = _places(goes_on, cond)
    while new:
        needed |= new
        through = {place for i in new for place in _places(yielded[i], body)}
        new = (through | {place for i in through for place in _places(forwarded[i], cond)}) - needed
    return needed


def _places(value: Any, block: Any) -> set[int]:
    """The places of the arguments of `block` that `value`, of an operation in it, is computed from."""
    arguments = {argument: i for i, argument in enumerate(block.arguments)}
    found, seen, left = set(), set(), [value]
    while left:
        each = left.pop()
        if each in arguments:
            found.add(arguments[each])
        elif each not in seen and isinstance(each, ir.OpResult) and each.owner.operation.block == block:
            left += each.owner.operation.operands
        seen.add(each)
    return found


def expand(loop: Any, trips: int) -> None:
    """Put what `loop` does in `trips` trips in its place."""
    unroller = _Unroller(loop)
    values = list(loop.operation.operands)
    for _ in range(trips):
        values = unroller.run(block_of(loop.cond), values)[1:]
        values = unroller.run(block_of(loop.body), values)
    values = unroller.run(block_of(loop.cond), values)[1:]
    for result, value in zip(loop.operation.results, values, strict=True):
        result.replace_all_uses_with(unroller.retyped(value, result.type))
    loop.operation.erase()


class _Unroller:
    """Copies the regions of a loop to the place before it."""

    def __init__(self, loop: Any) -> None:
        graph = loop.operation
        while graph.name != "mo.graph":
            graph = graph.parent.operation
        self._names = Names(graph)
        self._known = {name for value in visible(loop) for name in named(value.type)}
        self._place = ir.InsertionPoint(loop.operation)
        self._location = loop.location

    def run(self, block: Any, given: Sequence[Any]) -> list[Any]:
        """Copy a block, for the values of its arguments; gives what its terminator takes."""
        extents: Extents = {name: Dim(name) for name in self._known}
        bind((argument.type for argument in block.arguments), (value.type for value in given), extents)
        types = (substituted(argument.type, extents) for argument in block.arguments)
        values = [self.retyped(value, type_) for value, type_ in zip(given, types, strict=True)]
        copier = Copier(dict(zip(block.arguments, values, strict=True)), extents, self._names.fresh)
        return copier.body(block, self._place)

    def retyped(self, value: Any, type_: Any) -> Any:
        """The value under another type that it is known or asserted to have."""
        if value.type == type_:
            return value
        with self._place, self._location:
            return Rebind.build(value, results=[type_]).result


def hoist(loop: Any) -> int:
    """Move what the condition of `loop` computes from outside before it; gives how many operations.

    The condition is evaluated at least once, so what may fail fails in either place.
    """
    block = block_of(loop.cond)
    known: set[str] | None = None
    moved = 0
    for op in body_of(block):
        if all(_is_outside(operand, loop) for operand in op.operation.operands) and _is_plain(op):
            known = known if known is not None else {name for value in visible(loop) for name in named(value.type)}
            if all(set(names_in(result.type)) <= known for result in op.operation.results):
                op.operation.move_before(loop.operation)
                moved += 1
    return moved


def _is_plain(op: Any) -> bool:
    return is_pure(op) and not list(op.operation.regions)


def _is_outside(value: Any, loop: Any) -> bool:
    owner = value.owner
    block = owner if isinstance(owner, ir.Block) else owner.operation.block
    at = loop.operation
    while at.name != "mo.graph":
        if at.block == block:
            return True
        at = at.parent.operation
    return False
