# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What LLVM's back end for SPIR-V has code for: it ends the process for anything else, or its code is wrong."""

import re

from mlir import ir

from mograph.targets.cpu.builder import walk
from mograph.targets.gpu.chip import Chip

_OPERATIONS = """
    func return br cond_br switch unreachable call mlir.constant mlir.global mlir.addressof mlir.undef mlir.poison
    mlir.zero add sub mul sdiv udiv srem urem and or xor shl lshr ashr fadd fsub fmul fdiv frem fneg icmp fcmp select
    trunc zext sext fptrunc fpext fptosi fptoui sitofp uitofp bitcast ptrtoint inttoptr
    freeze getelementptr load store alloca atomicrmw cmpxchg fence
    extractelement insertelement shufflevector extractvalue insertvalue
"""
_INTRINSICS = """
    sqrt fabs floor ceil trunc roundeven round rint copysign fma fmuladd minnum maxnum exp exp2 log log2 sin cos pow
    abs smin smax umin umax ctpop ctlz cttz sadd.sat uadd.sat ssub.sat usub.sat fshl fshr
    umul.with.overflow smul.with.overflow uadd.with.overflow usub.with.overflow
    vector.reduce.add vector.reduce.mul vector.reduce.and vector.reduce.or vector.reduce.xor vector.reduce.smin
    vector.reduce.smax vector.reduce.umin vector.reduce.umax vector.reduce.fadd vector.reduce.fmul
    assume lifetime.start lifetime.end
"""
_KNOWN = frozenset(
    [f"llvm.{name}" for name in _OPERATIONS.split()]
    + [f"llvm.intr.{name}" for name in _INTRINSICS.split()]
    + ["builtin.module"]
)
_INTEGERS = ("i1", "i8", "i16", "i32", "i64")
_NUMBERS = frozenset((*_INTEGERS, "f16", "f32", "f64"))
_LANES = frozenset((2, 3, 4, 8, 16))
_ATOMIC = frozenset(("i32", "i64", "f32", "f64"))
_COMBINED = frozenset((0, 1, 2, 3, 5, 6, 7, 8, 9, 10))  # xchg add sub and or xor max min umax umin, by LLVM's numbers
_VECTOR = re.compile(r"vector<(\d+)x(\w+)>")
_STRUCT = re.compile(r"!llvm\.struct<.*>|!llvm\.array<.*>")


def check(module: ir.Module, chip: Chip) -> None:
    """Raises ValueError that names the first operation of LLVM's dialect that has no code, and where it is."""

    held: set[str] = set()
    wrong: list[str] = []  # what a visitor raises loses its type

    def visit(op: ir.Operation) -> None:
        name = op.name
        if name not in _KNOWN:
            wrong.append(f"{op.location}: '{name}' has no code on {chip.name}")
        for value in (*op.operands, *op.results):
            text = str(value.type)
            if text not in held and not _held(text):
                wrong.append(f"{op.location}: '{name}' of {text} has no code on {chip.name}")
            held.add(text)
        if name in ("llvm.atomicrmw", "llvm.cmpxchg") and str(op.operands[1].type) not in _ATOMIC:
            wrong.append(f"{op.location}: '{name}' of {op.operands[1].type} has no code on {chip.name}")
        if name == "llvm.atomicrmw" and ir.IntegerAttr(op.attributes["bin_op"]).value not in _COMBINED:
            wrong.append(f"{op.location}: '{name}' by {op.attributes['bin_op']} has no code on {chip.name}")

    walk(module.operation, visit)
    if wrong:
        raise ValueError(wrong[0])


def _held(text: str) -> bool:
    """Whether values may have that type."""
    if found := _VECTOR.fullmatch(text):
        return int(found[1]) in _LANES and found[2] in _NUMBERS
    return text in _NUMBERS or text.startswith("!llvm.ptr") or _STRUCT.fullmatch(text) is not None
