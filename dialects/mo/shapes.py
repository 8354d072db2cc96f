# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Rules on shapes, shared by the operations' type inference.

A shape is a tuple of dimensions; a dimension is an `int` or a `Dim`, an expression of named extents. Every rule
raises `VerifyError`, saying what was expected and found. Two dimensions are the same when their normal forms are
equal; whether `n` is 4 is not known before the program runs, so where a rule would need that, the error points to
`mo.rebind`.
"""

import math
from collections.abc import Iterator, Sequence

from mograph.dialects.kit import Dim, VerifyError, dim_max, dim_min

__all__ = [
    "Extent",
    "Shape",
    "axes_set",
    "axis_index",
    "broadcast",
    "broadcast_all",
    "broadcasts_to",
    "concat",
    "count",
    "matmul",
    "reduced",
    "require_same_count",
    "sliced",
    "static",
    "text",
]

Extent = int | Dim
Shape = tuple[Extent, ...]

_FAR = 2**62  # no extent reaches that far


def text(shape: Sequence[Extent]) -> str:
    """`shape` as in a type, `[4, n * 2]`."""
    return f"[{', '.join(map(str, shape))}]"


def static(shape: Sequence[Extent]) -> bool:
    """Whether all of `shape` is constant."""
    return all(isinstance(dim, int) for dim in shape)


def _rebind_hint(*dims: Extent) -> str:
    """What to do about dimensions that are not known to be equal, for the end of an error."""
    return "" if static(dims) else "; mo.rebind asserts that they are equal"


def axis_index(axis: int, rank: int, what: str = "axis") -> int:
    """`axis` counted from the front; a negative one counts from the end."""
    if not -rank <= axis < rank:
        raise VerifyError(f"expected {what} to be in [{-rank}, {rank}) for a tensor of rank {rank}, found {axis}")
    return axis + rank if axis < 0 else axis


def axes_set(axes: Sequence[int] | None, rank: int) -> frozenset[int]:
    """`axes` counted from the front, all of them when `axes` is None; an error when one occurs twice."""
    if axes is None:
        return frozenset(range(rank))
    found = [axis_index(axis, rank, "axes") for axis in axes]
    if len(set(found)) != len(found):
        raise VerifyError(f"expected axes to be distinct for a tensor of rank {rank}, found {list(axes)}")
    return frozenset(found)


def broadcast(lhs: Sequence[Extent], rhs: Sequence[Extent]) -> Shape:
    """The shape of an elementwise operation of two.

    Aligned at the last dimension, two dimensions are the same, or one of them is 1 or absent.
    """
    rank = max(len(lhs), len(rhs))
    aligned = zip((1,) * (rank - len(lhs)) + tuple(lhs), (1,) * (rank - len(rhs)) + tuple(rhs), strict=True)
    result: list[Extent] = []
    for axis, (left, right) in enumerate(aligned, start=-rank):
        if left != right and left != 1 and right != 1:
            raise VerifyError(
                "expected shapes that broadcast, with dimensions that are equal or 1; "
                f"found {left} and {right} on axis {axis} of {text(lhs)} and {text(rhs)}" + _rebind_hint(left, right)
            )
        result.append(right if left == 1 else left)
    return tuple(result)


def broadcast_all(*shapes: Sequence[Extent]) -> Shape:
    """`broadcast` of any number of shapes."""
    result: Shape = ()
    for shape in shapes:
        result = broadcast(result, shape)
    return result


def broadcasts_to(source: Sequence[Extent], target: Sequence[Extent]) -> None:
    """An error unless a tensor of shape `source` can be repeated to the shape `target`."""
    if len(source) > len(target):
        raise VerifyError(
            f"expected a result of rank {len(source)} or more, found {text(target)} for input {text(source)}"
        )
    before = len(target) - len(source)
    for axis, (dim, wanted) in enumerate(zip(source, target[before:], strict=True)):
        if dim not in (1, wanted):
            raise VerifyError(
                f"expected dimension {axis} of the input {text(source)} to be 1 or {wanted}, as dimension "
                f"{before + axis} of the result {text(target)}; found {dim}" + _rebind_hint(dim, wanted)
            )


def reduced(shape: Sequence[Extent], axes: Sequence[int] | None, keepdims: bool) -> Shape:
    """The shape that is left of `shape` when `axes` (None: all) are reduced, to 1 with `keepdims`."""
    gone = axes_set(axes, len(shape))
    if keepdims:
        return tuple(1 if i in gone else dim for i, dim in enumerate(shape))
    return tuple(dim for i, dim in enumerate(shape) if i not in gone)


def matmul(lhs: Sequence[Extent], rhs: Sequence[Extent]) -> Shape:
    """The shape of numpy's `matmul`: vectors become a row or a column for a while, stacks of matrices broadcast."""
    if not lhs or not rhs:
        raise VerifyError(f"expected operands of rank 1 or more, found {text(lhs)} and {text(rhs)}")
    axis = max(len(rhs) - 2, 0)
    left, right = lhs[-1], rhs[axis]
    if left != right:
        raise VerifyError(
            f"expected dimension {len(lhs) - 1} of lhs and {axis} of rhs, which are summed over, to be equal; "
            f"found {left} and {right} in {text(lhs)} and {text(rhs)}" + _rebind_hint(left, right)
        )
    try:
        batch = broadcast(lhs[:-2], rhs[:-2])
    except VerifyError as error:
        raise VerifyError(f"in the batch dimensions of {text(lhs)} and {text(rhs)}: {error}") from None
    return (*batch, *lhs[-2:-1], *rhs[-1:]) if len(rhs) > 1 else (*batch, *lhs[-2:-1])


def concat(shapes: Sequence[Sequence[Extent]], axis: int) -> Shape:
    """The shape of tensors laid end to end along `axis`: the sum of their extents there, equal extents elsewhere."""
    first = shapes[0]
    along = axis_index(axis, len(first))
    total: Extent = first[along]
    for index, shape in enumerate(shapes[1:], start=1):
        if len(shape) != len(first):
            raise VerifyError(
                f"expected inputs of equal rank, found {text(first)} and {text(shape)} for inputs 0 and {index}"
            )
        for i, (dim, wanted) in enumerate(zip(shape, first, strict=True)):
            if i != along and dim != wanted:
                raise VerifyError(
                    f"expected inputs of equal shape but for axis {along}; found {wanted} and {dim} on axis {i} of "
                    f"inputs 0 and {index}, {text(first)} and {text(shape)}" + _rebind_hint(dim, wanted)
                )
        total = total + shape[along]
    return (*first[:along], total, *first[along + 1 :])


def sliced(extent: Extent, start: int, stop: int, step: int) -> Extent:
    """How many elements `x[start:stop:step]` has, for an x of `extent` elements, as numpy counts.

    Over a named extent this is an expression that clamps in the same way. `step` is not 0.
    """
    if isinstance(extent, int):
        return len(range(*slice(start, stop, step).indices(extent)))
    if step > 0:
        (low_from_end, low), (high_from_end, high) = _border(start, 0), _border(stop, 0)
    else:
        (low_from_end, low), (high_from_end, high) = _border(stop, 1), _border(start, 1)
    # The elements between two borders, each `offset` from the front or from the end. A border beyond the extent is
    # clamped to it, which only matters where the difference would not be negative anyway.
    if low_from_end and high_from_end:
        length = _difference(dim_min(extent, low), high) if low > high else 0
    elif low_from_end:
        length = dim_max(dim_min(extent, high) - dim_max(extent - low, 0), 0)
    elif high_from_end:
        length = _difference(extent, high + low)
    else:
        length = _difference(dim_min(extent, high), low) if high > low else 0
    return Dim.parse(f"({length}) ceildiv {abs(step)}")


def _border(position: int, after: int) -> tuple[bool, int]:
    """The border before the element at `position`, or after it (`after` = 1).

    Returns whether it is counted from the end, and how far it lies from there.
    """
    from_end, offset = (True, -position - after) if position < 0 else (False, position + after)
    return (from_end, offset) if offset < _FAR else (not from_end, 0)


def _difference(extent: Extent, less: int) -> Extent:
    """max(extent - less, 0), where `extent` is not negative."""
    return extent if less == 0 else dim_max(extent - less, 0)


def count(shape: Sequence[Extent]) -> Extent:
    """The number of elements."""
    return math.prod(shape, start=1)


def require_same_count(source: Sequence[Extent], target: Sequence[Extent]) -> None:
    """An error when tensors of these shapes cannot have the same number of elements, unless both are empty.

    Counts whose difference is constant, or that are constant multiples of each other, are compared here; others when
    the program runs.
    """
    have, want = count(source), count(target)
    if have == want:
        return
    difference = have - want
    comparable = isinstance(difference, int)
    if not comparable:
        ones = dict.fromkeys(_names(have) | _names(want), 1)
        have_at_one, want_at_one = _at(have, ones), _at(want, ones)
        multiples = have * want_at_one == want * have_at_one and 0 not in (have_at_one, want_at_one)
        comparable = have_at_one != want_at_one and multiples
    if comparable:
        raise VerifyError(
            f"expected a shape of {have} elements, as the input {text(source)} has; found {text(target)} of {want}: "
            + (", or ".join(_fitting(have, target)) or "no other extent of one dimension would do")
        )


def _fitting(have: Extent, target: Sequence[Extent]) -> Iterator[str]:
    """Which dimensions of `target`, if they alone were others, would give it `have` elements."""
    for axis, dim in enumerate(target):
        rest = count([*target[:axis], *target[axis + 1 :]])
        if rest == 0:
            continue
        extent = have // rest
        if extent * rest == have:
            yield f"dimension {axis} would be {extent} rather than {dim}"


def _names(extent: Extent) -> set[str]:
    return set() if isinstance(extent, int) else set(extent.names())


def _at(extent: Extent, values: dict[str, int]) -> int:
    return extent if isinstance(extent, int) else extent.evaluate(values)
