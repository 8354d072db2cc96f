# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Values that are known while compiling: small tensors, computed by the references of their operations."""

from collections.abc import Mapping
from typing import Any

from mlir import ir

from mograph.dialects.kit import VerifyError, evaluate, wrap_type
from mograph.transforms.mo._effects import is_pure

__all__ = ["Known"]

_ELEMENTS = 64  # of the largest tensor that is computed
_DEPTH = 64  # of the longest chain of operations


class Known:
    """Computes values; `given` has arrays for some of them, or None for those that are not known."""

    def __init__(self, given: Mapping[Any, Any] | None = None) -> None:
        self._values: dict[Any, Any] = dict(given or {})

    def value(self, value: Any, depth: int = 0) -> Any:
        """The array that `value` is, or None where that is not known."""
        if value not in self._values:
            made = isinstance(value, ir.OpResult) and depth < _DEPTH and value.owner.operation.opview
            self._values[value] = None
            if made and hasattr(made, "EVALUATE"):
                self._values.update(zip(made.operation.results, self._results(made, depth), strict=True))
        return self._values[value]

    def _results(self, op: Any, depth: int) -> list[Any]:
        operation = op.operation
        unknown = [None] * len(operation.results)
        types = [wrap_type(result.type) for result in operation.results]
        if op.EVALUATE is None or not all(map(_is_small, types)) or not is_pure(op) or list(operation.regions):
            return unknown
        operands = [self.value(operand, depth + 1) for operand in operation.operands]
        if any(operand is None for operand in operands):
            return unknown
        try:
            return evaluate(type(op), op, operands, types, [type_.shape for type_ in types])
        except (ValueError, VerifyError):
            return unknown


def _is_small(type_: Any) -> bool:
    shape = getattr(type_, "shape", None)
    if shape is None or not all(isinstance(dim, int) for dim in shape):
        return False
    count = 1
    for dim in shape:
        count *= dim
    return count <= _ELEMENTS
