# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions: those of the model become subgraphs, and operators defined by a body of others are expanded to it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from onnx import AttributeProto, FunctionProto, TypeProto
from onnx.helper import make_tensor_type_proto

from mograph.dialects.kit import Dim
from mograph.graph import Graph, Tensor, TensorSpec
from mograph.graph.types import Extent, names_of

from .contents import Contents
from .context import Context, Known, Places
from .errors import OnnxError
from .node import Node, normal_domain, schema_of
from .types import element_type

__all__ = ["call", "expand", "has_body"]


class _Instance(NamedTuple):
    """A function for arguments of certain types, as a private graph."""

    name: str
    types: list[tuple[tuple[Extent, ...], str]]
    contents: list[Contents | None]


def expand(ctx: Context, node: Node, inputs: Sequence[Tensor | None]) -> Sequence[Tensor | None]:
    """The results of an operator that ONNX defines by a body of other operators, built in place."""
    schema = schema_of(node.domain, node.op, node.version)
    body = None if schema is None else _body(schema, node, inputs)
    if body is None:
        raise OnnxError("there is no conversion of this operator")
    opsets = {**ctx.opsets, **_opsets(body)}
    inside = Context(ctx.shared, ctx.graph, opsets, bound=node.with_defaults(schema), path=None)
    return _run(inside, body, inputs, [node.wants(index) for index in range(len(body.output))])


def has_body(domain: str, op: str, version: int) -> bool:
    """Whether ONNX defines an operator by a body of others."""
    schema = schema_of(domain, op, version)
    return schema is not None and (schema.has_function or schema.has_context_dependent_function)


def _body(schema: Any, node: Node, inputs: Sequence[Tensor | None]) -> FunctionProto | None:
    """The body in the newest form that the model's opset allows."""
    versions = [version for version in schema.function_opset_versions if version <= node.version]
    function = FunctionProto()
    if versions:
        function.ParseFromString(schema.get_function_with_opset_version(max(versions)))
        return function
    versions = [version for version in schema.context_dependent_function_opset_versions if version <= node.version]
    if not versions:
        return None
    types = [_type(each) for each in inputs]
    text = schema.get_context_dependent_function_with_opset_version(
        max(versions), node.resolved().SerializeToString(), types
    )
    if not text:
        return None
    function.ParseFromString(text)
    return function


def _type(tensor: Tensor | None) -> bytes:
    if tensor is None:
        return bytes(TypeProto().SerializeToString())
    shape = [each if isinstance(each, int) else str(each) for each in tensor.shape]
    return bytes(make_tensor_type_proto(element_type(tensor.dtype), shape).SerializeToString())


def _opsets(function: FunctionProto) -> dict[str, int]:
    return {normal_domain(each.domain): each.version for each in function.opset_import}


def _run(
    inside: Context, function: FunctionProto, inputs: Sequence[Tensor | None], wanted: Sequence[bool]
) -> list[Tensor | None]:
    """The results of a function's nodes in a context of its own, those that are wanted."""
    given = [*inputs, *[None] * (len(function.input) - len(inputs))]
    inside.values.update(zip(function.input, given, strict=True))
    inside.convert(function.node)
    return [inside.lookup(name) if want else None for name, want in zip(function.output, wanted, strict=True)]


def call(ctx: Context, node: Node, function: FunctionProto, inputs: Sequence[Tensor | None]) -> list[Tensor | None]:
    """The results of one of the model's functions: a call of a subgraph, one for all calls of equal types."""
    bound = {each.name: each for each in function.attribute_proto} | node.protos
    tensors = [each for each in inputs if each is not None]
    names = set().union(*(names_of(each.shape) for each in tensors))
    known = [_told(ctx.contents(each), names) for each in tensors]
    key = (
        node.domain,
        node.op,
        tuple(each if each is None else (each.shape, each.dtype) for each in inputs),
        tuple(None if each is None else (each.shape, repr(each.tolist())) for each in known),
        tuple((name, each.SerializeToString(deterministic=True)) for name, each in sorted(bound.items())),
    )
    instance = ctx.shared.instances.get(key)
    if instance is None:
        if (node.domain, node.op) in ctx.shared.building:
            raise OnnxError("the function calls itself")
        ctx.shared.building.append((node.domain, node.op))
        instance = ctx.shared.instances[key] = _build(ctx, function, bound, inputs, known)
        ctx.shared.building.pop()
    return _call(ctx, node, instance, tensors, names)


def _told(contents: Contents | None, names: set[str]) -> Contents | None:
    """Contents, if they can be said in a subgraph whose arguments have dimensions of these names."""
    if contents is None or contents.dtype != object:
        return contents
    return contents if names_of(contents.flat) <= names else None


def _build(
    ctx: Context,
    function: FunctionProto,
    bound: Mapping[str, AttributeProto],
    inputs: Sequence[Tensor | None],
    known: Sequence[Contents | None],
) -> _Instance:
    program = ctx.graph.program
    tensors = [each for each in inputs if each is not None]
    specs = {f"x{index}": TensorSpec(each.shape, each.dtype) for index, each in enumerate(tensors)}
    graph = Graph(program.fresh(function.name), specs, module=ctx.graph, private=True)
    with graph:
        graph.locations = Places(program.context)
        inside = Context(ctx.shared, graph, _opsets(function), bound=bound, path=None)
        arguments = iter(
            each if contents is None else Known(each, contents)
            for each, contents in zip(graph.inputs, known, strict=True)
        )
        results = _run(
            inside,
            function,
            [None if each is None else next(arguments) for each in inputs],
            [True] * len(function.output),
        )
        if any(each is None for each in results):
            raise OnnxError(f"function '{function.name}' gives nothing for one of its outputs")
        given = [each for each in results if each is not None]
        graph.output(*given)
    types = [(each.shape, each.dtype) for each in given]
    return _Instance(graph.name, types, [inside.contents(each) for each in given])


def _call(
    ctx: Context, node: Node, instance: _Instance, tensors: Sequence[Tensor], names: set[str]
) -> list[Tensor | None]:
    """Build the call; a name that only the results have is a new one for each call."""
    found = sorted(set().union(*(names_of(shape) for shape, _ in instance.types)) - names)
    renamed = {name: str(ctx.shared.dims.new(name)) for name in found}
    types = [([_rename(each, renamed) for each in shape], dtype) for shape, dtype in instance.types]
    results = ctx.emit_all("call", list(tensors), callee=instance.name, to=types)
    contents = [_told(each, names) for each in instance.contents]
    return [each if told is None else Known(each, told) for each, told in zip(results, contents, strict=True)]


def _rename(extent: Extent, names: Mapping[str, str]) -> Extent:
    if isinstance(extent, int):
        return extent
    return Dim.parse(re.sub(r"[A-Za-z_]\w*", lambda found: names.get(found[0], found[0]), str(extent)))
