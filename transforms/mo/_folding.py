# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Constants in the place of operations of constants, computed by the references of the operations."""

from collections.abc import Sequence
from typing import Any

from mlir import ir

from mograph.dialects.kit import VerifyError, evaluate, from_numpy, to_numpy, wrap_type
from mograph.dialects.mo import BroadcastTo, Cast, Reshape, Select, Squeeze, TensorType, Transpose, Unsqueeze, shapes
from mograph.dialects.mo.elementwise.families import Binary, Unary
from mograph.transforms.mo._effects import is_pure

__all__ = ["fold"]

_ELEMENTWISE = (Binary, Cast, Select, Unary)
_MOVING = (BroadcastTo, Reshape, Squeeze, Transpose, Unsqueeze)


def fold(op: Any, limit: int) -> list[ir.Attribute] | None:
    """The constants that the results are; None where they are not known, or have more than `limit` elements.

    Results whose elements are all the same number may have any size, where the operands' elements are, too.
    """
    operation = op.operation
    if not getattr(op, "folds", False) or not operation.operands or operation.regions:
        return None
    constants = [_constant(operand) for operand in operation.operands]
    types = [wrap_type(result.type) for result in operation.results]
    if any(each is None for each in constants) or not all(shapes.static(type_.shape) for type_ in types):
        return None
    if not is_pure(op):
        return None
    if isinstance(op, _ELEMENTWISE + _MOVING) and all(each.is_splat for each in constants):
        return _fold_uniform(op, constants, types[0])
    if max(_count(each) for each in (*(type_.shape for type_ in types), *(c.type.shape for c in constants))) > limit:
        return None
    arrays = _evaluated(op, [to_numpy(each) for each in constants], types)
    return None if arrays is None else [from_numpy(a, t.dtype) for a, t in zip(arrays, types, strict=True)]


def _constant(value: ir.Value) -> Any:
    """The elements of a constant, None for what is none."""
    owner = value.owner
    if not isinstance(owner, ir.OpView) or owner.operation.name != "mo.constant":
        return None
    return owner.operation.attributes["value"]


def _count(shape: Sequence[int]) -> int:
    count = 1
    for extent in shape:
        count *= extent
    return count


def _evaluated(op: Any, operands: list[Any], types: Sequence[Any]) -> list[Any] | None:
    try:
        return evaluate(type(op), op, operands, types, [type_.shape for type_ in types])
    except (ValueError, VerifyError):  # what is an error when it runs stays where it is
        return None


def _fold_uniform(op: Any, constants: Sequence[Any], type_: Any) -> list[ir.Attribute] | None:
    """As `fold`, of constants of equal elements: computed of one element, whatever the shapes are."""
    if isinstance(op, _MOVING):
        if op.operation.operands[1:]:  # a shape, which the type might contradict
            return None
        element = constants[0].get_splat_value()
    else:
        ones = [
            ir.DenseElementsAttr.get_splat(ir.RankedTensorType.get([], each.type.element_type), each.get_splat_value())
            for each in constants
        ]
        scalar = TensorType.get((), type_.dtype, type_.device)
        arrays = _evaluated(op, [to_numpy(each) for each in ones], [scalar])
        if arrays is None:
            return None
        element = from_numpy(arrays[0], type_.dtype).get_splat_value()
    return [ir.DenseElementsAttr.get_splat(ir.RankedTensorType.get(type_.shape, type_.dtype), element)]
