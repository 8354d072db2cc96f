# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations whose result is the operand in a shape or dtype that is written; and choosing between two tensors."""

from collections.abc import Sequence
from typing import Literal

from mograph.dialects.mo import Bitcast, BroadcastTo, Cast, Rebind, Reshape, Select
from mograph.dialects.mo.shapes import count
from mograph.graph.emit import Form, attempt, build, fail
from mograph.graph.ops.operands import tensor_of
from mograph.graph.ops.typed import new_type, shaped_type
from mograph.graph.tensor import Tensor, TensorLike
from mograph.graph.types import DTypeLike, Extent, ExtentLike, ShapeLike

__all__ = ["bitcast", "broadcast_to", "cast", "rebind", "reshape", "select", "where"]


def bitcast(input: TensorLike, dtype: DTypeLike) -> Tensor:
    """The bits of the elements as those of another dtype of as many bits; a bool has 8.

    Builds `mo.bitcast`. Raises GraphError for a dtype of another width.
    """
    tensor = tensor_of(Bitcast, "input", input)
    type_ = new_type(Bitcast, tensor.shape, dtype, tensor.device)
    made: Tensor = build(Form.of(Bitcast), (tensor,), {}, [type_])
    return made


def broadcast_to(input: TensorLike, shape: Tensor | ShapeLike, *, dims: ShapeLike | None = None) -> Tensor:
    """The tensor repeated to a shape, as numpy's `broadcast_to`.

    Aligned at the last dimension, each dimension of the input is that of `shape`, or 1. `shape` is a shape, or a tensor
    `[rank]` of dtype si64 on the host that holds one: then `dims` says what the dimensions of the result are, constants
    or names, of which new ones are bound.

    Builds `mo.broadcast_to`. Raises GraphError for another shape, and for dimensions that the graph does not know.
    """
    tensor = tensor_of(BroadcastTo, "input", input)
    type_, extent = shaped_type(BroadcastTo, shape, dims, tensor.dtype, tensor.device)
    made: Tensor = build(Form.of(BroadcastTo), (tensor, extent), {}, [type_])
    return made


def cast(
    input: TensorLike,
    dtype: DTypeLike,
    *,
    saturate: bool = True,
    rounding: Literal["nearest", "up", "down"] = "nearest",
) -> Tensor:
    """The elements in another dtype.

    Floats become integers toward zero, beyond the range the nearest end of it, and NaN 0; integers keep their low bits.
    To bool, it says which elements are not 0. Floats of 8 bits have the nearest end of their range for what is beyond
    it; without `saturate`, infinities or NaN. `rounding` is for f8E8M0FNU, which holds powers of two. A cast to the
    tensor's own dtype is the tensor.

    Builds `mo.cast`. Raises GraphError for another `rounding` than nearest to another dtype.
    """
    tensor = tensor_of(Cast, "input", input)
    type_ = new_type(Cast, tensor.shape, dtype, tensor.device)
    if type_ == tensor.type:
        return tensor
    made: Tensor = build(Form.of(Cast), (tensor,), {"saturate": saturate, "rounding": rounding}, [type_])
    return made


def rebind(input: TensorLike, shape: ShapeLike) -> Tensor:
    """The same tensor under another shape of the same rank, asserted to be equal when the graph runs.

    So `n` can become 4, or `m`. A name that is new in `shape` is bound to the extent found.

    Builds `mo.rebind`. Raises GraphError for a shape that cannot be equal.
    """
    tensor = tensor_of(Rebind, "input", input)
    type_ = new_type(Rebind, shape, tensor.dtype, tensor.device)
    made: Tensor = build(Form.of(Rebind), (tensor,), {}, [type_])
    return made


def reshape(input: TensorLike, shape: Tensor | ShapeLike, *, dims: ShapeLike | None = None) -> Tensor:
    """The elements, in row-major order, in another shape of as many elements.

    One extent may be -1, for what the others leave; or a new name, which is bound to that. `shape` may be a tensor
    `[rank]` of dtype si64 on the host: then `dims` says what the dimensions of the result are, constants or names, of
    which new ones are bound.

    Builds `mo.reshape`. Raises GraphError for a shape of another number of elements.
    """
    tensor = tensor_of(Reshape, "input", input)
    if isinstance(shape, Tensor) or dims is not None:
        result, extent = shaped_type(Reshape, shape, dims, tensor.dtype, tensor.device)
        reshaped: Tensor = build(Form.of(Reshape), (tensor, extent), {}, [result])
        return reshaped
    if not isinstance(shape, str) and isinstance(shape, Sequence):
        shape = _completed(tensor, shape)
    type_ = new_type(Reshape, shape, tensor.dtype, tensor.device)
    made: Tensor = build(Form.of(Reshape), (tensor, None), {}, [type_])
    return made


def _completed(tensor: Tensor, shape: Sequence[ExtentLike]) -> Sequence[ExtentLike]:
    """The shape with -1 replaced."""
    open_ = [axis for axis, extent in enumerate(shape) if isinstance(extent, int) and extent == -1]
    if not open_:
        return shape
    if len(open_) > 1:
        fail(Reshape.OPERATION_NAME, f"expected one extent of -1 at most, found {len(open_)}")
    given = [*shape[: open_[0]], *shape[open_[0] + 1 :]]
    rest = count(new_type(Reshape, given, tensor.dtype, tensor.device).shape)
    have = count(tensor.shape)
    if rest == 0:
        fail(Reshape.OPERATION_NAME, "expected extents that leave one for -1, found one of 0")
    left: Extent = attempt(Reshape.OPERATION_NAME, "shape", lambda: have // rest)
    return [*shape[: open_[0]], left, *shape[open_[0] + 1 :]]


def select(condition: TensorLike, lhs: TensorLike, rhs: TensorLike) -> Tensor:
    """lhs where the condition is true, rhs elsewhere.

    The condition is bool; lhs and rhs are of equal dtype; all three are on one device, and their shapes broadcast.

    Builds `mo.select`. Raises GraphError.
    """
    chosen = tensor_of(Select, "condition", condition, dtype="i1")
    left, right = tensor_of(Select, "lhs", lhs, (rhs,)), tensor_of(Select, "rhs", rhs, (lhs,))
    made: Tensor = build(Form.of(Select), (chosen, left, right), {})
    return made


where = select
