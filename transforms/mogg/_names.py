# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names of kernels: `matmul_add_gelu_f32`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mlir.ir as ir

__all__ = ["kernel_name"]

MOST = 4
"""How many operations a kernel is called after."""


def kernel_name(operations: Sequence[str], result: Any) -> str:
    """The name of a kernel of these operations, such as `mo.matmul`; `result` is the type of its first result, or the
    name of its dtype.
    """
    short = [name.partition(".")[2] for name in operations]
    if len(short) > MOST:
        short = [*short[:MOST], f"and_{len(short) - MOST}_more"]
    element = result.element_type if isinstance(result, ir.ShapedType) else result
    return "_".join([*short, *([str(element)] if element is not None else [])]).replace(".", "_")
