# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Single elements of i1 buffers, which are bytes in memory.

Upstream's lowering of `memref.load` and `memref.store` refuses elements of less than a byte.
"""

from mlir import ir

from mograph.targets.cpu.builder import Builder, Descriptor, find


def lower_booleans(module: ir.Module, functions: str = "func.func", space: int = 0) -> None:
    """Replaces every `memref.load` and `memref.store` of i1 by an access of a byte, in functions of that kind, whose
    buffers are in that memory.
    """
    for function in find(module.operation, functions):
        for op in find(function, "memref.load", "memref.store"):
            stores = op.name == "memref.store"
            memref, *indices = list(op.operands)[1:] if stores else list(op.operands)
            type_ = ir.MemRefType(memref.type)
            if type_.element_type != ir.IntegerType.get_signless(1):
                continue
            with op.location:
                b = Builder.before(op, function, space)
                address = Descriptor(b, memref).element(indices, b.i8)
                if stores:
                    b.store(b.one("arith.extui", b.i8, op.operands[0]), address, 1)
                else:
                    op.results[0].replace_all_uses_with(b.one("arith.trunci", b.i1, b.load(b.i8, address, 1)))
            op.erase()
