# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Constants, and what is made from shapes."""

import numpy as np
from onnx import numpy_helper

from mograph.graph import Tensor

from ..context import Context, Known
from ..errors import OnnxError
from ..initializers import tensor_of
from ..node import Node
from ..registry import converter
from ..types import dtype_name


@converter("Constant")
def constant(ctx: Context, node: Node) -> Tensor:
    if "value" in node.attributes:
        # A weight is known by its place in the model, and the body of a function may be in several.
        return tensor_of(ctx, node["value"], "" if ctx.path is None else node.outputs[0])
    for name, dtype in (("value_float", "f32"), ("value_floats", "f32"), ("value_int", "si64"), ("value_ints", "si64")):
        if name in node.attributes:
            return ctx.constant(node[name], dtype)
    raise OnnxError(f"constants of the form {', '.join(node.attributes) or 'of none'} cannot be imported")


@converter("Shape")
def shape(ctx: Context, node: Node, x: Tensor) -> Tensor:
    start, stop, _ = slice(node.get("start", 0), node.get("end", x.ndim)).indices(x.ndim)
    found = ctx.shape(x)
    if (start, stop) == (0, x.ndim):
        return found
    part = ctx.emit("slice", found, starts=(start,), stops=(stop,), steps=(1,))
    return Known(part, found.contents[start:stop])


@converter("Size")
def size(ctx: Context, node: Node, x: Tensor) -> Tensor:
    return ctx.size(x)


@converter("ConstantOfShape")
def constant_of_shape(ctx: Context, node: Node, extents: Tensor) -> Tensor:
    value = node.get("value")
    array = np.zeros(1, np.float32) if value is None else numpy_helper.to_array(value)
    filling = ctx.constant(array.reshape(()), "f32" if value is None else dtype_name(value.data_type))
    dims, operand = ctx.target(node, extents)
    return ctx.emit("broadcast_to", filling, operand, to=(dims, filling.dtype))


@converter("Identity")
def identity(ctx: Context, node: Node, x: Tensor) -> Tensor:
    return x


@converter("Cast", "CastLike")
def cast(ctx: Context, node: Node, x: Tensor, like: Tensor | None = None) -> Tensor:
    dtype = dtype_name(node["to"]) if like is None else like.dtype
    if dtype.startswith("f8") and x.dtype != dtype:
        rounding = node.get("round_mode", "up") if dtype == "f8E8M0FNU" else "nearest"
        return ctx.emit("cast", x, saturate=bool(node.get("saturate", 1)), rounding=rounding, to=(x.shape, dtype))
    return ctx.cast(x, dtype)


@converter("BitCast")
def bit_cast(ctx: Context, node: Node, x: Tensor) -> Tensor:
    return ctx.emit("bitcast", x, to=(x.shape, dtype_name(node["to"])))


@converter("EyeLike")
def eye_like(ctx: Context, node: Node, x: Tensor) -> Tensor:
    dtype = x.dtype if node.get("dtype") is None else dtype_name(node["dtype"])
    rows, columns = (ctx.emit("iota", axis=axis, to=(x.shape, "si64")) for axis in (0, 1))
    return ctx.cast(ctx.emit("equal", ctx.emit("sub", columns, rows), node.get("k", 0)), dtype)
