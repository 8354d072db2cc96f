# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The order in which plugins take effect: sorted, with each after what it asks to come after."""

from collections.abc import Iterable, Mapping


def ordered(names: Iterable[str], earlier: Mapping[str, Iterable[str]]) -> tuple[list[str], list[list[str]]]:
    """Order `names`, which come in their preferred order, so that each follows the names in `earlier[name]`.

    Names in `earlier` that are not among `names` have no effect. Returns the order and the cycles: each is a list of
    names, all of them left out of the order.
    """
    remaining = list(names)
    rank = {name: index for index, name in enumerate(remaining)}
    waits = {name: {other for other in earlier.get(name, ()) if other in rank} for name in remaining}
    order: list[str] = []
    cycles: list[list[str]] = []
    while remaining:
        ready = next((name for name in remaining if waits[name].isdisjoint(remaining)), None)
        if ready is not None:
            order.append(ready)
            remaining.remove(ready)
        else:
            cycle = _cycle(remaining, waits)
            cycles.append(sorted(cycle, key=rank.__getitem__))
            remaining = [name for name in remaining if name not in cycle]
    return order, cycles


def _cycle(remaining: list[str], waits: Mapping[str, set[str]]) -> list[str]:
    """Walk backwards from the first name until one comes again. Each remaining name waits for another."""
    trail = [remaining[0]]
    while True:
        following = next(name for name in remaining if name in waits[trail[-1]])
        if following in trail:
            return trail[trail.index(following) :]
        trail.append(following)
