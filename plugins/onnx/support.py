# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds, before anything is imported, all operators of a model that cannot be."""

from collections.abc import Iterable, Iterator, Mapping

from onnx import FunctionProto, ModelProto, NodeProto

from .errors import OnnxError
from .functions import has_body
from .node import normal_domain
from .registry import conversions

__all__ = ["require_support"]

_SHOWN = 3


def require_support(
    model: ModelProto, opsets: Mapping[str, int], functions: Mapping[tuple[str, str], FunctionProto]
) -> None:
    """Raises one OnnxError that lists each operator that cannot be imported, with its domain, the version, and the
    nodes that use it.
    """
    missing: dict[str, list[str]] = {}
    for proto, version in _nodes(model, opsets):
        domain = normal_domain(proto.domain)
        key = (domain, proto.op_type)
        if key in functions or key in conversions() or has_body(*key, version):
            continue
        operator = f"{domain or 'ai.onnx'}::{proto.op_type}, version {version}"
        missing.setdefault(operator, []).append(proto.name or next(iter(proto.output), ""))
    if missing:
        lines = [f"{operator}, {_uses(names)}" for operator, names in sorted(missing.items())]
        raise OnnxError("these operators cannot be imported: " + "; ".join(lines))


def _uses(names: list[str]) -> str:
    shown = ", ".join(map(repr, names[:_SHOWN])) + (", ..." if len(names) > _SHOWN else "")
    return f"used by 1 node: {shown}" if len(names) == 1 else f"used by {len(names)} nodes: {shown}"


def _nodes(model: ModelProto, opsets: Mapping[str, int]) -> Iterator[tuple[NodeProto, int]]:
    """All nodes, those of regions and functions included, with the version of their domain."""
    bodies = [(model.graph.node, opsets)]
    for function in model.functions:
        own = {normal_domain(each.domain): each.version for each in function.opset_import}
        bodies.append((function.node, own))
    for nodes, versions in bodies:
        for proto in _nested(nodes):
            yield proto, versions.get(normal_domain(proto.domain), 0)


def _nested(nodes: Iterable[NodeProto]) -> Iterator[NodeProto]:
    for proto in nodes:
        yield proto
        for attribute in proto.attribute:
            for graph in (attribute.g, *attribute.graphs):
                yield from _nested(graph.node)
