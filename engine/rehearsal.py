# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A compilation for nothing but what the libraries do once in a process, by a thread beside the imports of Python.

The first use of MLIR's passes and of LLVM's code generator reads their code from the files, page by page, and makes
tables; a small model's compilation is half of that. None of it needs Python, whose modules take another processor
longer than this takes.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import mlir._mlir_libs  # noqa: F401  # registers upstream's passes

from mograph import _llvm, _native
from mograph.targets.cpu.host import this_host

__all__ = ["rehearse", "rehearsed"]

LEVEL = 2  # of code generation, that of kernels

# Operations and passes that nearly all models come to. What costs less than it saves is not here.
_MODULE = """
func.func @f(%a: tensor<16xf32>) -> tensor<16xf32> {
  %empty = tensor.empty() : tensor<16xf32>
  %sum = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                         iterator_types = ["parallel"]} ins(%a : tensor<16xf32>) outs(%empty : tensor<16xf32>) {
  ^bb0(%x: f32, %y: f32):
    %s = arith.addf %x, %x : f32
    linalg.yield %s : f32
  } -> tensor<16xf32>
  return %sum : tensor<16xf32>
}
"""

_PASSES = (
    "convert-elementwise-to-linalg,linalg-generalize-named-ops,canonicalize,cse,eliminate-empty-tensors,"
    "one-shot-bufferize{bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map},"
    "drop-equivalent-buffer-results,canonicalize,cse,convert-linalg-to-loops,convert-scf-to-cf,"
    "func.func(expand-strided-metadata),func.func(lower-affine),convert-vector-to-llvm,arith-expand,"
    "convert-arith-to-llvm,convert-index-to-llvm,finalize-memref-to-llvm,convert-func-to-llvm,convert-cf-to-llvm,"
    "reconcile-unrealized-casts"
)


@contextmanager
def rehearsed() -> Iterator[None]:
    """Rehearse while what is within goes on, where there is a processor for it."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if processors < 2:
        yield
        return
    thread = Thread(target=_quietly)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _quietly() -> None:
    with suppress(ValueError):  # what fails here is told when something is compiled
        rehearse()


def rehearse() -> None:
    """Compile what stands above for this processor. Raises ValueError where that fails."""
    host = this_host()
    _llvm.emit(_native.rehearse(_MODULE, _PASSES), host.triple, host.name, host.features, LEVEL)
