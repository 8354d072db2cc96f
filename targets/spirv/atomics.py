# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Atomic operations on floats: loops that compare and exchange integers of the same bits.

The policy "float-atomics-by-exchange" of `mograph.targets.spirv.chips` says why.
"""

from collections.abc import Sequence

from mlir import ir

from mograph.targets.cpu.builder import Builder
from mograph.targets.gpu.lowering import Kernel

_COMBINED = {11: "addf", 12: "subf", 13: "maxnumf", 14: "minnumf", 19: "maximumf", 20: "minimumf"}  # by LLVM's number
_MONOTONIC = 2


def exchange(b: Builder, op: ir.Operation, kernel: Kernel) -> Sequence[ir.Value] | None:
    """What an `llvm.atomicrmw` of floats becomes."""
    names = ["bin_op", "ordering", "syncscope", "alignment"]
    given = {name: op.attributes[name] for name in names if name in op.attributes}
    address, value = op.operands
    combined = _COMBINED.get(ir.IntegerAttr(given["bin_op"]).value)
    if combined is None:
        return None
    bits = {b.f32: b.i32, ir.F64Type.get(): b.i64}.get(value.type)
    if bits is None:
        raise ValueError(f"{op.location}: '{op.name}' of {value.type} has no code on {kernel.chip.name}")
    monotonic = ir.IntegerAttr.get(b.i64, _MONOTONIC)
    aligned = given.get("alignment", ir.IntegerAttr.get(b.i64, bits.width // 8))
    first = b.one("llvm.load", bits, address, ordering=monotonic, alignment=aligned)
    loop = b.create("scf.while", [bits], [first], regions=2)
    with b.inside(ir.Block.create_at_start(loop.regions[0], [bits], [op.location])):
        (old,) = loop.regions[0].blocks[0].arguments
        number = b.one(f"arith.{combined}", value.type, b.one("arith.bitcast", value.type, old), value)
        pair = b.one(
            "llvm.cmpxchg",
            ir.Type.parse(f"!llvm.struct<({bits}, i1)>"),
            address,
            old,
            b.one("arith.bitcast", bits, number),
            success_ordering=given["ordering"],
            failure_ordering=monotonic,
            **{name: given[name] for name in ("syncscope", "alignment") if name in given},
        )
        found = b.one("llvm.extractvalue", bits, pair, position=ir.DenseI64ArrayAttr.get([0]))
        done = b.one("llvm.extractvalue", b.i1, pair, position=ir.DenseI64ArrayAttr.get([1]))
        b.create("scf.condition", [], [b.one("arith.xori", b.i1, done, b.number(b.i1, 1)), found])
    with b.inside(ir.Block.create_at_start(loop.regions[1], [bits], [op.location])):
        b.create("scf.yield", [], list(loop.regions[1].blocks[0].arguments))
    return [b.one("arith.bitcast", value.type, loop.results[0])]
