# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Bfloats as integers: OpenCL has no such type.

Arithmetic is done in f32, whose results are rounded to the nearest bfloat, ties to even; NaN stays NaN.
"""

from typing import Any

import numpy
from mlir import ir
from mlir.passmanager import PassManager

from mograph.targets.cpu.builder import find, walk

_PASSES = (
    "builtin.module(gpu.module(math-extend-to-supported-types{extra-types=f16 target-type=f32},"
    "arith-emulate-unsupported-floats{source-types=bf16 target-type=f32},arith-expand{include-bf16=true}))"
)


def has_bfloats(module: ir.Module) -> bool:
    """Whether a module names the type anywhere."""
    return "bf16" in str(module)


def as_integers(module: ir.Module) -> None:
    """Bfloats become integers of 16 bits, in place."""
    PassManager.parse(_PASSES, module.context).run(module.operation)
    for op in find(module.operation, "arith.constant"):
        if "bf16" in str(op.results[0].type):
            op.attributes["value"] = _bits(op.attributes["value"])
    walk(module.operation, _retype)
    for op in find(module.operation, "arith.bitcast"):
        if op.operands[0].type == op.results[0].type:
            op.results[0].replace_all_uses_with(op.operands[0])
            op.erase()


def _retype(op: ir.Operation) -> None:
    for result in op.results:
        _set(result)
    for region in op.regions:
        for block in region.blocks:
            for argument in block.arguments:
                _set(argument)
    for name in op.attributes:
        key = name if isinstance(name, str) else name.name
        attribute = op.attributes[key]
        if isinstance(attribute, ir.TypeAttr) and "bf16" in str(attribute):
            op.attributes[key] = ir.Attribute.parse(str(attribute).replace("bf16", "i16"), op.context)


def _set(value: ir.Value) -> None:
    text = str(value.type)
    if "bf16" in text:
        value.set_type(ir.Type.parse(text.replace("bf16", "i16"), value.context))


def _bits(value: Any) -> ir.Attribute:
    """The bits of a constant, which f32 has as its upper half."""
    if isinstance(value, ir.FloatAttr):
        return ir.IntegerAttr.get(ir.IntegerType.get_signless(16), int(_upper(numpy.float32(value.value))))
    type_ = ir.Type.parse(str(value.type).replace("bf16", "i16"))
    if value.is_splat:
        number = int(_upper(numpy.float32(value.get_splat_value().value)))
        return ir.DenseElementsAttr.get_splat(type_, ir.IntegerAttr.get(ir.IntegerType.get_signless(16), number))
    numbers = _upper(numpy.array(list(value), numpy.float32))
    return ir.DenseElementsAttr.get(numbers.reshape(type_.shape), type=type_)


def _upper(number: Any) -> Any:
    return (numpy.asarray(number).view(numpy.uint32) >> 16).astype(numpy.uint16).view(numpy.int16)
