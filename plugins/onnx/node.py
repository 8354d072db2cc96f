# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Nodes as conversions see them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from onnx import AttributeProto, NodeProto
from onnx import defs as onnx_defs

from .errors import OnnxError

__all__ = ["DOMAIN", "Node", "normal_domain", "require_form", "schema_of"]

DOMAIN = ""
"""ONNX's own operators; models may also say "ai.onnx"."""

_MANY = 1000


def normal_domain(domain: str) -> str:
    """The one name of a domain."""
    return DOMAIN if domain == "ai.onnx" else domain


@cache
def schema_of(domain: str, op: str, version: int) -> Any:
    """What the onnx package says of an operator in a version of its domain; None for one that it does not know."""
    try:
        return onnx_defs.get_schema(op, version, domain)
    except onnx_defs.SchemaError:
        return None


def require_form(node: "Node") -> None:
    """Raises OnnxError where a node has not as many inputs as its operator takes, or lacks one that must be there."""
    schema = schema_of(node.domain, node.op, node.version)
    if schema is None:
        return
    given = list(node.proto.input)
    if not schema.min_input <= len(given) <= schema.max_input:
        least, most = schema.min_input, schema.max_input
        wanted = f"{least}" if least == most else f"{least} or more" if most > _MANY else f"{least} to {most}"
        raise OnnxError(f"expected {wanted} inputs, found {len(given)}")
    for name, parameter in zip(given, schema.inputs, strict=False):
        if not name and parameter.option == onnx_defs.OpSchema.FormalParameterOption.Single:
            raise OnnxError(f"expected an input '{parameter.name}', found none")


class Node:
    """One node of a model.

    `version` is that of its domain, for which the model is written; `attributes` are Python's values: int, float, str,
    tuples of them, and TensorProto, GraphProto and so on. In the body of a function, `bound` holds what the call gives.
    """

    def __init__(self, proto: NodeProto, version: int, bound: Mapping[str, AttributeProto]) -> None:
        self.proto = proto
        self.op: str = proto.op_type
        self.domain = normal_domain(proto.domain)
        self.version = version
        self.protos = {each.name: each for each in _bound(proto, bound)}
        self.attributes: dict[str, Any] = {name: _value(each) for name, each in self.protos.items()}

    @property
    def name(self) -> str:
        """What locations and messages call it: its name, or else that of its first output."""
        return self.proto.name or next(filter(None, self.proto.output), "") or self.op

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of its results; "" for those that are not asked for."""
        return tuple(self.proto.output)

    def wants(self, index: int) -> bool:
        """Whether the result of this index is asked for."""
        return index < len(self.proto.output) and bool(self.proto.output[index])

    def get(self, name: str, default: Any = None) -> Any:
        """An attribute's value, or `default`."""
        return self.attributes.get(name, default)

    def __getitem__(self, name: str) -> Any:
        """An attribute's value. Raises OnnxError where it is absent."""
        if name not in self.attributes:
            raise OnnxError(f"expected an attribute '{name}', found {', '.join(self.attributes) or 'none'}")
        return self.attributes[name]

    def resolved(self) -> NodeProto:
        """The node with what a call gives in place of references to attributes."""
        proto = NodeProto()
        proto.CopyFrom(self.proto)
        del proto.attribute[:]
        proto.attribute.extend(self.protos.values())
        return proto

    def with_defaults(self, schema: Any) -> dict[str, AttributeProto]:
        """Its attributes, those that are absent but have a default in the schema included."""
        defaults = {
            name: each.default_value for name, each in schema.attributes.items() if each.default_value.name == name
        }
        return {**defaults, **self.protos}

    def __str__(self) -> str:
        operator = f"{self.domain}::{self.op}" if self.domain else self.op
        return f"node '{self.name}' ({operator})"


def _bound(proto: NodeProto, bound: Mapping[str, AttributeProto]) -> list[AttributeProto]:
    """The attributes of a node, with what the call of its function gives in place of references."""
    found = []
    for each in proto.attribute:
        if not each.ref_attr_name:
            found.append(each)
        elif each.ref_attr_name in bound:
            given = AttributeProto()
            given.CopyFrom(bound[each.ref_attr_name])
            given.name = each.name
            found.append(given)
    return found


def _value(attribute: AttributeProto) -> Any:
    kinds = AttributeProto
    kind = attribute.type
    if kind == kinds.FLOAT:
        return attribute.f
    if kind == kinds.INT:
        return attribute.i
    if kind == kinds.STRING:
        return attribute.s.decode(errors="replace")
    if kind == kinds.TENSOR:
        return attribute.t
    if kind == kinds.GRAPH:
        return attribute.g
    if kind == kinds.FLOATS:
        return tuple(attribute.floats)
    if kind == kinds.INTS:
        return tuple(attribute.ints)
    if kind == kinds.STRINGS:
        return tuple(each.decode(errors="replace") for each in attribute.strings)
    return attribute  # of a kind that no conversion reads
