# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles models of all families of kernels for a chip, and holds what their threads need under a budget.

`budgets.py nvidia:sm_80` prints the family of a model, its kernels, and what each needs; the status is 1 where one
spills, or takes more registers than a family's kernels may.
"""

import argparse
import sys
from collections.abc import Callable
from typing import Any

import mograph as mo
from mograph.graph import Graph, TensorSpec, ops

MOST = {"nvidia": 255, "amd": 512}
"""Registers that a thread may have."""

Case = tuple[int | None, Callable[..., Any], list[tuple[list[Any], str]]]
"""How many registers kernels may take, None for as many as there are; what is computed, and of what."""


def square(extent: Any, dtype: str) -> list[tuple[list[Any], str]]:
    """Two factors of a product."""
    return [([extent, extent], dtype), ([extent, extent], dtype)]


def heads(length: Any, size: int, dtype: str) -> list[tuple[list[Any], str]]:
    """Queries, keys and values."""
    return [([2, 16, length, size], dtype)] * 3


CASES: dict[str, Case] = {
    "elementwise": (40, ops.gelu, [([4096, 4096], "f32")]),
    "elementwise of narrow floats": (48, ops.gelu, [([4096, 4096], "bf16")]),
    "elementwise of unknown extents": (48, lambda x, y: ops.gelu(x) * y, [(["n", "m"], "f16"), (["m"], "f16")]),
    "rows in registers": (64, ops.softmax, [([16384, 1024], "f32")]),
    "norms of rows": (64, ops.rms_norm, [([4096, 4096], "bf16")]),
    "rows of unknown extents": (80, ops.softmax, [(["n", "m"], "f16")]),
    "rows in parts": (64, lambda x: ops.reduce_add(x, [1]), [([16, 1 << 20], "f32")]),
    "columns": (64, lambda x: ops.reduce_max(x, [0]), [([4096, 4096], "f16")]),
    "places of maxima": (64, lambda x: ops.reduce_arg_max(x, 1), [([4096, 512], "f32")]),
    "transposition": (40, lambda x: ops.transpose(x, [1, 0]), [([4096, 512], "f16")]),
    "gather": (40, ops.gather, [([30000, 512], "f16"), ([4096], "si64")]),
    "scan": (48, lambda x: ops.cumsum(x, 1), [([64, 5000], "f32")]),
    "sort": (48, ops.sort, [([64, 5000], "f32")]),
    "pooling": (64, lambda x: ops.avg_pool(x, [3, 3]), [([8, 64, 57, 57], "f32")]),
    "product of f64": (216, ops.matmul, square(1024, "f64")),
    "product of f32": (176, ops.matmul, square(4096, "f32")),
    "small product of f32": (128, ops.matmul, square(512, "f32")),
    "product of f16": (None, ops.matmul, square(4096, "f16")),
    "product of unknown extents": (None, ops.matmul, [(["m", "k"], "bf16"), (["k", "n"], "bf16")]),
    "product at odd addresses": (None, ops.matmul, square(1023, "f16")),
    "shared sums": (128, ops.matmul, [([64, 8192], "bf16"), ([8192, 64], "bf16")]),
    "convolution": (176, ops.conv, [([8, 64, 56, 56], "f32"), ([64, 64, 3, 3], "f32")]),
    "attention of f32": (128, ops.attention, heads(1024, 64, "f32")),
    "attention of f16": (None, ops.attention, heads(1024, 64, "f16")),
    "attention of large heads": (None, lambda *x: ops.attention(*x, causal=True), heads(1024, 128, "bf16")),
    "attention of few": (None, ops.attention, heads(16, 128, "bf16")),
}


def graph_of(case: Case) -> Any:
    """The module of a case."""
    _, function, specs = case
    inputs = {f"x{number}": TensorSpec(shape, dtype) for number, (shape, dtype) in enumerate(specs)}
    with Graph("f", inputs=inputs) as graph:
        graph.output(function(*graph.inputs))
    return graph.module


def main() -> int:
    """Prints what kernels need."""
    parser = argparse.ArgumentParser()
    parser.add_argument("device")
    parser.add_argument("--only", default="", help="cases that have this in their names")
    options = parser.parse_args()
    most = MOST[options.device.partition(":")[0]]
    status = 0
    for name, case in CASES.items():
        if options.only not in name:
            continue
        budget = most if case[0] is None or most > MOST["nvidia"] else case[0]
        for kernel, needs in mo.build(graph_of(case), device=options.device)._code.image.kernels.items():
            fits = needs.registers <= budget and needs.spills == 0
            verdict = "fits" if fits else f"expected {budget} registers or fewer, and none spilled"
            print(f"{name}: {kernel}: {needs.registers} registers, {needs.spills} bytes spilled: {verdict}", flush=True)
            status |= not fits
    return status


if __name__ == "__main__":
    sys.exit(main())
