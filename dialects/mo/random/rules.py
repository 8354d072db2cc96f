# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rules on the operands of random operations."""

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import rules
from mograph.dialects.mo.types import TensorType

__all__ = ["distribution"]

_DTYPES = ("f16", "bf16", "f32", "f64")


def distribution(result: TensorType, seed: TensorType, **parameters: TensorType) -> None:
    """An error unless the result's dtype can be drawn, and the seed and the parameters are scalars that fit it."""
    if str(result.dtype) not in _DTYPES:
        raise VerifyError(f"expected a result of dtype {', '.join(_DTYPES)}, found {result.dtype}")
    for name, parameter in parameters.items():
        rules.scalar(name, parameter, result.dtype, result.device)
    rules.scalar("seed", seed, "si64", result.device)
