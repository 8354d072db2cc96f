# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operands of the functions that are written."""

from collections.abc import Sequence
from typing import Any

from mograph.graph.emit import as_value, fail, wrap
from mograph.graph.scope import current
from mograph.graph.tensor import Tensor, TensorLike

__all__ = ["tensor_of"]


def tensor_of(op: Any, field: str, given: TensorLike, like: Sequence[TensorLike] = (), dtype: str = "") -> Tensor:
    """What is given for an operand as a tensor; a number is of `dtype`, or of that of the first tensor of `like`."""
    name = op.OPERATION_NAME
    scope = current(f"'{name}' op")
    made = wrap(scope, as_value(name, field, scope, given, like, scope.graph.locations.here(), dtype))
    if not isinstance(made, Tensor):
        fail(name, f"expected {field} to be a tensor, found {made!r}")
    return made
