# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Replaces functions that take long for some arguments only, once it is known which elements make a vector.

All lanes go the short way. If some lane must not, all go the long way as well, and each takes the result of its own.
"""

from collections.abc import Callable

from mlir import ir

from mograph.targets.cpu.builder import Builder, find
from mograph.targets.cpu.math import circular, wide_circular
from mograph.targets.cpu.math.emitter import F32, F64, Emitter

NAMES = ("math.sin", "math.cos", "math.tan")
LATE: dict[str, Callable[[Emitter, ir.Value], ir.Value]] = {
    f"{name} {type_}": getattr(module, name.removeprefix("math."))
    for module, type_ in ((circular, "f32"), (wide_circular, "f64"))
    for name in NAMES
}


def expand_late(module: ir.Module, fused: bool, device: bool = False) -> None:
    """Expands operations on numbers and on vectors of one dimension, everywhere in functions, or in those of a device.
    `fused` says whether the machine multiplies and adds in one instruction.
    """
    for function in find(module.operation, "gpu.func" if device else "func.func"):
        for op in find(function, *NAMES):
            type_ = op.results[0].type
            lanes, element = (type_.shape[0], type_.element_type) if isinstance(type_, ir.VectorType) else (1, type_)
            made = LATE.get(f"{op.name} {element}")
            if made is None:
                continue
            b = Builder.before(op, function)
            with op.location:
                # SPIR-V has integers of 8, 16, 32 and 64 bits only.
                e = Emitter(b, F32 if str(element) == "f32" else F64, fused, lanes=lanes, reduces=not device)
                op.results[0].replace_all_uses_with(made(e, op.operands[0]))
            op.erase()
