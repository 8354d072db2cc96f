# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rules on the types of operands, shared by the operations' type inference."""

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import dtypes, shapes
from mograph.dialects.mo.types import HOST, TensorType

__all__ = ["binary", "same_device", "same_dtype", "scalar", "unary"]


def same_dtype(**operands: TensorType) -> None:
    """An error unless all operands, given by the names of their fields, have one dtype."""
    (first, wanted), *others = operands.items()
    for name, operand in others:
        if operand.dtype != wanted.dtype:
            raise VerifyError(
                f"expected {first} and {name} of equal dtype, found {wanted.dtype} and {operand.dtype}; "
                "mo.cast changes a dtype"
            )


def same_device(**operands: TensorType) -> None:
    """An error unless all operands, given by the names of their fields, are on one device."""
    (first, wanted), *others = operands.items()
    for name, operand in others:
        if operand.device != wanted.device:
            raise VerifyError(f"expected {first} and {name} on one device, found {wanted.device} and {operand.device}")


def unary(accepted: dtypes.DTypeSet, input: TensorType) -> TensorType:
    """The result of an elementwise operation of one operand."""
    dtypes.require(accepted, input.dtype)
    return input


def binary(accepted: dtypes.DTypeSet, lhs: TensorType, rhs: TensorType, dtype: object = None) -> TensorType:
    """The result of an elementwise operation of two operands, of their dtype or of `dtype`."""
    same_dtype(lhs=lhs, rhs=rhs)
    dtypes.require(accepted, lhs.dtype)
    same_device(lhs=lhs, rhs=rhs)
    return TensorType.get(shapes.broadcast(lhs.shape, rhs.shape), dtype or lhs.dtype, lhs.device)


def scalar(name: str, operand: TensorType, dtype: object, device: str) -> None:
    """An error unless `operand` is of rank 0 and `dtype`, and on the host or on `device`."""
    if operand.shape:
        raise VerifyError(f"expected {name} of rank 0, found {shapes.text(operand.shape)}")
    if str(operand.dtype) != str(dtype):
        raise VerifyError(f"expected {name} of dtype {dtype}, found {operand.dtype}")
    if operand.device not in (HOST, device):
        raise VerifyError(
            f"expected {name} on {HOST if device == HOST else f'{HOST} or {device}'}, found {operand.device}"
        )
