# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From graphs to functions on tensors in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mlir.ir as ir

from mograph.transforms.lower.registry import LoweringRegistry, using
from mograph.transforms.mogg._signature import ATTRIBUTE, EntrySignature

__all__ = ["lower", "take_signatures"]


def lower(
    module: Any, registry: LoweringRegistry | None = None, target: str = "cpu", passes: Sequence[Any] = ()
) -> list[EntrySignature]:
    """Turn `module` (an `ir.Module` of `mo.graph`s), in place, into functions of upstream's dialects on tensors.

    Each public graph becomes a public function of tensors, inputs and then weights, that returns tensors; the
    signatures of these are returned, in the order of the module. `passes`, in place of the default, run from `mo` to
    functions.

    Raises `DiagnosticError`, with the operation that has no rule or whose rule failed.
    """
    from mograph.transforms.kit import Pipeline
    from mograph.transforms.mogg.from_mo import FromMo
    from mograph.transforms.mogg.fuse import Fuse
    from mograph.transforms.mogg.to_linalg import ToLinalg

    with using(registry):
        Pipeline(*(passes or (FromMo(target=target), Fuse, ToLinalg))).run(module)
    return take_signatures(module)


def take_signatures(module: Any) -> list[EntrySignature]:
    """The signatures of the entries of `module`, which no longer has them afterwards."""
    found = []

    def step(op: Any) -> Any:
        if op.name == "builtin.module":
            return ir.WalkResult.ADVANCE
        if op.name == "func.func" and ATTRIBUTE in op.attributes:
            name = ir.StringAttr(op.attributes["sym_name"]).value
            found.append(EntrySignature.read(name, op.attributes[ATTRIBUTE]))
            del op.attributes[ATTRIBUTE]
        return ir.WalkResult.SKIP

    module.operation.walk(step, ir.WalkOrder.PRE_ORDER)
    return found
