# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Element-wise nests, and functions of one, write over an input that nobody reads afterwards, instead of into a buffer
of their own.
"""

from mlir import ir

from mograph.targets.cpu.builder import find
from mograph.targets.cpu.effects import Effects, callee
from mograph.targets.cpu.flow import Flow, Node
from mograph.targets.cpu.forms import iterator_types

COUNT = "mograph.in_place"
"""The attribute of a function that counts the buffers that became one with another."""


def write_in_place(module: ir.Module) -> None:
    """Drops the buffers of results that may take the place of an input, in every function."""
    effects = Effects(module)
    for function in find(module.operation, "func.func"):
        if find(function, "memref.alloc") and find(function, "linalg.generic", "func.call"):
            flow = Flow(function)
            nests = [node for node in flow.nodes if node.name in ("linalg.generic", "func.call")]
            count(function, sum(_overwrite_inputs(flow, node, effects) for node in nests))
            effects.forget(function)


def _overwrite_inputs(flow: Flow, node: Node, effects: Effects) -> int:
    """Does so for the results of one operation; returns for how many."""
    merged = 0
    for target in effects.written(node):
        made = flow.allocation(target)
        if made is None or made.op.results[0] != target or made.parent is not node.parent:
            continue
        if flow.touching(target)[0] is not node:
            continue
        for source in dict.fromkeys(node.memrefs):
            given = flow.allocation(source)
            if given is None or given.parent is not made.parent or source != given.op.results[0]:
                continue
            if source.type != target.type:
                continue
            dies = flow.touching(source)[-1] is node and not flow.is_shared(source)
            if dies and may_overwrite(node, source, target, effects):
                merge(flow, made, source)
                merged += 1
                break
    return merged


def may_overwrite(node: Node, source: ir.Value, target: ir.Value, effects: Effects) -> bool:
    """Whether an operation that writes `target` may have `source` in its place: it reads each element of that before it
    writes the same one, and no later.
    """
    if source == target or source.type != target.type or node.memrefs.count(target) != 1:
        return False
    if node.name == "memref.copy":
        return bool(node.memrefs[1] == target)
    if node.name == "func.call":
        return node.memrefs.count(source) == 1 and _callee_may_overwrite(node, source, target, effects)
    if node.name != "linalg.generic" or target not in effects.written(node) or "reduction" in iterator_types(node.op):
        return False
    operands = list(node.op.operands)
    if source in node.memrefs[len([each for each in operands if isinstance(each.type, ir.MemRefType)]) :]:
        return False  # the body reads it wherever it likes
    maps = [attribute.value for attribute in node.op.attributes["indexing_maps"]]
    written = maps[operands.index(target)]
    return bool(written.is_permutation) and all(
        map_ == written for map_, operand in zip(maps, operands, strict=True) if operand == source
    )


def _callee_may_overwrite(node: Node, source: ir.Value, target: ir.Value, effects: Effects) -> bool:
    """The same for a call: one nest of the function reads the one argument and writes the other, and is not part of a
    group, whose nests may run in turns.
    """
    flow = effects.flow(callee(node))
    if flow is None:
        return False
    operands, arguments = list(node.op.operands), flow.root.arguments(0)
    read, written = arguments[operands.index(source)], arguments[operands.index(target)]
    users = {each for value in (read, written) for each in flow.touching(value)}
    if len(users) != 1:
        return False
    (user,) = users
    return user.parent is flow.root and may_overwrite(user, read, written, effects)


def merge(flow: Flow, made: Node, buffer: ir.Value) -> None:
    """Lets `buffer` take the place of what the allocation `made` gives, in the code and in `flow`."""
    flow.rename(made.op.results[0], buffer)
    made.op.results[0].replace_all_uses_with(buffer)
    made.op.erase()


def count(function: ir.Operation, number: int) -> None:
    """Counts buffers that became one with others."""
    before = ir.IntegerAttr(function.attributes[COUNT]).value if COUNT in function.attributes else 0
    if number:
        function.attributes[COUNT] = ir.IntegerAttr.get(ir.IntegerType.get_signless(64), before + number)
