# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations whose result is the operand in a shape or dtype that is written; and choosing between two tensors."""

from collections.abc import Sequence
from typing import Any, Literal

from mograph.dialects.mo import Bitcast, BroadcastTo, Cast, Rebind, Reshape, Select
from mograph.dialects.mo.shapes import count
from mograph.graph.emit import Form, as_value, attempt, build, fail, wrap
from mograph.graph.ops.typed import known_type, new_type
from mograph.graph.scope import current
from mograph.graph.tensor import Tensor, TensorLike
from mograph.graph.types import DTypeLike, Extent, ExtentLike, ShapeLike

__all__ = ["bitcast", "broadcast_to", "cast", "rebind", "reshape", "select"]


def _tensor(op: Any, field: str, given: TensorLike, like: Sequence[TensorLike] = (), dtype: str = "") -> Tensor:
    """An operand as a tensor."""
    name = op.OPERATION_NAME
    scope = current(f"'{name}' op")
    made = wrap(scope, as_value(name, field, scope, given, like, scope.graph.locations.here(), dtype))
    if not isinstance(made, Tensor):
        fail(name, f"expected {field} to be a tensor, found {made!r}")
    return made


def bitcast(input: TensorLike, dtype: DTypeLike) -> Tensor:
    """The bits of the elements as those of another dtype of as many bits; a bool has 8.

    Builds `mo.bitcast`. Raises GraphError for a dtype of another width.
    """
    tensor = _tensor(Bitcast, "input", input)
    type_ = new_type(Bitcast, tensor.shape, dtype, tensor.device)
    made: Tensor = build(Form.of(Bitcast), (tensor,), {}, [type_])
    return made


def broadcast_to(input: TensorLike, shape: ShapeLike) -> Tensor:
    """The tensor repeated to a shape, as numpy's `broadcast_to`.

    Aligned at the last dimension, each dimension of the input is that of `shape`, or 1.

    Builds `mo.broadcast_to`. Raises GraphError for another shape, and for dimensions that the graph does not know.
    """
    tensor = _tensor(BroadcastTo, "input", input)
    type_ = known_type(BroadcastTo, shape, tensor.dtype, tensor.device)
    made: Tensor = build(Form.of(BroadcastTo), (tensor, None), {}, [type_])
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
    tensor = _tensor(Cast, "input", input)
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
    tensor = _tensor(Rebind, "input", input)
    type_ = new_type(Rebind, shape, tensor.dtype, tensor.device)
    made: Tensor = build(Form.of(Rebind), (tensor,), {}, [type_])
    return made


def reshape(input: TensorLike, shape: ShapeLike) -> Tensor:
    """The elements, in row-major order, in another shape of as many elements.

    One extent may be -1, for what the others leave; or a new name, which is bound to that.

    Builds `mo.reshape`. Raises GraphError for a shape of another number of elements.
    """
    tensor = _tensor(Reshape, "input", input)
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
    chosen = _tensor(Select, "condition", condition, dtype="i1")
    left, right = _tensor(Select, "lhs", lhs, (rhs,)), _tensor(Select, "rhs", rhs, (lhs,))
    made: Tensor = build(Form.of(Select), (chosen, left, right), {})
    return made
