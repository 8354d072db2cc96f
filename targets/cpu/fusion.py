# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fusion of elementwise operations on tensors.

Upstream's pass would fuse an activation into the product of matrices after it, which then computes it anew for each
column of the other matrix; the native part fuses everything else as upstream does.
"""

from mlir import ir

from mograph import _native


def fuse_elementwise(module: ir.Module) -> None:
    """Makes as few operations as possible of the elementwise ones, without repeating what they compute."""
    _native.fuse_elementwise(module.operation)
