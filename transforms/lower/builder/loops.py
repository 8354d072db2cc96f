# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loop nests over tensors: element-wise maps, reductions, and tensors made from indices, each one `linalg.generic`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mograph.transforms.lower.builder.convert import cast
from mograph.transforms.lower.builder.dtype import INDEX, DType
from mograph.transforms.lower.builder.emit import IndexMap
from mograph.transforms.lower.builder.scalar import Number, Scalar, constant, widen
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = ["broadcast_map", "broadcast_shape", "fold", "generate", "generic", "map_many", "pointwise", "stored"]

Body = Callable[[list[Any]], Sequence[Any]]


def broadcast_shape(*shapes: Sequence[Any]) -> tuple[Any, ...]:
    """The shape that tensors of these shapes have together, aligned at the end, a dimension of 1 giving way."""
    result: list[Any] = [1] * max(map(len, shapes), default=0)
    for shape in shapes:
        for i, dim in enumerate(shape, start=len(result) - len(shape)):
            if result[i] == 1:
                result[i] = dim
    return tuple(result)


def broadcast_map(shape: Sequence[Any], into: Sequence[Any]) -> IndexMap:
    """Where a tensor of `shape` is read in a nest over the shape `into`."""
    before = len(into) - len(shape)
    return tuple(None if dim == 1 and into[before + i] != 1 else before + i for i, dim in enumerate(shape))


def generic(
    k: KernelBuilder,
    iterators: Sequence[str],
    inputs: Sequence[tuple[Any, IndexMap]],
    outputs: Sequence[tuple[Any, IndexMap]],
    body: Body,
) -> list[Any]:
    """The results of a `linalg.generic` on values and their maps; `body` turns its arguments into what is yielded."""
    em = k.em
    values = [value for value, _ in inputs]
    targets = [value for value, _ in outputs]
    op = em.create(
        "linalg.generic",
        [target.type for target in targets],
        [*values, *targets],
        {
            "indexing_maps": em.indexing_maps(len(iterators), [map_ for _, map_ in (*inputs, *outputs)]),
            "iterator_types": em.iterator_types(iterators),
            "operandSegmentSizes": em.segments(len(values), len(targets)),
        },
        regions=1,
    )
    block = em.block(op.regions[0], [value.type.element_type for value in (*values, *targets)])
    with em.inside(block), k.dims.scope():
        em.create("linalg.yield", (), body(list(block.arguments)))
    return list(op.results)


def map_many(
    k: KernelBuilder,
    function: Callable[..., Sequence[Scalar | Number]],
    operands: Sequence[Tensor | Scalar | Number],
    dtypes: Sequence[DType],
    shape: tuple[Any, ...] | None = None,
) -> list[Tensor]:
    """`function` of the elements of `operands`, broadcast to `shape` (by default the one that they have together).

    It takes a scalar for each operand and returns one for each of `dtypes`.
    """
    if shape is None:
        shape = broadcast_shape(*(x.shape for x in operands if isinstance(x, Tensor)))
    placed = [(x, broadcast_map(x.shape, shape)) if isinstance(x, Tensor) else (x, ()) for x in operands]
    return pointwise(k, function, placed, dtypes, shape)


def pointwise(
    k: KernelBuilder,
    function: Callable[..., Sequence[Scalar | Number]],
    operands: Sequence[tuple[Tensor | Scalar | Number, IndexMap]],
    dtypes: Sequence[DType],
    shape: tuple[Any, ...],
) -> list[Tensor]:
    """`map_many` with a map for each operand that says where it is read."""
    # The same tensor read in the same place is one input; what is uniform is none.
    inputs: dict[tuple[int, IndexMap], int] = {}
    read: list[tuple[Any, IndexMap]] = []
    captured: dict[int, Scalar] = {}
    for position, (operand, map_) in enumerate(operands):
        if not isinstance(operand, Tensor):
            continue
        if operand.uniform is None:
            if inputs.setdefault((id(operand), map_), len(read)) == len(read):
                read.append(operand.read(map_))
        elif isinstance(operand.uniform, Scalar):
            captured[position] = operand.uniform

    numbers = next((x.dtype.compute for x, _ in operands if isinstance(x, Tensor)), dtypes[0].compute)

    def element(position: int, arguments: Sequence[Any]) -> Scalar:
        operand, map_ = operands[position]
        if isinstance(operand, Scalar):
            return operand
        if position in captured:
            return captured[position]
        if not isinstance(operand, Tensor):
            return constant(k.em, operand, numbers)
        if operand.uniform is not None:
            return operand.scalar
        return Scalar(k.em, arguments[inputs[id(operand), map_]], operand.dtype)

    def computed(arguments: Sequence[Any]) -> list[Scalar]:
        results = function(*(element(position, arguments) for position in range(len(operands))))
        return [stored(k, result, dtype) for result, dtype in zip(results, dtypes, strict=True)]

    if not read:
        return [Tensor(k, dtype, shape, uniform=result) for result, dtype in zip(computed(()), dtypes, strict=True)]
    identity = tuple(range(len(shape)))
    outputs = [(k.empty(shape, dtype), identity) for dtype in dtypes]
    values = generic(k, ["parallel"] * len(shape), read, outputs, lambda args: [x.value for x in computed(args)])
    return [Tensor(k, dtype, shape, value=value) for value, dtype in zip(values, dtypes, strict=True)]


def stored(k: KernelBuilder, result: Scalar | Number, dtype: DType) -> Scalar:
    """What a scalar function gave, as `dtype`; only a float may still change its width."""
    if not isinstance(result, Scalar):
        return constant(k.em, result, dtype)
    if result.dtype is not dtype and not (result.dtype.kind == dtype.kind == "float"):
        raise TypeError(f"expected the function to return {dtype.name}, found {result.dtype.name}")
    return cast(result, dtype)


def generate(
    k: KernelBuilder, function: Callable[..., Scalar | Number], shape: tuple[Any, ...], dtype: DType
) -> Tensor:
    """The tensor whose element at some indices is `function` of them, given as scalars of dtype index."""
    if not shape:
        return Tensor(k, dtype, (), uniform=stored(k, function(), dtype))

    def body(_: list[Any]) -> list[Any]:
        indices = [loop_index(k, axis) for axis in range(len(shape))]
        return [stored(k, function(*indices), dtype).value]

    output = (k.empty(shape, dtype), tuple(range(len(shape))))
    return Tensor(k, dtype, shape, value=generic(k, ["parallel"] * len(shape), [], [output], body)[0])


def loop_index(k: KernelBuilder, axis: int) -> Scalar:
    """The index of the loop `axis` of the nest that is being emitted."""
    return Scalar(k.em, k.em.value("linalg.index", "index", (), {"dim": k.em.integer(axis)}), INDEX)


def fold(
    k: KernelBuilder,
    function: Callable[[list[Scalar], Scalar, list[Scalar]], Sequence[Scalar]],
    x: Tensor,
    axes: Sequence[int],
    initial: Sequence[tuple[DType, Number]],
    indexed: Sequence[int] = (),
) -> list[Tensor]:
    """Reduce `x` over `axes`, counted from the front: `function(accumulators, element, indices)` gives the next ones.

    `initial` has the dtype and the first value of each; `indices` are those of the axes `indexed`.
    """
    kept = [axis for axis in range(x.rank) if axis not in axes]
    shape = tuple(x.shape[axis] for axis in kept)
    iterators = ["reduction" if axis in axes else "parallel" for axis in range(x.rank)]

    def body(arguments: list[Any]) -> list[Any]:
        element = widen(Scalar(k.em, arguments[0], x.dtype))
        accumulators = [
            Scalar(k.em, argument, dtype) for argument, (dtype, _) in zip(arguments[1:], initial, strict=True)
        ]
        results = function(accumulators, element, [loop_index(k, axis) for axis in indexed])
        return [stored(k, result, dtype).value for result, (dtype, _) in zip(results, initial, strict=True)]

    source = x.read(tuple(range(x.rank)))
    targets = [(k.filled(shape, constant(k.em, first, dtype)), tuple(kept)) for dtype, first in initial]
    values = generic(k, iterators, [source], targets, body)
    return [k.input(value, dtype, shape) for value, (dtype, _) in zip(values, initial, strict=True)]
