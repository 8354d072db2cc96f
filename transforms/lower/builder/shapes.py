# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Changes of shape: reshape, transpose, broadcast, concatenation, slices."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from mograph.transforms.lower.builder import loops
from mograph.transforms.lower.builder.dtype import DType
from mograph.transforms.lower.builder.emit import DYNAMIC, IndexMap
from mograph.transforms.lower.builder.scalar import Scalar, equal, maximum, minimum
from mograph.transforms.lower.builder.tensor import Tensor

if TYPE_CHECKING:
    from mograph.transforms.lower.builder.kernel import KernelBuilder

__all__ = [
    "broadcast_to",
    "concat",
    "extract_slice",
    "insert_slice",
    "materialized",
    "reshape",
    "retyped",
    "slice_",
    "transpose",
]

Offset = int | Scalar


def reshape(k: KernelBuilder, x: Tensor, shape: tuple[Any, ...], *, checked: bool = False) -> Tensor:
    """See `KernelBuilder.reshape`."""
    if x.shape == shape:
        return x
    same = math.prod(x.shape) == math.prod(shape)
    if not same and not checked:
        _require_same_count(k, x.shape, shape)
    if x.uniform is not None:
        return k.full(shape, x.uniform, x.dtype)
    if 0 in shape:  # of which upstream would divide the number of elements among the other extents
        return k.full(shape, 0, x.dtype)
    if not shape:
        return k.full((), k.extract(x, [0] * x.rank), x.dtype)
    # First what is joined, then what is split; between the two each group is one dimension, unless it stays as it is.
    groups = _groups(x.shape, shape) if same else [(range(x.rank), range(len(shape)))]
    if any(len(after) > 1 and sum(not isinstance(shape[i], int) for i in after) > 1 for _, after in groups):
        return _by_shape(k, x, shape)
    middle = [
        x.shape[before[0]] if len(before) == 1 else math.prod(shape[i] for i in after) for before, after in groups
    ]
    joined = _collapse(k, x, tuple(middle), [before for before, _ in groups])
    return _expand(k, joined, shape, [after for _, after in groups])


def _groups(source: Sequence[Any], target: Sequence[Any]) -> list[tuple[range, range]]:
    """Cut both shapes, of equal counts, into runs so that matching runs have as many elements, and none is empty."""
    counts = list(accumulate(target, operator.mul))
    if 0 in (counts[-1], *source):
        return [(range(len(source)), range(len(target)))]
    groups: list[tuple[range, range]] = []
    i = j = 0
    for stop, count in enumerate(accumulate(source, operator.mul), start=1):
        if count in counts[j:]:
            cut = counts.index(count, j) + 1
            groups.append((range(i, stop), range(j, cut)))
            i, j = stop, cut
    last_source, last_target = groups.pop()
    return [*groups, (range(last_source.start, len(source)), range(last_target.start, len(target)))]


def _require_same_count(k: KernelBuilder, source: Sequence[Any], target: Sequence[Any]) -> None:
    have, want = math.prod(source), math.prod(target)
    same = equal(k.index(k.dim(have)), k.index(k.dim(want)))
    k.require(same, f"mo.reshape: expected {want} elements for {_text(target)}, found the {have} of {_text(source)}")


def _text(shape: Sequence[Any]) -> str:
    return f"[{', '.join(map(str, shape))}]"


def _by_shape(k: KernelBuilder, x: Tensor, shape: tuple[Any, ...]) -> Tensor:
    """Upstream can lower an expansion with one dynamic extent a group; this takes all extents from a tensor."""
    em = k.em
    extents = em.value("tensor.from_elements", f"tensor<{len(shape)}xindex>", [k.dims.value(dim) for dim in shape])
    value = em.value("tensor.reshape", em.tensor_type(shape, x.dtype), [x.value, extents])
    return Tensor(k, x.dtype, shape, value=value)


def _collapse(k: KernelBuilder, x: Tensor, shape: tuple[Any, ...], groups: Sequence[Sequence[int]]) -> Tensor:
    if x.rank == len(shape):
        return Tensor(k, x.dtype, shape, value=retyped(k, x.value, shape, x.dtype))
    em = k.em
    # The result's type may be static only where the dimensions joined are, and must be then.
    exact = tuple(
        math.prod(x.shape[i] for i in group) if all(isinstance(x.shape[i], int) for i in group) else "?"
        for group in groups
    )
    value = em.value(
        "tensor.collapse_shape",
        em.tensor_type(exact, x.dtype),
        [x.value],
        {"reassociation": em.reassociation(groups)},
    )
    return Tensor(k, x.dtype, shape, value=retyped(k, value, shape, x.dtype))


def _expand(k: KernelBuilder, x: Tensor, shape: tuple[Any, ...], groups: Sequence[Sequence[int]]) -> Tensor:
    if x.rank == len(shape):
        return k.input(retyped(k, x.value, shape, x.dtype), x.dtype, shape)
    em = k.em
    exact = tuple(
        math.prod(shape[i] for i in group) if all(isinstance(shape[i], int) for i in group) else "?" for group in groups
    )
    value = em.value(
        "tensor.expand_shape",
        em.tensor_type(shape, x.dtype),
        [retyped(k, x.value, exact, x.dtype), *(k.dims.value(dim) for dim in shape if not isinstance(dim, int))],
        {
            "reassociation": em.reassociation(groups),
            "static_output_shape": em.i64s([dim if isinstance(dim, int) else DYNAMIC for dim in shape]),
        },
    )
    return Tensor(k, x.dtype, shape, value=value)


def retyped(k: KernelBuilder, value: Any, shape: Sequence[Any], dtype: DType) -> Any:
    """`value` with the type of `shape`, which has other dimensions static."""
    wanted = k.em.tensor_type(shape, dtype)
    return value if value.type == wanted else k.em.value("tensor.cast", wanted, [value])


def materialized(k: KernelBuilder, x: Tensor) -> Tensor:
    """`x` in memory once: what it is computed by does not move into what reads it."""
    em = k.em
    segments = {"operandSegmentSizes": em.segments(0, 1, 0)}  # no sizes, a copy, no hint
    value = em.value("bufferization.alloc_tensor", em.tensor_type(x.shape, x.dtype), [x.value], segments)
    return Tensor(k, x.dtype, x.shape, value=value)


def transpose(k: KernelBuilder, x: Tensor, permutation: Sequence[int]) -> Tensor:
    """See `KernelBuilder.transpose`."""
    order = [axis % x.rank for axis in permutation]
    shape = tuple(x.shape[axis] for axis in order)
    if x.uniform is not None:
        return k.full(shape, x.uniform, x.dtype)
    if order == list(range(x.rank)):
        return x
    read = tuple(order.index(axis) for axis in range(x.rank))
    return _copied(k, x, read, shape)


def _copied(k: KernelBuilder, x: Tensor, read: IndexMap, shape: tuple[Any, ...]) -> Tensor:
    """A copy of `x`, read through the map `read`, without a detour over the compute type."""
    target = (k.empty(shape, x.dtype), tuple(range(len(shape))))
    values = loops.generic(k, ["parallel"] * len(shape), [(x.value, read)], [target], lambda args: args[:1])
    return Tensor(k, x.dtype, shape, value=values[0])


def broadcast_to(k: KernelBuilder, x: Tensor, shape: tuple[Any, ...]) -> Tensor:
    """See `KernelBuilder.broadcast_to`."""
    if x.uniform is not None:
        return k.full(shape, x.uniform, x.dtype)
    if x.shape == shape:
        return x
    return _copied(k, x, loops.broadcast_map(x.shape, shape), shape)


def _mixed(values: Sequence[Offset]) -> tuple[list[int], list[Any]]:
    """Static values with a mark where they are dynamic, and the dynamic ones."""
    static = [value if isinstance(value, int) else DYNAMIC for value in values]
    return static, [value.value for value in values if isinstance(value, Scalar)]


def _place(
    k: KernelBuilder, before: Sequence[Any], offsets: Sequence[Offset], sizes: Sequence[Offset], strides: Sequence[int]
) -> tuple[list[Any], dict[str, Any]]:
    """The operands and attributes of a slice operation on the tensors `before`."""
    em = k.em
    static_offsets, dynamic_offsets = _mixed(offsets)
    static_sizes, dynamic_sizes = _mixed(sizes)
    tensors = [1] * len(before)
    return [*before, *dynamic_offsets, *dynamic_sizes], {
        "static_offsets": em.i64s(static_offsets),
        "static_sizes": em.i64s(static_sizes),
        "static_strides": em.i64s(strides),
        "operandSegmentSizes": em.segments(*tensors, len(dynamic_offsets), len(dynamic_sizes), 0),
    }


def extract_slice(
    k: KernelBuilder, x: Tensor, offsets: Sequence[Offset], shape: Sequence[Any], strides: Sequence[int]
) -> Tensor:
    """`shape` elements of `x` from `offsets` on, `strides` apart."""
    if 0 in shape:  # an offset would be out of bounds
        return k.full(shape, 0, x.dtype)
    operands, attributes = _place(k, [x.value], offsets, [k.dim(dim) for dim in shape], strides)
    value = k.em.value("tensor.extract_slice", k.em.tensor_type(shape, x.dtype), operands, attributes)
    return Tensor(k, x.dtype, tuple(shape), value=value)


def insert_slice(k: KernelBuilder, source: Tensor, target: Any, offsets: Sequence[Offset], shape: Sequence[Any]) -> Any:
    """The value `target` with `source` written at `offsets`; its `shape` there may have more dimensions of 1."""
    sizes = [k.dim(dim) for dim in shape]
    operands, attributes = _place(k, [source.value, target], offsets, sizes, [1] * len(sizes))
    return k.em.value("tensor.insert_slice", target.type, operands, attributes)


def concat(k: KernelBuilder, inputs: Sequence[Tensor], axis: int, shape: tuple[Any, ...]) -> Tensor:
    """See `KernelBuilder.concat`."""
    axis %= len(shape)
    target = k.empty(shape, inputs[0].dtype)
    offset: Offset = 0
    for x in inputs:
        if 0 in x.shape:  # an offset might be out of bounds
            continue
        offsets: list[Offset] = [0] * len(shape)
        offsets[axis] = offset
        target = insert_slice(k, x, target, offsets, x.shape)
        offset = offset + k.dim(x.shape[axis])
    return Tensor(k, inputs[0].dtype, shape, value=target)


def slice_(k: KernelBuilder, x: Tensor, starts: Sequence[int], steps: Sequence[int], shape: tuple[Any, ...]) -> Tensor:
    """See `KernelBuilder.slice`."""
    if x.uniform is not None:
        return k.full(shape, x.uniform, x.dtype)
    offsets = [_first(k.dim(dim), start, step) for dim, start, step in zip(x.shape, starts, steps, strict=True)]
    if all(step > 0 for step in steps):
        return extract_slice(k, x, offsets, shape, steps)

    def element(*indices: Scalar) -> Scalar:
        return k.extract(
            x, [index * step + offset for index, step, offset in zip(indices, steps, offsets, strict=True)]
        )

    return k.generate(element, shape, x.dtype)


def _first(extent: Offset, start: int, step: int) -> Offset:
    """Where numpy's x[start::step] starts."""
    if isinstance(extent, int):
        return min(slice(start, None, step).indices(extent)[0], extent)
    if step > 0:
        if start == 0:
            return 0
        return minimum(extent, start) if start > 0 else maximum(extent + start, 0)
    return minimum(extent - 1, start) if start >= 0 else maximum(extent + start, -1)
