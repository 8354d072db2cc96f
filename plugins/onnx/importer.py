# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From an ONNX model to a module of mo."""

import os
from typing import Any

try:
    import onnx
except ModuleNotFoundError as error:
    raise ModuleNotFoundError("ONNX models need the onnx package: pip install 'mograph[onnx]'") from error
from google.protobuf.message import DecodeError
from mlir import ir
from onnx import GraphProto, ModelProto, ValueInfoProto

from mograph.graph import Graph, GraphError, Tensor, TensorSpec

from .context import Context, Places, Shared
from .errors import OnnxError
from .initializers import add_initializers, declarations
from .node import DOMAIN, normal_domain, schema_of
from .reading import read_model
from .registry import conversions
from .support import require_support
from .types import declared_dtype

__all__ = ["import_model"]

# What the first model would wait for: all conversions are imported, and onnx makes its table of operators.
conversions()
schema_of(DOMAIN, "Identity", 1)


def import_model(source: "str | os.PathLike[str] | bytes | ModelProto") -> ir.Module:
    """The module of a model, given as a file, as the bytes of one, or as a `ModelProto`, in a context of its own.

    Initializers are weights, `mo.constant.external` of their names, but for small ones. Raises OSError for a file that
    cannot be read, and OnnxError for what is no model, is malformed, or has operators that cannot be imported.
    """
    model, name = _read(source)
    try:
        return _import(model, os.path.dirname(name))
    except (OnnxError, TypeError) as error:
        # Names that are not in UTF-8 are bytes to protobuf's library, which nothing takes.
        said = str(error) if isinstance(error, OnnxError) else f"the model is malformed: {error}"
        raise OnnxError(f"{name}: {said}" if name else said) from error


def _read(source: "str | os.PathLike[str] | bytes | ModelProto") -> tuple[ModelProto, str]:
    if isinstance(source, ModelProto):
        return source, ""
    name = "" if isinstance(source, bytes) else os.fspath(source)
    try:
        if isinstance(source, bytes):
            model = onnx.load_from_string(source)
        elif name.endswith(".onnx"):
            model = read_model(name)
        else:
            model = onnx.load(name, load_external_data=False)
    except DecodeError as error:
        raise OnnxError(f"{name or 'bytes'}: not an ONNX model, or damaged: {error}") from None
    return model, name


def _import(model: ModelProto, folder: str) -> ir.Module:
    if not model.HasField("graph"):
        raise OnnxError("not an ONNX model: it has no graph")
    opsets = {normal_domain(each.domain): each.version for each in model.opset_import}
    functions = {(normal_domain(each.domain), each.name): each for each in model.functions}
    require_support(model, opsets, functions)
    proto = model.graph
    shared = Shared(functions, folder)
    specs = {each.name: _spec(shared, each) for each in inputs_of(proto)}
    try:
        with Graph(proto.name or "main", specs) as graph:
            graph.locations = Places(graph.program.context)
            ctx = Context(shared, graph, opsets, declared=declarations(proto))
            ctx.values.update({name: graph.inputs[name] for name in specs})
            add_initializers(ctx, proto.initializer)
            if proto.sparse_initializer:
                raise OnnxError("sparse initializers cannot be imported")
            ctx.convert(proto.node)
            graph.output(**{each.name: _output(ctx, each.name) for each in proto.output})
    except GraphError as error:
        raise OnnxError(error.message) from error
    return graph.module


def inputs_of(graph: GraphProto) -> list[ValueInfoProto]:
    """The inputs of a graph; old models list the initializers among them too."""
    initial = {each.name for each in graph.initializer}
    return [each for each in graph.input if each.name not in initial]


def _spec(shared: Shared, value: ValueInfoProto) -> TensorSpec:
    try:
        dtype = declared_dtype(value.type)
        if not value.type.tensor_type.HasField("shape"):
            raise OnnxError("expected a shape, found none: its rank must be known")
    except OnnxError as error:
        raise OnnxError(f"input '{value.name}': {error}") from None
    shape: list[Any] = []
    for axis, dim in enumerate(value.type.tensor_type.shape.dim):
        if dim.WhichOneof("value") == "dim_value" and dim.dim_value >= 0:
            shape.append(dim.dim_value)
        elif dim.dim_param:
            shape.append(shared.dims.of(dim.dim_param))
        else:
            shape.append(shared.dims.new(f"{value.name}_{axis}"))
    return TensorSpec(shape, dtype)


def _output(ctx: Context, name: str) -> Tensor:
    tensor = ctx.lookup(name)
    if tensor is None:
        raise OnnxError(f"output '{name}' is of a kind that cannot be imported")
    return tensor
