# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A run as the page of the documentation that shows it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from suite.peers import OURS, PEERS
from suite.record import Result, mean_ratio
from suite.table import duration, rate

NOTE = "<!-- Written by scripts/performance.py from benchmarks/results/{}. -->"

INTRODUCTION = """\
# Performance

Compiled code and its peers: the same work in float32 on {threads} threads, measured by `benchmarks/run` in one run,
in which everybody takes turns. A time is the median of {rounds} rounds, each of which is the median of the calls in
{seconds:g} s. Each peer has a process of its own, so that their pools of threads do not disturb each other, and its
results must agree with the others' before anything is timed. Every peer gets the work as is usual for it: numpy as
whole arrays, torch as modules in evaluation mode, compiled by inductor with frozen weights, ONNX Runtime and OpenVINO
as ONNX models with weights in them, JAX as a function of weights and inputs, and IREE as the StableHLO that JAX makes
of that; the arrays are where each has its own. OpenVINO is told to compute in float32.

A ratio below 1 says that ours takes less time than the fastest peer. The geometric mean of the ratios is **{mean}**.
"""

LATER = "Measured in runs of their own, some minutes later, without the slowest peers: {}.\n"

ATTAINED = """\
## How much of the machine

The limits are measured in the same run by a C program: multiply-adds in registers, and reads, writes, copies and
additions of arrays of 32 MiB for each thread, with stores past the caches. A virtual machine's processors are now and
then a third faster, so that `benchmarks/run` compares each round of ours with the limit as it was just before, and
shows the median. Arrays that stay in the last cache go faster. Processors lower their clock where loads run beside
multiply-adds, as in every product of matrices: `fma_loads` is the rate of those with 10 loads from the first cache for
24 of them. What rows attain is told against `fma`. The limits below are medians of the run.

| limit | |
| --- | --- |
{limits}

![How much of the limit each row attains]({plots}/attained.svg)
"""

COMPILING = """\
## Compiling

A process of its own for each time. *compile* is from the text to a callable, after imports, with the weights in
place; *start* from the start of the process to the first result; *stored code* the same of what has been compiled
before, for those who can store it: the others compile again.

{table}

![Seconds to compile and to start]({plots}/compiling.svg)
"""

MACHINE = """\
## On what

{machine}

| | versions |
| --- | --- |
{versions}

`python -m pip install -r benchmarks/peers.txt` installs the peers, `benchmarks/run --json FILE` measures, and
`python scripts/performance.py` writes this page. `benchmarks/run --help` says how to choose rows and peers, and which
interpreter has these.
"""


def _later(rows: Sequence[str]) -> list[str]:
    """Which rows of a file are of another run than the others."""
    return [LATER.format("; ".join(rows))] if rows else []


def markdown(run: Mapping[str, Any], source: str, plots: str) -> str:
    """Write the page of a run, from the file `source`; `plots` is the folder that its plots are in."""
    settings, results = run["settings"], run["results"]
    running = [result for result in results if result["measured"] == "run"]
    compiling = [result for result in results if result["measured"] != "run"]
    mean = mean_ratio(running)
    parts = [
        NOTE.format(source),
        INTRODUCTION.format(
            threads=settings["threads"],
            rounds=settings["rounds"],
            seconds=settings["seconds"],
            mean="—" if mean is None else f"{mean:.2f}",
        ),
        *_later(settings.get("measured later", ())),
        table(running, run["versions"]),
        f"\n![Times of the peers, in ours]({plots}/ratios.svg)\n",
        ATTAINED.format(limits="\n".join(_limits(run["limits"])), plots=plots),
        COMPILING.format(table=table(compiling, run["versions"]), plots=plots),
        MACHINE.format(machine=_machine(run), versions="\n".join(_versions(run["versions"]))),
    ]
    if left_out := list(_left_out(run)):
        parts.append("## What is left out\n\n" + "\n".join(left_out) + "\n")
    return "\n".join(parts)


def table(results: Sequence[Result], there: Mapping[str, Any]) -> str:
    """Write results as a table of Markdown; the best peer of a row is in bold."""
    peers = [name for name in PEERS if name in there and name != OURS]
    lines = [
        f"| | {OURS} | ratio | {' | '.join(peers)} | of the limit |",
        f"| --- | --: | --: | {' | '.join('--:' for _ in peers)} | --: |",
    ]
    for result in results:
        cells = [f"**{_cell(result, name)}**" if name == result["best peer"] else _cell(result, name) for name in peers]
        ratio = "—" if result["ratio"] is None else f"{result['ratio']:.2f}"
        attained = rate(result["attained"]) if result["attained"] else ""
        lines.append(f"| {result['name']} | {_cell(result, OURS)} | {ratio} | {' | '.join(cells)} | {attained} |")
    return "\n".join(lines)


def _cell(result: Result, name: str) -> str:
    told = result["peers"].get(name)
    return "—" if told is None or told["seconds"] is None else duration(told["seconds"])


def _limits(limits: Mapping[str, float]) -> Iterator[str]:
    for name, value in limits.items():
        unit = "GFLOP/s" if name.startswith("fma") else "GB/s"
        yield f"| {name} | {value / 1e9:.3g} {unit} |"


def _machine(run: Mapping[str, Any]) -> str:
    machine = run["machine"]
    load = f"; {machine['load before']:.1f} processes were running before" if machine["load before"] >= 0.1 else ""
    return (
        f"{run['date']}: {machine['cpu']}, {machine['cores']} processors, {machine['memory_gib']:g} GiB, "
        f"{machine['system']}, Python {machine['python']}{load}."
    )


def _versions(versions: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    for name, packages in versions.items():
        yield f"| {name} | {', '.join(f'{package} {version}' for package, version in packages.items())} |"


def _left_out(run: Mapping[str, Any]) -> Iterator[str]:
    for name, why in run["missing"].items():
        yield f"- {name}: {why}"
    for result in run["results"]:
        for name, told in result["peers"].items():
            if told["seconds"] is None:
                first = told["why"].splitlines()[0] if told["why"] else "no reason given"
                yield f"- {result['name']}: {name}: {first[:160]}"
