# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the operations on buffers share: the resource that they affect, and rules on types."""

from mograph.dialects.kit import VerifyError
from mograph.dialects.mo import shapes
from mograph.dialects.mo.types import BufferType, TensorType

__all__ = ["MEMORY", "require_contents", "require_fits"]

MEMORY = "buffers"
"""The resource of the effects on buffers."""
_FAR = 2**31  # extents and steps add up within 64 bits


def require_contents(value: TensorType, buffer: BufferType) -> None:
    """An error unless the tensor is what the buffer can hold: of its shape, dtype and device."""
    if (value.shape, value.dtype, value.device) != (buffer.shape, buffer.dtype, buffer.device):
        wanted = TensorType.get(buffer.shape, buffer.dtype, buffer.device)
        known = all(isinstance(dim, int) for dim in (*value.shape, *buffer.shape))
        hint = "" if known or len(value.shape) != len(buffer.shape) else "; mo.rebind asserts that extents are equal"
        raise VerifyError(f"expected a value of type {wanted}, as the buffer holds; found {value}{hint}")


def require_fits(value: TensorType, buffer: BufferType, steps: tuple[int, ...]) -> None:
    """An error unless the tensor can be a part of what the buffer holds, `steps` apart on each axis."""
    if (value.dtype, value.device) != (buffer.dtype, buffer.device):
        raise VerifyError(
            f"expected a value of dtype {buffer.dtype} on {buffer.device}, as the buffer holds; "
            f"found {value.dtype} on {value.device}"
        )
    rank = len(buffer.shape)
    if len(value.shape) != rank:
        raise VerifyError(f"expected a value of rank {rank}, as the buffer has; found {shapes.text(value.shape)}")
    if steps and len(steps) != rank:
        raise VerifyError(f"expected a step for each of {rank} axes, or none; found {list(steps)}")
    if any(not 1 <= step < _FAR for step in steps):
        raise VerifyError(f"expected steps from 1 to {_FAR - 1}, found {list(steps)}")
    for axis, (part, whole) in enumerate(zip(value.shape, buffer.shape, strict=True)):
        step = steps[axis] if steps else 1
        if isinstance(part, int) and isinstance(whole, int) and part and (part - 1) * step >= whole:
            raise VerifyError(
                f"expected axis {axis} of the value to fit into {whole} elements in steps of {step}, found {part}"
            )
