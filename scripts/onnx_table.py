# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs ONNX's backend suite: `python scripts/onnx_table.py --run '^test_add'` runs the cases whose names a pattern is
found in, and lists what fails by what is wrong, the most frequent first.
"""

import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "plugins" / "onnx"))


def main() -> int:
    """Run the cases; the status is 1 when one fails."""
    parser = argparse.ArgumentParser(description="Run ONNX's backend suite.")
    parser.add_argument("--run", metavar="PATTERN", default="", help="the cases to run (default: all)")
    pattern = re.compile(parser.parse_args().run)

    import backend_suite

    chosen = [case for key, case in backend_suite.cases().items() if pattern.search(key)]
    failures: dict[str, list[str]] = defaultdict(list)
    for case in chosen:
        try:
            backend_suite.run(case)
        except Exception as error:
            said = " ".join(str(error).split())
            failures[re.sub(r"'[^']*'|\d+", "_", f"{type(error).__name__}: {said}")[:160]].append(
                f"{case.key}: {said[:400]}"
            )
    for lines in sorted(failures.values(), key=len, reverse=True):
        print(f"{len(lines)} cases, as", *lines[:2], sep="\n  ")
    failed = sum(map(len, failures.values()))
    print(f"{len(chosen) - failed} of {len(chosen)} passed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
