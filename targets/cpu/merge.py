# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One function for all kernels that do the same: products of one shape, say, take most of the time to compile."""

from mlir import ir

from mograph import _native


def merge_kernels(module: ir.Module) -> None:
    """Leaves one of the private functions whose code is the same, for the others to be called instead."""
    _native.merge_functions(module.operation)
