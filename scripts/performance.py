# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes docs/performance.md and its plots from the run in benchmarks/results/; with --check, only says what is stale.

Drawing needs matplotlib, checking does not: a plot says which data it was drawn from.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from suite.page import markdown  # noqa: E402  (from the folder above)

RUN = ROOT / "benchmarks" / "results" / "comparison.json"
PAGE = ROOT / "docs" / "performance.md"
PLOTS = ROOT / "docs" / "performance"
NAMES = ("ratios.svg", "attained.svg", "compiling.svg")


def source(data: bytes) -> str:
    """Say in a plot which data it was drawn from."""
    return f"<!-- {RUN.name} {hashlib.sha256(data).hexdigest()} -->\n"


def main() -> int:
    """Write or check; the status is 1 when something is not current."""
    parser = argparse.ArgumentParser(description="Write the page on performance.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when something is not current")
    check = parser.parse_args().check

    data = RUN.read_bytes()
    run = json.loads(data)
    text = markdown(run, RUN.name, PLOTS.name)
    if check:
        stale = [] if PAGE.exists() and PAGE.read_text() == text else [PAGE]
        paths = [PLOTS / name for name in NAMES]
        stale += [path for path in paths if not path.exists() or not path.read_text().endswith(source(data))]
        for path in stale:
            print(f"{path.relative_to(ROOT)} is not current: run python scripts/performance.py", file=sys.stderr)
        return int(bool(stale))

    from suite.plots import draw

    PAGE.write_text(text)
    PLOTS.mkdir(exist_ok=True)
    for name, drawn in draw(run).items():
        lines = "".join(f"{line.rstrip()}\n" for line in drawn.splitlines())
        (PLOTS / name).write_text(lines + source(data))
    return 0


if __name__ == "__main__":
    sys.exit(main())
