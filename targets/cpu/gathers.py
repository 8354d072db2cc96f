# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Loads in the body of a nest from places that are computed, for all elements of a vector at once."""

from collections.abc import Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder
from mograph.targets.cpu.nest import ZERO, Access, Nest, storage_type
from mograph.targets.cpu.partial import element_bits

LEAST_VECTOR = 256
"""Bits of the vectors of processors that have instructions for it."""
ELEMENTS = (32, 64)
"""Bits of what those load."""


def loads(nest: Nest) -> bool:
    """Whether a nest's body has such loads."""
    return any(op.name == "memref.load" for op in nest.body_ops)


def moving(nest: Nest, along: int) -> set[ir.Value]:
    """The values in a nest's body that are not surely the same for all elements along a loop."""
    dim, found = nest.loops[along].dim, set[ir.Value]()
    for argument, access in zip(nest.body.arguments, nest.accesses, strict=True):
        if isinstance(access, Access) and access.strides[along] != ZERO:
            found.add(argument)
    for op in nest.body_ops[:-1]:
        indexes = op.name == "linalg.index" and ir.IntegerAttr(op.attributes["dim"]).value == dim
        if indexes or any(operand in found for operand in op.operands):
            found.update(op.results)
    return found


def gathers(nest: Nest, along: int) -> bool:
    """Whether all that the body loads is at places that differ in their last index alone for elements along a loop."""
    found = moving(nest, along)
    for op in nest.body_ops:
        if op.name != "memref.load":
            continue
        memref, *places = op.operands
        type_ = ir.MemRefType(memref.type)
        element = type_.element_type
        if not places or any(place in found for place in places[:-1]):
            return False
        if storage_type(element) != element or element_bits(element) not in ELEMENTS:
            return False
        if type_.get_strides_and_offset()[0][-1] != 1:
            return False
    return True


def gather(
    b: Builder, op: ir.Operation, operands: Sequence[ir.Value], moving: set[ir.Value], mask: ir.Value | None
) -> ir.Value:
    """What the `memref.load` `op` loads for all elements of a vector, given the memref and vectors of indices: all are
    full of one number but the last, where that is `moving`. With a mask only its elements are read; the first is one.
    """
    memref, *places = operands
    width = ir.VectorType(places[-1].type).shape[0]
    type_, lanes = (ir.VectorType.get([width], each) for each in (op.results[0].type, b.i1))
    same = list(op.operands)[-1] not in moving
    firsts = [b.first(place) for place in (places if same else places[:-1])]
    if same:
        return b.one("vector.broadcast", type_, b.one("memref.load", op.results[0].type, memref, *firsts))
    if mask is None:
        mask = b.constant(lanes, ir.DenseElementsAttr.get_splat(lanes, ir.BoolAttr.get(True)))
    start = b.one("arith.index_cast", b.index, b.value(0))
    return b.one("vector.gather", type_, memref, *firsts, start, places[-1], mask, b.number(type_, 0))
