# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operands that hold the extents of a result.

Extents stand in the type of the result. An operand, si64 on the host, gives those their values that are new names of
dimensions; the others are compared with it when the program runs.
"""

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import dtypes
from mograph.dialects.mo.numpy_ import Array
from mograph.dialects.mo.types import HOST, TensorType

__all__ = ["extents_of", "require_extent_operand", "require_extents", "require_shape_operand"]


def require_shape_operand(shape: TensorType, result: TensorType) -> None:
    """An error unless `shape` is a tensor that can hold the result's shape."""
    rank = len(result.shape)
    if dtypes.of(shape.dtype).name != "si64" or len(shape.shape) != 1 or shape.device != HOST:
        raise VerifyError(f"expected a shape of type {TensorType.get((rank,), 'si64', HOST)}, found {shape}")
    if isinstance(shape.shape[0], int) and shape.shape[0] != rank:
        raise VerifyError(f"expected a shape of {rank} extents, as the result has; found {shape.shape[0]}")


def require_extents(name: str, operand: TensorType, rank: int) -> None:
    """An error unless `operand`, called `name`, holds one si64 on the host for each of `rank` axes."""
    wanted = TensorType.get((rank,), "si64", HOST)
    if operand != wanted:
        raise VerifyError(f"expected {name} of type {wanted}, found {operand}")


def require_extent_operand(name: str, operand: TensorType) -> None:
    """An error unless `operand`, called `name`, is one si64 on the host."""
    wanted = TensorType.get((), "si64", HOST)
    if operand != wanted:
        raise VerifyError(f"expected {name} of type {wanted}, found {operand}")


def extents_of(op: str, shape: Array, result_shape: tuple[int, ...]) -> tuple[int, ...]:
    """The extents in a shape operand; `ValueError` when they are not those of the result (-1: not known yet)."""
    found = tuple(shape.tolist())
    if len(found) != len(result_shape) or any(
        extent < 0 or wanted not in (-1, extent) for extent, wanted in zip(found, result_shape, strict=True)
    ):
        raise ValueError(f"{op}: expected the shape {list(result_shape)} of the result, found {list(found)}")
    return found
