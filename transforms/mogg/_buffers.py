# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Buffers in programs: memory of upstream's dialect `memref`, beside tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mograph._records import record
from mograph.transforms.lower.builder import DType, KernelBuilder, Tensor
from mograph.transforms.lower.builder.scalar import Scalar, constant

if TYPE_CHECKING:
    from mograph.transforms.mogg._program import ProgramBuilder

__all__ = ["STORE", "Buffer", "allocate", "contents", "copy", "fill", "memref_type", "put"]


STORE = "mogg.store"
"""The attribute of a function that stores a tensor in a memref. It is a call until tensors are memory: bufferization
takes the place of the call for that where the tensor is read, which nothing then moves or merges.
"""


@record
class Buffer:
    """A buffer of `mo`: `value` is an `ir.Value` of a memref type."""

    dtype: DType
    shape: tuple[Any, ...]
    value: Any

    @property
    def rank(self) -> int:
        """The number of dimensions."""
        return len(self.shape)


def memref_type(k: KernelBuilder, shape: Sequence[object], dtype: DType) -> Any:
    """The memref type of `shape`, contiguous, where any dimension that is no `int` is dynamic."""
    dims = "".join(f"{dim if isinstance(dim, int) else '?'}x" for dim in shape)
    return k.em.type(f"memref<{dims}{dtype.storage}>")


def allocate(k: KernelBuilder, shape: Sequence[Any], dtype: DType) -> Buffer:
    """New memory, whose elements are not set yet."""
    em = k.em
    dynamic = [k.dims.value(dim) for dim in shape if not isinstance(dim, int)]
    segments = {"operandSegmentSizes": em.segments(len(dynamic), 0)}
    value = em.value("memref.alloc", memref_type(k, shape, dtype), dynamic, segments)
    return Buffer(dtype, tuple(shape), value)


def fill(k: KernelBuilder, buffer: Buffer, value: Scalar | int) -> None:
    """Set all elements to a value."""
    element = value if isinstance(value, Scalar) else constant(k.em, value, buffer.dtype)
    _write(k, [], buffer.value, buffer.rank, lambda _: element.value)


def copy(k: KernelBuilder, source: Any, target: Any, rank: int) -> None:
    """Copy the elements of one memref to another of the same shape, at this place in the program.

    A loop nest, since bufferisation takes a `memref.copy` into new memory for one of its own, which it may drop.
    """
    _write(k, [source], target, rank, lambda elements: elements[0])


def _write(k: KernelBuilder, sources: list[Any], target: Any, rank: int, element: Any) -> None:
    em = k.em
    if rank == 0:
        read = [em.value("memref.load", source.type.element_type, [source]) for source in sources]
        em.create("memref.store", (), [element(read), target])
        return
    values = [*sources, target]
    op = em.create(
        "linalg.generic",
        (),
        values,
        {
            "indexing_maps": em.indexing_maps(rank, [tuple(range(rank))] * len(values)),
            "iterator_types": em.iterator_types(["parallel"] * rank),
            "operandSegmentSizes": em.segments(len(sources), 1),
        },
        regions=1,
    )
    block = em.block(op.regions[0], [value.type.element_type for value in values])
    with em.inside(block):
        em.create("linalg.yield", (), [element(list(block.arguments))])


def contents(k: KernelBuilder, buffer: Buffer) -> Tensor:
    """The tensor of what the buffer holds now."""
    em = k.em
    if buffer.rank == 0:
        element = em.value("memref.load", buffer.dtype.storage, [buffer.value])
        return Tensor(k, buffer.dtype, (), uniform=Scalar(em, element, buffer.dtype))
    kept = allocate(k, buffer.shape, buffer.dtype)
    copy(k, buffer.value, kept.value, buffer.rank)
    unit = em.attribute("unit")
    type_ = em.tensor_type(buffer.shape, buffer.dtype)
    value = em.value("bufferization.to_tensor", type_, [kept.value], {"restrict": unit, "writable": unit})
    return Tensor(k, buffer.dtype, buffer.shape, value=value)


def put(builder: ProgramBuilder, x: Tensor, target: Any) -> None:
    """Store the elements of `x` in a memref of its shape, at this place in the program."""
    if x.rank == 0:
        builder.em.create("memref.store", (), [x.scalar.value, target])
    elif x.uniform is not None:
        fill(builder.k, Buffer(x.dtype, x.shape, target), x.scalar)
    else:
        builder.call_external("store", [x.value, target], {STORE: builder.em.attribute("unit")})
