# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Replaces what the processor has no vector instructions for: functions of the math dialect, and arithmetic on small
floats.

Small floats are computed with in f32 and rounded after each operation.
Integer divisions that MLIR leaves undefined get an arbitrary result, where the processor would end the process.
"""

from collections.abc import Callable

from mlir import ir

from mograph.targets.cpu.builder import Builder, find, walk
from mograph.targets.cpu.host import Machine
from mograph.targets.cpu.math import double, inverse, single, wide, wide_circular, wide_errors, wide_powers
from mograph.targets.cpu.math.emitter import EQ, F32, F64, OEQ, OLT, UNO, Emitter
from mograph.targets.cpu.math.small import SMALL, narrow, round_to_odd, widen

DIVISIONS = frozenset(
    f"arith.{name}" for name in ("divsi", "divui", "remsi", "remui", "floordivsi", "ceildivsi", "ceildivui")
)

Function = Callable[..., ir.Value]

ABOUT = "math.erfc about"  # math.erfc with the flag `afn`: an approximate function will do
SINGLE: dict[str, Function] = {
    f"math.{name}": getattr(module, name)
    for module, names in (
        (single, ("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "tanh", "erf")),
        (inverse, ("asin", "acos", "atan", "atan2")),
    )
    for name in names
} | {ABOUT: single.erfc_about}
WIDE: dict[str, Function] = {
    f"math.{name}": getattr(module, name)
    for module, names in (
        (wide, ("exp", "exp2", "expm1", "log", "log1p", "tanh")),
        (wide_powers, ("log2", "log10", "sinh", "cosh", "asinh", "acosh", "atanh", "cbrt")),
        (wide_circular, ("asin", "acos", "atan", "atan2")),
        (wide_errors, ("erf", "erfc")),
    )
    for name in names
} | {"math.powf": wide_powers.pow}
DOUBLE: dict[str, Function] = {
    f"math.{name}": getattr(double, name) for name in ("sinh", "cosh", "asinh", "acosh", "atanh", "cbrt", "erfc")
} | {"math.powf": double.pow}


def expand_math(module: ir.Module, machine: Machine) -> None:
    """Expands scalar operations everywhere in the module, those inside of `linalg.generic` included."""
    for function in find(module.operation, "func.func"):
        if len(function.regions[0].blocks):
            _Expander(function, machine).run()


class _Expander:
    def __init__(self, function: ir.Operation, machine: Machine) -> None:
        self.function = function
        self.fused = machine.fused
        self.native = {name for name, has in (("f16", machine.native_f16), ("bf16", machine.native_bf16)) if has}
        self.scales = "avx512f" in machine.features
        self.harmless: set[ir.Value] = set()  # constants by which anything can be divided

    def run(self) -> None:
        ops: list[tuple[ir.Operation, str]] = []

        def visit(op: ir.Operation) -> None:
            name = op.name
            if name == "arith.constant" and _is_harmless_divisor(op.attributes["value"]):
                self.harmless.add(op.results[0])
            if name.startswith(("math.", "arith.")) and name != "arith.constant":
                ops.append((op, name))

        walk(self.function, visit)
        if not ops:
            return
        b = Builder.before(ops[0][0], self.function)
        for op, name in ops:
            b.at = ir.InsertionPoint(op)
            if name in DIVISIONS and op.operands[1] not in self.harmless:
                with op.location:
                    op.operands[1] = _divisor(b, *op.operands)
                continue
            types = [str(value.type) for value in (*op.operands, *op.results)]
            if name.startswith("arith.") and not any(type_ in SMALL for type_ in types):
                continue
            with op.location:
                result = (
                    self._small(op, name, b)
                    if any(type_ in SMALL for type_ in types)
                    else self._function(_variant(op, name), types, b, list(op.operands))
                )
            if result is not None:
                op.results[0].replace_all_uses_with(result)
                op.erase()

    def _function(self, name: str, types: list[str], b: Builder, operands: list[ir.Value]) -> ir.Value | None:
        """A function of the math dialect; None when it stays as it is."""
        if name in ("math.isnan", "math.isinf", "math.isfinite"):
            e = Emitter(b, F32 if types[0] == "f32" else F64, self.fused)
            if types[0] not in ("f32", "f64"):
                return None
            if name == "math.isnan":
                return e.compare(UNO, operands[0], operands[0])
            return e.compare(OEQ if name == "math.isinf" else OLT, e.abs(operands[0]), e.const(float("inf")))
        if name in WIDE and all(type_ == "f64" for type_ in types):
            return WIDE[name](Emitter(b, F64, self.fused), *operands)
        if any(type_ != "f32" for type_ in types):
            return None
        if name in SINGLE:
            return SINGLE[name](Emitter(b, F32, self.fused, self.scales), *operands)
        if name in DOUBLE:
            e = Emitter(b, F64, self.fused)
            return b.one(
                "arith.truncf", b.f32, DOUBLE[name](e, *(b.one("arith.extf", e.type, operand) for operand in operands))
            )
        return None

    def _small(self, op: ir.Operation, name: str, b: Builder) -> ir.Value | None:
        """An operation on small floats; None when it stays as it is."""
        if name == "arith.bitcast":
            return None
        operands = list(op.operands)
        result = op.results[0].type
        if name == "arith.select":  # on bits: LLVM would convert
            integer = ir.IntegerType.get_signless(SMALL[str(result)].width)
            sides = [b.one("arith.bitcast", integer, side) for side in operands[1:]]
            return b.one("arith.bitcast", result, b.one("arith.select", integer, operands[0], *sides))
        if name == "arith.extf":
            wide = self._widen(b, operands[0])
            return (
                wide
                if str(result) == "f32"
                else b.one("arith.extf", result, wide)
                if str(result) == "f64"
                else self._narrow(b, wide, result)
            )
        if name == "arith.truncf":
            source = operands[0] if str(operands[0].type) in ("f32", "f64") else self._widen(b, operands[0])
            return self._narrow(b, round_to_odd(b, source, self.fused) if str(source.type) == "f64" else source, result)
        widened = [self._widen(b, operand) if str(operand.type) in SMALL else operand for operand in operands]
        middle = b.f32 if str(result) in SMALL else result
        computed = (
            self._function(_variant(op, name), [str(value.type) for value in widened] + [str(middle)], b, widened)
            if name.startswith("math.")
            else None
        )
        if computed is None:
            clone = op.clone(ip=b.at)
            for number, operand in enumerate(widened):
                clone.operands[number] = operand
            clone.results[0].set_type(middle)
            computed = clone.results[0]
        return self._narrow(b, computed, result) if str(result) in SMALL else computed

    def _widen(self, b: Builder, value: ir.Value) -> ir.Value:
        if str(value.type) in self.native:
            return b.one("arith.extf", b.f32, value)
        return widen(b, value, self.fused)

    def _narrow(self, b: Builder, value: ir.Value, type_: ir.Type) -> ir.Value:
        if str(type_) in self.native:
            return b.one("arith.truncf", type_, value)
        return narrow(b, value, type_, self.fused)


def _variant(op: ir.Operation, name: str) -> str:
    """The name under which an operation's function is listed."""
    if name == "math.erfc" and "fastmath" in op.attributes and "afn" in str(op.attributes["fastmath"]):
        return ABOUT
    return name


def _is_harmless_divisor(value: ir.Attribute) -> bool:
    return isinstance(value, ir.IntegerAttr) and value.value not in (0, -1)


def _divisor(b: Builder, dividend: ir.Value, divisor: ir.Value) -> ir.Value:
    """The divisor, or one where the processor cannot divide by it: zero, and -1 for the lowest number."""
    type_ = divisor.type
    equal = ir.IntegerAttr.get(b.i64, EQ)

    def is_(value: ir.Value, number: int) -> ir.Value:
        return b.one("arith.cmpi", b.i1, value, b.number(type_, number), predicate=equal)

    width = 64 if isinstance(type_, ir.IndexType) else type_.width
    overflows = b.one("arith.andi", b.i1, is_(dividend, -(1 << (width - 1))), is_(divisor, -1))
    impossible = b.one("arith.ori", b.i1, is_(divisor, 0), overflows)
    return b.one("arith.select", type_, impossible, b.number(type_, 1), divisor)
