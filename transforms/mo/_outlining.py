# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes private graphs of groups of operations, and calls of them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from mlir import ir

from mograph.dialects.kit import Dim
from mograph.dialects.mo import Call, Graph, Output
from mograph.transforms.mo._copying import Copier
from mograph.transforms.mo._grouping import CALL, EXTERNAL, Group
from mograph.transforms.mo._prefixes import split
from mograph.transforms.mo._symbols import fresh_symbol
from mograph.transforms.mo._walking import graphs_in, nested, operations

__all__ = ["Outliner"]


class Outliner:
    """Outlines groups of the graphs of a module."""

    def __init__(self, module: Any) -> None:
        self.calls = 0
        self.graphs = 0
        self.made: set[str] = set()
        """The graphs made here."""
        self._replaced: dict[Any, Any] = {}
        self._block = module.operation.regions[0].blocks[0]
        self._graphs = graphs_in(module)
        symbols = (op for op in self._block.operations if "sym_name" in op.attributes)
        self._taken = {ir.StringAttr(op.attributes["sym_name"]).value for op in symbols}
        self.weightless: set[str] = set()
        for name in self._graphs:
            if not self._has_weights(name, ()):
                self.weightless.add(name)

    def outline(self, groups: Sequence[tuple[str, Sequence[Any]]]) -> list[tuple[Group, str]]:
        """Outline groups, given with what to call them; those that are alike get one graph.

        Returns the groups that cannot be outlined, and why.
        """
        refused = []
        alike: dict[Any, list[tuple[str, Group]]] = {}
        for name, ops in groups:
            group = self.group(ops)
            problem = group.problem()
            if problem:
                refused.append((group, problem))
            else:
                alike.setdefault(group.key, []).append((name, group))
        results = {id(group): group.results() for found in alike.values() for _, group in found}
        for found in alike.values():
            name = re.sub(r"\W+", "_", found[0][0])
            instances = [group for _, group in found]
            if not self._together(name, instances, results):
                for each in instances:
                    self._together(name, [each], results)
        self._erase([group for found in alike.values() for _, group in found])
        return refused

    def group(self, ops: Sequence[Any]) -> Group:
        """The operations as a group."""
        return Group([op for op in ops if op.operation.name not in ("mo.constant", EXTERNAL)], self.weightless)

    def prefixes(self, instances: Sequence[Group]) -> Any:
        """How the weights of groups that are alike are called, None where one graph cannot do for all."""
        names = [[*map(_text, each.texts), *(_text(leaf.owner) for leaf in _weights(each))] for each in instances]
        required = [True] * len(instances[0].texts) + [False] * (len(names[0]) - len(instances[0].texts))
        return split(names, required)

    def _together(self, name: str, instances: list[Group], used: Mapping[int, list[tuple[int, int]]]) -> bool:
        first = instances[0]
        found = self.prefixes(instances)
        if found is None:
            return False
        prefixes, rests = found
        texts = len(first.texts)
        weights = {leaf: rests.get(texts + i) for i, leaf in enumerate(_weights(first))}
        kept = [i for i, leaf in enumerate(first.leaves) if weights.get(leaf) or _same(i, instances)]
        given = [i for i in range(len(first.leaves)) if i not in kept]
        results = sorted({each for group in instances for each in used[id(group)]})
        symbol = fresh_symbol(name, self._taken)
        self._taken.add(symbol)
        self.made.add(symbol)
        self._body(symbol, first, kept, given, results, weights, rests)
        self.graphs += 1
        for group, prefix in zip(instances, prefixes, strict=True):
            self._call(symbol, group, given, results, prefix if texts or any(weights.values()) else "")
        return True

    def _body(
        self,
        symbol: str,
        group: Group,
        kept: Sequence[int],
        given: Sequence[int],
        results: Sequence[tuple[int, int]],
        weights: dict[Any, str | None],
        rests: dict[int, str],
    ) -> None:
        """The graph called `symbol` that does what `group` does."""
        outer = [*group.arguments, *(group.leaves[i] for i in given)]
        outputs = [group.ops[place].operation.results[index].type for place, index in results]
        location = ir.Location.fused([op.location for op in group.ops], context=group.ops[0].operation.context)
        with location, ir.InsertionPoint(self._block):
            type_ = ir.TypeAttr.get(ir.FunctionType.get([value.type for value in outer], outputs))
            graph = Graph.build(sym_name=symbol, sym_visibility="private", function_type=type_)
            block = graph.body.blocks.append(*(value.type for value in outer), arg_locs=[location] * len(outer))
        copier = Copier(dict(zip(outer, block.arguments, strict=True)), {}, Dim)
        place = ir.InsertionPoint(block)
        for index in kept:
            leaf = group.leaves[index]
            copy = copier.op(leaf.owner.opview, place)
            if weights.get(leaf):
                copy.attributes["weight"] = ir.StringAttr.get(weights[leaf], context=copy.context)
        copies = [copier.op(op, place) for op in group.ops]
        inner = [each.operation for each in nested(copies)]
        for number, op in enumerate(group.texts):
            _retext(inner[[each.operation for each in group.members].index(op.operation)], rests[number])
        with location, place:
            Output.build([copies[each].results[index] for each, index in results])
        self._graphs[symbol] = graph
        if not self._has_weights(symbol, ()):
            self.weightless.add(symbol)

    def _call(
        self, symbol: str, group: Group, given: Sequence[int], results: Sequence[tuple[int, int]], prefix: str
    ) -> None:
        """A call in the place of `group`, whose operations stay until all calls are there."""
        values = [group.ops[place].operation.results[index] for place, index in results]
        outer = [*group.arguments, *(group.leaves[i] for i in given)]
        arguments = [self._replaced.get(value, value) for value in outer]
        with ir.InsertionPoint(group.ops[-1].operation), group.ops[0].location:
            types = [value.type for value in values]
            call = Call.build(arguments, callee=symbol, prefix=prefix or None, results=types)
        for value, result in zip(values, call.operation.results, strict=True):
            value.replace_all_uses_with(result)
            self._replaced[value] = result
        self.calls += 1

    def _erase(self, groups: Sequence[Group]) -> None:
        """Erase what calls took the place of, and the leaves that nothing else uses."""
        leaves = {leaf for group in groups for leaf in group.leaves}
        for group in groups:
            for op in reversed(group.ops):
                op.operation.erase()
        for leaf in leaves:
            if next(iter(leaf.uses), None) is None:
                leaf.owner.erase()
        self._replaced.clear()

    def _has_weights(self, name: str, within: tuple[str, ...]) -> bool:
        if name not in self._graphs or name in within:
            return True
        found = operations(self._graphs[name])
        return any(
            op.operation.name == EXTERNAL
            or (op.operation.name == CALL and op.callee not in self.weightless)
            and self._has_weights(op.callee, (*within, name))
            for op in found
        )


def _weights(group: Group) -> list[Any]:
    return [leaf for leaf in group.leaves if leaf.owner.operation.name == EXTERNAL]


def _same(index: int, instances: Sequence[Group]) -> bool:
    """Whether the leaf is the same constant in all groups."""
    owners = [group.leaves[index].owner.operation for group in instances]
    constants = all(owner.name == "mo.constant" for owner in owners)
    return constants and all(owner.attributes["value"] == owners[0].attributes["value"] for owner in owners)


def _text(op: Any) -> str:
    """What names weights: that of a weight, or the prefix of a call."""
    field = "weight" if op.operation.name == EXTERNAL else "prefix"
    attributes = op.operation.attributes
    return ir.StringAttr(attributes[field]).value if field in attributes else ""


def _retext(op: Any, text: str) -> None:
    field = "weight" if op.name == EXTERNAL else "prefix"
    if text or field == "weight":
        op.attributes[field] = ir.StringAttr.get(text, context=op.context)
    elif field in op.attributes:
        del op.attributes[field]
