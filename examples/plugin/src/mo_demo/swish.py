# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How `demo.swish` is lowered."""

from typing import Any

from mograph.transforms.lower.builder import Scalar, scalar_math
from mograph.transforms.lower.rule import elementwise


@elementwise
def lower(op: Any, x: Scalar) -> Scalar:
    """A function of scalars, so that it fuses with its neighbours."""
    return x * scalar_math.sigmoid(x)
