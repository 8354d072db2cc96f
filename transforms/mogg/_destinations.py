# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Destinations: where kernels put their results.

A program makes a `tensor.empty` for each result whose extents it knows before, and the kernel ends in putting the
result there. Where the kernel's body takes the place of the launch, nothing is left of either.
"""

from __future__ import annotations

from typing import Any

import mlir.ir as ir

from mograph import _native
from mograph.dialects.mogg.kernel import PLACE

__all__ = ["drop_destinations"]


def drop_destinations(root: Any) -> None:
    """Let what is put in a new tensor be that tensor, everywhere in `root`."""
    for op in _native.find_ops(root, [PLACE]):
        value, destination = op.operands
        owner = destination.owner
        if isinstance(owner, ir.Block) or owner.name != "tensor.empty" or value.type != destination.type:
            continue
        op.results[0].replace_all_uses_with(value)
        op.erase()
        if not _native.users_of(destination):
            owner.erase()
