# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A run as plain data: what was measured, against the best peer and the limits of the machine, on what, by whom."""

import datetime
import json
import math
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness import machine

from suite.comparison import Comparison, Measured, Settings
from suite.peers import OURS, THREADS
from suite.row import Row

Result = dict[str, Any]


def result(row: Row, measured: Mapping[str, Measured]) -> Result:
    """Give a row: its peers' times, the best of them, our ratio to that, and how much of the limit we attain."""
    peers = {name: _peer(each) for name, each in measured.items()}
    times = {name: each.seconds for name, each in measured.items() if each.seconds is not None}
    others = {name: seconds for name, seconds in times.items() if name != OURS}
    best = min(others, key=others.__getitem__, default=None)
    ours = times.get(OURS)
    ratio = ours / others[best] if ours is not None and best is not None else None
    return {
        "name": row.name,
        "measured": row.measured,
        "best peer": best,
        "ratio": ratio,
        "attained": _attained(row, measured[OURS]) if ours is not None else None,
        "peers": peers,
    }


def _peer(measured: Measured) -> dict[str, Any]:
    if measured.why is not None:
        return {"seconds": None, "why": measured.why}
    told: dict[str, Any] = {"seconds": measured.seconds, "best": measured.best, "rounds": measured.rounds}
    return told if measured.compile is None else {**told, "compile": measured.compile}


def _attained(row: Row, ours: Measured) -> dict[str, Any] | None:
    """Give the rate, and the median over the rounds of what part it is of the limit just before."""
    if row.limit is None or not ours.limits:
        return None
    work = row.flops or row.moved
    parts = [work / seconds / limit for seconds, limit in zip(ours.rounds, ours.limits, strict=True)]
    return {"limit": row.limit, "rate": work / statistics.median(ours.rounds), "part": statistics.median(parts)}


def mean_ratio(results: Sequence[Result]) -> float | None:
    """Give the geometric mean of our ratios to the best peer, over the rows of running times that have one."""
    ratios = [result["ratio"] for result in results if result["measured"] == "run" and result["ratio"] is not None]
    return math.exp(math.fsum(map(math.log, ratios)) / len(ratios)) if ratios else None


def run(
    results: Sequence[Result], limits: Mapping[str, float], comparison: Comparison, settings: Settings, load: float
) -> dict[str, Any]:
    """Put a run together."""
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).date().isoformat(),
        "machine": {**machine(), "load before": load},
        "limits": dict(limits),
        "settings": {"threads": THREADS, "rounds": settings.rounds, "seconds": settings.seconds},
        "versions": comparison.versions,
        "missing": comparison.missing,
        "results": list(results),
    }


def write(run: Mapping[str, Any], path: Path) -> None:
    """Write a run as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(run, indent=1) + "\n")
