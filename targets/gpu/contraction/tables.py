# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Whether a body makes f32 of floats of 8 bits, and nothing else, from what it makes of each of the 256 there are.

That conversion is expanded to arithmetic on bits before kernels are made, since few chips have it. Matrix units take
the floats as they are, so that it is recognised again here: by its values, whatever the arithmetic.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from mlir import ir

from mograph.dialects.kit import numpy_dtype
from mograph.targets.cpu.contraction.body import Factor

Array = np.ndarray[Any, Any]
FLOATS = ("f8E4M3FN", "f8E5M2", "f8E4M3FNUZ", "f8E5M2FNUZ")
_TYPES: dict[str, Any] = {
    "i1": np.bool_, "i8": np.uint8, "i16": np.uint16, "i32": np.uint32, "f16": np.float16, "f32": np.float32,
}  # fmt: skip
_OPERATIONS: dict[str, Callable[[Array, Array], Array]] = {
    "andi": np.bitwise_and, "ori": np.bitwise_or, "xori": np.bitwise_xor, "addi": np.add, "subi": np.subtract,
    "shli": np.left_shift, "shrui": np.right_shift, "addf": np.add, "subf": np.subtract, "mulf": np.multiply,
}  # fmt: skip
_COMPARE: dict[str, dict[int, Callable[[Array, Array], Array]]] = {  # by predicate; numbers are not signed
    "cmpi": {0: np.equal, 1: np.not_equal, 6: np.less, 7: np.less_equal, 8: np.greater, 9: np.greater_equal},
    "cmpf": {1: np.equal, 2: np.greater, 3: np.greater_equal, 4: np.less, 5: np.less_equal, 13: np.not_equal},
}


def is_widened(factor: Factor, constants: Mapping[ir.Value, ir.Attribute]) -> bool:
    """Whether a factor is the f32 that its element, a float of 8 bits, stands for. `constants` are those in the body;
    others are looked for outside.
    """
    name = str(factor.argument.type)
    if name not in FLOATS or str(factor.value.type) != "f32":
        return False
    bits = np.arange(256, dtype=np.uint8)
    with np.errstate(all="ignore"):
        found = _evaluate(factor, bits, constants)
        expected = bits.view(numpy_dtype(name)).astype(np.float32)
    if found is None or found.shape != expected.shape:
        return False
    same = found.view(np.uint32) == expected.view(np.uint32)
    return bool(np.all(same | np.isnan(found) & np.isnan(expected)))


def _evaluate(factor: Factor, bits: Array, constants: Mapping[ir.Value, ir.Attribute]) -> Array | None:
    """What the factor is for elements of these bits; None where an operation is not known here."""
    values: dict[ir.Value, Array] = {factor.argument: bits}

    def of(value: ir.Value) -> Array | None:
        if value not in values:
            attribute = constants.get(value) or _constant(value)
            type_ = _TYPES.get(str(value.type))
            if attribute is None or type_ is None:
                return None
            number = ir.FloatAttr(attribute).value if str(value.type)[0] == "f" else ir.IntegerAttr(attribute).value
            values[value] = np.asarray(number).astype(type_)
        return values[value]

    for op in factor.ops:
        given = [of(operand) for operand in op.operands]
        known = [each for each in given if each is not None]
        result = None if len(known) < len(given) else _apply(op, known)
        if result is None:
            return None
        values[op.results[0]] = result
    return values.get(factor.value)


def _apply(op: ir.Operation, given: list[Array]) -> Array | None:
    name, type_ = op.name.removeprefix("arith."), _TYPES.get(str(op.results[0].type))
    if type_ is None:
        return None
    if name == "bitcast":
        found: Array = given[0].view(type_)
        return found
    if name in ("extui", "trunci", "extf", "uitofp"):
        return given[0].astype(type_)
    if name == "select":
        condition, one, other = given
        return np.where(condition, one, other)
    if name in _COMPARE:
        compare = _COMPARE[name].get(ir.IntegerAttr(op.attributes["predicate"]).value)
        return None if compare is None else compare(*given)
    return _OPERATIONS[name](*given).astype(type_) if name in _OPERATIONS else None


def _constant(value: ir.Value) -> ir.Attribute | None:
    """What a value outside the body is, where it is a constant."""
    owner = value.owner
    if isinstance(owner, ir.Block) or owner.operation.name != "arith.constant":
        return None
    attribute: ir.Attribute = owner.operation.attributes["value"]
    return attribute
