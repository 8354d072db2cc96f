# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is chosen by order, as many as are known when the graph runs: the first, the distinct, boxes apart."""

from typing import Any

from mograph.dialects.kit import Dim
from mograph.dialects.mo import BottomK, NonMaxSuppression, TopK, Unique
from mograph.dialects.mo.shapes import count
from mograph.graph.emit import Form, build, fail
from mograph.graph.ops.operands import tensor_of
from mograph.graph.ops.typed import known_type, new_names, new_type
from mograph.graph.tensor import Tensor, TensorLike
from mograph.graph.types import ExtentLike

__all__ = ["bottom_k", "non_max_suppression", "top_k", "unique"]


def top_k(
    input: TensorLike, k: Tensor | ExtentLike, axis: int = -1, *, dims: ExtentLike | None = None
) -> tuple[Tensor, ...]:
    """The k greatest elements along an axis, in descending order, and their positions there as si64.

    Of equal elements the first is chosen first; NaN is greater than all numbers. `k` is an extent, at most that of the
    axis, or a tensor of shape [] and dtype si64 that holds it: then `dims` is what that extent is called, by default a
    new name.

    Builds `mo.top_k`. Raises GraphError.
    """
    return _selected(TopK, input, k, axis, dims)


def bottom_k(
    input: TensorLike, k: Tensor | ExtentLike, axis: int = -1, *, dims: ExtentLike | None = None
) -> tuple[Tensor, ...]:
    """The k least elements along an axis, in ascending order, and their positions there as si64.

    The parameters are those of `top_k`; NaN is chosen last.

    Builds `mo.bottom_k`. Raises GraphError.
    """
    return _selected(BottomK, input, k, axis, dims)


def _selected(
    op: Any, input: TensorLike, k: Tensor | ExtentLike, axis: int, dims: ExtentLike | None
) -> tuple[Tensor, ...]:
    tensor = tensor_of(op, "input", input)
    along = _along(op, tensor, axis)
    known, extent = known_type, k
    if isinstance(k, Tensor):
        known, extent = new_type, new_names(op, 1)[0] if dims is None else dims
    elif dims is not None:
        fail(op.OPERATION_NAME, "expected dims only with a k that is a tensor; k says it")
    shape: list[Any] = [*tensor.shape[:along], extent, *tensor.shape[along + 1 :]]
    types = [known(op, shape, dtype, tensor.device) for dtype in (tensor.dtype, "si64")]
    operands = (tensor, k if isinstance(k, Tensor) else None)
    made: tuple[Tensor, ...] = build(Form.of(op), operands, {"axis": axis}, types)
    return made


def _along(op: Any, tensor: Tensor, axis: int) -> int:
    """An axis, counted from the front."""
    if not isinstance(axis, int) or not -tensor.ndim <= axis < tensor.ndim:
        limits = f"[{-tensor.ndim}, {tensor.ndim}) for a tensor of rank {tensor.ndim}"
        fail(op.OPERATION_NAME, f"expected axis to be in {limits}, found {axis!r}")
    return axis % tensor.ndim


def unique(
    input: TensorLike, axis: int | None = None, sorted: bool = True, *, dims: ExtentLike | None = None
) -> tuple[Tensor, ...]:
    """The distinct elements, or slices along an axis: numpy's `unique` with all that it returns.

    They are the values, where each occurs first, which of them each element or slice is, and how often each occurs.
    They are in ascending order, or with `sorted=False` in that of their first occurrence. `dims` is what the number of
    them is called, by default a new name.

    Builds `mo.unique`. Raises GraphError.
    """
    tensor = tensor_of(Unique, "input", input)
    extent: ExtentLike = new_names(Unique, 1)[0] if dims is None else dims
    number: int | Dim = count(tensor.shape)
    values: list[Any] = [extent]
    if axis is not None:
        along = _along(Unique, tensor, axis)
        number = tensor.shape[along]
        values = [*tensor.shape[:along], extent, *tensor.shape[along + 1 :]]
    shapes = [(values, tensor.dtype), ([extent], "si64"), ([number], "si64"), ([extent], "si64")]
    types = [new_type(Unique, shape, dtype, tensor.device) for shape, dtype in shapes]
    made: tuple[Tensor, ...] = build(Form.of(Unique), (tensor,), {"axis": axis, "sorted": sorted}, types)
    return made


def non_max_suppression(
    boxes: TensorLike,
    scores: TensorLike,
    max_output: TensorLike | None = None,
    iou_threshold: TensorLike | None = None,
    score_threshold: TensorLike | None = None,
    center_point_box: bool = False,
    *,
    dims: ExtentLike | None = None,
) -> Tensor:
    """The boxes of highest score that do not overlap, for each class of each batch, as rows (batch, class, box).

    `boxes` is [batches, n, 4], of corners (y, x, y, x) or with `center_point_box` of centres and sizes, and `scores`
    [batches, classes, n]. At most `max_output` boxes of a class are selected, none without it, whose scores are above
    `score_threshold` and which overlap by at most `iou_threshold`, by default 0. `dims` is what the number of rows is
    called, by default a new name.

    Builds `mo.non_max_suppression`. Raises GraphError.
    """
    op = NonMaxSuppression
    both = [tensor_of(op, "boxes", boxes, (scores,)), tensor_of(op, "scores", scores, (boxes,))]
    given = {
        "max_output": (max_output, "si64"),
        "iou_threshold": (iou_threshold, both[1].dtype),
        "score_threshold": (score_threshold, both[1].dtype),
    }
    limits = [None if each is None else tensor_of(op, name, each, dtype=of) for name, (each, of) in given.items()]
    extent: ExtentLike = new_names(op, 1)[0] if dims is None else dims
    types = [new_type(op, [extent, 3], "si64", both[0].device)]
    made: Tensor = build(Form.of(op), (*both, *limits), {"center_point_box": center_point_box}, types)
    return made
