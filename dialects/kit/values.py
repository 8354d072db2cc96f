# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Attributes as Python values, and back: an I64Attr is an int, a Dims a tuple of int and Dim."""

import math
import struct
from collections.abc import Sequence
from typing import Any

from mlir import ir

from mograph import _native
from mograph.dialects.kit.constraints import AttrConstraint, Constraint
from mograph.dialects.kit.dims import Dim

__all__ = ["attr_text", "from_attribute", "listed", "to_attribute"]

# Classes that declare types and attributes, by full name: what their values reach Python as.
DECLARED_TYPES: dict[str, Any] = {}
DECLARED_ATTRIBUTES: dict[str, Any] = {}

_DENSE = {
    "dense_i8_array": (ir.DenseI8ArrayAttr, "i8"),
    "dense_i16_array": (ir.DenseI16ArrayAttr, "i16"),
    "dense_i32_array": (ir.DenseI32ArrayAttr, "i32"),
    "dense_i64_array": (ir.DenseI64ArrayAttr, "i64"),
    "dense_f32_array": (ir.DenseF32ArrayAttr, "f32"),
    "dense_f64_array": (ir.DenseF64ArrayAttr, "f64"),
    "dense_bool_array": (ir.DenseBoolArrayAttr, "i1"),
}


def listed(array: Any) -> list[Any]:
    """What is in an array, an attribute. Iterators of MLIR end by an exception in C++, which costs more."""
    return [array[i] for i in range(len(array))]


def wrap_type(type_: ir.Type) -> ir.Type:
    """The type as the class that declares it, if Python declares it."""
    name, _ = _native.type_parameters(type_)
    cls = DECLARED_TYPES.get(name)
    return cls(type_) if cls else type_.maybe_downcast()


def from_attribute(constraint: Constraint, attribute: ir.Attribute | None) -> Any:
    """The Python value of an attribute that satisfies a constraint.

    None (for a unit attribute False) when it is absent.
    """
    kind = getattr(constraint, "python", "attribute")
    if attribute is None:
        return False if kind == "unit" else None
    if kind == "unit":
        return True
    if kind == "dims":
        return tuple(e.value if isinstance(e, ir.IntegerAttr) else Dim.parse(e.value) for e in listed(attribute))
    if kind == "int":
        value = ir.IntegerAttr(attribute).value
        unsigned = value < 0 and isinstance(attribute.type, ir.IntegerType) and attribute.type.is_unsigned
        return value + (1 << attribute.type.width) if unsigned else value  # the bindings read 64 bits as signed
    if kind in ("float", "str", "bool", "symbol"):
        return attribute.maybe_downcast().value
    if kind == "type":
        return wrap_type(ir.TypeAttr(attribute).value)
    if kind == "array":
        return tuple(listed(attribute.maybe_downcast()))
    if kind == "tuple":
        element = constraint.children[0] if constraint.children else None
        elements = (item.maybe_downcast() for item in listed(attribute))
        return tuple(from_attribute(element, item) if element else item for item in elements)
    if constraint.kind == "dynamic":
        return DECLARED_ATTRIBUTES[constraint.text](attribute)
    return attribute.maybe_downcast()


def attr_text(constraint: Constraint, value: Any) -> str:
    """The text of the attribute for a Python value, in no context.

    For defaults. Raises TypeError for a value that has none.
    """
    kind = getattr(constraint, "python", "attribute")
    if kind == "bool" and isinstance(value, bool):
        return "true" if value else "false"
    if kind == "int" and isinstance(value, int) and not isinstance(value, bool):
        return f"{value} : {_type_text(constraint)}"
    if kind == "float" and isinstance(value, int | float):
        return f"{_float(float(value), _type_text(constraint))} : {_type_text(constraint)}"
    if kind == "str" and isinstance(value, str):
        return _quoted(value)
    if kind == "symbol" and isinstance(value, str):
        return f"@{_quoted(value)}"
    if kind == "array" and isinstance(value, Sequence):
        element = _DENSE[constraint.kind][1]
        items = ", ".join(_element(item, element) for item in value)
        return f"array<{element}: {items}>" if value else f"array<{element}>"
    if kind == "tuple" and isinstance(value, Sequence) and (constraint.children or not value):
        return "[" + ", ".join(attr_text(constraint.children[0], item) for item in value) + "]"  # type: ignore[arg-type]  # arrays constrain all elements
    if kind == "type" and isinstance(value, str):
        return value
    if isinstance(constraint, AttrConstraint) and kind == "attribute" and isinstance(value, str):
        return value
    raise TypeError(f"expected a value for {constraint.summary}, found {value!r}")


def to_attribute(constraint: Constraint, value: Any) -> ir.Attribute:
    """The attribute for a Python value, in the current context. Raises TypeError for a value of the wrong kind."""
    if isinstance(value, ir.Attribute):
        return value
    kind = getattr(constraint, "python", "attribute")
    if kind == "unit":
        return ir.UnitAttr.get()
    if kind == "dims":
        i64 = ir.IntegerType.get_signless(64)
        dims = [Dim.parse(dim) for dim in value]
        return ir.ArrayAttr.get(
            [ir.IntegerAttr.get(i64, d) if isinstance(d, int) else ir.StringAttr.get(str(d)) for d in dims]
        )
    if isinstance(value, ir.Type):
        return ir.TypeAttr.get(value)
    if kind == "str" and isinstance(value, str):
        return ir.StringAttr.get(value)
    if kind == "type" or constraint.kind == "any_of":
        return ir.TypeAttr.get(ir.Type.parse(str(value)))
    if kind == "array":
        return _DENSE[constraint.kind][0].get(list(value))
    if kind == "tuple" and constraint.children:
        return ir.ArrayAttr.get([to_attribute(constraint.children[0], item) for item in value])  # type: ignore[arg-type]  # as above
    if kind == "tuple":
        return ir.ArrayAttr.get(list(value))
    if kind == "symbol":
        return ir.FlatSymbolRefAttr.get(value)
    if constraint.kind == "dynamic":
        return DECLARED_ATTRIBUTES[constraint.text].get(value)
    if kind == "elements":
        from mograph.dialects.kit.elements import from_numpy

        return from_numpy(value)
    return ir.Attribute.parse(attr_text(constraint, value))


def _type_text(constraint: Constraint) -> str:
    (type_,) = constraint.children
    assert type_ is not None
    if type_.kind == "float":
        return type_.names[0]
    return (
        "index"
        if type_.kind == "index"
        else {"signless": "i", "signed": "si", "unsigned": "ui"}[type_.text] + str(type_.numbers[0])
    )


def _float(value: float, type_: str) -> str:
    """A float as MLIR reads it: with a point, and in bits where it is no number."""
    if math.isfinite(value):
        mantissa, _, exponent = repr(value).partition("e")
        text = mantissa if "." in mantissa else f"{mantissa}.0"
        return f"{text}e{exponent}" if exponent else text
    wide = type_ == "f64"
    bits = struct.unpack(">Q" if wide else ">I", struct.pack(">d" if wide else ">f", value))[0]
    return f"0x{bits:0{16 if wide else 8}X}"


def _element(value: Any, element: str) -> str:
    """An element of a dense array."""
    if element == "i1":
        return "true" if value else "false"
    return _float(float(value), element) if element in ("f32", "f64") else repr(value)


def _quoted(text: str) -> str:
    return (
        '"'
        + "".join(c if c.isprintable() and c not in '"\\' else "".join(f"\\{b:02X}" for b in c.encode()) for c in text)
        + '"'
    )
