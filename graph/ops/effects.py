# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Buffers, whose type is given as shape, dtype and device."""

from mograph.dialects.mo import BufferCreate, BufferType
from mograph.graph.emit import Form, build
from mograph.graph.ops.typed import shaped_type
from mograph.graph.tensor import Tensor, Value
from mograph.graph.types import DTypeLike, ShapeLike

__all__ = ["buffer_create"]


def buffer_create(
    shape: Tensor | ShapeLike, dtype: DTypeLike, device: str = "cpu", *, dims: ShapeLike | None = None
) -> Value:
    """A new buffer, whose elements are 0.

    `shape` is a shape, or a tensor of dtype si64 on the host that holds one: then `dims` says what the dimensions are,
    of which new names are bound.

    Builds `mo.buffer.create`. Raises GraphError.
    """
    like, operand = shaped_type(BufferCreate, shape, dims, dtype, device)
    with like.context:
        type_ = BufferType.get(like.shape, like.dtype, like.device)
    made: Value = build(Form.of(BufferCreate), (operand,), {}, [type_])
    return made
