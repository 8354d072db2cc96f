# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The values of a graph."""

from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, cast

from mlir import ir

from mograph.dialects.mo import TensorType
from mograph.graph import indexing, ops
from mograph.graph.errors import GraphError
from mograph.graph.literals import Literal, is_literal
from mograph.graph.locations import place
from mograph.graph.types import DTypeLike, Extent, ShapeLike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mograph.graph.scope import Scope

__all__ = ["Tensor", "TensorLike", "Value"]


class Value:
    """A value of a graph that is being built: what an operation gave, or an input."""

    __slots__ = ("scope", "value")

    def __init__(self, value: ir.Value, scope: "Scope") -> None:
        self.value = value
        """The value in MLIR."""
        self.scope = scope
        """Where it was made."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.value.type}>"


class Tensor(Value):
    """A tensor of a graph that is being built. Its elements are known when the graph runs.

    Operators build operations: `x + y` is `ops.add(x, y)`. Shapes broadcast as in numpy; dtypes are never converted,
    but a Python number takes the dtype of the tensor. `==` compares elements.
    """

    __slots__ = ("_type",)
    __array_ufunc__ = None  # a numpy array on the left leaves the operator to the tensor
    __iter__ = None

    def __init__(self, value: ir.Value, scope: "Scope") -> None:
        super().__init__(value, scope)
        self._type: TensorType | None = None  # what is asked for most

    @property
    def type(self) -> TensorType:
        """The type `!mo.tensor`."""
        if self._type is None:
            self._type = self.scope.graph.program.wrapped(self.value.type)
        return self._type

    @property
    def shape(self) -> tuple[Extent, ...]:
        """The dimensions: an int where it is constant, else a `Dim`."""
        shape: tuple[Extent, ...] = self.type.shape
        return shape

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return len(self.shape)

    @property
    def dtype(self) -> str:
        """The dtype's name in MLIR: `f32`, `si64`, `i1`."""
        return str(self.type.dtype)

    @property
    def device(self) -> str:
        """The device: `cpu`, `gpu:0`, ..."""
        return str(self.type.device)

    @property
    def T(self) -> "Tensor":  # noqa: N802  # numpy's name
        """The dimensions in reverse order."""
        return self.transpose()

    # ---- Methods for what is often written; ops has all.

    def cast(self, dtype: DTypeLike) -> "Tensor":
        """`ops.cast`."""
        return ops.cast(self, dtype)

    def reshape(self, shape: ShapeLike) -> "Tensor":
        """`ops.reshape`: one extent may be -1, for what the others leave."""
        return ops.reshape(self, shape)

    def transpose(self, perm: "Sequence[int] | None" = None) -> "Tensor":
        """`ops.transpose`; without `perm`, the dimensions in reverse order."""
        return ops.transpose(self, range(self.ndim)[::-1] if perm is None else perm)

    def sum(self, axes: "int | Sequence[int] | None" = None, keepdims: bool = False) -> "Tensor":
        """`ops.reduce_add`."""
        return ops.reduce_add(self, axes, keepdims)

    def mean(self, axes: "int | Sequence[int] | None" = None, keepdims: bool = False) -> "Tensor":
        """`ops.reduce_mean`."""
        return ops.reduce_mean(self, axes, keepdims)

    def max(self, axes: "int | Sequence[int] | None" = None, keepdims: bool = False) -> "Tensor":
        """`ops.reduce_max`."""
        return ops.reduce_max(self, axes, keepdims)

    def min(self, axes: "int | Sequence[int] | None" = None, keepdims: bool = False) -> "Tensor":
        """`ops.reduce_min`."""
        return ops.reduce_min(self, axes, keepdims)

    def __getitem__(self, index: Any) -> "Tensor":
        """numpy's basic indexing: ints, slices of ints, `...` and None."""
        return indexing.take(self, index)

    def __len__(self) -> int:
        extent = self.shape[0] if self.shape else None
        if isinstance(extent, int):
            return extent
        raise TypeError(f"the length of {self!r} is not constant")

    def __bool__(self) -> NoReturn:
        raise GraphError(
            "a tensor's elements are known when the graph runs, so they cannot decide what is built; "
            "ops.select, ops.if_ and ops.while_ decide then",
            place(),
        )

    # ---- Arithmetic

    def __neg__(self) -> "Tensor":
        return ops.negative(self)

    def __pos__(self) -> "Tensor":
        return self

    def __abs__(self) -> "Tensor":
        return ops.abs(self)

    def __add__(self, other: "TensorLike") -> "Tensor":
        return ops.add(self, other) if _operand(other) else NotImplemented

    def __radd__(self, other: Literal) -> "Tensor":
        return ops.add(other, self) if _operand(other) else NotImplemented

    def __sub__(self, other: "TensorLike") -> "Tensor":
        return ops.sub(self, other) if _operand(other) else NotImplemented

    def __rsub__(self, other: Literal) -> "Tensor":
        return ops.sub(other, self) if _operand(other) else NotImplemented

    def __mul__(self, other: "TensorLike") -> "Tensor":
        return ops.mul(self, other) if _operand(other) else NotImplemented

    def __rmul__(self, other: Literal) -> "Tensor":
        return ops.mul(other, self) if _operand(other) else NotImplemented

    def __truediv__(self, other: "TensorLike") -> "Tensor":
        return ops.div(self._float(), other) if _operand(other) else NotImplemented

    def __rtruediv__(self, other: Literal) -> "Tensor":
        return ops.div(other, self._float()) if _operand(other) else NotImplemented

    def __floordiv__(self, other: "TensorLike") -> "Tensor":
        return ops.floor_div(self, other) if _operand(other) else NotImplemented

    def __rfloordiv__(self, other: Literal) -> "Tensor":
        return ops.floor_div(other, self) if _operand(other) else NotImplemented

    def __mod__(self, other: "TensorLike") -> "Tensor":
        return ops.mod(self, other) if _operand(other) else NotImplemented

    def __rmod__(self, other: Literal) -> "Tensor":
        return ops.mod(other, self) if _operand(other) else NotImplemented

    def __pow__(self, other: "TensorLike") -> "Tensor":
        return ops.pow(self, other) if _operand(other) else NotImplemented

    def __rpow__(self, other: Literal) -> "Tensor":
        return ops.pow(other, self) if _operand(other) else NotImplemented

    def __matmul__(self, other: "TensorLike") -> "Tensor":
        return ops.matmul(self, other) if _operand(other) else NotImplemented

    def __rmatmul__(self, other: Literal) -> "Tensor":
        return ops.matmul(other, self) if _operand(other) else NotImplemented

    def _float(self) -> "Tensor":
        if self.dtype.startswith(("si", "ui")):
            raise GraphError(
                f"'/' expected a float, found {self.dtype}; ops.cast makes floats, // rounds the quotient down, "
                "and ops.div rounds it toward zero",
                place(),
            )
        return self

    # ---- Bits and bools

    def __invert__(self) -> "Tensor":
        return ops.not_(self)

    def __and__(self, other: "TensorLike") -> "Tensor":
        return ops.and_(self, other) if _operand(other) else NotImplemented

    def __rand__(self, other: Literal) -> "Tensor":
        return ops.and_(other, self) if _operand(other) else NotImplemented

    def __or__(self, other: "TensorLike") -> "Tensor":
        return ops.or_(self, other) if _operand(other) else NotImplemented

    def __ror__(self, other: Literal) -> "Tensor":
        return ops.or_(other, self) if _operand(other) else NotImplemented

    def __xor__(self, other: "TensorLike") -> "Tensor":
        return ops.xor(self, other) if _operand(other) else NotImplemented

    def __rxor__(self, other: Literal) -> "Tensor":
        return ops.xor(other, self) if _operand(other) else NotImplemented

    def __lshift__(self, other: "TensorLike") -> "Tensor":
        return ops.shift_left(self, other) if _operand(other) else NotImplemented

    def __rlshift__(self, other: Literal) -> "Tensor":
        return ops.shift_left(other, self) if _operand(other) else NotImplemented

    def __rshift__(self, other: "TensorLike") -> "Tensor":
        return ops.shift_right(self, other) if _operand(other) else NotImplemented

    def __rrshift__(self, other: Literal) -> "Tensor":
        return ops.shift_right(other, self) if _operand(other) else NotImplemented

    # ---- Comparisons

    def __eq__(self, other: object) -> "Tensor":  # type: ignore[override]  # elements are compared
        return ops.equal(self, cast("TensorLike", other)) if _operand(other) else NotImplemented

    def __ne__(self, other: object) -> "Tensor":  # type: ignore[override]  # elements are compared
        return ops.not_equal(self, cast("TensorLike", other)) if _operand(other) else NotImplemented

    def __lt__(self, other: "TensorLike") -> "Tensor":
        return ops.less(self, other) if _operand(other) else NotImplemented

    def __le__(self, other: "TensorLike") -> "Tensor":
        return ops.less_equal(self, other) if _operand(other) else NotImplemented

    def __gt__(self, other: "TensorLike") -> "Tensor":
        return ops.greater(self, other) if _operand(other) else NotImplemented

    def __ge__(self, other: "TensorLike") -> "Tensor":
        return ops.greater_equal(self, other) if _operand(other) else NotImplemented

    __hash__ = object.__hash__


TensorLike: TypeAlias = Tensor | Literal
"""What an operation takes as a tensor: one, or a number or an array, which becomes a constant."""


def _operand(value: object) -> bool:
    """Whether an operator takes a value; what it does not take may know what to do with a tensor."""
    return isinstance(value, Tensor) or is_literal(value)
