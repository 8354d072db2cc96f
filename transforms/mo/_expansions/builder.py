# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What expansions are written with: operations of `mo` by name, numbers, and the dtype to compute in."""

from collections.abc import Callable, Sequence
from typing import Any

from mlir import ir

from mograph.dialects.kit import from_numpy, wrap_type
from mograph.dialects.mo import Constant, Mo, TensorType

__all__ = ["Builder"]


class Builder:
    """Builds before an operation, at its location.

    `k.sub(x, y)` is the result of `mo.sub`; `k.reduce_max(x, axes=[1])` that of `mo.reduce.max`.
    """

    def __init__(self, op: Any) -> None:
        self._place = ir.InsertionPoint(op.operation)
        self._location = op.location

    def __getattr__(self, name: str) -> Callable[..., Any]:
        cls = Mo.ops[f"mo.{name.replace('reduce_', 'reduce.', 1)}"]

        def build(*operands: Any, to: TensorType | None = None, **attributes: Any) -> Any:
            with self._place, self._location:
                results = None if to is None else [to]
                return cls.build(*operands, results=results, **attributes).operation.results[0]

        return build

    def type(self, x: Any) -> TensorType:
        """The type of a value."""
        found: TensorType = wrap_type(x.type)
        return found

    def shape(self, x: Any) -> tuple[Any, ...]:
        """The extents of a value."""
        return tuple(self.type(x).shape)

    def tensor(self, shape: Sequence[Any], dtype: str, like: Any) -> TensorType:
        """The type of tensors of a shape and dtype, on the device of `like`."""
        with self._location:
            return TensorType.get(list(shape), ir.Type.parse(dtype), self.type(like).device)

    def number(self, value: float, like: Any) -> Any:
        """A number of the dtype of `like`, on its device."""
        import numpy as np

        type_ = self.type(like)
        with self._place, self._location:
            attribute = from_numpy(np.asarray(value), type_.dtype)
            return Constant.build(value=attribute, results=[TensorType.get([], type_.dtype, type_.device)]).result

    def cast(self, x: Any, dtype: Any) -> Any:
        """`x` as another dtype."""
        return x if str(self.type(x).dtype) == str(dtype) else self.retyped("cast", x, dtype=dtype)

    def wide(self, x: Any) -> Any:
        """`x` as f64 where it is that, else as f32: what functions of floats are computed in."""
        return self.cast(x, "f64" if str(self.type(x).dtype) == "f64" else "f32")

    def reshape(self, x: Any, shape: Sequence[Any]) -> Any:
        """The elements of `x` in another shape."""
        return x if self.shape(x) == tuple(shape) else self.retyped("reshape", x, shape=shape)

    def broadcast_to(self, x: Any, shape: Sequence[Any]) -> Any:
        """`x`, repeated to a shape."""
        return x if self.shape(x) == tuple(shape) else self.retyped("broadcast_to", x, shape=shape)

    def column(self, x: Any, axis: int, rank: int) -> Any:
        """`x`, of rank 1, as one of `rank` that broadcasts along all axes but `axis`."""
        shape: list[Any] = [1] * (rank - axis)
        shape[0] = self.shape(x)[0]
        return self.reshape(x, shape)

    def retyped(self, name: str, x: Any, shape: Sequence[Any] | None = None, dtype: Any = None) -> Any:
        """The operation `name` of `x`, with a result of another shape or dtype."""
        type_ = self.type(x)
        with self._place, self._location:
            element = ir.Type.parse(dtype) if isinstance(dtype, str) else dtype or type_.dtype
            to = TensorType.get(type_.shape if shape is None else list(shape), element, type_.device)
            return Mo.ops[f"mo.{name}"].build(x, results=[to]).result
