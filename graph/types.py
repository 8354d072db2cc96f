# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Types as users write them: dtypes, shapes, and the specification of an input."""

import operator
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, SupportsIndex, TypeAlias

import numpy as np
from mlir import ir

from mograph.dialects.kit import Dim, element_type_text
from mograph.dialects.mo import BufferType, TensorType
from mograph.dialects.mo.dtypes import DTYPES

__all__ = [
    "BufferSpec",
    "DTypeLike",
    "Extent",
    "ExtentLike",
    "ShapeLike",
    "TensorSpec",
    "device_label",
    "dtype_name",
    "extents",
    "names_of",
]

Extent: TypeAlias = int | Dim
"""A dimension: a constant, or an expression of named dimensions."""
ExtentLike: TypeAlias = SupportsIndex | str | Dim
"""A dimension as users write it: `4`, `"n"`, `"n * 2 + 1"`, `Dim("n") * 2`."""
ShapeLike: TypeAlias = Iterable[ExtentLike]
DTypeLike: TypeAlias = str | np.dtype[Any] | type[np.generic] | ir.Type
"""A dtype: its name in MLIR, `"f32"` or `"si64"`, `"bool"` for `"i1"`, or a dtype or scalar type of numpy."""


def dtype_name(dtype: DTypeLike) -> str:
    """The name in MLIR of a dtype. Raises ValueError for what is none."""
    if isinstance(dtype, str | ir.Type):
        name = "i1" if dtype == "bool" else str(dtype)
        if name in DTYPES:
            return name
    else:
        try:
            return element_type_text(np.dtype(dtype))
        except TypeError:
            name = repr(dtype)
    raise ValueError(f"expected a dtype among {', '.join(DTYPES)}, found {name}")


def extents(shape: ShapeLike) -> tuple[Extent, ...]:
    """A shape's dimensions. Raises ValueError for one that is no expression, or negative."""
    if isinstance(shape, str) or not isinstance(shape, Iterable):
        raise ValueError(f'expected a shape, as [4, "n"], found {shape!r}')
    found = tuple(map(_extent, shape))
    for extent in found:
        if isinstance(extent, int) and extent < 0:
            raise ValueError(f"expected extents of at least 0, found {extent}")
    return found


def _extent(extent: ExtentLike) -> Extent:
    if isinstance(extent, Dim):
        return extent
    if isinstance(extent, str):
        return Dim.parse(extent)
    try:
        return operator.index(extent)
    except TypeError:
        raise ValueError(f"expected an extent, as 4 or 'n', found {extent!r}") from None


def device_label(device: str) -> str:
    """The label of a device: `cpu`, `gpu:0`. Raises ValueError for what is none."""
    if isinstance(device, str) and re.fullmatch(r"[A-Za-z_]\w*(:\d+)?", device):
        return device
    raise ValueError(f"expected a device, as cpu or gpu:0, found {device!r}")


def names_of(shape: Iterable[Extent]) -> set[str]:
    """The named dimensions in a shape."""
    return {name for extent in shape if isinstance(extent, Dim) for name in extent.names()}


@dataclass(frozen=True, init=False)
class TensorSpec:
    """The type of a tensor, in no context: `TensorSpec(["n", 64], "f32")`.

    `shape` holds ints, names of dimensions and expressions of names; `device` is `cpu`, `gpu:0`, ... Raises ValueError
    for a shape, a dtype or a device that no tensor has.
    """

    shape: tuple[Extent, ...]
    dtype: str
    device: str

    def __init__(self, shape: ShapeLike, dtype: DTypeLike, device: str = "cpu") -> None:
        object.__setattr__(self, "shape", extents(shape))
        object.__setattr__(self, "dtype", dtype_name(dtype))
        object.__setattr__(self, "device", device_label(device))

    def type(self, context: ir.Context) -> TensorType:
        """The type `!mo.tensor` of it in a context."""
        with context:
            made: TensorType = TensorType.get(self.shape, self.dtype, self.device)
        return made

    def __str__(self) -> str:
        device = "" if self.device == "cpu" else f", {self.device}"
        return f"tensor<[{', '.join(map(str, self.shape))}], {self.dtype}{device}>"


class BufferSpec(TensorSpec):
    """The type of a buffer, in no context: `BufferSpec(["n", 64], "f32")` of an input that the graph writes to."""

    def type(self, context: ir.Context) -> Any:
        """The type `!mo.buffer` of it in a context."""
        with context:
            return BufferType.get(self.shape, self.dtype, self.device)

    def __str__(self) -> str:
        return super().__str__().replace("tensor", "buffer", 1)
