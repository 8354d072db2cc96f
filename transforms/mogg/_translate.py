# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From the graphs of a module to programs and kernels."""

from __future__ import annotations

from typing import Any

import mlir.ir as ir

from mograph import _native
from mograph.transforms.lower.builder import Emitter
from mograph.transforms.lower.registry import LoweringRegistry
from mograph.transforms.mogg._control import passed
from mograph.transforms.mogg._errors import LoweringError
from mograph.transforms.mogg._kernels import Kernels
from mograph.transforms.mogg._program import Callee, ProgramBuilder
from mograph.transforms.mogg._signature import EntrySignature, argument
from mograph.transforms.mogg._types import TensorInfo, Types

__all__ = ["translate"]


def translate(module: Any, registry: LoweringRegistry, target: str) -> None:
    """Replace every `mo.graph` in `module` (a `builtin.module`) by a `mogg.program` and the kernels that it launches.

    Raises `LoweringError` at the operation that cannot be lowered; the graphs are then still there.
    """
    block = module.operation.regions[0].blocks[0]
    symbols = [op for op in block.operations if "sym_name" in op.attributes]
    graphs = [op for op in symbols if op.operation.name == "mo.graph"]
    taken = {ir.StringAttr(op.attributes["sym_name"]).value for op in symbols}
    em = Emitter(ir.InsertionPoint(block), module.location)
    kernels = Kernels(em, block, taken)
    translator = _Translator(em, graphs, registry, target, kernels)
    made = [translator.program(graph) for graph in graphs]
    for graph, program in zip(graphs, made, strict=True):
        name = graph.sym_name
        graph.operation.erase()
        program.attributes["sym_name"] = em.string(name)


class _Translator:
    def __init__(
        self, em: Emitter, graphs: list[Any], registry: LoweringRegistry, target: str, kernels: Kernels
    ) -> None:
        self._em = em
        self._types = Types()
        self._registry = registry
        self._target = target
        self._kernels = kernels
        self._graphs = {graph.sym_name: graph for graph in graphs}
        self._callees: dict[str, Callee] = {}
        self._open: list[str] = []
        for graph in graphs:
            self._callee(graph)

    def program(self, graph: Any) -> Any:
        """The program of `graph`, under a symbol that is free while the graph is there."""
        em, types = self._em, self._types
        name = graph.sym_name
        callee = self._callees[name]
        em.location = graph.location
        block = graph.body.blocks[0]
        inputs = [(value, types.tensor(value.type)) for value in block.arguments]
        data = [info for _, info in inputs if info is not None]
        builder = ProgramBuilder(em, types, self._registry, self._target, self._kernels, self._callees)
        weights = list(callee.weights.values())
        arguments = [builder.passed_type(info, callee.private) for info in (*data, *weights)]
        results = [builder.passed_type(info, callee.private) for info in callee.outputs]
        op = em.create("mogg.program", attributes=self._attributes(graph, callee, arguments, results), regions=1)
        target = em.block(op.regions[0], arguments)
        with em.inside(target):
            values = iter(list(target.arguments))
            for value, info in inputs:
                builder.bind(value, None if info is None else builder.received(next(values), info))
            for weight, info in callee.weights.items():
                builder.weights[weight] = builder.k.input(next(values), info.element, info.shape)
            for x in (*builder.tensors([value for value, _ in inputs]), *builder.weights.values()):
                builder.bind_extents(x)
            returned = builder.tensors(builder.block(block))
            em.create("mogg.return", (), [passed(x, callee.private) for x in returned])
        return op

    def _attributes(self, graph: Any, callee: Callee, arguments: list[Any], results: list[Any]) -> dict[str, Any]:
        em = self._em
        type_ = ir.FunctionType.get(arguments, results, context=em.context)
        attributes = {
            "sym_name": em.string(self._kernels.symbols.new(f"{graph.sym_name}.program")),
            "function_type": ir.TypeAttr.get(type_, context=em.context),
        }
        if callee.private:
            attributes["sym_visibility"] = em.string("private")
        else:
            attributes["signature"] = self._signature(graph, callee).attribute(em.context)
        return attributes

    def _signature(self, graph: Any, callee: Callee) -> EntrySignature:
        type_ = graph.function_type
        groups = []
        for types, given, kind in (
            (type_.inputs, graph.arg_attrs, "input"),
            (type_.results, graph.res_attrs, "output"),
        ):
            group = []
            for index, each in enumerate(types):
                info = self._types.tensor(each)
                if info is None:
                    continue
                found = ir.DictAttr(given[index]) if given else {}
                name = ir.StringAttr(found["mo.name"]).value if "mo.name" in found else f"{kind}{index}"
                group.append(argument(name, info if kind == "input" else info._replace(mutable=False)))
            groups.append(tuple(group))
        weights = tuple(argument(name, info) for name, info in callee.weights.items())
        return EntrySignature(graph.sym_name, groups[0], weights, groups[1])

    def _tensors(self, types: Any) -> list[TensorInfo]:
        return [info for info in map(self._types.tensor, types) if info is not None]

    def _callee(self, graph: Any) -> Callee:
        """What a call of `graph` needs to know; its weights include those of its own calls, under their prefixes."""
        name = graph.sym_name
        if name in self._callees:
            return self._callees[name]
        if name in self._open:
            raise LoweringError(graph, f"graphs call each other in a circle: {' -> '.join([*self._open, name])}")
        self._open.append(name)
        weights: dict[str, TensorInfo] = {}

        def add(op: Any, weight: str, info: TensorInfo) -> None:
            if weights.setdefault(weight, info) != info:
                raise LoweringError(op, f"weight '{weight}' has another type elsewhere in the graph: {weights[weight]}")

        found = _native.find_ops(graph.operation, ["mo.constant.external", "mo.call"])
        for op in (each.opview for each in found):
            if op.operation.name == "mo.constant.external":
                info = self._types.tensor(op.result.type)
                assert info is not None
                add(op, op.weight, info)
            elif op.callee in self._graphs:
                for weight, info in self._callee(self._graphs[op.callee]).weights.items():
                    add(op, (op.prefix or "") + weight, info)
        self._open.pop()
        private = graph.sym_visibility == "private"
        type_ = graph.function_type
        inputs, outputs = (self._tensors(types) for types in (type_.inputs, type_.results))
        callee = self._callees[name] = Callee(name, private, weights, inputs, outputs)
        return callee
