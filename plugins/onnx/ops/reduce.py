# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reductions, and what is normalised along an axis."""

from math import prod

from mograph.graph import Tensor

from ..context import Context
from ..errors import OnnxError
from ..node import Node
from ..registry import converter
from .shape import reshaped

REDUCTIONS = {
    "ReduceL1": "reduce.l1",
    "ReduceL2": "reduce.l2",
    "ReduceLogSum": "reduce.log_sum",
    "ReduceLogSumExp": "reduce.log_sum_exp",
    "ReduceMax": "reduce.max",
    "ReduceMean": "reduce.mean",
    "ReduceMin": "reduce.min",
    "ReduceProd": "reduce.mul",
    "ReduceSum": "reduce.add",
    "ReduceSumSquare": "reduce.sum_square",
}


@converter(*REDUCTIONS)
def reduction(ctx: Context, node: Node, x: Tensor, axes: Tensor | None = None) -> Tensor:
    keepdims = bool(node.get("keepdims", 1))
    where = node.get("axes")
    if axes is not None:
        where = ctx.ints(axes)
        if where is None:
            raise OnnxError("expected axes that are known when the model is imported")
    if not where and node.get("noop_with_empty_axes", 0):
        return _of_elements(ctx, node, x)
    op = REDUCTIONS[node.op]
    if x.dtype == "i1":
        op = {"ReduceMax": "reduce.any", "ReduceMin": "reduce.all"}.get(node.op, op)
    return ctx.emit(op, x, axes=where or None, keepdims=keepdims)


def _of_elements(ctx: Context, node: Node, x: Tensor) -> Tensor:
    """Nothing is reduced; the function of the elements and that of the sum are applied all the same."""
    functions = {"ReduceL1": ("abs",), "ReduceL2": ("abs",), "ReduceLogSum": ("log",), "ReduceSumSquare": ("square",)}
    for op in functions.get(node.op, ()):
        x = ctx.emit(op, x)
    return x


@converter("ArgMax", "ArgMin")
def arg(ctx: Context, node: Node, x: Tensor) -> Tensor:
    op = {"ArgMax": "reduce.arg_max", "ArgMin": "reduce.arg_min"}[node.op]
    found = {"axis": node.get("axis", 0), "keepdims": bool(node.get("keepdims", 1))}
    if node.get("select_last_index", 0):
        found["last"] = True
    return ctx.emit(op, x, **found)


@converter("Softmax", "LogSoftmax", "Hardmax")
def softmax(ctx: Context, node: Node, x: Tensor) -> Tensor:
    op = {"Softmax": "softmax", "LogSoftmax": "log_softmax", "Hardmax": "hardmax"}[node.op]
    if node.version >= 13:
        return ctx.emit(op, x, axis=node.get("axis", -1))
    # Before, all dimensions from the axis on were one.
    axis = node.get("axis", 1) % max(x.ndim, 1)
    flat = ctx.emit(op, reshaped(ctx, x, [prod(x.shape[:axis]), prod(x.shape[axis:])]), axis=1)
    return reshaped(ctx, flat, list(x.shape))
