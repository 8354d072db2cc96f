# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What is legal at which stage of the lowering."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import mlir.ir as ir

__all__ = ["problems"]

Problem = tuple[Any, str]
Check = Callable[[Any, dict[str, Any]], Iterator[Problem]]


def problems(module: Any, stage: str) -> Iterator[Problem]:
    """All that is wrong with `module` (an operation) at a stage: the operation, and what was expected and found."""
    top = [op.operation for op in module.regions[0].blocks[0].operations]
    symbols = {ir.StringAttr(op.attributes["sym_name"]).value: op for op in top if "sym_name" in op.attributes}
    ops: list[Any] = []

    def step(op: Any) -> Any:
        ops.append(op)
        return ir.WalkResult.ADVANCE

    module.walk(step, ir.WalkOrder.PRE_ORDER)
    for op in ops[1:]:
        for check in CHECKS[stage]:
            yield from check(op, symbols)


def no_mogg(op: Any, _: dict[str, Any]) -> Iterator[Problem]:
    """Nothing of `mogg`."""
    if op.name.startswith("mogg."):
        yield op, f"expected no operation of mogg, found {op.name}"


def no_mo(op: Any, _: dict[str, Any]) -> Iterator[Problem]:
    """Nothing of `mo`."""
    if op.name.startswith("mo."):
        yield op, f"expected no operation of mo, found {op.name}"


def at_the_top(op: Any, _: dict[str, Any]) -> Iterator[Problem]:
    """Programs, kernels, and functions that the target supplies."""
    if op.parent.name == "builtin.module" and op.name not in ("mogg.program", "mogg.kernel"):
        if not op.name.startswith(("func.", "mo.")):
            yield op, f"expected programs and kernels at the top, found {op.name}"
        elif op.name == "func.func" and len(op.regions[0].blocks):
            yield op, "expected functions without a body beside programs and kernels, found one with a body"


def launches_kernels(op: Any, symbols: dict[str, Any]) -> Iterator[Problem]:
    """Launches are of kernels and calls of programs; that arguments and results fit is verified anyway."""
    key, kind = {"mogg.launch": ("kernel", "mogg.kernel"), "mogg.call": ("callee", "mogg.program")}.get(
        op.name, ("", "")
    )
    if kind:
        name = ir.FlatSymbolRefAttr(op.attributes[key]).value
        if name not in symbols or symbols[name].name != kind:
            yield op, f"expected the symbol of a {kind}, found @{name}"


def no_tensors(op: Any, _: dict[str, Any]) -> Iterator[Problem]:
    """No values that are tensors."""
    values = list(op.results)
    for region in op.regions:
        values += [argument for block in region.blocks for argument in block.arguments]
    found = next(
        (value.type for value in values if isinstance(value.type, ir.RankedTensorType | ir.UnrankedTensorType)), None
    )
    if found is not None:
        yield op, f"expected no tensor, found {found}"


def given_back(op: Any, _: dict[str, Any]) -> Iterator[Problem]:
    """What a program allocates is given back, or handed on at the end of the block."""
    if op.name != "mogg.alloc":
        return
    waiting, seen = [op.results[0]], set()
    while waiting:
        value = waiting.pop()
        for use in value.uses:
            user = use.owner
            if user in seen:
                continue
            seen.add(user)
            if user.name == "mogg.dealloc" or not len(user.operands) or _hands_on(user):
                return
            waiting += [result for result in user.results if isinstance(result.type, ir.MemRefType)]
    yield op, "expected a buffer that is given back by mogg.dealloc, or returned; it is neither"


def _hands_on(op: Any) -> bool:
    return op.name in ("mogg.return", "scf.yield", "scf.condition", "scf.while", "scf.for")


CHECKS: dict[str, tuple[Check, ...]] = {
    "graphs": (no_mogg,),
    "values": (no_mo, at_the_top, launches_kernels),
    "buffers": (no_mo, at_the_top, launches_kernels, no_tensors, given_back),
    "functions": (no_mo, no_mogg),
}
"""What holds at each stage."""
