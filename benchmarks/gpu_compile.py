# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cold compile time of kernels for a GPU, beside Triton's; no GPU is needed.

    python benchmarks/gpu_compile.py --peers-python PYTHON --json results/gpu-compile.json

Each time is of a process of its own, from the source in memory to a cubin, after imports: the text of a graph here, a
function of Triton there. `to PTX` is ours without `ptxas`. PYTHON is of an environment that has Triton.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness import Benchmark, Timer, measure, stopwatch, write

CHIP = 90
ELEMENTWISE = """
mo.graph @f(%x: !mo.tensor<[4096, 4096], f32>, %w: !mo.tensor<[4096], f32>) -> !mo.tensor<[4096, 4096], f32> {
  %y = mo.add %x, %w : !mo.tensor<[4096, 4096], f32>, !mo.tensor<[4096], f32>
  %z = mo.gelu %y : !mo.tensor<[4096, 4096], f32>
  %r = mo.mul %z, %x : !mo.tensor<[4096, 4096], f32>, !mo.tensor<[4096, 4096], f32>
  mo.output %r : !mo.tensor<[4096, 4096], f32>
}"""
MATMUL = """
mo.graph @f(%a: !mo.tensor<[4096, 4096], bf16>, %b: !mo.tensor<[4096, 4096], bf16>) -> !mo.tensor<[4096, 4096], bf16> {
  %r = mo.matmul %a, %b : !mo.tensor<[4096, 4096], bf16>, !mo.tensor<[4096, 4096], bf16>
  mo.output %r : !mo.tensor<[4096, 4096], bf16>
}"""
GRAPHS = {"elementwise": ELEMENTWISE, "matmul": MATMUL}


def ours(kernel: str, ptx_only: bool) -> float:
    """Seconds from a graph's text to an artifact."""
    from mograph import build
    from mograph.engine.preload import preload
    from mograph.targets.nvidia import emit

    device = f"nvidia:sm_{CHIP}a"
    if ptx_only:
        vars(emit)["find_ptxas"] = lambda: None
    preload(device)
    with stopwatch() as elapsed:
        build(GRAPHS[kernel], device=device)
    return elapsed()


def triton(kernel: str) -> float:
    """Seconds from a function of Triton to a cubin."""
    from triton import compile as compile_
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource
    from triton_kernels import KERNELS

    function, signature, constants, options = KERNELS[kernel]
    source = ASTSource(fn=function, signature=signature, constexprs=constants)
    with stopwatch() as elapsed:
        compile_(source, target=GPUTarget("cuda", CHIP, 32), options=options)
    return elapsed()


def in_process(python: str, *line: str) -> Timer:
    """A timer of what a process of its own says that it took, without caches of earlier ones."""

    def run() -> float:
        with tempfile.TemporaryDirectory() as scratch:
            caches = {"TRITON_CACHE_DIR": scratch, "MOGRAPH_OBJECTS": ""}
            done = subprocess.run(
                [python, __file__, *line], capture_output=True, text=True, env={**os.environ, **caches}
            )
        if done.returncode:
            sys.exit(f"{' '.join(line)} failed with status {done.returncode}:\n{done.stderr[-2000:]}")
        return float(json.loads(done.stdout.splitlines()[-1]))

    return run


def main() -> int:
    """Times each kernel, or one in this process."""
    parser = argparse.ArgumentParser(description="Cold compile time of kernels for a GPU.")
    parser.add_argument("--peers-python", default=sys.executable, help="an interpreter that has Triton")
    parser.add_argument("--json", type=Path, help="where to write the run")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        who, kernel = options.one
        run: dict[str, Callable[[], Any]] = {
            "ours": lambda: ours(kernel, False),
            "ptx": lambda: ours(kernel, True),
            "triton": lambda: triton(kernel),
        }
        print(json.dumps(run[who]()))
        return 0
    results = []
    for kernel, limit in (("elementwise", 0.05), ("matmul", 0.5)):
        here, there = (
            in_process(python, "--one", who, kernel)
            for python, who in ((sys.executable, "ours"), (options.peers_python, "triton"))
        )
        ptx = in_process(sys.executable, "--one", "ptx", kernel)
        for benchmark in (
            Benchmark(f"{kernel} to PTX", ptx, 1e3 * limit, unit="ms", scale=1e-3, rounds=options.rounds),
            Benchmark(f"{kernel} to a cubin", here, 1, there, "ms", 1e-3, options.rounds),
        ):
            results.append(measure(benchmark))
            print(results[-1], flush=True)
    if options.json is not None:
        write(results, options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
