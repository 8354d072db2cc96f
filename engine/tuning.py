# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The search of `mo-tune`: other schedules for the kernels of a model, measured against those chosen.

One kernel after the other, each candidate is compiled and timed in turn with the best so far: the kernel by itself
where that can be, else the whole model, in which what was found for the kernels before stays.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mograph._records import record
from mograph.engine.isolated import Isolated
from mograph.engine.targets import target_of
from mograph.engine.timing import seconds
from mograph.plugins import Host
from mograph.targets.cpu.schedules import Changes, Choice, Sources, numbers, using
from mograph.targets.devices import DeviceError
from mograph.transforms.kit import DiagnosticError

__all__ = ["Found", "alone", "choices_of", "processor", "tune"]

Model = Callable[[], Any]
ROUND = 0.005  # seconds that a round takes at least: many calls of what is quick
GAIN = 0.97  # of the time before, at most: less is noise
TOLERANCE = 1e-3  # of the largest element: other schedules add in another order


@record
class Found:
    """What came of a kernel's template: how many candidates were timed, the fields that were better (none where the
    choice was best), the part of the time before that they leave, and whether that is the kernel's or the model's.
    """

    choice: Choice
    tried: int
    fields: Mapping[str, int]
    ratio: float
    alone: bool


def processor(device: str, host: Host) -> str:
    """The kind of processor or chip that schedules are kept for that are measured on a device. Raises DeviceError where
    it is not there, and ValueError for a chip, on which nothing runs, and for a target that keeps no schedules.
    """
    target: Any = target_of(device, host)
    if hasattr(target, "open"):
        if not target.by_number and target.device:
            raise ValueError(f"{device!r} is a chip to compile for: name a device to measure on, {target.device}:0")
        target.open()
    if not hasattr(target, "processor"):
        raise ValueError(f"target {target.name!r} keeps no schedules")
    kind: str = target.processor
    return kind


def choices_of(build: Callable[[], object]) -> list[Choice]:
    """The schedules that are chosen when `build` compiles, each kernel's once."""
    record: list[Choice] = []
    with using(Sources(record=record)):
        build()
    return list({(choice.key, choice.template): choice for choice in record}.values())


def alone(kernels: Iterable[Isolated], host: Host | None = None, seed: int = 0) -> dict[str, Callable[[], Model]]:
    """What compiles a kernel by itself, by the keys of the choices that are made for it there.

    A kernel that does not compile alone is left out.
    """
    found: dict[str, Callable[[], Model]] = {}
    for kernel in kernels:
        make = partial(kernel.build, host, seed)
        with suppress(ValueError, TypeError, DiagnosticError):
            found.update((choice.key, make) for choice in choices_of(make))
    return found


def tune(
    make: Callable[[], Model],
    choices: Sequence[Choice],
    rounds: int = 7,
    most: int = 24,
    limit: float = math.inf,
    kernels: Mapping[str, Callable[[], Model]] | None = None,
) -> Iterator[Found]:
    """Try candidates for the choices, `most` for each, and tell after each choice what came of it. After `limit`
    seconds no other candidate is tried, nor another choice.

    `make` compiles the model and returns its call on some inputs, `kernels` those kernels alone that can be, by the
    keys of their choices. A candidate that a template or a device refuses is left out, and so is one whose results are
    not those of the model that is not tuned.
    """
    end = perf_counter() + limit
    best: dict[str, Changes] = {}
    untuned: dict[Callable[[], Model], list[NDArray[Any]]] = {}
    for choice in choices:
        if perf_counter() > end:
            return
        by_itself = (kernels or {}).get(choice.key)
        build = by_itself or make
        model = _built(build, best)
        if build not in untuned:
            untuned[build] = _arrays((_built(build, {}) if best else model)())
        ratio, tried, fields = 1.0, 0, {}
        for candidate in choice.others[:most]:
            if perf_counter() > end:
                break
            changes = _difference(choice.schedule, candidate)
            trial = _with(best, choice, changes)
            try:
                other = _built(build, trial)
                found = _arrays(other())
            except (ValueError, DiagnosticError, DeviceError):
                continue
            if not _agree(found, untuned[build]):
                continue
            tried += 1
            gain = compare(other, model, rounds)
            if gain < GAIN and (again := compare(other, model, 2 * rounds)) < GAIN:
                best, model, fields, ratio = trial, other, changes, ratio * again
        yield Found(choice, tried, fields, ratio, by_itself is not None)


def _built(make: Callable[[], Model], stored: Mapping[str, Changes]) -> Model:
    with using(Sources(stored=stored, record=[])):
        return make()


def compare(one: Model, other: Model, rounds: int) -> float:
    """What three of four rounds stay below, of one's time to the other's, timed in turn."""
    calls = max(1, round(ROUND / max(1e-7, min(seconds(one, 1), seconds(one, 1)))))
    ratios = sorted(seconds(one, calls) / max(1e-9, seconds(other, calls)) for _ in range(rounds))
    return ratios[(3 * (rounds - 1) + 3) // 4]


def _difference(schedule: Any, other: Any) -> dict[str, int]:
    before = numbers(schedule)
    return {name: value for name, value in numbers(other).items() if value != before[name]}


def _with(best: Mapping[str, Changes], choice: Choice, fields: Mapping[str, int]) -> dict[str, Changes]:
    return {**best, choice.key: {**best.get(choice.key, {}), choice.template: fields}}


def _arrays(results: Any) -> list[NDArray[Any]]:
    return [np.array(each) for each in (results if isinstance(results, tuple) else (results,))]


def _agree(found: Sequence[NDArray[Any]], expected: Sequence[NDArray[Any]]) -> bool:
    """Whether results are equal, floats but for rounding."""
    for one, other in zip(found, expected, strict=True):
        if other.dtype.kind in "biu":
            same = np.array_equal(one, other)
        else:
            a, b = one.astype(np.float64), other.astype(np.float64)
            largest = np.abs(b[np.isfinite(b)]).max(initial=0)
            same = np.allclose(a, b, rtol=0, atol=TOLERANCE * largest, equal_nan=True)
        if not same:
            return False
    return True
