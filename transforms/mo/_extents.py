# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the extents of results are whose types are written, as far as the contents of operands say."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from mlir import ir

from mograph.dialects.kit import Dim, dim_max, dim_min
from mograph.dialects.mo import TensorType, shapes
from mograph.dialects.mo.contents import Contents
from mograph.dialects.mo.symbolic import Element, at_least

__all__ = ["NAMES", "OPTIONAL", "extents", "is_dropped", "static_ranges"]

Extents = Sequence[Element]
_END = 2**63 - 1


def extents(op: Any, contents: Contents) -> list[Extents]:
    """For each result, its extents as far as they are known; None for those that are not. Empty: nothing is known."""
    rule = _RULES.get(op.operation.name)
    return [] if rule is None else [found for found in rule(op, contents) if found is not None]


def is_dropped(op: Any) -> bool:
    """Whether the operation has an operand that only gives extents, and may do without where these are known."""
    field = OPTIONAL.get(op.operation.name)
    return field is not None and getattr(op, field) is not None


OPTIONAL = dict.fromkeys(("mo.broadcast_to", "mo.expand", "mo.iota", "mo.max_unpool", "mo.reshape"), "shape")
OPTIONAL |= {"mo.bottom_k": "k", "mo.one_hot": "depth", "mo.top_k": "k"}
"""The operands that only give extents, by operation."""


def _shape(value: ir.Value) -> "shapes.Shape":
    shape: shapes.Shape = TensorType(value.type).shape
    return shape


def _elements(value: ir.Value, contents: Contents, rank: int) -> list[Element]:
    found = contents.of(value)
    return [None] * rank if found is None or found.size != rank else list(found.flat)


def _given(op: Any, contents: Contents) -> list[Extents]:
    """The shape operand, where there is one."""
    return [] if op.shape is None else [_elements(op.shape, contents, len(_shape(op.result)))]


def _reshape(op: Any, contents: Contents) -> list[Extents]:
    """The shape operand, and what the other extents leave of the elements for the last one that is not known."""
    shape = _shape(op.result)
    found: list[Element] = list(shape) if op.shape is None else _elements(op.shape, contents, len(shape))
    minus = [index for index, extent in enumerate(found) if extent == -1]
    if op.shape is None:
        known = {name for dim in _shape(op.input) if isinstance(dim, Dim) for name in dim.names()}
        minus = [i for i, dim in enumerate(shape) if isinstance(dim, Dim) and not known.issuperset(dim.names())]
    for index in minus:
        found[index] = None
    if len(minus) != 1 or found.count(None) != 1:
        return [found]
    total = math.prod(_shape(op.input), start=1)
    others = math.prod((extent for extent in found if extent is not None), start=1)
    # Only what divides for sure, and is not 0: 0 elements leave any extent.
    if at_least(others, 1):
        quotient = total // others
        if quotient * others == total:
            found[minus[0]] = quotient
    return [found]


def _expand(op: Any, contents: Contents) -> list[Extents]:
    """Each extent of the input and of the shape operand, which are equal, or of which one is 1."""
    if op.shape is None:
        return []
    rank = len(_shape(op.result))
    given = _elements(op.shape, contents, len(_elements_of(op.shape)))
    source: Extents = (*[1] * (rank - len(_shape(op.input))), *_shape(op.input))
    wanted = (*[1] * (rank - len(given)), *given)
    return [[_broadcast(have, want) for have, want in zip(source, wanted, strict=True)]]


def _elements_of(shape: ir.Value) -> range:
    (count,) = _shape(shape)
    return range(count if isinstance(count, int) else 0)


def _broadcast(have: Element, want: Element) -> Element:
    if have is None or want == 1 or have == want:
        return have
    if have == 1:
        return want
    return have if at_least(have, 2) else None


def _rebind(op: Any, contents: Contents) -> list[Extents]:
    return [_shape(op.input)]


def _range(op: Any, contents: Contents) -> list[Extents]:
    start, limit, step = (contents.scalar(each) for each in (op.start, op.limit, op.step))
    if start is None or limit is None or not isinstance(step, int) or step == 0:
        return []
    distance = limit - start if step > 0 else start - limit
    return [[dim_max(Dim.parse(f"({distance}) ceildiv {abs(step)}"), 0)]]


def _between(extent: int | Dim, start: Element, stop: Element, step: Element) -> Element:
    """How many elements `[start:stop:step]` has."""
    if isinstance(start, int) and isinstance(stop, int) and isinstance(step, int) and step != 0:
        return shapes.sliced(extent, start, stop, step)
    if not isinstance(step, int) or step < 1 or start is None or stop is None:
        return None
    if not at_least(start, 0) or not at_least(stop, 0):
        return None
    end = _least(stop, extent)
    if isinstance(start, int):
        return shapes.sliced(end, start, _END, step)
    return dim_max(end - _least(start, extent), 0) if step == 1 else None


def _least(a: int | Dim, b: int | Dim) -> int | Dim:
    if at_least(b - a, 0):
        return a
    return b if at_least(a - b, 0) else dim_min(a, b)


def _dynamic_slice(op: Any, contents: Contents) -> list[Extents]:
    shape = _shape(op.input)
    ranges = (_elements(each, contents, len(shape)) for each in (op.starts, op.stops, op.steps))
    return [[_between(*each) for each in zip(shape, *ranges, strict=True)]]


def static_ranges(op: Any, contents: Contents) -> tuple[tuple[int, ...], ...] | None:
    """The starts, stops and steps of a `mo.dynamic.slice`, where they are the same for all extents."""
    shape = _shape(op.input)
    operands = (_elements(each, contents, len(shape)) for each in (op.starts, op.stops, op.steps))
    found = []
    for extent, start, stop, step in zip(shape, *operands, strict=True):
        end = stop
        if isinstance(stop, Dim) and isinstance(step, int) and step > 0 and at_least(stop - extent, 0):
            end = _END
        if not isinstance(start, int) or not isinstance(end, int) or not isinstance(step, int) or step == 0:
            return None
        found.append((start, end, step))
    starts, stops, steps = zip(*found, strict=True) if found else ((), (), ())
    return starts, stops, steps


def _dynamic_pad(op: Any, contents: Contents) -> list[Extents]:
    shape = _shape(op.input)
    low, high = (_elements(each, contents, len(shape)) for each in (op.low, op.high))
    pads = zip(shape, low, high, strict=True)
    return [[None if a is None or b is None else dim_max(extent + a + b, 0) for extent, a, b in pads]]


def _dynamic_tile(op: Any, contents: Contents) -> list[Extents]:
    shape = _shape(op.input)
    repeats = zip(shape, _elements(op.repeats, contents, len(shape)), strict=True)
    return [[None if each is None else extent * each for extent, each in repeats]]


def _one_hot(op: Any, contents: Contents) -> list[Extents]:
    if op.depth is None:
        return []
    shape: list[Element] = list(_shape(op.result))
    shape[op.axis] = contents.scalar(op.depth)
    return [shape]


def _selection(op: Any, contents: Contents) -> list[Extents]:
    if op.k is None:
        return []
    shape: list[Element] = list(_shape(op.values))
    shape[op.axis] = contents.scalar(op.k)
    return [shape, shape]


_RULES: dict[str, Callable[[Any, Contents], list[Extents]]] = {
    "mo.bottom_k": _selection,
    "mo.broadcast_to": _given,
    "mo.dynamic.pad": _dynamic_pad,
    "mo.dynamic.slice": _dynamic_slice,
    "mo.dynamic.tile": _dynamic_tile,
    "mo.expand": _expand,
    "mo.iota": _given,
    "mo.max_unpool": _given,
    "mo.one_hot": _one_hot,
    "mo.random.normal": _given,
    "mo.random.uniform": _given,
    "mo.range": _range,
    "mo.rebind": _rebind,
    "mo.reshape": _reshape,
    "mo.top_k": _selection,
}

NAMES = frozenset(_RULES)
"""The operations of which something may be known."""
