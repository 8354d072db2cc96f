# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The compiler from Python: how long one small graph takes from text to a callable, and how long a call takes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from harness import Benchmark, Timer, lazily, stopwatch

GRAPH = """
mo.graph @double(%x: !mo.tensor<[16], f32>) -> !mo.tensor<[16], f32> {
  %y = mo.add %x, %x : !mo.tensor<[16], f32>
  mo.output %y : !mo.tensor<[16], f32>
}
"""

# A process of its own for each round, so that nothing is warm.
COLD_COMPILE = f"""
import time
from mograph import compile
from mograph.engine.preload import preload
preload()
start = time.perf_counter()
compile({GRAPH!r})
print(time.perf_counter() - start)
"""
CALLS = 10_000


def cold_compile() -> float:
    """Compile in a fresh process, without stored code: the time after the import of the compiler, numpy and MLIR."""
    fresh = {**os.environ, "MOGRAPH_OBJECTS": ""}
    done = subprocess.run([sys.executable, "-c", COLD_COMPILE], capture_output=True, text=True, cwd="/", env=fresh)
    if done.returncode:
        sys.exit(f"compiling one operation failed:\n{done.stderr[-2000:]}")
    return float(done.stdout)


def calls() -> Timer:
    """Make a timer of many calls with 16 floats, by one compiled graph."""
    import numpy as np

    import mograph

    double = mograph.compile(GRAPH)
    x = np.arange(16, dtype=np.float32)

    def run() -> float:
        with stopwatch() as elapsed:
            for _ in range(CALLS):
                double(x)
        return elapsed()

    return run


def benchmarks(scratch: Path) -> Iterator[Benchmark]:
    """Cold compile of one operation, and a call."""
    yield Benchmark("compile one op, cold", cold_compile, 40, unit="ms", scale=1e-3)
    yield Benchmark("call with 16 floats", lazily(calls), 20, unit="us", scale=1e-6 * CALLS)
