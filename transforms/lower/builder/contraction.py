# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Sums of products of two tensors: matrix products, and any others whose dimensions are given by labels.

A product is a named operation of linalg where its operands are just that, and one `linalg.generic` that reads them in
place otherwise: targets recognise a product of matrices in a nest whatever the order of its operands' dimensions.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

from mograph.transforms.lower.builder import loops
from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.dtype import DType
from mograph.transforms.lower.builder.emit import IndexMap
from mograph.transforms.lower.builder.scalar import Scalar, constant
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["Labelled", "matmul", "multiply_add", "product"]

Labelled = tuple[Tensor, Sequence[Hashable]]
"""A tensor and a label for each of its dimensions. Dimensions with one label are walked together."""


def matmul(
    k: KernelBuilder,
    a: Tensor,
    b: Tensor,
    dtype: DType,
    *,
    transpose_a: bool = False,
    transpose_b: bool = False,
    accumulator: DType | None = None,
    as_stored: bool = False,
) -> Tensor:
    """See `KernelBuilder.matmul`."""
    accumulator = accumulator or a.dtype.compute
    a, b = _plain(k, a, as_stored), _plain(k, b, as_stored)
    rows, columns = a.rank > 1, b.rank > 1
    batch = loops.broadcast_shape(a.shape[:-2], b.shape[:-2])
    if not transpose_a and not transpose_b:
        shape = (*batch, *a.shape[-2:-1], *(b.shape[-1:] if columns else ()))
        if a.rank == b.rank == 2:
            return k.cast(_named(k, "linalg.matmul", a, b, shape, accumulator), dtype)
        if a.rank == b.rank == 3 and a.shape[0] == b.shape[0]:
            return k.cast(_named(k, "linalg.batch_matmul", a, b, shape, accumulator), dtype)
    left: list[Hashable] = ["m", "k"] if rows else ["k"]
    right: list[Hashable] = ["k", "n"] if columns else ["k"]
    left = [*range(len(batch) - (a.rank - len(left)), len(batch)), *(left[::-1] if transpose_a else left)]
    right = [*range(len(batch) - (b.rank - len(right)), len(batch)), *(right[::-1] if transpose_b else right)]
    result = (*range(len(batch)), *(["m"] if rows else []), *(["n"] if columns else []))
    return k.cast(product(k, (a, tuple(left)), (b, tuple(right)), result, accumulator, as_stored), dtype)


def _plain(k: KernelBuilder, x: Tensor, as_stored: bool) -> Tensor:
    """`x` in memory, and in a type whose widening is one operation; `as_stored`, in its own."""
    if x.uniform is not None:
        x = Tensor(k, x.dtype, x.shape, value=x.value)
    if as_stored:
        return x
    return k.cast(x, x.dtype.compute) if x.dtype.bits == 8 and x.dtype.kind == "float" else x


def multiply_add(k: KernelBuilder, dtypes: Sequence[DType], accumulator: DType, arguments: Sequence[Any]) -> list[Any]:
    """The body of a nest of products: two factors of these dtypes and a sum make the next sum."""

    def widened(x: Any, dtype: DType) -> Scalar:
        if dtype.bits == 8 and dtype.kind == "float":  # by one operation, as `linalg` wants it; targets expand it
            return Scalar(k.em, k.em.value("arith.extf", accumulator.storage, [x]), accumulator)
        return cast(Scalar(k.em, x, dtype), accumulator)

    left, right = (widened(x, dtype) for x, dtype in zip(arguments, dtypes, strict=False))
    return [(Scalar(k.em, arguments[2], accumulator) + left * right).value]


def _named(k: KernelBuilder, name: str, a: Tensor, b: Tensor, shape: tuple[Any, ...], accumulator: DType) -> Tensor:
    em = k.em
    target = k.filled(shape, constant(em, 0, accumulator))
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
        em.create("linalg.yield", (), multiply_add(k, (a.dtype, b.dtype), accumulator, block.arguments))
    return Tensor(k, accumulator, shape, value=op.result)


def product(
    k: KernelBuilder,
    a: Labelled,
    b: Labelled,
    result: Sequence[Hashable],
    accumulator: DType,
    as_stored: bool = False,
) -> Tensor:
    """The products of the elements of `a` and `b`, summed over the labels that `result` lacks, which both have.

    The labels of `result` are distinct, and so are those of each operand. Where the extents of a label of `result`
    differ, one is 1 and repeated. The tensor is of dtype `accumulator`, in which everything is computed.
    """
    summed = [label for label in a[1] if label not in result]
    if len(summed) > 1:
        a, b = _merged(k, a, summed), _merged(k, b, summed)
        summed = [tuple(summed)]
    order = [*result, *summed]
    operands = [(_plain(k, x, as_stored), labels) for x, labels in (a, b)]
    extents: dict[Hashable, Any] = {}
    for x, labels in operands:
        for label, dim in zip(labels, x.shape, strict=True):
            if extents.get(label, 1) == 1:
                extents[label] = dim
    inputs: list[tuple[Any, IndexMap]] = []
    for x, labels in operands:
        dims = zip(labels, x.shape, strict=True)
        map_ = tuple(None if dim == 1 and extents[label] != 1 else order.index(label) for label, dim in dims)
        inputs.append((x.value, map_))
    shape = tuple(extents[label] for label in result)
    if not summed:
        places = [(x, map_) for (x, _), (_, map_) in zip(operands, inputs, strict=True)]
        return loops.pointwise(
            k, lambda left, right: (cast(left, accumulator) * cast(right, accumulator),), places, [accumulator], shape
        )[0]
    dtypes = [x.dtype for x, _ in operands]
    (value,) = loops.generic(
        k,
        ["parallel"] * len(result) + ["reduction"] * len(summed),
        inputs,
        [(k.filled(shape, constant(k.em, 0, accumulator)), tuple(range(len(result))))],
        lambda arguments: multiply_add(k, dtypes, accumulator, arguments),
    )
    return k.input(value, accumulator, shape)


def _merged(k: KernelBuilder, operand: Labelled, summed: Sequence[Hashable]) -> Labelled:
    """The operand with the labels `summed` as one, since a product of matrices sums over one.

    Where they stand side by side in this order that costs nothing; elsewhere they are moved to the end.
    """
    x, labels = operand[0], tuple(operand[1])
    first = labels.index(summed[0])
    if labels[first : first + len(summed)] != tuple(summed):
        order = [*(label for label in labels if label not in summed), *summed]
        x, labels = k.transpose(x, [labels.index(label) for label in order]), tuple(order)
        first = len(labels) - len(summed)
    after = first + len(summed)
    shape = (*x.shape[:first], math.prod(x.shape[first:after]), *x.shape[after:])
    return k.reshape(x, shape, checked=True), (*labels[:first], tuple(summed), *labels[after:])
