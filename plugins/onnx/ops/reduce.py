# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reductions, and what is normalised along an axis."""

from math import prod

from mograph.graph import Tensor

from ..context import Context
from ..node import Node
from ..regions import branch
from ..registry import converter
from .shape import among, reshaped, without

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

IN_STEPS = {"ReduceLogSum": ("", "reduce.add", "log"), "ReduceSumSquare": ("square", "reduce.add", "")}
"""What is applied to the elements, along each axis and to the result, where it is not the same as along all at once."""


@converter(*REDUCTIONS)
def reduction(ctx: Context, node: Node, x: Tensor, axes: Tensor | None = None) -> Tensor:
    keepdims = bool(node.get("keepdims", 1))
    where = node.get("axes") if axes is None else ctx.ints(axes)
    if axes is not None and where is None:
        return _reduced_at_run_time(ctx, node, x, axes, keepdims)
    if not where and node.get("noop_with_empty_axes", 0):
        return _of_elements(ctx, node, x)
    return ctx.emit(_reduction(node, x), x, axes=where or None, keepdims=keepdims)


def _reduction(node: Node, x: Tensor) -> str:
    if x.dtype == "i1":
        return {"ReduceMax": "reduce.any", "ReduceMin": "reduce.all"}.get(node.op, REDUCTIONS[node.op])
    return REDUCTIONS[node.op]


def _reduced_at_run_time(ctx: Context, node: Node, x: Tensor, axes: Tensor, keepdims: bool) -> Tensor:
    """A reduction along axes that are known when the model runs: a branch for each that it may be."""
    before, op, after = IN_STEPS.get(node.op, ("", _reduction(node, x), ""))
    found = ctx.emit(before, x) if before else x
    asked = among(ctx, axes, x.ndim)
    for axis in range(x.ndim):
        here = ctx.emit("slice", asked, starts=(axis,), stops=(axis + 1,), steps=(1,))
        found = _reduced_if(ctx, ctx.emit("reshape", here, to=((), "i1")), op, found, axis)
    found = ctx.emit(after, found) if after else found
    return ctx.assume(found, ctx.unknown(node, 0, x.ndim)) if keepdims else without(ctx, node, found, axes, asked)


def _reduced_if(ctx: Context, asked: Tensor, op: str, x: Tensor, axis: int) -> Tensor:
    (found,) = branch(ctx, asked, lambda: [ctx.emit(op, x, axes=(axis,), keepdims=True)], lambda: [x])
    return found


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
