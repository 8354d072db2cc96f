# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Symbols of graphs: other ones in the place of some, and private graphs that models share."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from mlir import ir

from mograph.dialects.mo import Call, Output
from mograph.transforms.mo._walking import block_of, operations

__all__ = ["fresh_symbol", "redirect", "share"]


def fresh_symbol(wanted: str, taken: Collection[str]) -> str:
    """A symbol like `wanted` that is not taken."""
    found, number = wanted, 0
    while found in taken:
        number += 1
        found = f"{wanted}_{number}"
    return found


def redirect(module: Any, instead: Mapping[str, str]) -> None:
    """Let every reference to a symbol in `instead` be one to what it says."""
    if not instead:
        return
    for op in operations(module):
        attributes = op.operation.attributes
        for name, attribute in list(attributes.items()):
            other = _redirected(attribute, instead)
            if other != attribute:
                attributes[name] = other


def _redirected(attribute: Any, instead: Mapping[str, str]) -> Any:
    if isinstance(attribute, ir.FlatSymbolRefAttr) and attribute.value in instead:
        return ir.FlatSymbolRefAttr.get(instead[attribute.value], context=attribute.context)
    if isinstance(attribute, ir.ArrayAttr):
        return ir.ArrayAttr.get([_redirected(each, instead) for each in attribute], context=attribute.context)
    return attribute


def share(module: Any, models: Sequence[Any]) -> bool:
    """Let models of equal bodies call one private graph; returns whether they did not yet."""
    first = models[0]
    if [op.operation.name for op in block_of(first.body).operations] in (["mo.output"], ["mo.call", "mo.output"]):
        return False
    block = module.operation.regions[0].blocks[0]
    taken = {ir.StringAttr(op.attributes["sym_name"]).value for op in block.operations if "sym_name" in op.attributes}
    body = first.operation.clone(ip=ir.InsertionPoint(block))
    symbol = fresh_symbol(f"{first.sym_name}_body", taken)
    body.attributes["sym_name"] = ir.StringAttr.get(symbol, context=body.context)
    body.attributes["sym_visibility"] = ir.StringAttr.get("private", context=body.context)
    for model in models:
        _call_only(model, symbol)
    return True


def _call_only(model: Any, symbol: str) -> None:
    """Let the body of a model be a call."""
    block = block_of(model.body)
    for op in reversed(list(block.operations)):
        op.operation.erase()
    with ir.InsertionPoint(block), model.location:
        results = list(model.function_type.results)
        call = Call.build(list(block.arguments), callee=symbol, results=results)
        Output.build(list(call.operation.results))
