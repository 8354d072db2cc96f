# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rules on the operands of random operations."""

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import dtypes, rules
from mograph.dialects.mo.types import HOST, TensorType

__all__ = ["distribution", "drawn_shape", "require_shape_operand"]

_DTYPES = ("f16", "bf16", "f32", "f64")


def distribution(result: TensorType, seed: TensorType, **parameters: TensorType) -> None:
    """An error unless the result's dtype can be drawn, and the seed and the parameters are scalars that fit it."""
    if str(result.dtype) not in _DTYPES:
        raise VerifyError(f"expected a result of dtype {', '.join(_DTYPES)}, found {result.dtype}")
    for name, parameter in parameters.items():
        rules.scalar(name, parameter, result.dtype, result.device)
    rules.scalar("seed", seed, "si64", result.device)


def require_shape_operand(shape: TensorType, result: TensorType) -> None:
    """An error unless `shape` is a tensor that can hold the result's shape."""
    rank = len(result.shape)
    if dtypes.of(shape.dtype).name != "si64" or len(shape.shape) != 1 or shape.device != HOST:
        raise VerifyError(f"expected a shape of type {TensorType.get((rank,), 'si64', HOST)}, found {shape}")
    if isinstance(shape.shape[0], int) and shape.shape[0] != rank:
        raise VerifyError(f"expected a shape of {rank} extents, as the result has; found {shape.shape[0]}")


def drawn_shape(op: str, shape: list[int], result_shape: tuple[int, ...]) -> list[int]:
    """The extents in the shape operand; `ValueError` when they are not those of the result (-1: not known yet)."""
    if len(shape) != len(result_shape) or any(
        found < 0 or wanted not in (-1, found) for found, wanted in zip(shape, result_shape, strict=True)
    ):
        raise ValueError(f"{op}: expected the shape {list(result_shape)} of the result, found {shape}")
    return shape
