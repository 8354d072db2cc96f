# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""ONNX's backend suite: writes what passes to docs/onnx.md, or checks that; or runs cases and lists what fails.

    python scripts/onnx_table.py                     # writes the tables
    python scripts/onnx_table.py --check             # fails when they are not current
    python scripts/onnx_table.py --run '^test_add'   # runs the cases in whose names a pattern is found

The tables follow from `tests/plugins/onnx/expectations.py`, which the tests hold every case to.
"""

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "onnx.md"
START, END = "<!-- the tables of scripts/onnx_table.py -->\n", "<!-- end of the tables -->\n"
sys.path.insert(0, str(ROOT / "tests" / "plugins" / "onnx"))


def main() -> int:
    """Write, check or run; the status is 1 when the page is not current, or a case fails."""
    parser = argparse.ArgumentParser(description="The tables of ONNX's backend suite in docs/onnx.md.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is not current")
    parser.add_argument("--run", metavar="PATTERN", help="run cases, and list those that fail by what is wrong")
    options = parser.parse_args()
    if options.run is not None:
        return run(re.compile(options.run))
    page = PAGE.read_text()
    before, after = page[: page.index(START) + len(START)], page[page.index(END) :]
    wanted = before + "".join(f"{line}\n" for line in tables()) + after
    if options.check and page != wanted:
        print("docs/onnx.md is not current: run python scripts/onnx_table.py", file=sys.stderr)
    elif page != wanted:
        PAGE.write_text(wanted)
    return int(options.check and page != wanted)


def run(pattern: re.Pattern[str]) -> int:
    """Run cases; the failures are shown by what is wrong, the most frequent first."""
    import backend_suite
    import expectations

    chosen = [case for key, case in backend_suite.cases().items() if pattern.search(key)]
    failures: dict[str, list[str]] = defaultdict(list)
    for case in chosen:
        try:
            backend_suite.run(case, shapes_only=case.key in expectations.RANDOM)
        except Exception as error:
            said = " ".join(str(error).split())
            alike = re.sub(r"'[^']*'|\d+", "_", f"{type(error).__name__}: {said}")[:160]
            failures[alike].append(f"{case.key}: {said[:400]}")
    for lines in sorted(failures.values(), key=len, reverse=True):
        print(f"{len(lines)} cases, as", *lines[:2], sep="\n  ")
    failed = sum(map(len, failures.values()))
    print(f"{len(chosen) - failed} of {len(chosen)} passed")
    return int(failed > 0)


def tables() -> Iterator[str]:
    """The lines of the tables."""
    from backend_suite import cases
    from expectations import RANDOM, excluded, failing

    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    opsets: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: dict[str, dict[str, list[str]]] = {"excluded": defaultdict(list), "failing": defaultdict(list)}
    for case in cases().values():
        why = {"excluded": excluded(case), "failing": failing(case.key)}
        state = next((each for each, reason in why.items() if reason), "passed")
        kinds[case.kind][state] += 1
        opsets[f"{case.domain} {case.opset}".strip()][state] += 1
        if state != "passed":
            reasons[state][why[state]].append(case.key)
    yield from counted("kind", kinds)
    yield ""
    yield from counted(
        "opset", dict(sorted(opsets.items(), key=lambda each: (len(each[0].split()), each[0].zfill(40))))
    )
    yield ""
    yield f"Of {len(RANDOM)} cases whose outputs are random by ONNX's specification, shapes and dtypes are compared:"
    yield f"{', '.join(f'`{key}`' for key in sorted(RANDOM))}."
    yield ""
    yield from listed("Cases that fail", "why", reasons["failing"])
    yield ""
    yield from listed("Cases that are excluded, and refused with an error", "they are about", reasons["excluded"])


def counted(title: str, rows: dict[str, Counter[str]]) -> Iterator[str]:
    """A table of counts, with their sums."""
    yield f"| {title} | passed | failing | excluded | all |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for name, counts in {**rows, "all": sum(rows.values(), Counter[str]())}.items():
        numbers = (counts["passed"], counts["failing"], counts["excluded"], counts.total())
        yield f"| {name} | {' | '.join(map(str, numbers))} |"


def listed(title: str, why: str, rows: dict[str, list[str]]) -> Iterator[str]:
    """A table of cases by reason."""
    yield f"| {title} | {why} |"
    yield "| --- | --- |"
    for reason, keys in sorted(rows.items()):
        yield f"| {', '.join(f'`{key}`' for key in sorted(keys))} | {reason} |"


if __name__ == "__main__":
    sys.exit(main())
