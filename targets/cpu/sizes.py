# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Buffers that no memory holds: their size might not fit 64 bits, and a smaller one would be allocated instead.

Extents may be data, of a shape that the program computes.
"""

from collections.abc import Hashable

from mlir import ir

from mograph.targets.cpu.builder import DYNAMIC, Builder, find
from mograph.targets.cpu.partial import element_bits

LIMIT = 1 << 62
"""Bytes: more than any memory holds, and a number of 64 bits."""


def check_sizes(module: ir.Module) -> None:
    """Puts a check before every `memref.alloc` and `memref.alloca` of an extent that is known at run time."""
    for function in find(module.operation, "func.func"):
        checked: set[Hashable] = set()
        allocs = find(function, "memref.alloc", "memref.alloca")
        b = Builder.before(allocs[0], function) if allocs else None
        for op in allocs:
            sizes = list(op.operands)
            if b is None or not sizes:
                continue
            fixed = _fixed_bytes(ir.MemRefType(op.results[0].type))
            key = (tuple(sizes), fixed)
            if key in checked:
                continue
            if op.parent == function:  # it comes before whatever follows
                checked.add(key)
            with op.location:
                b.at = ir.InsertionPoint(op)
                _check(b, sizes, fixed)


def _fixed_bytes(type_: ir.MemRefType) -> int:
    """What the extents that are known and the element take together."""
    total = max(element_bits(type_.element_type) // 8, 1)
    for extent in type_.shape:
        total *= 1 if extent == DYNAMIC else extent
    return total


def _check(b: Builder, sizes: list[ir.Value], fixed: int) -> None:
    f64 = ir.F64Type.get()
    total = b.number(f64, float(fixed))
    for size in sizes:
        extent = b.one("arith.sitofp", f64, b.one("arith.index_cast", b.i64, size))
        total = b.one("arith.mulf", f64, total, extent)
    not_less = ir.IntegerAttr.get(b.i64, 3)
    beyond = b.one("arith.cmpf", b.i1, total, b.number(f64, float(LIMIT)), predicate=not_less)
    most, first, byte = b.number(b.index, LIMIT), b.number(b.index, 0), b.number(b.i8, 0)

    def fail() -> None:
        """Asks for more than there is, which fails as every allocation does; the store has it asked for."""
        attributes = {"operandSegmentSizes": ir.DenseI32ArrayAttr.get([1, 0])}
        bytes_ = ir.MemRefType.get([DYNAMIC], b.i8)
        buffer = b.create("memref.alloc", [bytes_], [most], attributes).results[0]
        b.create("memref.store", [], [byte, buffer, first])

    b.if_(beyond, fail)
