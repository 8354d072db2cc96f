# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The pass `mogg-bufferize`."""

from typing import Any

from mograph.transforms.kit import Pass

__all__ = ["Bufferize"]

# Kernels take buffers without strides, and results of programs are such: so a kernel is compiled once.
PASSES = ",".join(
    (
        "eliminate-empty-tensors",
        "one-shot-bufferize{bufferize-function-boundaries allow-return-allocs-from-loops"
        " function-boundary-type-conversion=identity-layout-map buffer-alignment=64}",
        "drop-equivalent-buffer-results",
        "buffer-deallocation-pipeline",
        "convert-bufferization-to-memref",
        "canonicalize",
        "cse",
    )
)


class Bufferize(
    Pass, name="mogg-bufferize", anchor="builtin.module", dialects=("bufferization", "func", "memref", "mogg", "scf")
):
    """Turn programs and kernels on tensors into such on buffers.

    Upstream's bufferisation decides what is written in place and what is copied, and its deallocation where a buffer is
    given back. Programs then have `mogg.alloc`, `mogg.copy`, `mogg.view` and `mogg.dealloc`; kernels write to the
    buffers of their `out` arguments and return nothing but scalars and what they allocate themselves.
    """

    def run(self, op: Any) -> None:
        """Convert the module `op`."""
        from mograph.transforms.mogg._buffer_programs import Restorer
        from mograph.transforms.mogg._functions import to_functions

        restorer = Restorer(op)
        to_functions(op, inline=-1)
        self.run_pipeline(PASSES, op)
        restorer.restore()
