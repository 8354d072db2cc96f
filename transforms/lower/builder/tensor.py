# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tensors: what a lowering rule computes with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mograph.transforms.lower.builder.dtype import DType
from mograph.transforms.lower.builder.emit import IndexMap
from mograph.transforms.lower.builder.scalar import Number, Scalar, constant

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["Tensor"]


class Tensor:
    """A tensor of `dtype` and `shape`, whose dimensions are each an `int` or a symbolic extent.

    A tensor whose elements are all the same is kept as that element, a number or a scalar, and takes no memory unless
    it is asked for its `value`; so is every tensor of rank 0. Operators work element by element and broadcast.
    """

    __slots__ = ("_value", "dtype", "k", "missing", "shape", "uniform")

    def __init__(
        self,
        k: KernelBuilder,
        dtype: DType,
        shape: tuple[Any, ...],
        *,
        value: Any = None,
        uniform: Scalar | Number | None = None,
        missing: tuple[int, ...] = (),
    ) -> None:
        self.k = k
        self.dtype = dtype
        self.shape = shape
        self.uniform = uniform
        self.missing = missing
        self._value = value

    @property
    def rank(self) -> int:
        """The number of dimensions."""
        return len(self.shape)

    @property
    def value(self) -> Any:
        """The `ir.Value`, of a builtin tensor type."""
        if self.missing:
            return self.k.expanded(self)
        if self._value is not None:
            return self._value
        if self.rank == 0:
            em = self.k.em
            return em.value("tensor.from_elements", em.tensor_type((), self.dtype), [self.scalar.value])
        return self.k.filled(self.shape, self.scalar)

    def read(self, map_: IndexMap) -> tuple[Any, IndexMap]:
        """The value in memory, and where it is read in a loop nest where the whole tensor is read by `map_`."""
        if not self.missing:
            return self.value, map_
        return self._value, tuple(loop for axis, loop in enumerate(map_) if axis not in self.missing)

    def without_missing(self) -> Tensor:
        """The tensor of the value in memory."""
        shape = tuple(dim for axis, dim in enumerate(self.shape) if axis not in self.missing)
        return Tensor(self.k, self.dtype, shape, value=self._value)

    @property
    def scalar(self) -> Scalar:
        """The element of a tensor whose elements are all the same."""
        if isinstance(self.uniform, Scalar):
            return self.uniform
        if self.uniform is None:
            raise ValueError(f"expected a tensor of one element, found the shape {list(self.shape)}")
        return constant(self.k.em, self.uniform, self.dtype)

    def _of(self, function: Callable[..., Any], *operands: Tensor | Scalar | Number) -> Tensor:
        """A function of the kernel builder that maps tensors to one."""
        result: Tensor = function(*operands)
        return result

    def __neg__(self) -> Tensor:
        return self._of(self.k.negative, self)

    def __add__(self, other: Tensor | Scalar | Number) -> Tensor:
        return self._of(self.k.add, self, other)

    def __radd__(self, other: Number) -> Tensor:
        return self._of(self.k.add, other, self)

    def __sub__(self, other: Tensor | Scalar | Number) -> Tensor:
        return self._of(self.k.sub, self, other)

    def __rsub__(self, other: Number) -> Tensor:
        return self._of(self.k.sub, other, self)

    def __mul__(self, other: Tensor | Scalar | Number) -> Tensor:
        return self._of(self.k.mul, self, other)

    def __rmul__(self, other: Number) -> Tensor:
        return self._of(self.k.mul, other, self)

    def __truediv__(self, other: Tensor | Scalar | Number) -> Tensor:
        return self._of(self.k.div, self, other)

    def __rtruediv__(self, other: Number) -> Tensor:
        return self._of(self.k.div, other, self)

    def __lt__(self, other: Tensor | Scalar | Number) -> Tensor:
        return self._of(self.k.less, self, other)

    def __le__(self, other: Tensor | Scalar | Number) -> Tensor:
        return self._of(self.k.less_equal, self, other)

    def __gt__(self, other: Tensor | Scalar | Number) -> Tensor:
        return self._of(self.k.greater, self, other)

    def __ge__(self, other: Tensor | Scalar | Number) -> Tensor:
        return self._of(self.k.greater_equal, self, other)
