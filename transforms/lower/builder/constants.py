# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Constants from attributes, which upstream wants without signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mlir.ir as ir

from mograph.dialects.kit import to_numpy
from mograph.transforms.lower.builder.dtype import DType
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["constant"]


def constant(k: KernelBuilder, elements: Any, dtype: DType, shape: tuple[Any, ...]) -> Tensor:
    """See `KernelBuilder.constant`."""
    if isinstance(elements, ir.DenseElementsAttr) and elements.is_splat:
        return Tensor(k, dtype, shape, uniform=_number(elements.get_splat_value(), dtype))
    wanted = k.em.tensor_type(shape, dtype)
    if dtype.as_bytes:
        elements = _bytes(k, elements, dtype, shape)
    elif elements.type != wanted:
        elements = _signless(k, elements, dtype, shape)
    return k.input(k.em.value("arith.constant", wanted, (), {"value": elements}), dtype, shape)


def _number(attribute: Any, dtype: DType) -> int | float:
    if dtype.kind == "float":
        return float(attribute.value)
    value = int(attribute.value)
    return value % (1 << dtype.bits) if dtype.kind in ("unsigned", "bool") else value


def _bytes(k: KernelBuilder, elements: Any, dtype: DType, shape: tuple[Any, ...]) -> Any:
    """The bytes that hold the elements, in an attribute of i8."""
    held = to_numpy(elements).view("uint8")
    return ir.DenseElementsAttr.get(held, type=k.em.type(dtype.storage), shape=list(shape), context=k.em.context)


def _signless(k: KernelBuilder, elements: Any, dtype: DType, shape: tuple[Any, ...]) -> Any:
    """The same integers in an attribute of the type without sign."""
    if isinstance(elements, ir.DenseIntElementsAttr):
        return ir.DenseElementsAttr.get(
            memoryview(elements),
            signless=True,
            type=k.em.type(dtype.storage),
            shape=list(shape),
            context=k.em.context,
        )
    # A resource, which its text names and does not hold.
    text = str(elements)
    return ir.Attribute.parse(text[: text.rindex(":") + 1] + f" {k.em.tensor_type(shape, dtype)}", k.em.context)
