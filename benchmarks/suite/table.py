# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A run as text: one line a row."""

from collections.abc import Mapping, Sequence
from typing import Any

from suite.peers import OURS
from suite.record import Result, mean_ratio

NAME, CELL = 44, 13
UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"), (1e-9, "ns"))


def duration(seconds: float) -> str:
    """Write a time with three digits, in the unit that suits it."""
    scale, unit = next((each for each in UNITS if seconds >= each[0]), UNITS[-1])
    return f"{seconds / scale:#.3g}".rstrip(".") + f" {unit}"


def rate(attained: Mapping[str, Any]) -> str:
    """Write what was attained, and how much of the limit that is."""
    unit = "GFLOP/s" if attained["limit"] == "fma" else "GB/s"
    return f"{attained['rate'] / 1e9:.3g} {unit}, {attained['part']:.0%}"


def cell(result: Result, name: str) -> str:
    """Write one peer's time, or that it has none."""
    told = result["peers"].get(name)
    if told is None:
        return ""
    return "—" if told["seconds"] is None else duration(told["seconds"])


def head(peers: Sequence[str]) -> str:
    """Write the line above the rows."""
    columns = [OURS, *(name for name in peers if name != OURS)]
    return f"{'':{NAME}}" + "".join(f"{name:>{CELL}}" for name in columns) + f"{'ratio':>8}  of the limit"


def line(result: Result, peers: Sequence[str]) -> str:
    """Write a row."""
    columns = [OURS, *(name for name in peers if name != OURS)]
    ratio = f"{result['ratio']:8.2f}" if result["ratio"] is not None else f"{'—':>8}"
    attained = rate(result["attained"]) if result["attained"] else ""
    cells = "".join(f"{cell(result, name):>{CELL}}" for name in columns)
    return f"{result['name']:{NAME}}{cells}{ratio}  {attained}".rstrip()


def summary(run: Mapping[str, Any]) -> str:
    """Write the limits, the mean, and who could not do which row."""
    lines = [", ".join(f"{name} {value / 1e9:.4g} G/s" for name, value in run["limits"].items())]
    mean = mean_ratio(run["results"])
    if mean is not None:
        lines.append(f"geometric mean of the ratios to the best peer: {mean:.2f}")
    for result in run["results"]:
        for name, told in result["peers"].items():
            if told["seconds"] is None:
                lines.append(f"{result['name']}: {name}: {told['why'][:300]}")
    return "\n".join(lines)
