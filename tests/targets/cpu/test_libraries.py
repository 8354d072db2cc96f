# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Opaque kernels: functions of C that compiled code calls, of the runtime and of shared libraries."""

import shutil
import subprocess
from pathlib import Path

import mlir.ir as ir
import numpy as np
import pytest

from mograph.targets.cpu import CpuTarget
from mograph.targets.signature import Arg, Signature

CODE = """
#include <stdint.h>

const char *twice(const float *x, const int64_t *x_sizes, float *y, const int64_t *y_sizes, int64_t from, double by) {
  int64_t count = x_sizes[0] * x_sizes[1];
  if (y_sizes[0] != x_sizes[0] || y_sizes[1] != x_sizes[1]) return "sizes";
  for (int64_t i = 0; i < count; ++i) {
    if (x[i] < 0) return "twice: expected no negative number";
    y[i] = i < from ? x[i] : x[i] * by;
  }
  return 0;
}
"""
# The input is a view, which is copied: libraries see contiguous memory.
MODULE = """
func.func private @twice(tensor<?x2xf32> {{bufferization.access = "read"}}, memref<?x2xf32>, i64, f64)
    attributes {{mogg.library = {{function = "{function}", path = "{path}"}}}}
func.func @f(%x: tensor<?x4xf32>) -> tensor<?x2xf32> {{
  %zero = arith.constant 0 : index
  %n = tensor.dim %x, %zero : tensor<?x4xf32>
  %left = tensor.extract_slice %x[0, 1] [%n, 2] [1, 1] : tensor<?x4xf32> to tensor<?x2xf32>
  %y = memref.alloc(%n) : memref<?x2xf32>
  %from = arith.constant 1 : i64
  %by = arith.constant 2.5 : f64
  call @twice(%left, %y, %from, %by) : (tensor<?x2xf32>, memref<?x2xf32>, i64, f64) -> ()
  %r = bufferization.to_tensor %y restrict writable : memref<?x2xf32> to tensor<?x2xf32>
  return %r : tensor<?x2xf32>
}}
"""
SIGNATURE = Signature("f", (Arg("x", "f32", ("n", 4)),), (), (Arg("y", "f32", ("n", 2)),))
X = np.arange(8, dtype=np.float32).reshape(2, 4)

needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    (folder / "twice.c").write_text(CODE)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", "libtwice.so", "twice.c"], cwd=folder, check=True)
    return folder / "libtwice.so"


def module(path: Path, function: str = "twice") -> ir.Module:
    return ir.Module.parse(MODULE.format(path=path, function=function), ir.Context())


@needs_compiler
def test_a_function_of_a_shared_library(library: Path) -> None:
    target = CpuTarget()
    compiled = target.compile(module(library))
    restored = target.restore(compiled.describe(), compiled.object)
    for each in (compiled, restored):
        run = target.load(each).function(SIGNATURE)
        np.testing.assert_array_equal(run(X), [[1, 5], [12.5, 15]])
        with pytest.raises(ValueError, match="twice: expected no negative number"):
            run(-X)


@needs_compiler
def test_a_function_that_is_not_there(library: Path) -> None:
    target = CpuTarget()
    with pytest.raises(ValueError, match=r"no function 'thrice' in the library '.*libtwice\.so'"):
        target.load(target.compile(module(library, "thrice")))


def test_a_library_that_is_not_there(tmp_path: Path) -> None:
    target = CpuTarget()
    with pytest.raises(ValueError, match=r"no function 'twice' in the library '.*missing\.so'"):
        target.load(target.compile(module(tmp_path / "missing.so")))
