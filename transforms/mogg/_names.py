# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names of kernels, `matmul_add_gelu_f32`, and symbols that nothing else has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import mlir.ir as ir

__all__ = ["Symbols", "kernel_name"]

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


class Symbols:
    """The symbols of a module; at first those `taken`."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._numbers: Counter[str] = Counter()

    def new(self, wanted: str) -> str:
        """A symbol like `wanted` that is not taken yet, and is from now on."""
        found = wanted
        while found in self._taken:
            self._numbers[wanted] += 1
            found = f"{wanted}_{self._numbers[wanted]}"
        self._taken.add(found)
        return found
