# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The graphs of a module of `mo`: which there are, and the signatures of those that are models."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from mlir import ir

from mograph.dialects.kit import wrap_type
from mograph.dialects.mo.types import BufferType
from mograph.engine.naming import ATTRIBUTE
from mograph.targets.signature import Arg, DimLike, Signature

EXTERNAL = "mo.constant.external"
CALL = "mo.call"


def graphs_of(module: Any) -> dict[str, Any]:
    """All graphs, private ones too, by name. Raises ValueError if there is none that is public."""
    graphs = {op.sym_name: op for op in module.body if op.operation.name == "mo.graph"}
    if not any(map(is_public, graphs.values())):
        raise ValueError("the module has no model: no mo.graph in it is public")
    return graphs


def is_public(graph: Any) -> bool:
    """Whether a graph is a model, rather than part of others."""
    return (graph.sym_visibility or "public") == "public"


def signatures_of(module: Any) -> dict[str, Signature]:
    """The signature of each model of a module, by name. Raises ValueError for a weight that is used with two types, for
    a graph that calls itself, and if there is no model.
    """
    graphs = graphs_of(module)
    return {name: _signature(graph, graphs) for name, graph in graphs.items() if is_public(graph)}


def _signature(graph: Any, graphs: Mapping[str, Any]) -> Signature:
    function = graph.function_type
    inputs = _args("input", function.inputs, graph.arg_attrs)
    outputs = _args("output", function.results, graph.res_attrs)
    weights: dict[str, Arg] = {}
    for weight in _weights(graph, graphs, "", ()):
        known = weights.setdefault(weight.name, weight)
        if known != weight:
            raise ValueError(f"{graph.sym_name}: the weight '{weight.name}' is used as {known} and as {weight}")
    return Signature(graph.sym_name, inputs, tuple(weights.values()), outputs)


def _args(kind: str, types: Any, attributes: Any) -> tuple[Arg, ...]:
    names = _names(kind, len(types), attributes)
    args = [arg_of(name, type_) for name, type_ in zip(names, types, strict=True) if is_tensor(type_)]
    return tuple(args if kind == "input" else (replace(arg, mutable=False) for arg in args))


def _names(kind: str, count: int, attributes: Any) -> list[str]:
    given = [ir.DictAttr(each) for each in attributes or []] or [{}] * count
    return [ir.StringAttr(each[ATTRIBUTE]).value if ATTRIBUTE in each else f"{kind}{i}" for i, each in enumerate(given)]


def input_names(graph: Any) -> list[str]:
    """How messages call the inputs of a graph."""
    return [f"input '{name}'" for name in _names("input", len(graph.function_type.inputs), graph.arg_attrs)]


def is_tensor(type_: Any) -> bool:
    """Whether a type is that of a tensor or a buffer, of `mo` or of a plugin's dialect: it has a shape and a dtype."""
    tensor = wrap_type(type_)
    return hasattr(tensor, "shape") and hasattr(tensor, "dtype")


def arg_of(name: str, type_: Any) -> Arg:
    """What a signature says of the type of a tensor or a buffer."""
    tensor = wrap_type(type_)
    return Arg(name, _dtype(tensor), tuple(map(_dim, tensor.shape)), str(tensor.device), isinstance(tensor, BufferType))


def _dtype(tensor: Any) -> str:
    text = str(tensor.dtype)
    return "bool" if text == "i1" else text


def _dim(dim: Any) -> DimLike:
    from mograph.transforms.lower.builder.dims import in_python

    return dim if isinstance(dim, int) else in_python(dim)


def _weights(graph: Any, graphs: Mapping[str, Any], prefix: str, within: tuple[str, ...]) -> Iterator[Arg]:
    """The weights in the order in which the graph and those that it calls use them."""
    if graph.sym_name in within:
        raise ValueError(f"{within[0]}: the graph @{graph.sym_name} calls itself")
    for op in operations_in(graph.body):
        if op.operation.name == EXTERNAL:
            yield arg_of(prefix + op.weight, op.result.type)
        elif op.operation.name == CALL:
            inside = (*within, graph.sym_name)
            yield from _weights(graphs[op.callee], graphs, prefix + (op.prefix or ""), inside)


def operations_in(region: Any) -> Iterator[Any]:
    """All operations of a region and of those nested in it, each before what is nested in it."""
    for block in region.blocks:
        for op in block.operations:
            yield op
            for nested in op.operation.regions:
                yield from operations_in(nested)
