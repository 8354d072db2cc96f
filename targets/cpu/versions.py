# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gives the values that a buffer holds before its last one a buffer of their own.

Bufferisation computes intermediate values where the result will be, as softmax its exponentials. In a group of nests
they are better kept apart: then only a task's part of them is ever in memory, and the result is written once.
"""

from collections.abc import Mapping

from mlir import ir

from mograph.targets.cpu.alignment import Run, Touch
from mograph.targets.cpu.builder import DYNAMIC


def split_versions(run: Run, allocs: Mapping[ir.Value, ir.Operation]) -> list[ir.Operation]:
    """Allocates buffers for what is overwritten in a run, whose nests are changed to use them. `allocs` are the
    allocations of the function by what they allocate.
    """
    made = []
    for memref in dict.fromkeys(touch.memref for nest in run.touched for touch in nest):
        last = _last_version(run, memref)
        if last:
            alloc = _like(memref, allocs.get(memref), run.ops[0])
            count = 0
            for number, op in enumerate(run.ops[: last + 1]):
                inputs = int(op.attributes["operandSegmentSizes"][0])
                for place, operand in enumerate(op.operands):
                    if operand == memref and (number < last or place < inputs):
                        op.operands[place] = alloc.results[0]
                        count += 1
            run.buffers.moved(memref, alloc.results[0], count)
            made.append(alloc)
    return made


def _last_version(run: Run, memref: ir.Value) -> int:
    """The nest that overwrites all of what earlier ones have written to a memref; 0 when there is none."""
    overwriting = []
    for number, nest in enumerate(run.touched):
        found = [touch for touch in nest if touch.memref == memref]
        if any(touch.loops is None for touch in found):
            return 0
        if any(_overwrites(touch) for touch in found):
            overwriting.append(number)
        if found and not overwriting:
            return 0
    if len(overwriting) < 2 or any(
        touch.memref == memref and not touch.writes for touch in run.touched[overwriting[0]]
    ):
        return 0
    return overwriting[-1]


def _overwrites(touch: Touch) -> bool:
    """Whether all elements are written and none is read."""
    if not touch.writes or touch.reads or touch.loops is None:
        return False
    shape = ir.MemRefType(touch.memref.type).shape
    pairs = list(zip(touch.loops, shape, strict=True))
    loops = [loop for loop, _ in pairs if loop is not None]
    return len(set(loops)) == len(loops) and all(loop is not None or extent == 1 for loop, extent in pairs)


def _like(memref: ir.Value, alloc: ir.Operation | None, before: ir.Operation) -> ir.Operation:
    """Allocates a buffer of the shape of another one, before an operation."""
    type_, at = ir.MemRefType(memref.type), ir.InsertionPoint(before)
    sizes = []
    if alloc is not None:
        sizes = list(alloc.operands)
    else:
        index = ir.IndexType.get()
        for dim, extent in enumerate(type_.shape):
            if extent == DYNAMIC:
                value = {"value": ir.IntegerAttr.get(index, dim)}
                number = ir.Operation.create("arith.constant", results=[index], attributes=value, ip=at).results[0]
                size = ir.Operation.create("memref.dim", results=[index], operands=[memref, number], ip=at)
                sizes.append(size.results[0])
    attributes = {
        "operandSegmentSizes": ir.DenseI32ArrayAttr.get([len(sizes), 0]),
        "alignment": ir.IntegerAttr.get(ir.IntegerType.get_signless(64), 64),
    }
    new = ir.MemRefType.get(type_.shape, type_.element_type)
    return ir.Operation.create("memref.alloc", results=[new], operands=sizes, attributes=attributes, ip=at)
