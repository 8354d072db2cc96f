# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Holds the compiler and its tools to what they may take: `python benchmarks/limits.py [--json FILE] [NAME...]`."""

import argparse
import sys
import tempfile
from pathlib import Path

import building
import compiler
import harness
import opt
import patterns
import scaling

MODULES = (opt, patterns, building, compiler, scaling)


def main() -> int:
    """Run all, or those whose name has one of the words in it; the status is 1 when one is above its limit."""
    parser = argparse.ArgumentParser(description="Run the benchmarks.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="run those whose name has this in it; all by default")
    parser.add_argument("--rounds", type=int, help="how often to time each, instead of its own number")
    parser.add_argument("--json", type=Path, help="write the run to this file")
    options = parser.parse_args()

    results = []
    with tempfile.TemporaryDirectory() as scratch:
        for module in MODULES:
            for benchmark in module.benchmarks(Path(scratch)):
                if not options.names or any(name in benchmark.name for name in options.names):
                    results.append(harness.measure(benchmark, options.rounds))
                    print(results[-1], flush=True)
    if not results:
        parser.error(f"no benchmark has one of {options.names} in its name")
    if options.json:
        harness.write(results, options.json)
    return int(any(result.figure > result.limit for result in results))


if __name__ == "__main__":
    sys.exit(main())
