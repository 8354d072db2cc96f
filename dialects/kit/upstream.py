# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Upstream's dialects, known to the bindings without the classes of their operations.

As soon as an operation, a type or an attribute of a dialect is looked at, the bindings import `mlir.dialects.NAME`,
with a class for each operation: linalg costs 60 ms, llvm 30, arith 5, more than it takes to compile a graph. What
mograph does needs none of them. So the bindings are told to look for these dialects here first, where there is nothing.
An operation whose dialect nobody imported is a plain `OpView`; `from mlir.dialects import linalg` gives the classes,
from then on, as ever.
"""

import sys
from types import ModuleType

from mlir._mlir_libs import _mlir

__all__ = ["PREFIX"]

PREFIX = f"{__name__}.bare"
_NAMES = (
    "affine",
    "amdgpu",
    "arith",
    "bufferization",
    "builtin",
    "cf",
    "complex",
    "func",
    "gpu",
    "index",
    "linalg",
    "llvm",
    "math",
    "memref",
    "nvgpu",
    "nvvm",
    "rocdl",
    "scf",
    "spirv",
    "tensor",
    "ub",
    "vector",
)

for _name in (PREFIX, *(f"{PREFIX}.{name}" for name in _NAMES)):
    sys.modules[_name] = ModuleType(_name)
_mlir.globals.dialect_search_modules = [PREFIX, *_mlir.globals.dialect_search_modules]
