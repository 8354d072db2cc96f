# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every nest gets a tensor of its own to write to, where it stands: an empty one, or one that is filled for it.

Such tensors of one type are one after common subexpressions are eliminated. As buffers they would have to be told
apart again by copies, and live as long as the function; and a fill far from the nest that adds to it is a pass over
memory of its own.
"""

from collections.abc import Sequence

from mlir import ir

from mograph import _native
from mograph.targets.cpu.builder import find, is_used, operations


def separate_destinations(module: ir.Module) -> None:
    """Copies each `tensor.empty` in front of every nest that writes to it, unless that is the only use and in the same
    block; and each fill in front of every nest that starts from it.
    """
    for function in find(module.operation, "func.func"):
        nests = [op for op in find(function, "linalg.generic") if len(op.results)]
        if nests:
            nests = _separate_fills(nests)
            _separate_empties(function, nests)


def _separate_fills(nests: Sequence[ir.Operation]) -> list[ir.Operation]:
    """The nests, with fills where they are needed."""
    fills = {op.results[0]: op for op in nests if is_fill(op)}
    found: list[ir.Operation] = []
    for nest in nests:
        for number in _outputs(nest) if fills else ():
            fill = fills.get(nest.operands[number])
            if fill is not None:
                found.append(fill.clone(ip=ir.InsertionPoint(nest)).operation)
                nest.operands[number] = found[-1].results[0]
        if nest.results[0] not in fills:
            found.append(nest)
    unused = [value for value in fills if not is_used(value)]
    found += [fill for value, fill in fills.items() if value not in unused]
    for value in unused:
        fills[value].erase()
    return found


def _separate_empties(function: ir.Operation, nests: Sequence[ir.Operation]) -> None:
    empties = {op.results[0]: op for op in find(function, "tensor.empty")}
    for nest in nests if empties else ():
        for number in _outputs(nest):
            target = nest.operands[number]
            empty = empties.get(target)
            if empty is None:
                continue
            if empty.block != nest.block or len(_native.users_of(target)) > 1:
                nest.operands[number] = empty.clone(ip=ir.InsertionPoint(nest)).results[0]
    for target, empty in empties.items():
        if not is_used(target):
            empty.erase()


def _outputs(nest: ir.Operation) -> range:
    """The numbers of the operands that a nest writes to."""
    return range(int(nest.attributes["operandSegmentSizes"][0]), len(nest.operands))


def is_fill(op: ir.Operation) -> bool:
    """Whether a nest gives all elements of one tensor the same value."""
    if len(op.results) != 1 or any(isinstance(each.type, ir.RankedTensorType) for each in list(op.operands)[:-1]):
        return False
    body = op.regions[0].blocks[0]
    return len(operations(body, op)) == 1 and not is_used(body.arguments[len(op.operands) - 1])
