# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Decides which loaded plugins take effect. A plugin is accepted as a whole or not at all."""

from collections.abc import Iterable, Sequence

from ._entries import Entry
from ._errors import Failure
from ._loading import Draft, failure
from ._ordering import ordered
from ._pipeline import Insertion, Point, place, unknown_neighbour, unknown_point


class Settlement:
    """The accepted plugins in their order, what they give, and why the others are left out.

    `entries` has one for each key; the points are in the order of the pipeline.
    """

    def __init__(self, failures: Iterable[Failure]) -> None:
        self.accepted: list[Draft] = []
        self.entries: dict[tuple[str, str, str], Entry] = {}
        self.points: list[Point] = []
        self.insertions: list[Insertion] = []
        self.failures = list(failures)


def settle(drafts: Sequence[Draft]) -> Settlement:
    """Accept as many of `drafts` as fit together; where two conflict, the first in order stays."""
    order, failures = _order(drafts)
    while True:
        settlement = Settlement(failures)
        left_out = {each.plugin for each in failures}
        for draft in order:
            if draft.candidate.name not in left_out:
                _admit(draft, settlement)
        problem = _pipeline_problem(settlement)
        if problem is None:
            return settlement
        # What the plugin gave may have kept out or served others: start again without it.
        failures.append(problem)


def _order(drafts: Sequence[Draft]) -> tuple[list[Draft], list[Failure]]:
    by_name = {draft.candidate.name: draft for draft in drafts}
    earlier: dict[str, set[str]] = {name: {*draft.after, *draft.requires} for name, draft in by_name.items()}
    for name, draft in by_name.items():
        for later in draft.before:
            earlier.setdefault(later, set()).add(name)
    order, cycles = ordered(by_name, earlier)
    failures = [
        _failure(by_name[name], "order", f"{_in_words(cycle)} each ask to come after another: a cycle")
        for cycle in cycles
        for name in cycle
    ]
    return [by_name[name] for name in order], failures


def _admit(draft: Draft, settlement: Settlement) -> None:
    reason = _missing(draft, settlement) or _conflict(draft, settlement)
    if reason is not None:
        settlement.failures.append(_failure(draft, "conflict", reason))
        return
    settlement.accepted.append(draft)
    settlement.points += draft.points
    settlement.insertions += draft.insertions
    for entry in draft.entries:
        key = entry.key
        if entry.replace or key not in settlement.entries:
            settlement.entries[key] = entry


def _missing(draft: Draft, settlement: Settlement) -> str | None:
    accepted = {other.candidate.name for other in settlement.accepted}
    missing = [name for name in draft.requires if name not in accepted]
    return f"it requires {_in_words(missing)}, which is not there or left out" if missing else None


def _conflict(draft: Draft, settlement: Settlement) -> str | None:
    own: dict[tuple[str, str, str], Entry] = {}
    for entry in draft.entries:
        key = entry.key
        present = settlement.entries.get(key)
        if own.setdefault(key, entry) is not entry:
            return f"it gives the {entry} twice"
        if present is not None and entry.replace == present.replace:
            how = "both ask to replace it" if entry.replace else "if it shall take its place, it must say replace=True"
            return f"it gives the {entry}, which plugin {present.plugin!r} gives already; {how}"
    names = {point.name: point.plugin for point in settlement.points}
    for point in draft.points:
        if point.name in names:
            return f"it gives the extension point {point.name!r}, which plugin {names[point.name]!r} gives already"
        names[point.name] = point.plugin
    return None


def _pipeline_problem(settlement: Settlement) -> Failure | None:
    by_name = {draft.candidate.name: draft for draft in settlement.accepted}
    placed, stray = place(settlement.points)
    for point in stray:
        return _failure(by_name[point.plugin], "pipeline", f"it {unknown_neighbour(point, placed)}")
    names = {point.name for point in placed}
    for insertion in settlement.insertions:
        if insertion.at not in names:
            return _failure(by_name[insertion.plugin], "pipeline", f"it {unknown_point(insertion, placed)}")
    settlement.points = placed
    return None


def _failure(draft: Draft, stage: str, reason: str) -> Failure:
    return failure(draft.candidate, stage, reason, entries=draft.entries)


def _in_words(names: Iterable[str]) -> str:
    return " and ".join(repr(name) for name in names)
