# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""`mo-opt` against upstream's `mlir-opt`: how long it takes to start, and to clean up 100,000 operations."""

import importlib.util
import os
import random
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from harness import Benchmark, command

OPERATIONS = 100_000


def mo_opt() -> str:
    """Find our tool, of this Python's environment if it is there."""
    found = shutil.which("mo-opt", path=os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]]))
    assert found is not None, f"there is no mo-opt beside {sys.executable}"
    return found


def mlir_opt() -> str:
    """Find upstream's tool in its wheel, without importing MLIR."""
    spec = importlib.util.find_spec("mlir")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return os.path.join(spec.submodule_search_locations[0], "bin", "mlir-opt")


def straight_line(operations: int) -> Iterator[tuple[str, int, int]]:
    """Give a program as (operation, left, right): each uses values near before it; 0 and 1 are the arguments.

    The same for each dialect and every run. Some of its operations are equal to earlier ones and some are never used,
    so that cse and canonicalize have work to do and work to leave.
    """
    draw = random.Random(0)
    for index in range(operations):
        low = max(0, index - 6)
        yield draw.choice(("add", "sub", "mul")), draw.randint(low, index + 1), draw.randint(low, index + 1)


def arith_program(operations: int = OPERATIONS) -> str:
    """Write it with upstream's arith, in one function."""
    lines = [
        f"  %{index + 2} = arith.{kind}f %{left}, %{right} : tensor<4xf32>"
        for index, (kind, left, right) in enumerate(straight_line(operations))
    ]
    head = "func.func @f(%0: tensor<4xf32>, %1: tensor<4xf32>) -> tensor<4xf32> {"
    return "\n".join([head, *lines, f"  return %{operations + 1} : tensor<4xf32>", "}", ""])


def mo_program(operations: int = OPERATIONS) -> str:
    """Write it with mo, in one graph."""
    lines = [
        f"  %{index + 2} = mo.{kind} %{left}, %{right} : !mo.tensor<[4], f32>"
        for index, (kind, left, right) in enumerate(straight_line(operations))
    ]
    head = "mo.graph @f(%0: !mo.tensor<[4], f32>, %1: !mo.tensor<[4], f32>) -> !mo.tensor<[4], f32> {"
    return "\n".join([head, *lines, f"  mo.output %{operations + 1} : !mo.tensor<[4], f32>", "}", ""])


def benchmarks(scratch: Path) -> Iterator[Benchmark]:
    """Cold start, and `-canonicalize -cse` on arith and on mo."""
    ours, upstream = mo_opt(), mlir_opt()
    yield Benchmark("start", command(ours, "--version"), 8, command(upstream, "--version"), "ms", 1e-3, rounds=21)

    arith, mo = scratch / "arith.mlir", scratch / "mo.mlir"
    arith.write_text(arith_program())
    mo.write_text(mo_program())
    clean_up = ("-canonicalize", "-cse", "-o", os.devnull)
    theirs = command(upstream, str(arith), *clean_up)
    yield Benchmark("clean up arith", command(ours, str(arith), *clean_up), 1.3, theirs)
    yield Benchmark("clean up mo", command(ours, str(mo), *clean_up), 2, theirs)
