# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Schedules as data: what every template chooses by a model of its own, and what may take that choice's place.

A template's schedule is a frozen dataclass of integers and booleans, and the function that chooses one is `tunable`:

    @tunable("rows")
    def choose(group: Group, machine: Machine) -> Schedule: ...

While the code of a kernel is made, fields of what `choose` returns are replaced by what the kernel's attribute
`mogg.schedule` says, else by a rule of a plugin, else by what `mo-tune` has stored. Whatever the dataclass accepts must
give correct code: its `__post_init__`, and the function that `tunable` takes as `check`, raise ValueError for what the
code cannot do.
"""

import dataclasses
import functools
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from itertools import combinations
from typing import Any, ParamSpec, TypeVar

from mograph._records import record

P = ParamSpec("P")
S = TypeVar("S")
Fields = Mapping[str, int]
"""The integers and booleans of a schedule, or some of them, by name."""
Changes = Mapping[str, Fields]
"""Fields to replace, by template."""
Rule = Callable[[str, Fields], Fields | None]
"""Takes a kernel's name and the schedule chosen, and gives the fields to replace; None leaves the choice as it is."""

ATTRIBUTE = "mogg.schedule"
_HOMES = (
    "cpu.templates", "gpu.templates", "gpu.attention.unit_schedule", "nvidia.schedule", "nvidia.warpgroups",
    "nvidia.attention_schedule", "amd.schedule", "amd.attention_schedule",
)  # fmt: skip
"""Modules that import all templates: a kernel's attribute may have schedules for several targets."""


@record
class Choice:
    """A schedule that was chosen by a model, before anything took its place, and where; and what `mo-tune` may try
    instead.
    """

    key: str
    kernel: str
    template: str
    schedule: Any
    others: tuple[Any, ...] = ()


@dataclass
class Sources:
    """What may take a choice's place: what is stored by a kernel's key, and the rules of plugins by template. `record`
    gets all choices.
    """

    stored: Mapping[str, Changes] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    record: list[Choice] | None = None

    def __bool__(self) -> bool:
        return bool(self.stored or self.rules or self.record is not None)


@record
class _Scope:
    """The kernel whose code is made."""

    kernel: str
    given: Changes
    key: str
    sources: Sources

    def fields(self, template: str, schedule: Any, check: Callable[[Any], None]) -> Fields | None:
        """What is to be replaced in a schedule, by the first source that says something."""
        if self.sources.record is not None:
            others = tuple(_others(template, schedule, check))
            self.sources.record.append(Choice(self.key, self.kernel, template, schedule, others))
        if template in self.given:
            return self.given[template]
        rule = self.sources.rules.get(template)
        fields = rule(self.kernel, numbers(schedule)) if rule else None
        if fields is not None:
            return fields
        return self.sources.stored.get(self.key, {}).get(template)


class _Current(threading.local):
    scope: _Scope | None = None
    sources: Sources = Sources()


_current = _Current()
_candidates: dict[str, Callable[[Any], Iterable[Any]]] = {}


def tunable(
    template: str,
    candidates: Callable[[Any], Iterable[Any]] | None = None,
    check: Callable[..., None] | None = None,
) -> Callable[[Callable[P, S]], Callable[P, S]]:
    """Makes the function that chooses a template's schedule one whose choice may be replaced.

    `candidates` gives, for a schedule, others that are worth a try as far as they pass `check`, the most promising ones
    first; by default `neighbours`. `check` takes a schedule in which something was replaced, and what the schedule was
    chosen for.
    """

    def decorate(choose: Callable[P, S]) -> Callable[P, S]:
        _candidates[template] = candidates or neighbours

        @functools.wraps(choose)
        def chosen(*args: P.args, **kwargs: P.kwargs) -> S:
            schedule = choose(*args, **kwargs)
            scope = _current.scope
            if scope is None or schedule is None:  # None is for what the template does not take
                return schedule

            def checked(other: S) -> None:
                if check is not None:
                    check(other, *args, **kwargs)

            fields = scope.fields(template, schedule, checked)
            if fields is None:
                return schedule
            with _named(f"schedule of kernel '{scope.kernel}', template '{template}'"):
                schedule = changed(schedule, fields)
                checked(schedule)
            return schedule

        return chosen

    return decorate


def templates() -> list[str]:
    """The names of the templates that have been imported."""
    return sorted(_candidates)


def changed(schedule: S, fields: Fields) -> S:
    """A schedule with fields replaced. Raises ValueError for a field that it does not have, and for what it refuses."""
    known = {name: type(value) for name, value in numbers(schedule).items()}
    for name, value in fields.items():
        if name not in known:
            raise ValueError(f"expected a field among {', '.join(known)}, found {name}")
        if type(value) is not known[name]:
            raise ValueError(f"expected {known[name].__name__} for {name}, found {value!r}")
    return dataclasses.replace(schedule, **fields)  # type: ignore[type-var]  # it is a dataclass


@contextmanager
def _named(what: str) -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from error


def numbers(schedule: Any) -> dict[str, int]:
    """The fields of a schedule that are integers or booleans."""
    fields = ((each.name, getattr(schedule, each.name)) for each in dataclasses.fields(schedule))
    return {name: value for name, value in fields if isinstance(value, int)}


def neighbours(schedule: S) -> Iterator[S]:
    """Schedules beside one: an integer doubled or halved, a boolean turned, and two of these at once; those that the
    schedule's class refuses are left out.
    """
    moves: list[tuple[str, int]] = []
    for name, value in numbers(schedule).items():
        if isinstance(value, bool):
            moves.append((name, not value))
        elif value:
            moves += [(name, moved) for moved in (value * 2, value // 2) if moved]
    several = (chosen for count in (1, 2) for chosen in combinations(moves, count))
    yield from variants(schedule, (dict(each) for each in several if len(dict(each)) == len(each)))  # no field twice


def variants(schedule: S, choices: Iterable[Mapping[str, int]]) -> Iterator[S]:
    """A schedule with these fields replaced, but for what its class refuses."""
    for fields in choices:
        with suppress(ValueError):
            yield dataclasses.replace(schedule, **fields)  # type: ignore[type-var]  # it is a dataclass


def _others(template: str, schedule: Any, check: Callable[[Any], None]) -> Iterator[Any]:
    """What `mo-tune` may try instead of a schedule, without repetitions."""
    proposed = dict.fromkeys(_candidates[template](schedule))
    proposed.pop(schedule, None)
    for other in proposed:
        with suppress(ValueError):
            check(other)
            yield other


@contextmanager
def using(sources: Sources) -> Iterator[None]:
    """What is compiled in the block, by this thread, takes these sources."""
    before, _current.sources = _current.sources, sources
    try:
        yield
    finally:
        _current.sources = before


def sources() -> Sources:
    """Those of the block around."""
    return _current.sources


@contextmanager
def making(kernel: str, given: Changes, key: Callable[[], str]) -> Iterator[None]:
    """The block makes the code of a kernel, whose attribute gives changes; `key` is asked for its key if one is needed.

    Raises ValueError for a template that there is not.
    """
    if not _candidates.keys() >= given.keys():
        for home in _HOMES:
            import_module(f"mograph.targets.{home}")
    if unknown := sorted(given.keys() - _candidates.keys()):
        message = (
            f"kernel '{kernel}': {ATTRIBUTE}: expected templates among {', '.join(templates())}, found {unknown[0]}"
        )
        raise ValueError(message)
    found = _current.sources
    if not given and not found:
        yield
        return
    before, _current.scope = _current.scope, _Scope(kernel, given, key() if found else "", found)
    try:
        yield
    finally:
        _current.scope = before
