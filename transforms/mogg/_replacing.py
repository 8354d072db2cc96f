# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One operation in the place of another."""

from __future__ import annotations

from typing import Any

import mlir.ir as ir

__all__ = ["replaced"]


def replaced(op: Any, name: str, attributes: dict[str, Any] | None = None) -> Any:
    """The operation `name` with the operands and results of `op`, in its place."""
    made = ir.Operation.create(
        name,
        results=[result.type for result in op.results],
        operands=list(op.operands),
        attributes=attributes,
        loc=op.location,
        ip=ir.InsertionPoint(op),
    )
    for old, new in zip(op.results, made.results, strict=True):
        old.replace_all_uses_with(new)
    op.erase()
    return made
