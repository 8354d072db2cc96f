# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Bfloats as integers: OpenCL has no such type.

Arithmetic is done in f32, whose results are rounded to the nearest bfloat, ties to even; NaN stays NaN.
"""

from typing import Any

import numpy
from mlir import ir
from mlir.passmanager import PassManager

from mograph.targets.cpu.builder import Builder, find, walk

_PASSES = (
    "builtin.module(gpu.module(math-extend-to-supported-types{extra-types=f16 target-type=f32},"
    "arith-emulate-unsupported-floats{source-types=bf16 target-type=f32},arith-expand{include-bf16=true}))"
)


def has_bfloats(module: ir.Module) -> bool:
    """Whether a module names the type anywhere."""
    return "bf16" in str(module)


def as_integers(module: ir.Module) -> None:
    """Bfloats become integers of 16 bits, in place."""
    for op in find(module.operation, "math.fma", "arith.extf", "arith.truncf"):
        _through_singles(op)
    PassManager.parse(_PASSES, module.context).run(module.operation)
    for op in find(module.operation, "arith.constant"):
        if "bf16" in str(op.results[0].type):
            op.attributes["value"] = _bits(op.attributes["value"])
    walk(module.operation, _retype)
    for op in find(module.operation, "arith.bitcast"):
        if op.operands[0].type == op.results[0].type:
            op.results[0].replace_all_uses_with(op.operands[0])
            op.erase()


def _through_singles(op: ir.Operation) -> None:
    """What upstream's passes do not take: conversions from and to f64, and `math.fma`."""
    result = op.results[0].type
    source = op.operands[0].type
    if "bf16" not in f"{source} {result}" or (op.name != "math.fma" and "f32" in f"{source} {result}"):
        return
    b = Builder(ir.InsertionPoint(op), ir.InsertionPoint(op))
    single = _with_element(result, b.f32)
    with op.location:
        if op.name == "math.fma":
            wide = [b.one("arith.extf", single, operand) for operand in op.operands]
            value = b.one("arith.truncf", result, b.one("math.fma", single, *wide))
        elif op.name == "arith.extf":
            value = b.one("arith.extf", result, b.one("arith.extf", single, op.operands[0]))
        else:
            value = b.one("arith.truncf", result, _to_odd(b, op.operands[0], single))
    op.results[0].replace_all_uses_with(value)
    op.erase()


def _to_odd(b: Builder, value: ir.Value, single: ir.Type) -> ir.Value:
    """Numbers of f64 as those of f32 that are rounded to an odd last bit, so that another rounding to less than that is
    as if it were the only one (Boldo and Melquiond, "When double rounding is odd", 2005).
    """
    double, flags, words = value.type, _with_element(single, b.i1), _with_element(single, b.i32)
    near = b.one("arith.truncf", single, value)
    back = b.one("arith.extf", double, near)

    def compared(predicate: int, x: ir.Value, y: ir.Value) -> ir.Value:
        flag = b.one("arith.cmpf", flags, x, y, predicate=ir.IntegerAttr.get(b.i64, predicate))
        return b.one("arith.extui", words, flag)

    beyond = compared(2, b.one("math.absf", double, back), b.one("math.absf", double, value))  # ogt
    bits = b.one("arith.subi", words, b.one("arith.bitcast", words, near), beyond)
    bits = b.one("arith.ori", words, bits, compared(13, back, value))  # une
    return b.one("arith.bitcast", single, bits)


def _with_element(type_: ir.Type, element: ir.Type) -> ir.Type:
    return ir.VectorType.get(type_.shape, element) if isinstance(type_, ir.VectorType) else element


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
