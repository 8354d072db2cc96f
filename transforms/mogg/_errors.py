# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The error of the lowering, which knows the operation that it is about."""

from __future__ import annotations

from typing import Any

__all__ = ["LoweringError"]


class LoweringError(Exception):
    """An operation cannot be lowered; `op` is the operation to point at."""

    def __init__(self, op: Any, message: str) -> None:
        super().__init__(message)
        self.op = op
