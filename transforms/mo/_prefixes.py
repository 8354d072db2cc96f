# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Names of weights as prefixes of instances and common rests."""

from collections.abc import Sequence

__all__ = ["Prefixes", "split"]

_SEPARATORS = "./_-:"

Prefixes = tuple[list[str], dict[int, str]]
"""The prefix of each instance, and the rest of each name that has it, by place."""


def split(names: Sequence[Sequence[str]], required: Sequence[bool]) -> Prefixes | None:
    """Find prefixes for instances, each given as the names at its places.

    Those places whose names are a prefix and a rest that all instances share get the rest. Of all ways, it is one with
    prefixes rather than without, that gives most places a rest, with the shortest prefixes. A place where all names are
    equal has that name for a rest where there is no prefix, and none otherwise. None where a required place gets none.
    """
    places = range(len(required))
    best: Prefixes = [""] * len(names), _rests(names, [""] * len(names))
    for place in places:
        first = names[0][place]
        if any(name[place] != first for name in names):
            for cut in (i + 1 for i, letter in enumerate(first[:-1]) if letter in _SEPARATORS):
                found = _at(names, place, first[cut:])
                if found is not None:
                    best = max(best, found, key=lambda each: _score(each, required))
    return best if all(place in best[1] for place in places if required[place]) else None


def _at(names: Sequence[Sequence[str]], place: int, rest: str) -> Prefixes | None:
    """The prefixes where the names at `place` end in `rest`."""
    if not all(name[place].endswith(rest) for name in names):
        return None
    prefixes = [name[place][: -len(rest)] for name in names]
    if not all(prefix[-1:] in _SEPARATORS for prefix in prefixes):
        return None
    return prefixes, _rests(names, prefixes)


def _rests(names: Sequence[Sequence[str]], prefixes: list[str]) -> dict[int, str]:
    """The rest of each name that all instances share after their prefixes."""
    found = {}
    for place, first in enumerate(names[0]):
        rest = first[len(prefixes[0]) :]
        if all(name[place] == prefix + rest for name, prefix in zip(names, prefixes, strict=True)):
            found[place] = rest
    return found


def _score(prefixes: Prefixes, required: Sequence[bool]) -> tuple[bool, bool, int, int]:
    texts, rests = prefixes
    enough = all(place in rests for place, need in enumerate(required) if need)
    return enough, any(texts), len(rests), -sum(map(len, texts))
