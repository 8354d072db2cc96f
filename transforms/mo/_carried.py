# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Carried values that a loop can do without."""

from collections.abc import Sequence
from typing import Any

from mlir import ir

from mograph.dialects.mo import Condition, While, Yield
from mograph.transforms.mo._effects import is_removable
from mograph.transforms.mo._walking import block_of, nested, terminator

__all__ = ["simplify_carried"]


class _Loop:
    """A loop with what its carried values are at each place."""

    def __init__(self, op: Any) -> None:
        self.op = op
        self.inits = list(op.operation.operands)
        self.cond, self.body = map(block_of, (op.cond, op.body))
        self.results = list(op.operation.results)
        self.read()

    def read(self) -> None:
        """Read the terminators again."""
        self.goes_on, *self.forwarded = terminator(self.cond).operation.operands
        self.yielded = list(terminator(self.body).operation.operands)

    def hand_on(self, place: int, value: Any) -> None:
        """Let the condition hand on another value."""
        terminator(self.cond).operation.operands[place + 1] = value
        self.forwarded[place] = value

    def replace(self, place: int, inside: Any, after: Any, cond: Any = None) -> bool:
        """Use other values for a carried one, where they have its type; returns whether it had uses."""
        changed = False
        olds = (self.cond.arguments[place], self.body.arguments[place], self.results[place])
        for old, new in zip(olds, (cond, inside, after), strict=True):
            if new is not None and new != old and new.type == old.type and _is_used(old, self):
                old.replace_all_uses_with(new)
                changed = True
        self.read()
        return changed


def simplify_carried(op: Any) -> tuple[Any, int]:
    """Remove carried values that are not needed; gives the loop, which may be a new one, and how many went away."""
    loop = _Loop(op)
    count = len(loop.inits)
    while _forward(loop) or _merge(loop):
        pass
    dead = _dead(loop)
    if len(dead) == count:
        dead.discard(0)  # a loop carries something
    if not dead:
        return op, 0
    return _without(loop, dead), len(dead)


def _is_used(value: Any, loop: _Loop) -> bool:
    """Whether anything uses a value but the terminators, in its own place."""
    ends = (terminator(loop.cond).operation, terminator(loop.body).operation)
    for use in value.uses:
        user = use.owner.operation
        if user not in ends:
            return True
        index = use.operand_number - (1 if user == ends[0] else 0)
        arguments = (loop.cond if user == ends[0] else loop.body).arguments
        if index < 0 or arguments[index] != value:
            return True
    return False


def _forward(loop: _Loop) -> bool:
    """Take what the condition hands on, and what no trip changes, from where it comes from."""
    changed = False
    for i, init in enumerate(loop.inits):
        argument, passed, forwarded = loop.cond.arguments[i], loop.body.arguments[i], loop.forwarded[i]
        if forwarded == argument and loop.yielded[i] in (passed, init):
            changed |= loop.replace(i, init, init, init)
        elif _block_of(forwarded) != loop.cond and loop.replace(i, forwarded, forwarded):
            loop.hand_on(i, argument)
            changed = True
    return changed


def _block_of(value: Any) -> Any:
    return value.owner if isinstance(value.owner, ir.Block) else value.owner.operation.block


def _merge(loop: _Loop) -> bool:
    """Let carried values that are always equal to another be it."""
    changed = False
    first: dict[Any, int] = {}
    for i, forwarded in enumerate(loop.forwarded):
        kept = first.setdefault(forwarded, i)
        if kept != i:  # the same value at two places: the body and the results have it twice
            changed |= loop.replace(i, loop.body.arguments[kept], loop.results[kept])
    carried: dict[Any, int] = {}
    for i, (init, forwarded, yielded) in enumerate(zip(loop.inits, loop.forwarded, loop.yielded, strict=True)):
        if forwarded == loop.cond.arguments[i]:
            kept = carried.setdefault((init, yielded), i)
            if kept != i:
                places = (loop.body.arguments[kept], loop.results[kept], loop.cond.arguments[kept])
                changed |= loop.replace(i, *places)
    return changed


def _dead(loop: _Loop) -> set[int]:
    """The places of the carried values that neither the condition, nor an effect, nor a used result depends on."""
    dead = {i for i, result in enumerate(loop.results) if next(iter(result.uses), None) is None}
    while dead:
        live = _live(loop, dead)
        needed = {i for i in dead if loop.cond.arguments[i] in live or loop.body.arguments[i] in live}
        if not needed:
            break
        dead -= needed
    return dead


def _live(loop: _Loop, dead: set[int]) -> set[Any]:
    """The values of the regions that are needed, if those at the places `dead` are not."""
    alive = [each for i in range(len(loop.inits)) if i not in dead for each in (loop.forwarded[i], loop.yielded[i])]
    left = [loop.goes_on, *alive]
    for block in (loop.cond, loop.body):
        for op in block.operations:
            if op.operation.name not in ("mo.condition", "mo.yield") and not is_removable(op):
                left += _reads(op)
    live: set[Any] = set()
    while left:
        value = left.pop()
        if value not in live:
            live.add(value)
            if not isinstance(value.owner, ir.Block) and _block_of(value) in (loop.cond, loop.body):
                left += _reads(value.owner)
    return live


def _reads(op: Any) -> list[Any]:
    """What an operation uses, and what is nested in it."""
    return [operand for each in nested([op]) for operand in each.operation.operands]


def _without(loop: _Loop, dead: set[int]) -> Any:
    """The loop without the carried values at the places `dead`, and without what only they needed."""
    kept = [i for i in range(len(loop.inits)) if i not in dead]
    for block, make in ((loop.cond, Condition), (loop.body, Yield)):
        end = terminator(block)
        operands = list(end.operation.operands)
        head, values = (operands[:1], operands[1:]) if make is Condition else ([], operands)
        location = end.location
        end.operation.erase()
        _drop(block, [block.arguments[i] for i in dead])
        for i in sorted(dead, reverse=True):
            block.erase_argument(i)
        with ir.InsertionPoint(block), location:
            make.build(*head, [values[i] for i in kept])
    old = loop.op.operation
    with ir.InsertionPoint(old), old.location:
        made = While.build([loop.inits[i] for i in kept], results=[loop.results[i].type for i in kept])
    for name, attribute in old.attributes.items():
        made.operation.attributes[name] = attribute
    for block, region in zip((loop.cond, loop.body), made.operation.regions, strict=True):
        block.append_to(region)
    for i, result in zip(kept, made.operation.results, strict=True):
        loop.results[i].replace_all_uses_with(result)
    old.erase()
    return made


def _drop(block: Any, arguments: Sequence[Any]) -> None:
    """Erase the operations of a block that depend on arguments, which nothing else needs."""
    gone = set(arguments)
    found = []
    for op in block.operations:
        if any(operand in gone for operand in _reads(op)):
            gone.update(op.operation.results)
            found.append(op)
    for op in reversed(found):
        op.operation.erase()
