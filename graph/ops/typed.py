# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The result types of operations whose results are written, not inferred."""

from typing import Any

from mograph.dialects.mo import TensorType
from mograph.graph.emit import attempt, fail
from mograph.graph.scope import current
from mograph.graph.types import DTypeLike, ShapeLike, device_label, dtype_name, extents, names_of

__all__ = ["known_type", "new_type"]


def new_type(op: Any, shape: ShapeLike, dtype: DTypeLike, device: str) -> TensorType:
    """The type of these parameters for a result of `op`, which may have new names of dimensions. Raises GraphError."""
    name = op.OPERATION_NAME
    graph = current(f"'{name}' op").graph
    dims = attempt(name, "shape", extents, shape)
    graph.dims |= names_of(dims)
    element = attempt(name, "dtype", dtype_name, dtype)
    return graph.program.tensor_type(dims, element, attempt(name, "device", device_label, device))


def known_type(op: Any, shape: ShapeLike, dtype: DTypeLike, device: str) -> TensorType:
    """The same, of names of dimensions that the graph knows."""
    name = op.OPERATION_NAME
    graph = current(f"'{name}' op").graph
    dims = attempt(name, "shape", extents, shape)
    if unknown := sorted(names_of(dims) - graph.dims):
        known = ", ".join(sorted(graph.dims)) or "none"
        fail(name, f"expected shape to have dimensions that graph '{graph.name}' knows, {known}; found {unknown[0]}")
    return new_type(op, dims, dtype, device)
