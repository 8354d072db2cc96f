# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The result types of operations whose results are written, not inferred."""

from typing import Any

from mograph.dialects.mo import TensorType
from mograph.graph.emit import attempt, fail
from mograph.graph.scope import current
from mograph.graph.tensor import Tensor
from mograph.graph.types import DTypeLike, ShapeLike, device_label, dtype_name, extents, names_of

__all__ = ["known_type", "new_names", "new_type", "shaped_type"]


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


def new_names(op: Any, count: int) -> list[str]:
    """Names of dimensions that the graph does not have yet, after the operation: `non_zero_0`."""
    graph = current(f"'{op.OPERATION_NAME}' op").graph
    stem = op.OPERATION_NAME.partition(".")[2].replace(".", "_")
    names: list[str] = []
    number = 0
    while len(names) < count:
        if (name := f"{stem}_{number}") not in graph.dims:
            names.append(name)
        number += 1
    return names


def shaped_type(
    op: Any, shape: Tensor | ShapeLike, dims: ShapeLike | None, dtype: DTypeLike, device: str
) -> tuple[TensorType, Tensor | None]:
    """The type of a result of `op` whose shape is given, and the operand that holds it where it is a tensor.

    `dims` are then the dimensions of the result. Raises GraphError.
    """
    name = op.OPERATION_NAME
    if isinstance(shape, Tensor):
        if dims is None:
            fail(name, "expected dims, the result's dimensions, since shape is a tensor; found none")
        return new_type(op, dims, dtype, device), shape
    if dims is not None:
        fail(name, "expected dims only with a shape that is a tensor; shape says them")
    return known_type(op, shape, dtype, device), None
