# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What each target does with each operation and dtype: writes docs/operations-on-targets.md.

    python scripts/targets_table.py                 # all operations, dtypes and targets: takes half an hour
    python scripts/targets_table.py --only 'mo.add' # operations that a pattern matches, printed

A graph of one operation is drawn for each dtype of its first operand, as the differential fuzzer draws them. For
devices that are there, it is run and compared with the references; for chips, it is compiled. Each part of the work
runs in a process of its own: what ends that is a finding, too.
"""

import argparse
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "operations-on-targets.md"
DEVICES = ("cpu", "opencl:0")
CHIPS = ("nvidia:sm_90a", "amd:gfx942", "amd:gfx1100")
DTYPES = (
    *("i1", "si8", "si16", "si32", "si64", "ui8", "ui16", "ui32", "ui64"),
    *("f8E4M3FN", "f8E5M2", "f16", "bf16", "f32", "f64"),
)
SEEDS = 60
"""How often an operation is drawn, to see it with every dtype that it takes."""
PART = 40
EXECUTED, COMPILED = "x", "c"
sys.path.insert(0, str(ROOT / "tests" / "fuzz"))


def main() -> int:
    """Writes the page, or prints the rows of some operations."""
    parser = argparse.ArgumentParser(description="The table of operations, dtypes and targets.")
    parser.add_argument("--only", metavar="PATTERN", help="print the rows of operations whose names match")
    parser.add_argument("--part", nargs=2, help=argparse.SUPPRESS)  # the target and the cases of a process
    options = parser.parse_args()
    if options.part is not None:
        for name, seed in json.loads(options.part[1]):
            print(json.dumps([name, seed, ""]), flush=True)
            print(json.dumps([name, seed, outcome(options.part[0], name, seed)]), flush=True)
        return 0
    cases = list(drawn_cases(re.compile(options.only or "")))
    found = {target: dict(outcomes(target, cases)) for target in (*DEVICES, *CHIPS)}
    lines = list(page(cases, found))
    if options.only is not None:
        print("\n".join(lines))
    else:
        PAGE.write_text("\n".join([*lines, ""]))
    return 0


def drawn_cases(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, int]]:
    """Operation, dtype and seed of each graph."""
    from campaign import one
    from recipes import DRAWN

    for name in filter(pattern.search, DRAWN):
        seen: set[str] = set()
        for seed in range(SEEDS):
            dtype = _dtype(one(name, seed, 0).text, name)
            if dtype not in seen:
                seen.add(dtype)
                yield name, dtype, seed


def _dtype(text: str, name: str) -> str:
    """The dtype of the first tensor in the type of the operation, which is drawn last."""
    line = next(line for line in reversed(text.splitlines()) if f" {name} " in f"{line} " or f"= {name}" in line)
    dtypes = re.findall(r"!mo\.tensor<\[[^\]]*\], ([a-zA-Z0-9]+)", line)
    return dtypes[0] if dtypes else ""


def outcomes(target: str, cases: Sequence[tuple[str, str, int]]) -> Iterator[tuple[tuple[str, int], str]]:
    """What becomes of each case; what ends a process is left out of the next one."""
    left = [(name, seed) for name, _, seed in cases]
    while left:
        command = [sys.executable, __file__, "--part", target, json.dumps(left[:PART])]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('["mo.')]
        results = {(name, seed): result or "ends the process" for name, seed, result in said}
        if not results:
            raise RuntimeError(done.stderr)
        yield from results.items()
        left = [case for case in left if case not in results]


def outcome(target: str, name: str, seed: int) -> str:
    """Of a case on a target: executed, compiled, or the reason."""
    from campaign import check, one

    import mograph

    graph = one(name, seed, 0)
    try:
        artifact = mograph.build(graph.text, device=target)
        if target not in CHIPS:
            check(graph, artifact.initialize())
    except Exception as error:
        return " ".join(str(error).split())[:200]
    return COMPILED if target in CHIPS else EXECUTED


def page(cases: Sequence[tuple[str, str, int]], found: dict[str, dict[tuple[str, int], str]]) -> Iterator[str]:
    """The lines of the page."""
    of_op: dict[str, dict[str, int]] = defaultdict(dict)
    for name, dtype, seed in cases:
        of_op[name][dtype] = seed
    reasons: list[str] = []
    yield "# Operations on targets"
    yield ""
    yield "Written by `scripts/targets_table.py`. `x`: compiled, executed, equal to the reference; `c`: compiled for"
    yield "the chip. A number is a reason, listed at the end. The dtype is that of the first operand; where there is no"
    yield "entry, no graph was drawn."
    for target, results in found.items():
        total = [results[name, seed] for name, _, seed in cases]
        good = sum(each in (EXECUTED, COMPILED) for each in total)
        yield ""
        yield f"## {target}: {good} of {len(total)}"
        yield ""
        yield f"| operation | {' | '.join(DTYPES)} |"
        yield "| --- |" + " --- |" * len(DTYPES)
        for name, seeds in of_op.items():
            marks = [_mark(results[name, seeds[dtype]], reasons) if dtype in seeds else "" for dtype in DTYPES]
            yield f"| `{name}` | {' | '.join(marks)} |"
    if reasons:
        yield ""
        yield "## Reasons"
        yield ""
        yield from (f"{number}. `{reason}`" for number, reason in enumerate(reasons, 1))


def _mark(result: str, reasons: list[str]) -> str:
    if result in (EXECUTED, COMPILED):
        return result
    alike = re.sub(r"<string>|%\d+|\d+", "_", result.replace("`", "'"))
    if alike not in reasons:
        reasons.append(alike)
    return str(reasons.index(alike) + 1)


if __name__ == "__main__":
    sys.exit(main())
