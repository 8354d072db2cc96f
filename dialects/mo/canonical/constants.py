# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Constants as folds see them."""

import math
from typing import Any

from mlir import ir

from mograph.dialects.kit import wrap_type
from mograph.dialects.mo import dtypes, shapes
from mograph.dialects.mo.types import TensorType

__all__ = ["defining", "ends", "filled", "is_negative_zero", "kept", "kind", "uniform"]


def defining(value: ir.Value, *names: str) -> Any:
    """The operation that gives `value`, if it has one of the names; else None."""
    owner = value.owner
    return owner if isinstance(owner, ir.OpView) and owner.operation.name in names else None


def uniform(value: ir.Value) -> "int | float | None":
    """The number that all elements of a constant are; None where they differ, or there is no constant or no element."""
    owner = value.owner
    if not isinstance(owner, ir.OpView) or owner.operation.name != "mo.constant":
        return None
    elements = owner.operation.attributes["value"]
    if not elements.is_splat:
        return None
    number: int | float = elements.get_splat_value().value
    if isinstance(number, int) and number < 0 and elements.type.element_type.is_unsigned:
        return number + (1 << int(elements.type.element_type.width))  # the bindings read 64 bits as signed
    return number


def kept(op: Any, value: ir.Value) -> ir.Value | None:
    """`value` as what the operation folds to, where it has the type of the result: it may have to be repeated."""
    return value if value.type == op.result.type else None


def filled(type_: ir.Type, number: "int | float") -> ir.Attribute | None:
    """What a constant of this type holds all of whose elements are `number`; None where the shape has names."""
    tensor: Any = wrap_type(type_)
    if not shapes.static(tensor.shape):
        return None
    dtype = dtypes.of(tensor.dtype)
    if dtype.kind == "float":
        element: ir.Attribute = ir.FloatAttr.get(tensor.dtype, number)
    else:
        if dtype.kind == "unsigned" and number >= 1 << dtype.bits - 1:
            number -= 1 << dtype.bits  # as above
        element = ir.IntegerAttr.get(tensor.dtype, int(number))
    return ir.DenseElementsAttr.get_splat(ir.RankedTensorType.get(tensor.shape, tensor.dtype), element)


def kind(value: ir.Value) -> str:
    """`bool`, `signed`, `unsigned` or `float`: what the elements of a tensor are."""
    return dtypes.of(TensorType(value.type).dtype).kind


def ends(value: ir.Value) -> "tuple[int | float, int | float]":
    """The lowest and the highest value of an element; of floats that have them, the infinities."""
    dtype = dtypes.of(TensorType(value.type).dtype)
    if dtype.kind == "float":
        return (-math.inf, math.inf)
    if dtype.kind == "bool":
        return (0, 1)
    low = -(1 << dtype.bits - 1) if dtype.kind == "signed" else 0
    return (low, low + (1 << dtype.bits) - 1)


def is_negative_zero(number: "int | float | None") -> bool:
    """Whether a number is a float's -0, which is what leaves a sum as it is."""
    return isinstance(number, float) and number == 0 and math.copysign(1, number) < 0
