# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Opaque kernels: calls of functions of a library, on tensors in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import mlir.ir as ir

from mograph.transforms.lower.builder.dtype import F64, INDEX, SI64, DType
from mograph.transforms.lower.builder.scalar import Scalar, constant
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["LIBRARY", "call"]

LIBRARY = "mogg.library"
"""The attribute of a function that a target binds to one of a library: its name, and the path of a shared library."""


def call(
    k: KernelBuilder,
    function: str,
    inputs: Sequence[Tensor],
    outputs: Sequence[tuple[DType, Sequence[Any]]],
    numbers: Sequence[int | float | Scalar],
    path: str | None,
) -> list[Tensor]:
    """See `KernelBuilder.library`."""
    em = k.em
    if em.declare is None:
        raise TypeError(f"library function {function!r}: expected to be called in a kernel of a module")
    made = [_memory(k, shape, dtype) for dtype, shape in outputs]
    values = [*(x.value for x in inputs), *made, *(_number(k, number) for number in numbers)]
    attributes = {"function": em.string(function)} | ({} if path is None else {"path": em.string(path)})
    binding = ir.DictAttr.get(attributes, context=em.context)
    symbol = em.declare(function, [value.type for value in values], {LIBRARY: binding})
    em.create("func.call", (), values, {"callee": em.symbol(symbol)})
    unit = em.attribute("unit")
    return [
        Tensor(
            k,
            dtype,
            tuple(shape),
            value=em.value(
                "bufferization.to_tensor", em.tensor_type(shape, dtype), [memory], {"restrict": unit, "writable": unit}
            ),
        )
        for (dtype, shape), memory in zip(outputs, made, strict=True)
    ]


def _memory(k: KernelBuilder, shape: Sequence[Any], dtype: DType) -> Any:
    """An `ir.Value`: new memory, of a memref type."""
    dims = "".join(f"{dim if isinstance(dim, int) else '?'}x" for dim in shape)
    dynamic = [k.dims.value(dim) for dim in shape if not isinstance(dim, int)]
    segments = {"operandSegmentSizes": k.em.segments(len(dynamic), 0)}
    return k.em.value("memref.alloc", k.em.type(f"memref<{dims}{dtype.storage}>"), dynamic, segments)


def _number(k: KernelBuilder, number: int | float | Scalar) -> Any:
    """An `ir.Value` of type i64 or f64."""
    if isinstance(number, float):
        return constant(k.em, number, F64).value
    if isinstance(number, int):
        return constant(k.em, number, SI64).value
    if number.dtype is INDEX:
        return k.em.value("arith.index_cast", SI64.storage, [number.value])
    if number.dtype not in (SI64, F64):
        raise TypeError(f"expected numbers of dtype index, si64 or f64, found {number.dtype.name}")
    return number.value
