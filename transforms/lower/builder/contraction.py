# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Matrix products: named operations of linalg where the operands are just that, one `linalg.generic` otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mograph.transforms.lower.builder import loops
from mograph.transforms.lower.builder.dtype import DType
from mograph.transforms.lower.builder.emit import IndexMap
from mograph.transforms.lower.builder.scalar import Scalar, constant, widen
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["matmul"]


def matmul(k: KernelBuilder, a: Tensor, b: Tensor, dtype: DType) -> Tensor:
    """See `KernelBuilder.matmul`."""
    a, b = _plain(k, a), _plain(k, b)
    batch = loops.broadcast_shape(a.shape[:-2], b.shape[:-2])
    shape = (*batch, *a.shape[-2:-1], *(b.shape[-1:] if b.rank > 1 else ()))
    if a.rank == b.rank == 2:
        return k.cast(_named(k, "linalg.matmul", a, b, shape), dtype)
    if a.rank == b.rank == 3 and a.shape[0] == b.shape[0]:
        return k.cast(_named(k, "linalg.batch_matmul", a, b, shape), dtype)
    return k.cast(_general(k, a, b, batch, shape), dtype)


def _plain(k: KernelBuilder, x: Tensor) -> Tensor:
    """`x` in memory, and in a type whose widening is one operation."""
    if x.uniform is not None:
        x = Tensor(k, x.dtype, x.shape, value=x.value)
    return k.cast(x, x.dtype.compute) if x.dtype.bits == 8 and x.dtype.kind == "float" else x


def _multiply_add(k: KernelBuilder, dtype: DType, arguments: Sequence[Any]) -> list[Any]:
    left, right = (widen(Scalar(k.em, argument, dtype)) for argument in arguments[:2])
    return [(Scalar(k.em, arguments[2], dtype.compute) + left * right).value]


def _zeros(k: KernelBuilder, shape: tuple[Any, ...], dtype: DType) -> Any:
    return k.filled(shape, constant(k.em, 0, dtype.compute))


def _named(k: KernelBuilder, name: str, a: Tensor, b: Tensor, shape: tuple[Any, ...]) -> Tensor:
    em = k.em
    target = _zeros(k, shape, a.dtype)
    # The loops are (batch,) m, n, k.
    before = tuple(range(a.rank - 2))
    m, n, inner = (len(before) + i for i in range(3))
    maps: list[IndexMap] = [(*before, m, inner), (*before, inner, n), (*before, m, n)]
    op = em.create(
        name,
        [target.type],
        [a.value, b.value, target],
        {"operandSegmentSizes": em.segments(2, 1), "indexing_maps": em.indexing_maps(inner + 1, maps)},
        regions=1,
    )
    block = em.block(op.regions[0], [value.type.element_type for value in (a.value, b.value, target)])
    with em.inside(block):
        em.create("linalg.yield", (), _multiply_add(k, a.dtype, block.arguments))
    return Tensor(k, a.dtype.compute, shape, value=op.result)


def _general(k: KernelBuilder, a: Tensor, b: Tensor, batch: tuple[Any, ...], shape: tuple[Any, ...]) -> Tensor:
    """Vectors, deeper stacks, and stacks that broadcast."""
    batch_loops = len(batch)
    row = (batch_loops,) if a.rank > 1 else ()
    column = (batch_loops + len(row),) if b.rank > 1 else ()
    inner = len(shape)
    left = (*loops.broadcast_map(a.shape[:-2], batch), *row, inner)
    right = (*loops.broadcast_map(b.shape[:-2], batch), inner, *column)
    values = loops.generic(
        k,
        ["parallel"] * inner + ["reduction"],
        [(a.value, left), (b.value, right)],
        [(_zeros(k, shape, a.dtype), (*range(batch_loops), *row, *column))],
        lambda arguments: _multiply_add(k, a.dtype, arguments),
    )
    return k.input(values[0], a.dtype.compute, shape)
