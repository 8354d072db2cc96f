# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernels made of groups of launches."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

import mlir.ir as ir

from mograph import _native
from mograph.dialects.kit.values import listed
from mograph.transforms.mogg._destinations import drop_destinations
from mograph.transforms.mogg._fusion.grouping import Group, Grouping, group_window, kernel_of, windows
from mograph.transforms.mogg._fusion.rules import Rule
from mograph.transforms.mogg._fusion.summary import KINDS, Summary, placed, summarize
from mograph.transforms.mogg._names import Symbols, kernel_name

__all__ = ["Fuser"]


class Fuser:
    """Fuses the launches in the programs of one module, and counts `groups`, `launches` that went away, and bytes
    `saved`.
    """

    def __init__(self, module: Any, rules: Sequence[Rule]) -> None:
        self._block = module.regions[0].blocks[0]
        self._rules = rules
        ops = _native.block_ops(self._block)
        self._programs = [op for op in ops if op.name == "mogg.program"]
        self.kernels = {_symbol(op): op for op in ops if op.name == "mogg.kernel"}
        self._summaries: dict[str, Summary] = {}
        self._placements: dict[str, list[int]] = {}
        self.symbols = Symbols(_symbol(op) for op in ops if "sym_name" in op.attributes)
        self._made: dict[Hashable, tuple[Any, list[int]]] = {}
        self.groups = self.launches = self.saved = 0

    def run(self) -> None:
        """Fuse, and erase the kernels that nothing launches any more."""
        for program in self._programs:
            for block in _blocks(program):
                for ops, following in list(windows(block)):
                    self._window(ops, following)
        if self.groups:
            self._erase_unused()

    def _window(self, ops: Sequence[Any], following: Any) -> None:
        grouping = group_window(ops, self.summary, self._rules)
        groups = [group for group in grouping.groups if _is_new(group, grouping)]
        if not groups:
            return
        launches = [_Merger(self, grouping, group).launch() for group in groups]
        self.groups += len(groups)
        self.launches += sum(len(group.launches) - 1 for group in groups)
        self.saved += sum(joined.saved for group in groups for joined in group.joined)
        _reorder([*_erase_dead(ops), *launches], following)

    def summary(self, name: str) -> Summary:
        """What the kernel of this symbol does."""
        if name not in self._summaries:
            self._summaries[name] = summarize(self.kernels[name])
        return self._summaries[name]

    def placements(self, name: str) -> list[int]:
        """The results of the kernel of this symbol that have destinations, in the order of these."""
        if name not in self._placements:
            block = self.kernels[name].regions[0].blocks[0]
            order = {argument: i for i, argument in enumerate(block.arguments)}
            returned = _native.block_ops(block)[-1].operands
            found = {order[v.owner.operands[1]]: i for i, v in enumerate(returned) if placed(v) != v}
            self._placements[name] = [found[i] for i in sorted(found)]
        return self._placements[name]

    def make(self, key: Hashable, make: Callable[[Any], tuple[Any, list[int]]]) -> tuple[Any, list[int]]:
        """The kernel of this key, which `make` makes when it is new, and which of its arguments it needs."""
        if key not in self._made:
            kernel, _ = self._made[key] = make(ir.InsertionPoint(self._block))
            self.kernels[_symbol(kernel)] = kernel
        return self._made[key]

    def _erase_unused(self) -> None:
        used = set()
        for program in self._programs:
            for launch in _native.find_ops(program, ["mogg.launch"]):
                used.add(kernel_of(launch))
        for name, kernel in self.kernels.items():
            if name not in used:
                kernel.erase()


class _Merger:
    """Makes the kernel of one group, and launches it."""

    def __init__(self, fuser: Fuser, grouping: Grouping, group: Group) -> None:
        self._fuser, self._grouping, self._group = fuser, grouping, group
        self._inside = {*group.launches, *group.copied}
        self._order = sorted(self._inside)
        self._ops: list[tuple[Any, list[tuple[str, int]]]] = []  # what the kernel consists of, and where operands are
        self._places: dict[Any, tuple[str, int]] = {}  # of values outside: argument or result, and its number
        self._arguments: list[Any] = []
        self._destinations: list[Any] = []
        self._outputs = self._needed()
        self._count = 0

    def launch(self) -> Any:
        """The launch that takes the place of the group's, at the place of the last."""
        launches = [self._grouping.launches[i] for i in self._order]
        for launch in launches:
            self._add(launch)
        outputs, passed = self._outputs, [*self._arguments, *self._destinations]
        key = (
            tuple((_content(op), tuple(operands)) for op, operands in self._ops),
            tuple(value.type for value in passed),
            tuple(self._places[value] for value in outputs),
        )
        kernel, needed = self._fuser.make(key, lambda at: self._kernel(at, launches, passed))
        symbol = _symbol(kernel)
        last = launches[-1]
        made = ir.Operation.create(
            "mogg.launch",
            results=[value.type for value in outputs],
            operands=[passed[i] for i in needed],
            attributes={"kernel": ir.FlatSymbolRefAttr.get(symbol, context=last.context)},
            loc=_fused([launch.location for launch in launches]),
            ip=ir.InsertionPoint(last),
        )
        for value, result in zip(outputs, made.results, strict=True):
            value.replace_all_uses_with(result)
        return made

    def _add(self, op: Any) -> None:
        values = list(op.operands)
        inputs = self._summary(op).inputs if op.name == "mogg.launch" else len(values)
        operands = [self._place(value) for value in values[:inputs]]
        for destination, result in zip(values[inputs:], self._results_placed(op, inputs), strict=True):
            operands.append(self._place_destination(destination, result))
        self._ops.append((op, operands))
        for result in op.results:
            self._places[result] = ("value", self._count)
            self._count += 1

    def _place(self, value: Any) -> tuple[str, int]:
        """Where the kernel has a value of the program: what depends on its own launches, constants and slices are
        computed inside, everything else is an argument.
        """
        if value not in self._places:
            owner = value.owner
            if isinstance(owner, ir.Operation | ir.OpView) and self._belongs(value, owner.operation):
                self._add(owner.operation)
            else:
                self._places[value] = ("argument", len(self._arguments))
                self._arguments.append(value)
        return self._places[value]

    def _place_destination(self, destination: Any, result: Any) -> tuple[str, int]:
        """Where a launch puts a result: in a destination of the kernel, or in a tensor of its own, if the kernel keeps
        the result to itself or only finds out how large that is.
        """
        owner = destination.owner
        made = isinstance(owner, ir.Operation | ir.OpView) and owner.name == "tensor.empty"
        if made and (result not in self._outputs or self._depends(destination)):
            self._add(owner.operation)
            return "value", self._count - 1
        self._destinations.append(destination)
        return "destination", len(self._destinations) - 1

    def _depends(self, value: Any) -> bool:
        """Whether a value comes from launches of the kernel, directly."""
        return bool(self._grouping.depends.get(value, frozenset()) & self._inside)

    def _summary(self, launch: Any) -> Summary:
        return self._fuser.summary(kernel_of(launch))

    def _results_placed(self, op: Any, inputs: int) -> list[Any]:
        """The results of a launch that have destinations, in the order of these."""
        if inputs == len(op.operands):
            return []
        return [op.results[i] for i in self._fuser.placements(kernel_of(op))]

    def _belongs(self, value: Any, op: Any) -> bool:
        if op.name in ("arith.constant", "tensor.extract_slice"):
            return True
        return op.name != "mogg.launch" and self._depends(value)

    def _needed(self) -> list[Any]:
        """The results that are needed outside."""
        members = [self._grouping.launches[i] for i in self._group.launches]
        inside = set(members)
        return [result for launch in members for result in launch.results if _is_used(result, inside)]

    def _kernel(self, at: Any, launches: Sequence[Any], passed: Sequence[Any]) -> tuple[Any, list[int]]:
        kernels = [self._fuser.kernels[kernel_of(op)] for op in launches]
        context = launches[-1].context
        types = [value.type for value in self._outputs]
        told = [
            name for kernel, op in zip(kernels, launches, strict=True) if self._is_told(op) for name in _names(kernel)
        ]
        symbol = self._fuser.symbols.new(kernel_name(told, types[0] if types else None))

        def strings(values: Iterable[str]) -> Any:
            return ir.ArrayAttr.get([ir.StringAttr.get(value, context=context) for value in values], context=context)

        def signature(inputs: Sequence[Any]) -> Any:
            return ir.TypeAttr.get(ir.FunctionType.get(inputs, types, context=context), context=context)

        attributes = {
            "sym_name": ir.StringAttr.get(symbol, context=context),
            "sym_visibility": ir.StringAttr.get("private", context=context),
            "function_type": signature([]),
            "operations": strings(name for kernel in kernels for name in _names(kernel)),
            "fusion": self._why(context),
        }
        location = _fused([kernel.location for kernel in kernels])
        kernel = ir.Operation.create("mogg.kernel", attributes=attributes, regions=1, loc=location, ip=at)
        block = ir.Block.create_at_start(kernel.regions[0], [v.type for v in passed], [location] * len(passed))
        self._fill(block, location)
        drop_destinations(kernel)
        needed = [i for i, argument in enumerate(block.arguments) if _native.users_of(argument)]
        for i in reversed(range(len(passed))):
            if i not in needed:
                block.erase_argument(i)
        roles = self._roles()
        kernel.attributes["function_type"] = signature([argument.type for argument in block.arguments])
        kernel.attributes["roles"] = strings(roles[i] for i in needed)
        return kernel, needed

    def _is_told(self, launch: Any) -> bool:
        """Whether a kernel is called after this launch: those that only move elements are left out beside others."""
        return self._summary(launch).kind != "move" or self._group.kind == "move"

    def _roles(self) -> list[str]:
        main = self._main()
        own = set(main.operands)
        roles = [
            "extent" if isinstance(v.type, ir.IndexType) else "in" if v in own else "fused-in" for v in self._arguments
        ]
        return roles + ["out" if v in own else "fused-out" for v in self._destinations]

    def _fill(self, block: Any, location: Any) -> None:
        arguments = {"argument": list(block.arguments)[: len(self._arguments)]}
        arguments["destination"] = list(block.arguments)[len(self._arguments) :]
        values: list[Any] = []
        end = ir.Operation.create("mogg.return", ip=ir.InsertionPoint(block), loc=location)
        copies: list[tuple[Any, Any]] = []
        for op, operands in self._ops:
            copy = op.clone(ip=ir.InsertionPoint(end)).operation
            for number, (where, index) in enumerate(operands):
                copy.operands[number] = values[index] if where == "value" else arguments[where][index]
            values += copy.results
            if copy.name == "mogg.launch":
                copies.append((copy, self._fuser.kernels[kernel_of(op)]))
        returned = [values[self._places[value][1]] for value in self._outputs]
        ir.Operation.create("mogg.return", operands=returned, ip=ir.InsertionPoint(end), loc=location)
        end.erase()
        for copy, kernel in copies:
            _native.inline_call(copy, kernel, False)

    def _main(self) -> Any:
        """The launch that the kernel is mostly about: the last one of the most demanding kind."""
        summaries = self._grouping.summaries
        return self._grouping.launches[max(self._order, key=lambda i: (KINDS.index(summaries[i].kind), i))]

    def _why(self, context: Any) -> Any:
        """The reasons, as an attribute."""
        i64 = ir.IntegerType.get_signless(64, context=context)
        reasons = []
        for joined in self._group.joined:
            told: dict[str, Any] = {
                key: ir.StringAttr.get(getattr(joined, key), context=context)
                for key in ("producer", "consumer", "reason")
            }
            told |= {key: ir.IntegerAttr.get(i64, getattr(joined, key)) for key in ("saved", "recomputed")}
            reasons.append(ir.DictAttr.get(told, context=context))
        return ir.ArrayAttr.get(reasons, context=context)


def _is_new(group: Group, grouping: Grouping) -> bool:
    """Whether a group is more than one launch of whole tensors."""
    if len(group.launches) > 1 or group.copied:
        return True
    launch = grouping.launches[group.launches[0]]
    if group.kind == "opaque":
        return False
    return any(_is_slice(value.owner) for value in launch.operands)


def _is_slice(owner: Any) -> bool:
    return isinstance(owner, ir.Operation | ir.OpView) and owner.operation.name == "tensor.extract_slice"


def _is_used(value: Any, inside: set[Any]) -> bool:
    """Whether anything but launches `inside` needs a value, directly or through views and numbers."""
    waiting = [value]
    while waiting:
        for user in _native.users_of(waiting.pop()):
            if user in inside:
                continue
            if user.name == "mogg.launch" or not len(user.results) or len(user.regions):
                return True
            waiting += list(user.results)
    return False


def _symbol(op: Any) -> str:
    return str(ir.StringAttr(op.attributes["sym_name"]).value)


def _names(kernel: Any) -> list[str]:
    """The operations that a kernel was made of."""
    attributes = kernel.attributes
    if "operations" in attributes:
        return [str(ir.StringAttr(name).value) for name in listed(attributes["operations"])]
    return ["." + _symbol(kernel)]


def _content(op: Any) -> Hashable:
    """What an operation does with its operands."""
    if op.name == "mogg.launch":
        return kernel_of(op)
    return op.name, tuple(op.attributes.items()), tuple(result.type for result in op.results)


def _fused(locations: Sequence[Any]) -> Any:
    return ir.Location.fused(list(dict.fromkeys(locations)), context=locations[0].context)


def _blocks(op: Any) -> list[Any]:
    """The blocks in an operation, those inside first."""
    found = []
    for region in op.regions:
        for block in region.blocks:
            for inner in _native.block_ops(block):
                if inner.name.startswith("scf."):
                    found += _blocks(inner)
            found.append(block)
    return found


def _erase_dead(ops: Sequence[Any]) -> list[Any]:
    """Erase what nothing uses, and give the rest in its order."""
    kept = []
    for op in reversed(ops):
        if any(map(_native.users_of, op.results)) or (op.name == "mogg.launch" and not len(op.results)):
            kept.append(op)
        else:
            op.erase()
    return kept[::-1]


def _reorder(ops: Sequence[Any], following: Any) -> None:
    """Put operations in an order in which each comes after what it needs, before `following`."""
    waiting = {op: [value.owner for value in op.operands] for op in ops}
    most = len(ops) + sum(map(len, waiting.values()))  # on the way to an operation, unless that waits for itself
    done: set[Any] = set()
    for first in ops:
        stack = [first]
        while stack:
            op = stack[-1]
            needs = [owner for owner in waiting[op] if owner in waiting and owner not in done]
            if len(stack) > most:
                raise RuntimeError(f"operations wait for each other: {op}")
            if needs:
                stack += needs
                continue
            stack.pop()
            if op not in done:
                done.add(op)
                op.move_before(following)
