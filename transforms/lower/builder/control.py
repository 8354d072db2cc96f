# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Structured control flow: loops and branches that carry tensors and scalars, and rows computed in parallel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mograph.transforms.lower.builder.dtype import BOOL, INDEX, DType
from mograph.transforms.lower.builder.emit import DYNAMIC
from mograph.transforms.lower.builder.scalar import Scalar
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["Bounds", "Carried", "branch", "insert", "insert_row", "loop", "repeat", "row_at", "rows"]

Carried = Tensor | Scalar
Bounds = int | Scalar | tuple[int | Scalar, int | Scalar] | tuple[int | Scalar, int | Scalar, int | Scalar]
"""A number of trips, or where a loop starts and ends, or these and its step."""


def loop(
    k: KernelBuilder, bounds: Bounds, initial: Sequence[Carried], body: Callable[..., Sequence[Carried]]
) -> list[Carried]:
    """See `KernelBuilder.loop`."""
    start, stop, *step = bounds if isinstance(bounds, tuple) else (0, bounds)
    limits = [k.index(bound).value for bound in (start, stop, *(step or [1]))]
    values = _values(initial)
    types = [value.type for value in values]
    op = k.em.create("scf.for", types, [*limits, *values], regions=1)
    block = k.em.block(op.regions[0], [limits[0].type, *types])
    with k.em.inside(block), k.dims.scope():
        index, *arguments = block.arguments
        _finish(k, "scf.yield", body(Scalar(k.em, index, INDEX), *_wrapped(k, arguments, initial)), initial)
    return _wrapped(k, op.results, initial)


def repeat(
    k: KernelBuilder,
    initial: Sequence[Carried],
    condition: Callable[..., Scalar],
    body: Callable[..., Sequence[Carried]],
) -> list[Carried]:
    """See `KernelBuilder.repeat`."""
    values = _values(initial)
    types = [value.type for value in values]
    op = k.em.create("scf.while", types, values, regions=2)
    before, after = (k.em.block(region, types) for region in op.regions)
    with k.em.inside(before), k.dims.scope():
        more = condition(*_wrapped(k, before.arguments, initial))
        k.em.create("scf.condition", (), [_bool(more), *before.arguments])
    with k.em.inside(after), k.dims.scope():
        _finish(k, "scf.yield", body(*_wrapped(k, after.arguments, initial)), initial)
    return _wrapped(k, op.results, initial)


def branch(
    k: KernelBuilder,
    condition: Scalar,
    then: Callable[[], Sequence[Carried]],
    orelse: Callable[[], Sequence[Carried]] | None = None,
) -> list[Carried]:
    """See `KernelBuilder.branch`."""
    em = k.em
    # What the branches give says the types of the results, so they are made before the operation.
    op = em.create("scf.if", (), [_bool(condition)], regions=2)
    yielded: list[Sequence[Carried]] = []
    for function, region in zip((then, orelse), op.regions, strict=True):
        if function is not None:
            with em.inside(em.block(region, ())), k.dims.scope():
                yielded.append(function())
                em.create("scf.yield", (), _values(yielded[-1]))
    first = yielded[0]
    if not first and not any(yielded[1:]):
        return []
    for other in yielded[1:] or [[]]:
        _same_kind(first, other)
    made = em.create("scf.if", [value.type for value in _values(first)], [_bool(condition)], regions=2)
    for source, target in zip(op.regions, made.regions, strict=True):
        source.blocks[0].append_to(target)
    op.erase()
    return _wrapped(k, made.results, first)


def insert(k: KernelBuilder, x: Tensor, element: Scalar, indices: Sequence[Scalar | int]) -> Tensor:
    """See `KernelBuilder.insert`."""
    places = [i.value if isinstance(i, Scalar) else k.dims.value(i) for i in indices]
    if element.dtype is not x.dtype:
        raise TypeError(f"expected an element of dtype {x.dtype.name}, found {element.dtype.name}")
    value = k.em.value("tensor.insert", x.value.type, [element.value, x.value, *places])
    return Tensor(k, x.dtype, x.shape, value=value)


def rows(
    k: KernelBuilder,
    inputs: Sequence[Tensor],
    outputs: Sequence[tuple[DType, Sequence[Any]]],
    axes: int,
    body: Callable[[list[Scalar], list[Tensor], list[Tensor]], Sequence[Tensor]],
) -> list[Tensor]:
    """See `KernelBuilder.rows`."""
    em = k.em
    outer = len(outputs[0][1]) - axes
    inputs = [Tensor(k, x.dtype, x.shape, value=x.value) for x in inputs]  # in memory, before the loop
    results = [Tensor(k, dtype, tuple(shape), value=k.empty(shape, dtype)) for dtype, shape in outputs]
    if not outer:
        return list(body([], list(inputs), results))
    # The extents are operands, so that known and unknown ones look alike.
    extents = [k.index(k.dim(dim)).value for dim in outputs[0][1][:outer]]
    op = em.create(
        "scf.forall",
        [x.value.type for x in results],
        [*extents, *(x.value for x in results)],
        {
            "staticLowerBound": em.i64s([0] * outer),
            "staticUpperBound": em.i64s([DYNAMIC] * outer),
            "staticStep": em.i64s([1] * outer),
            "operandSegmentSizes": em.segments(0, outer, 0, len(results)),
        },
        regions=1,
    )
    block = em.block(op.regions[0], [em.type("index")] * outer + [x.value.type for x in results])
    with em.inside(block), k.dims.scope():
        arguments = list(block.arguments)
        indices = [Scalar(em, value, INDEX) for value in arguments[:outer]]
        shared = _wrapped(k, arguments[outer:], results)
        made = body(indices, [row_at(k, x, indices) for x in inputs], [row_at(k, x, indices) for x in shared])
        places = [_place(k, x, indices) for x in shared]
        end = em.create("scf.forall.in_parallel", regions=1)
        with em.inside(em.block(end.regions[0], ())):
            for row, target, (operands, attributes) in zip(made, shared, places, strict=True):
                attributes["operandSegmentSizes"] = em.segments(1, 1, outer, len(operands) - outer, 0)
                em.create("tensor.parallel_insert_slice", (), [row.value, target.value, *operands], attributes)
    return _wrapped(k, op.results, results)


def _place(k: KernelBuilder, x: Tensor, indices: Sequence[Scalar]) -> tuple[list[Any], dict[str, Any]]:
    """The operands and attributes that say where the row at `indices` lies in `x`."""
    outer, em = len(indices), k.em
    sizes = [k.dim(dim) for dim in x.shape[outer:]]
    dynamic = [size.value for size in sizes if isinstance(size, Scalar)]
    static = [size if isinstance(size, int) else DYNAMIC for size in sizes]
    return [*(index.value for index in indices), *dynamic], {
        "static_offsets": em.i64s([DYNAMIC] * outer + [0] * len(sizes)),
        "static_sizes": em.i64s([1] * outer + static),
        "static_strides": em.i64s([1] * x.rank),
    }


def row_at(k: KernelBuilder, x: Tensor, indices: Sequence[Scalar]) -> Tensor:
    """See `KernelBuilder.row`."""
    operands, attributes = _place(k, x, indices)
    outer = len(indices)
    attributes["operandSegmentSizes"] = k.em.segments(1, outer, len(operands) - outer, 0)
    shape = x.shape[outer:]
    value = k.em.value("tensor.extract_slice", k.em.tensor_type(shape, x.dtype), [x.value, *operands], attributes)
    return Tensor(k, x.dtype, shape, value=value)


def insert_row(k: KernelBuilder, x: Tensor, row: Tensor, indices: Sequence[Scalar]) -> Tensor:
    """See `KernelBuilder.insert_row`."""
    operands, attributes = _place(k, x, indices)
    outer = len(indices)
    attributes["operandSegmentSizes"] = k.em.segments(1, 1, outer, len(operands) - outer, 0)
    value = k.em.value("tensor.insert_slice", x.value.type, [row.value, x.value, *operands], attributes)
    return Tensor(k, x.dtype, x.shape, value=value)


def _bool(condition: Scalar) -> Any:
    if condition.dtype is not BOOL:
        raise TypeError(f"expected a condition of dtype {BOOL.name}, found {condition.dtype.name}")
    return condition.value


def _values(carried: Sequence[Carried]) -> list[Any]:
    """The `ir.Value`s that stand for these: of a tensor of rank 0 its element."""
    return [x.scalar.value if isinstance(x, Tensor) and not x.rank else x.value for x in carried]


def _wrapped(k: KernelBuilder, values: Sequence[Any], like: Sequence[Carried]) -> list[Any]:
    """The values as what they stand for: tensors and scalars as in `like`."""
    return [
        k.input(value, x.dtype, x.shape) if isinstance(x, Tensor) else Scalar(k.em, value, x.dtype)
        for value, x in zip(values, like, strict=True)
    ]


def _finish(k: KernelBuilder, name: str, carried: Sequence[Carried], like: Sequence[Carried]) -> None:
    _same_kind(like, carried)
    k.em.create(name, (), _values(carried))


def _same_kind(wanted: Sequence[Carried], found: Sequence[Carried]) -> None:
    """Raise `TypeError` unless values of the one may follow those of the other."""
    if [_kind(x) for x in wanted] != [_kind(x) for x in found]:
        raise TypeError(
            f"expected {', '.join(map(_kind, wanted)) or 'nothing'} to be carried on, "
            f"found {', '.join(map(_kind, found)) or 'nothing'}"
        )


def _kind(x: Carried) -> str:
    shape = f"[{', '.join(map(str, x.shape))}]" if isinstance(x, Tensor) else ""
    return f"{x.dtype.name}{shape}"
