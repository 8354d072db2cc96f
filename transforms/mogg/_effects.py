# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Effects in programs, in their order: buffers, printing, assertions, transfers. Nothing is left of chains."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mograph.dialects.printing import described
from mograph.transforms.lower.builder import Tensor
from mograph.transforms.lower.builder.binding import bind_shape
from mograph.transforms.lower.builder.emit import DYNAMIC
from mograph.transforms.lower.builder.scalar import Scalar, bit_and, div, less, less_equal, select
from mograph.transforms.mogg._buffers import Buffer, allocate, contents, copy, fill, put
from mograph.transforms.mogg._errors import blaming

if TYPE_CHECKING:
    from mograph.transforms.mogg._program import ProgramBuilder

__all__ = ["EFFECTS", "PRINT"]

PRINT = "mogg.print"
"""The attribute of the function that a program calls to print: what `mograph.dialects.printing` is to be told."""

Lowering = Callable[["ProgramBuilder", Any], Sequence[Tensor | Buffer | None]]


def _create(builder: ProgramBuilder, op: Any) -> list[Tensor | Buffer | None]:
    info = builder.typed(op.buffer)
    assert info is not None
    if op.shape is not None:
        (shape,) = builder.tensors([op.shape])
        bind_shape(builder.k, op, info.shape, shape)
    made = allocate(builder.k, info.shape, info.element)
    fill(builder.k, made, 0)
    return [made]


def _load(builder: ProgramBuilder, op: Any) -> list[Tensor | Buffer | None]:
    return [contents(builder.k, builder.buffer(op.buffer)), None]


def _store(builder: ProgramBuilder, op: Any) -> list[Tensor | Buffer | None]:
    (value,) = builder.tensors([op.value])
    put(builder, value, builder.buffer(op.buffer).value)
    return [None]


def _store_slice(builder: ProgramBuilder, op: Any) -> list[Tensor | Buffer | None]:
    k = builder.k
    value, starts = builder.tensors([op.value, op.starts])
    buffer = builder.buffer(op.buffer)
    steps = op.steps or (1,) * buffer.rank
    offsets = []
    for axis, (extent, count, step) in enumerate(zip(buffer.shape, value.shape, steps, strict=True)):
        whole, part = k.index(k.dim(extent)), k.index(k.dim(count))
        start = k.index(k.extract(starts, [axis]))
        start = select(less(start, 0), start + whole, start)
        room = whole - start
        inside = bit_and(less_equal(0, start), less_equal(start, whole))
        where = f"from where {count} elements in steps of {step} lie within {extent}"
        k.require(
            bit_and(inside, less_equal(part, div(room + (step - 1), step))),
            f"mo.buffer.store_slice: expected a start on axis {axis} {where}, found another",
        )
        offsets.append(start)
    if buffer.rank == 0:
        put(builder, value, buffer.value)
        return [None]
    put(builder, value, _part(builder, buffer, offsets, value.shape, steps))
    return [None]


def _part(
    builder: ProgramBuilder, buffer: Buffer, offsets: Sequence[Scalar], shape: Sequence[Any], steps: Sequence[int]
) -> Any:
    """A view of a part of the buffer."""
    k, em = builder.k, builder.em
    sizes = [k.dims.value(dim) for dim in shape if not isinstance(dim, int)]
    static = [dim if isinstance(dim, int) else DYNAMIC for dim in shape]
    dims = "x".join(str(dim) if isinstance(dim, int) else "?" for dim in shape)
    strides = _strides(buffer.shape, steps)
    type_ = f"memref<{dims}x{buffer.dtype.storage}, strided<[{', '.join(map(str, strides))}], offset: ?>>"
    return em.value(
        "memref.subview",
        type_,
        [buffer.value, *(offset.value for offset in offsets), *sizes],
        {
            "operandSegmentSizes": em.segments(1, len(offsets), len(sizes), 0),
            "static_offsets": em.i64s([DYNAMIC] * len(offsets)),
            "static_sizes": em.i64s(static),
            "static_strides": em.i64s(steps),
        },
    )


def _strides(shape: Sequence[Any], steps: Sequence[int]) -> list[object]:
    """The strides of a part of a contiguous buffer, as its type has them."""
    strides: list[object] = []
    stride: int | None = 1
    for dim, step in zip(reversed(shape), reversed(steps), strict=True):
        strides.append("?" if stride is None else stride * step)
        stride = stride * dim if stride is not None and isinstance(dim, int) else None
    return strides[::-1]


def _transfer(builder: ProgramBuilder, op: Any) -> list[Tensor | Buffer | None]:
    x = builder.tensor(op.value)
    if not isinstance(x, Buffer):
        return [x, None]
    made = allocate(builder.k, x.shape, x.dtype)
    copy(builder.k, x.value, made.value, x.rank)
    return [made, None]


def _print(builder: ProgramBuilder, op: Any) -> list[Tensor | Buffer | None]:
    em = builder.em
    (x,) = builder.tensors([op.value])
    dtype = "bool" if x.dtype.kind == "bool" else x.dtype.name
    text = em.string(described(op.label, dtype, op.summarize))
    builder.call_external("print", [x.value], {PRINT: text})
    return [None]


def _assert(builder: ProgramBuilder, op: Any) -> list[Tensor | Buffer | None]:
    (condition,) = builder.tensors([op.condition])
    builder.k.require(condition.scalar, op.message)
    return [None for _ in op.operation.results]


def _lowered(lower: Lowering) -> Callable[[ProgramBuilder, Any], None]:
    def effect(builder: ProgramBuilder, op: Any) -> None:
        with blaming(op, op.operation.name):
            made = lower(builder, op)
        for result, x in zip(op.operation.results, made, strict=True):
            builder.bind(result, x)
            if x is not None:
                builder.bind_extents(x)

    return effect


EFFECTS: dict[str, Callable[[ProgramBuilder, Any], None]] = {
    "mo.assert": _lowered(_assert),
    "mo.buffer.create": _lowered(_create),
    "mo.buffer.load": _lowered(_load),
    "mo.buffer.store": _lowered(_store),
    "mo.buffer.store_slice": _lowered(_store_slice),
    "mo.print": _lowered(_print),
    "mo.transfer": _lowered(_transfer),
}
