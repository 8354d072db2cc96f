# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A group of operations of one block, as a graph that would be called in its place."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from mlir import ir

from mograph.transforms.mo._content import Reader
from mograph.transforms.mo._names import named, names_in
from mograph.transforms.mo._walking import nested, visible

__all__ = ["CALL", "EXTERNAL", "LEAVES", "Group"]

EXTERNAL, CALL = "mo.constant.external", "mo.call"
LEAVES = ("mo.constant", EXTERNAL)
"""What a group takes along, or is given."""
_MASKED = {EXTERNAL: "weight", CALL: "prefix"}


class Group:
    """Operations `ops` of one block, in order, none of which is a leaf. `weightless` are graphs without weights.

    Attributes:
        arguments: the values from outside, in the order of their first use.
        leaves: the constants and weights from outside.
        texts: the operations inside that name weights: weights of regions, and calls of graphs that have some.
        key: equal for groups that differ in leaves and in names only.

    """

    def __init__(self, ops: Sequence[Any], weightless: Collection[str]) -> None:
        self.ops = list(ops)
        self.members = list(nested(ops))
        self._inside = {each.operation for each in self.members}  # good until operands change, on which hashes depend
        self.arguments: list[Any] = []
        self.leaves: list[Any] = []
        self.texts = [each for each in self.members if _names_weights(each, weightless)]
        seen: set[Any] = set()
        order: list[tuple[str, Any]] = []
        for op in self.members:
            for operand in op.operation.operands:
                if operand not in seen and not self._is_inner(operand):
                    seen.add(operand)
                    leaf = isinstance(operand, ir.OpResult) and operand.owner.operation.name in LEAVES
                    (self.leaves if leaf else self.arguments).append(operand)
                    order.append((operand.owner.operation.name if leaf else "", operand))
        for binder in self._binders():
            self.arguments.append(binder)
            order.append(("", binder))
        reader = _Masked(self.texts)
        outer = tuple((kind, reader.new(value)) for kind, value in order)
        self.key = outer, tuple(reader.op(op) for op in ops)

    def results(self) -> list[tuple[int, int]]:
        """The results that others use, or that give a name its extent: places of operations and of results."""
        found = []
        known = self._bound()
        for place, op in enumerate(self.ops):
            for index, result in enumerate(op.operation.results):
                binds = named(result.type) - known
                known |= binds
                if binds or any(use.owner.operation not in self._inside for use in result.uses):
                    found.append((place, index))
        return found

    def problem(self) -> str:
        """Why the group cannot be a call in the place of its last operation; empty where it can."""
        block, last = self.ops[0].operation.block, self.ops[-1].operation
        for op in self.ops:
            for result in op.operation.results:
                for use in result.uses:
                    user = use.owner.operation
                    if user in self._inside:
                        continue
                    while user.block != block:
                        user = user.parent.operation
                    if user.is_before_in_block(last):
                        return f"'{user.name}', which is outside, uses what one of them gives before the last of them"
        return self._early_name(block, last)

    def _early_name(self, block: Any, last: Any) -> str:
        """The same where an operation between those of the group has a name of a dimension that only these bind."""
        new = {
            name for op in self.ops for result in op.operation.results for name in named(result.type)
        } - self._bound()
        first = self.ops[0].operation
        for op in block.operations if new else ():
            between = first.is_before_in_block(op.operation) and op.operation.is_before_in_block(last)
            if between and op.operation not in self._inside:
                found = [name for value in op.operation.results for name in names_in(value.type) if name in new]
                if found:
                    return (
                        f"'{op.operation.name}', which is outside, has the dimension {found[0]} that one of them binds"
                    )
        return ""

    def _is_inner(self, value: Any) -> bool:
        owner = value.owner
        if isinstance(owner, ir.Block):
            return owner.owner.operation in self._inside
        return owner.operation in self._inside

    def _bound(self) -> set[str]:
        return {name for value in self.arguments for name in named(value.type)}

    def _binders(self) -> Iterator[Any]:
        """Further values from outside, whose types have names by themselves that are known there and used inside."""
        inner = [result for op in self.members for result in op.operation.results]
        wanted = {name for value in (*inner, *self.arguments) for name in names_in(value.type)} - self._bound()
        if not wanted:
            return
        for value in visible(self.ops[0]):
            found = named(value.type) & wanted
            if found:
                wanted -= found
                yield value


def _names_weights(op: Any, weightless: Collection[str]) -> bool:
    name = op.operation.name
    return name == EXTERNAL or (name == CALL and op.callee not in weightless)


class _Masked(Reader):
    """Leaves the texts out that name weights."""

    def __init__(self, texts: Sequence[Any]) -> None:
        super().__init__({})
        self._texts = {op.operation for op in texts}

    def op(self, op: Any) -> Any:
        """The key of an operation."""
        if op.operation not in self._texts:
            return super().op(op)
        masked = _MASKED[op.operation.name]
        kept = {name: value for name, value in op.operation.attributes.items() if name != masked}
        return (
            op.operation.name,
            tuple(map(self.number, op.operation.operands)),
            self.attributes(kept),
            tuple(self.new(result) for result in op.operation.results),
        )
