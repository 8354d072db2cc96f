# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""From programs and kernels to functions of upstream."""

from __future__ import annotations

from typing import Any

import mlir.ir as ir

from mograph import _native
from mograph.transforms.mogg._buffer_programs import to_memrefs
from mograph.transforms.mogg._destinations import drop_destinations
from mograph.transforms.mogg._replacing import replaced
from mograph.transforms.mogg._signature import ATTRIBUTE

__all__ = ["to_functions"]

_MOST = 32
"""How many kernels of the most operations the copies of one amount to at most: code would grow with each launch."""
WEIGHT = "mogg.weight"
"""Says of an argument that it is bound when the model is loaded: what depends on such only can be computed then."""
SCHEDULE = "mogg.schedule"
"""Replaces what a target chooses for the code of a kernel, which therefore stays a function of its own."""
_CALLS = {"mogg.launch": "kernel", "mogg.call": "callee"}


def to_functions(module: Any, inline: int) -> None:
    """Convert the programs and kernels of `module`; see the pass `mogg-to-linalg` for what `inline` is."""
    owners: list[Any] = []
    calls: list[Any] = []
    returns: list[Any] = []
    sizes: dict[str, int] = {}

    for op in _native.ops_in(module.operation):
        name = op.name
        if name in ("mogg.program", "mogg.kernel"):
            owners.append(op)
            sizes[_text(op, "sym_name")] = 0
        elif name in _CALLS:
            calls.append(op)
        elif name == "mogg.return":
            returns.append(op)
        elif owners:
            sizes[_text(owners[-1], "sym_name")] += 1
    for op in returns:
        replaced(op, "func.return")
    functions = {_text(op, "sym_name"): _function(op) for op in owners}
    kernels = {_text(op, "sym_name") for op in owners if op.name == "mogg.kernel"}
    launches: dict[str, list[Any]] = {}
    for op in calls:
        callee = ir.FlatSymbolRefAttr(op.attributes[_CALLS[op.name]]).value
        call = replaced(op, "func.call", {"callee": ir.FlatSymbolRefAttr.get(callee, context=op.context)})
        if callee in kernels:
            launches.setdefault(callee, []).append(call)
    for op in owners:
        op.erase()
    for callee, found in launches.items():
        many = sizes[callee] > inline or sizes[callee] * len(found) > inline * _MOST
        function = functions[callee]
        if inline < 0 or (len(found) > 1 and many) or SCHEDULE in function.attributes:
            continue
        for call in found:
            _native.inline_call(call, function, call is found[-1])
        function.erase()
    to_memrefs(module.operation)
    drop_destinations(module.operation)


def _text(op: Any, attribute: str) -> str:
    return str(ir.StringAttr(op.attributes[attribute]).value)


def _function(op: Any) -> Any:
    """The function of a program or kernel, which takes over its body."""
    attributes = {
        name: op.attributes[name] for name in ("sym_name", "sym_visibility", "function_type") if name in op.attributes
    }
    if "signature" in op.attributes:
        attributes[ATTRIBUTE] = op.attributes["signature"]
        attributes |= _roles(
            ir.DictAttr(op.attributes["signature"]), len(op.regions[0].blocks[0].arguments), op.context
        )
    if SCHEDULE in op.attributes:
        attributes[SCHEDULE] = op.attributes[SCHEDULE]
    made = ir.Operation.create("func.func", attributes=attributes, regions=1, loc=op.location, ip=ir.InsertionPoint(op))
    op.regions[0].blocks[0].append_to(made.regions[0])
    return made


def _roles(signature: Any, arguments: int, context: Any) -> dict[str, Any]:
    """What marks the weights among an entry's arguments, which are its inputs and then its weights."""
    inputs, weights = (len(ir.ArrayAttr(signature[side])) if side in signature else 0 for side in ("inputs", "weights"))
    if not weights or inputs + weights != arguments:
        return {}
    empty = ir.DictAttr.get({}, context=context)
    weight = ir.DictAttr.get({WEIGHT: ir.UnitAttr.get(context=context)}, context=context)
    return {"arg_attrs": ir.ArrayAttr.get([empty] * inputs + [weight] * weights, context=context)}
