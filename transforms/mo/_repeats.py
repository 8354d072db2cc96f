# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds layers: stretches of a block that follow each other and are alike but for constants and weights."""

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import Any

from mograph.transforms.mo._content import Reader
from mograph.transforms.mo._grouping import CALL, LEAVES, Group
from mograph.transforms.mo._outlining import Outliner
from mograph.transforms.mo._walking import body_of

__all__ = ["repeated"]

_PERIODS = 16  # the most frequent distances between equal operations are tried
_SHIFTS = 16  # how many places a layer may begin at, where a run is longer than its layers


def repeated(block: Any, outliner: Outliner, min_ops: int, min_repeats: int) -> list[list[Any]]:
    """The layers of a block that spare most operations when they share a graph; none where nothing repeats.

    Each has `min_ops` operations or more, and there are `min_repeats` or more of them.
    """
    ops = [op for op in body_of(block) if op.operation.name not in LEAVES]
    numbers: dict[Hashable, int] = {}
    line = [
        -index - 1
        if op.operation.name == CALL and op.callee in outliner.made
        else numbers.setdefault(_key(op), len(numbers))
        for index, op in enumerate(ops)
    ]
    best: list[list[Any]] = []
    for start, stop, period in sorted(_runs(line), key=lambda run: (run[2] - run[1] + run[0], run[2])):
        count = (stop - start) // period
        if period < min_ops or count < min_repeats or (count - 1) * period <= _spared(best):
            continue
        if any(_repeats(line[start : start + period], step) for step in range(1, min(min_ops, period))):
            continue
        found = _layers(ops, start, stop, period, outliner)
        if len(found) >= min_repeats and _spared(found) > _spared(best):
            best = found
    return best


def _key(op: Any) -> Hashable:
    """What operations of layers that are alike have in common; the prefix of a call is not among it."""
    reader = Reader({})
    types = tuple(reader.type(operand.type) for operand in op.operation.operands)
    if op.operation.name == CALL:
        return op.operation.name, op.callee, types
    return types, reader.op(op)


def _runs(line: Sequence[int]) -> list[tuple[int, int, int]]:
    """Stretches from `start` to `stop` of which each item is equal to the one a period later."""
    places: dict[int, list[int]] = {}
    for place, item in enumerate(line):
        places.setdefault(item, []).append(place)
    distances = Counter(b - a for each in places.values() for a, b in pairwise(each))
    runs = []
    for period, _ in distances.most_common(_PERIODS):
        start = 0
        for at in range(len(line) - period + 1):
            if at == len(line) - period or line[at] != line[at + period]:
                if at > start:
                    runs.append((start, at + period, period))
                start = at + 1
    return runs


def _repeats(items: Sequence[int], step: int) -> bool:
    """Whether `items` is itself made of a shorter stretch."""
    return len(items) % step == 0 and all(a == b for a, b in zip(items, items[step:], strict=False))


def _spared(layers: Sequence[Sequence[Any]]) -> int:
    return (len(layers) - 1) * len(layers[0]) if layers else 0


def _layers(ops: Sequence[Any], start: int, stop: int, period: int, outliner: Outliner) -> list[list[Any]]:
    """The layers of a run, beginning where they take and give least."""
    count = (stop - start) // period
    shifts = range(min(stop - start - count * period, _SHIFTS) + 1)

    def cost(shift: int) -> tuple[int, int]:
        at = start + shift
        first = [outliner.group(ops[at + i * period : at + (i + 1) * period]) for i in range(min(count, 2))]
        return _cost(first, outliner), shift

    begin = start + min(map(cost, shifts))[1]
    layers = [list(ops[begin + i * period : begin + (i + 1) * period]) for i in range(count)]
    alike: dict[Any, list[list[Any]]] = {}
    for layer in layers:
        group = outliner.group(layer)
        if not group.problem():
            alike.setdefault(group.key, []).append(layer)
    found = max(alike.values(), key=len, default=[])
    return found if found and outliner.prefixes([outliner.group(layer) for layer in found]) is not None else []


def _cost(groups: Sequence[Group], outliner: Outliner) -> int:
    """How much passes into and out of groups; without bound where they are not alike."""
    passed = sum(len(group.arguments) + len(group.results()) for group in groups)
    alike = len({group.key for group in groups}) == 1
    prefixes = outliner.prefixes(groups) if alike else None
    if prefixes is None:
        return passed + sum(len(group.ops) for group in groups)
    return passed + len(groups) * (len(groups[0].leaves) - len(prefixes[1]))
