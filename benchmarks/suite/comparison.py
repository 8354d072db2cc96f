# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One run: each row by all peers, in turn, once their results agree.

A row's inputs and weights are files that all workers map. The results of the first peer are what the others' are held
to, our own last, and one whose results differ is not timed. Between requests the machine rests, so that the threads of
the one before have gone to sleep. In each round, what the machine can do at most is measured just before our own turn.
"""

import shutil
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suite.limits import Limits
from suite.peers import OURS
from suite.process import Process, WorkerError
from suite.row import Row, store

REST = 0.02


@dataclass
class Measured:
    """What one peer gave for one row: the seconds of each round, or why there are none; for our own also the limit of
    the row, as it was in each round.
    """

    rounds: list[float] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    best: float = float("inf")
    compile: float | None = None
    why: str | None = None

    @property
    def seconds(self) -> float | None:
        """The median of the rounds, each of which is a median itself."""
        return statistics.median(self.rounds) if self.rounds else None


@dataclass(frozen=True)
class Settings:
    """How a run is done: the peers and the interpreter of each, how often, for how long, and who waits for how long."""

    pythons: Mapping[str, str]
    rounds: int = 5
    seconds: float = 0.2
    limit: float = 240


class Comparison:
    """The workers of a run, of which one that fails is started again for the next row."""

    def __init__(self, settings: Settings, scratch: Path, limits: Limits) -> None:
        self._settings = settings
        self._limits = limits
        self._scratch = scratch
        self._workers: dict[str, Process] = {}
        self.versions: dict[str, dict[str, str]] = {}
        self.missing: dict[str, str] = {}
        for name in settings.pythons:
            self._worker(name)

    def __enter__(self) -> "Comparison":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers.values():
            worker.end()

    @property
    def peers(self) -> list[str]:
        """Name those that there are: the one whose results are the reference first, and us last."""
        there = [name for name in self._settings.pythons if name not in self.missing]
        return sorted(there, key=lambda name: name == OURS)

    def row(self, row: Row) -> dict[str, Measured]:
        """Measure a row."""
        folder = self._scratch / "row"
        inputs, weights = row.draw()
        store(inputs, folder / "inputs")
        store(weights, folder / "weights")
        try:
            if row.measured == "run":
                return self._running(row, folder)
            return self._compiling(row, folder)
        finally:
            shutil.rmtree(folder)

    def _running(self, row: Row, folder: Path) -> dict[str, Measured]:
        measured = {name: Measured() for name in self.peers}
        reference: list[NDArray[Any]] | None = None
        for name, result in measured.items():
            own = folder / name
            try:
                self._ask(name, "export", row=row.name, folder=str(folder))
                told = self._ask(name, "prepare", row=row.name, folder=str(folder), results=str(own))
                result.compile = told["compile"]
                results = list(_results(own))
                reference = reference or results
                result.why = differs(row, results, reference)
            except WorkerError as error:
                result.why = str(error)
            shutil.rmtree(own, ignore_errors=True)
        for _ in range(self._settings.rounds):
            for name, result in measured.items():
                if result.why is None:
                    if name == OURS and row.limit is not None:
                        self._limit(row.limit, result)
                    self._time(name, result)
        for name, worker in self._workers.items():
            if name in measured and worker.alive:
                self._ask(name, "drop")
        return measured

    def _limit(self, name: str, result: Measured) -> None:
        time.sleep(REST)
        limit = self._limits.measure(name)
        if name == "fma":
            self._limits.measure("fma_loads")
        if limit is not None:
            result.limits.append(limit)

    def _time(self, name: str, result: Measured) -> None:
        time.sleep(REST)
        try:
            times = self._ask(name, "time", seconds=self._settings.seconds)["times"]
        except WorkerError as error:
            result.why, result.rounds = str(error), []
            return
        result.rounds.append(statistics.median(times))
        result.best = min(result.best, *times)

    def _compiling(self, row: Row, folder: Path) -> dict[str, Measured]:
        """Measure in processes of their own, so that nothing is warm; those that compile nothing have no such row."""
        measured = {name: Measured() for name in self.peers if name not in ("numpy", "torch")}
        for name, result in measured.items():
            try:
                self._ask(name, "export", row=row.name, folder=str(folder))
            except WorkerError as error:
                result.why = str(error)
        for _ in range(self._settings.rounds):
            for name, result in measured.items():
                if result.why is None:
                    try:
                        result.rounds.append(self._cold(name, row, folder))
                        result.best = min(result.rounds)
                    except WorkerError as error:
                        result.why, result.rounds = str(error), []
        return measured

    def _cold(self, name: str, row: Row, folder: Path) -> float:
        worker = Process(name, self._settings.pythons[name])
        try:
            if row.measured == "compile":
                worker.hello(self._settings.limit)
                return float(self._prepare(worker, row, folder)["compile"])
            self._prepare(worker, row, folder, hello=True)
            return time.perf_counter() - worker.started
        finally:
            worker.end()

    def _prepare(self, worker: Process, row: Row, folder: Path, hello: bool = False) -> dict[str, Any]:
        if hello:
            worker.hello(self._settings.limit)
        return worker.ask(self._settings.limit, "prepare", row=row.name, folder=str(folder))

    def _ask(self, name: str, do: str, **request: Any) -> dict[str, Any]:
        return self._worker(name).ask(self._settings.limit, do, **request)

    def _worker(self, name: str) -> Process:
        worker = self._workers.get(name)
        if worker is not None and worker.alive:
            return worker
        if worker is not None:
            worker.end()
        worker = self._workers[name] = Process(name, self._settings.pythons[name])
        told = worker.hello(self._settings.limit)
        if "missing" in told:
            self.missing[name] = told["missing"]
        else:
            self.versions[name] = worker.ask(self._settings.limit, "versions")["versions"]
        return worker


def _results(folder: Path) -> Iterator[NDArray[Any]]:
    for number in range(len(list(folder.iterdir()))):
        yield np.load(folder / f"{number}.npy")


def differs(row: Row, results: Sequence[NDArray[Any]], reference: Sequence[NDArray[Any]]) -> str | None:
    """Say how results differ from the reference, or None where they agree."""
    if len(results) != len(reference):
        return f"disagrees: {len(results)} results, expected {len(reference)}"
    for number, (found, expected) in enumerate(zip(results, reference, strict=True)):
        if found.shape != expected.shape:
            return f"disagrees: result {number} has the shape {found.shape}, expected {expected.shape}"
        if row.random:
            moments = found.mean(), found.std(), (found.astype(np.float64) ** 4).mean()
            if not np.allclose(moments, (0, 1, 3), atol=0.02):
                return f"disagrees: mean, deviation and fourth moment of result {number} are {moments}"
            continue
        error = np.abs(found.astype(np.float64) - expected).max(initial=0)
        allowed = row.tolerance * np.abs(expected).max(initial=0) if expected.dtype.kind == "f" else 0
        if not error <= allowed:
            return f"disagrees: result {number} is off by {error:.3g}, of which {allowed:.3g} are allowed"
    return None
