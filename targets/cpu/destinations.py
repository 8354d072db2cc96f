# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every nest gets an empty tensor of its own to write to, where it stands.

Empty tensors of one type are one after common subexpressions are eliminated. As buffers they would have to be told
apart again by copies, and live as long as the function.
"""

from mlir import ir

from mograph.targets.cpu.builder import find


def separate_destinations(module: ir.Module) -> None:
    """Copies each `tensor.empty` in front of every nest that writes to it, but for one in its own block."""
    for function in find(module.operation, "func.func"):
        empties = {op.results[0]: op for op in find(function, "tensor.empty")}
        taken: set[ir.Value] = set()
        for nest in find(function, "linalg.generic") if empties else ():
            first = int(nest.attributes["operandSegmentSizes"][0])
            for number, target in enumerate(list(nest.operands)[first:], first):
                empty = empties.get(target)
                if empty is None:
                    continue
                if target in taken or empty.block != nest.block:
                    nest.operands[number] = empty.clone(ip=ir.InsertionPoint(nest)).results[0]
                taken.add(target)
        for target, empty in empties.items():
            if not any(True for _ in target.uses):
                empty.erase()
