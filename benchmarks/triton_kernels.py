# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Kernels in Triton that do the work of the graphs of `gpu_compile`: what one would write first."""

from typing import Any

import triton
import triton.language as tl


@triton.jit
def elementwise(x_ptr, w_ptr, out_ptr, columns, block: tl.constexpr):
    row, start = tl.program_id(0), tl.program_id(1) * block
    at = start + tl.arange(0, block)
    there = at < columns
    x = tl.load(x_ptr + row * columns + at, mask=there)
    y = x + tl.load(w_ptr + at, mask=there)
    gelu = 0.5 * y * (1 + tl.erf(y * 0.7071067811865476))
    tl.store(out_ptr + row * columns + at, gelu * x, mask=there)


@triton.jit
def matmul(a_ptr, b_ptr, c_ptr, m, n, k, bm: tl.constexpr, bn: tl.constexpr, bk: tl.constexpr):
    rows = tl.program_id(0) * bm + tl.arange(0, bm)
    columns = tl.program_id(1) * bn + tl.arange(0, bn)
    depth = tl.arange(0, bk)
    a = a_ptr + rows[:, None] * k + depth[None, :]
    b = b_ptr + depth[:, None] * n + columns[None, :]
    total = tl.zeros((bm, bn), dtype=tl.float32)
    for start in range(0, k, bk):
        left = tl.load(a, mask=(rows[:, None] < m) & (start + depth[None, :] < k), other=0.0)
        right = tl.load(b, mask=(start + depth[:, None] < k) & (columns[None, :] < n), other=0.0)
        total = tl.dot(left, right, total)
        a += bk
        b += bk * n
    inside = (rows[:, None] < m) & (columns[None, :] < n)
    tl.store(c_ptr + rows[:, None] * n + columns[None, :], total.to(tl.bfloat16), mask=inside)


KERNELS: dict[str, tuple[Any, dict[str, str], dict[str, int], dict[str, int]]] = {
    "elementwise": (
        elementwise,
        {"x_ptr": "*fp32", "w_ptr": "*fp32", "out_ptr": "*fp32", "columns": "i32", "block": "constexpr"},
        {"block": 1024},
        {},
    ),
    "matmul": (
        matmul,
        {
            **dict.fromkeys(("a_ptr", "b_ptr", "c_ptr"), "*bf16"),
            **dict.fromkeys(("m", "n", "k"), "i32"),
            **dict.fromkeys(("bm", "bn", "bk"), "constexpr"),
        },
        {"bm": 128, "bn": 256, "bk": 64},
        {"num_warps": 8, "num_stages": 3},
    ),
}
"""By name: the function, the types of its arguments, its constants, and options of the compiler."""
