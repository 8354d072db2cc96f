# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which operations and values the graphs of a module need: for their results, for effects, and for names."""

from collections.abc import Mapping
from typing import Any

from mlir import ir

from mograph.dialects.kit import traits
from mograph.transforms.mo._effects import is_removable
from mograph.transforms.mo._names import named, names_in
from mograph.transforms.mo._walking import block_of, graphs_in, operations, terminator

__all__ = ["Liveness"]

_TERMINATORS = ("mo.condition", "mo.output", "mo.yield")


class Liveness:
    """What is needed in a module: `ops`, and `values`, among them arguments of blocks.

    A public graph needs its arguments and results. A carried value of a loop is needed at all places or at none, as is
    a result of a private graph in all calls. A name of a dimension that the type of something needed has is bound by
    the first value that has it alone, which is then needed too, whether or not anything uses it.
    """

    def __init__(self, module: Any) -> None:
        self.ops: set[Any] = set()
        self.values: set[Any] = set()
        self.graphs = graphs_in(module)
        self.calls: dict[str, list[Any]] = {name: [] for name in self.graphs}
        for op in operations(module):
            if op.operation.name == "mo.call" and op.callee in self.calls:
                self.calls[op.callee].append(op)
        self.slots: dict[str, set[int]] = {name: set() for name in self.graphs}
        self._effects: dict[str, bool] = {}
        self._plain: dict[type, bool] = {}
        self._names: dict[Any, tuple[list[str], set[str]]] = {}
        self._waiting: list[Any] = []
        self._mark()

    def _mark(self) -> None:
        for name, graph in self.graphs.items():
            block = block_of(graph.body)
            if graph.sym_visibility != "private":
                outputs = terminator(block).operation.operands
                self.slots[name] = set(range(len(outputs)))
                self._need(*block.arguments, *outputs)
            for op in operations(graph):
                if self._must_stay(op):
                    self._keep(op)
        self._drain()
        while self._waiting or self._need_names():
            self._drain()

    # Effects.

    def _must_stay(self, op: Any) -> bool:
        """Whether the operation does something besides giving its results."""
        name = op.operation.name
        if name == "mo.call":
            return op.callee not in self.graphs or self._has_effects(op.callee)
        if name in ("mo.if", "mo.while"):
            return any(self._must_stay(each) for each in operations(op))
        return name not in _TERMINATORS and not self._is_plain(type(op)) and not is_removable(op)

    def _is_plain(self, cls: Any) -> bool:
        """Whether no operation of the class has an effect, nor brings a name in: its result's type is inferred."""
        if cls not in self._plain:
            self._plain[cls] = hasattr(cls, "infer") and traits.Pure in getattr(cls, "TRAITS", ())
        return self._plain[cls]

    def _has_effects(self, name: str) -> bool:
        if name not in self._effects:
            self._effects[name] = True  # as long as it is not known: of graphs that call each other
            self._effects[name] = any(self._must_stay(op) for op in operations(self.graphs[name]))
        return self._effects[name]

    # Values.

    def _need(self, *values: Any) -> None:
        for value in values:
            if value not in self.values:
                self.values.add(value)
                self._waiting.append(value)

    def _keep(self, op: Any) -> None:
        """Need the operation, and what it needs whatever its results are for."""
        operation = op.operation
        if operation in self.ops:
            return
        self.ops.add(operation)
        name = operation.name
        if operation.parent.name not in ("builtin.module", "mo.graph"):
            self._keep(operation.parent.opview)
        if name == "mo.while":
            self._need(terminator(block_of(op.cond)).condition)
        elif name == "mo.if":
            self._need(op.condition)
        elif name == "mo.call" and op.callee in self.graphs:
            self._need(*(operation.results[slot] for slot in self.slots[op.callee]))
            for argument in block_of(self.graphs[op.callee].body).arguments:
                if argument in self.values:
                    self._need(operation.operands[argument.arg_number])
        else:
            self._need(*operation.operands)
            for region in operation.regions:
                for block in region.blocks:
                    self._need(*block.arguments, *terminator(block).operation.operands)
                    for each in block.operations:
                        self._keep(each)

    def _drain(self) -> None:
        while self._waiting:
            value = self._waiting.pop()
            if isinstance(value.owner, ir.Block):
                self._need_argument(value)
            else:
                self._need_result(value.owner, value.result_number)

    def _need_result(self, op: Any, index: int) -> None:
        self._keep(op)
        name = op.operation.name
        if name == "mo.if":
            self._need(*(terminator(block_of(region)).operation.operands[index] for region in op.operation.regions))
        elif name == "mo.while":
            self._need_carried(op, index)
        elif name == "mo.call" and op.callee in self.graphs and index not in self.slots[op.callee]:
            self.slots[op.callee].add(index)
            self._need(terminator(block_of(self.graphs[op.callee].body)).operation.operands[index])
            kept = (call.operation for call in self.calls[op.callee] if call.operation in self.ops)
            self._need(*(call.results[index] for call in kept))

    def _need_argument(self, value: Any) -> None:
        op = value.owner.owner.opview
        if op.operation.name == "mo.graph":
            kept = (call.operation for call in self.calls[op.sym_name] if call.operation in self.ops)
            self._need(*(call.operands[value.arg_number] for call in kept))
            return
        self._keep(op)
        if op.operation.name == "mo.while":
            self._need_carried(op, value.arg_number)

    def _need_carried(self, op: Any, index: int) -> None:
        cond, body = block_of(op.cond), block_of(op.body)
        self._need(
            op.operation.operands[index],
            op.operation.results[index],
            cond.arguments[index],
            body.arguments[index],
            terminator(cond).operation.operands[index + 1],
            terminator(body).operation.operands[index],
        )

    # Names.

    def _need_names(self) -> bool:
        """Need what binds the names in the types of needed values; returns whether there was such."""
        for graph in self.graphs.values():
            self._scan(block_of(graph.body), {})
        return bool(self._waiting)

    def _scan(self, block: Any, outer: Mapping[str, Any]) -> None:
        binders = dict(outer)

        def see(value: Any) -> None:
            type_ = value.type
            if type_ not in self._names:
                self._names[type_] = (names_in(type_), named(type_))
            used, bound = self._names[type_]
            for name in bound:
                binders.setdefault(name, value)
            if used and value in self.values:
                self._need(*(binders[name] for name in used if name in binders))

        for argument in block.arguments:
            see(argument)
        for op in block.operations:
            for region in op.operation.regions:
                for inner in region.blocks:
                    self._scan(inner, binders)
            for result in op.operation.results:
                see(result)
