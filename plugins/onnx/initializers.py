# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the graphs of a model, and their regions, declare: types of values, and tensors that the model has."""

from collections.abc import Iterable

from onnx import GraphProto, TensorProto, TypeProto, numpy_helper

from mograph.graph import Tensor

from .context import Context
from .errors import OnnxError
from .naming import is_weight
from .types import dtype_name

__all__ = ["add_initializers", "declarations", "tensor_of"]


def declarations(graph: GraphProto) -> dict[str, TypeProto]:
    """The types that a graph declares, by the names of values."""
    return {each.name: each.type for each in (*graph.value_info, *graph.output)}


def add_initializers(ctx: Context, tensors: Iterable[TensorProto]) -> None:
    """Make the initializers of a graph values of the context: weights, and constants of small ones."""
    for each in tensors:
        ctx.values[each.name] = tensor_of(ctx, each, each.name)


def tensor_of(ctx: Context, proto: TensorProto, name: str) -> Tensor:
    """A tensor that the model has: a weight if it is not small, and has a name; else a constant."""
    try:
        dtype = dtype_name(proto.data_type)
    except OnnxError as error:
        raise OnnxError(f"the tensor '{name or proto.name}': {error}") from None
    if name and ctx.path is not None and is_weight(proto.data_type, proto.dims):
        return ctx.emit("constant.external", weight=ctx.path + name, to=(tuple(proto.dims), dtype))
    try:
        array = numpy_helper.to_array(proto, ctx.shared.folder)
    except (ValueError, TypeError) as error:
        raise OnnxError(f"the tensor '{name or proto.name}' is malformed: {error}") from None
    return ctx.constant(array, dtype)
