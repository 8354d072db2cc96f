# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Constraints on types, attributes and regions, under the names of ODS.

A constraint is data: the native part of the kit interprets it, so that verifying an operation runs no Python. `a | b`
accepts what either accepts.
"""

from collections.abc import Sequence
from dataclasses import field, replace
from typing import Any

from mograph._records import record

__all__ = ["AttrConstraint", "Constraint", "RegionConstraint", "TypeConstraint"]  # and every constraint below


@record
class Constraint:
    """A predicate of the given kind; `summary` ends the sentence "operand #0 must be ..."."""

    kind: str
    summary: str
    text: str = ""
    names: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    children: tuple["Constraint | None", ...] = ()

    def declaration(self) -> dict[str, Any]:
        """As the native part takes it."""
        return {
            "kind": self.kind,
            "summary": self.summary,
            "text": self.text,
            "names": list(self.names),
            "numbers": list(self.numbers),
            "children": [child and child.declaration() for child in self.children],
        }

    def described(self, summary: str) -> "Constraint":
        """The same predicate in other words."""
        return replace(self, summary=summary)

    def __or__(self, other: "Constraint") -> "Constraint":
        other = constraint_of(other)
        return type(self)("any_of", f"{self.summary} or {other.summary}", children=(self, other))

    def __and__(self, other: "Constraint") -> "Constraint":
        other = constraint_of(other)
        return type(self)("all_of", f"{self.summary} and {other.summary}", children=(self, other))

    def __invert__(self) -> "Constraint":
        return type(self)("not", f"not {self.summary}", children=(self,))


@record
class TypeConstraint(Constraint):
    """A predicate over types."""


@record
class AttrConstraint(Constraint):
    """A predicate over attributes."""

    python: str = field(default="attribute", compare=False)
    """How the value reaches Python, see values.py."""


@record
class RegionConstraint:
    """What a region holds."""

    single_block: bool = False
    may_be_empty: bool = False
    arguments: str | None = None
    """The operand or result field whose types the entry block's arguments have; empty: no arguments; None: any."""
    terminators: tuple[str, ...] = ()


def constraint_of(value: Any) -> Constraint:
    """The constraint that stands in a field's annotation: one, or a declared type or attribute. Raises TypeError."""
    if isinstance(value, Constraint):
        return value
    declared = getattr(value, "constraint", None)
    if isinstance(declared, Constraint):
        return declared
    raise TypeError(f"expected a constraint or a declared type or attribute, found {value!r}")


# ---- Types

AnyType = TypeConstraint("any", "any type")
Index = TypeConstraint("index", "index")
NoneType = TypeConstraint("none", "none type")
FunctionType = TypeConstraint("function", "function type")
AnyTuple = TypeConstraint("tuple", "any tuple")


def _integer(prefix: str, signedness: str, width: int) -> TypeConstraint:
    return TypeConstraint("integer", f"{width}-bit {signedness} integer", text=signedness, numbers=(width,))


I1, I8, I16, I32, I64 = (_integer("i", "signless", width) for width in (1, 8, 16, 32, 64))
SI8, SI16, SI32, SI64 = (_integer("si", "signed", width) for width in (8, 16, 32, 64))
UI8, UI16, UI32, UI64 = (_integer("ui", "unsigned", width) for width in (8, 16, 32, 64))
AnyInteger = TypeConstraint("integer", "integer")
AnySignlessInteger = TypeConstraint("integer", "signless integer", text="signless")
AnySignedInteger = TypeConstraint("integer", "signed integer", text="signed")
AnyUnsignedInteger = TypeConstraint("integer", "unsigned integer", text="unsigned")


def _float(spelling: str, summary: str) -> TypeConstraint:
    return TypeConstraint("float", summary, names=(spelling,))


F16, F32, F64 = (_float(f"f{width}", f"{width}-bit float") for width in (16, 32, 64))
BF16 = _float("bf16", "bfloat16 type")
F8E4M3FN = _float("f8E4M3FN", "f8E4M3FN type")
F8E5M2 = _float("f8E5M2", "f8E5M2 type")
AnyFloat = TypeConstraint("float", "floating-point")


def Exactly(text: str) -> TypeConstraint:
    """The one type of this text."""
    return TypeConstraint("exact", text, text=text)


def AnyTypeOf(*options: Any) -> TypeConstraint:
    """Any of the given constraints, declared types, or texts of types."""
    children = tuple(Exactly(option) if isinstance(option, str) else constraint_of(option) for option in options)
    return TypeConstraint("any_of", " or ".join(child.summary for child in children), children=children)


def DialectType(namespace: str) -> TypeConstraint:
    """Any type of a dialect."""
    return TypeConstraint("dialect", f"a type of dialect '{namespace}'", text=namespace)


def Complex(element: Any = None) -> TypeConstraint:
    """A complex number, of the given element type."""
    return _with_element("complex", "complex-type", (), element)


def _with_element(
    kind: str, summary: str, names: tuple[str, ...], element: Any, ranks: Sequence[int] = ()
) -> TypeConstraint:
    children = () if element is None else (constraint_of(element),)
    rank = f"{'/'.join(map(str, ranks))}D " if ranks else ""
    of = f" of {children[0].summary} values" if children else ""
    return TypeConstraint(kind, f"{rank}{summary}{of}", names=names, numbers=tuple(ranks), children=children)


def Tensor(element: Any = None, ranks: Sequence[int] = ()) -> TypeConstraint:
    """A builtin tensor, of the given element type and one of the given ranks."""
    return _with_element("shaped", "tensor", ("tensor",), element, ranks)


def MemRef(element: Any = None, ranks: Sequence[int] = ()) -> TypeConstraint:
    """A memref."""
    return _with_element("shaped", "memref", ("memref",), element, ranks)


def Vector(element: Any = None, ranks: Sequence[int] = ()) -> TypeConstraint:
    """A vector."""
    return _with_element("shaped", "vector", ("vector",), element, ranks)


AnyTensor, AnyMemRef, AnyVector = Tensor(), MemRef(), Vector()
AnyShaped = TypeConstraint("shaped", "shaped type")


# ---- Attributes

AnyAttr = AttrConstraint("any", "any attribute")
BoolAttr = AttrConstraint("bool", "bool attribute", python="bool")
StrAttr = AttrConstraint("string", "string attribute", python="str")
Label = AttrConstraint("label", "a word, with ':' and a number or without", python="str")
SymbolNameAttr = AttrConstraint("symbol_name", "a symbol name", python="str")
UnitAttr = AttrConstraint("unit", "unit attribute", python="unit")
TypedAttr = AttrConstraint("typed", "typed attribute")
ElementsAttr = AttrConstraint("elements", "constant elements attribute", python="elements")
DictionaryAttr = AttrConstraint("dictionary", "dictionary of named attribute values")
SymbolRefAttr = AttrConstraint("symbol_ref", "symbol reference attribute")
FlatSymbolRefAttr = AttrConstraint("flat_symbol_ref", "flat symbol reference attribute", python="symbol")
AffineMapAttr = AttrConstraint("affine_map", "AffineMap attribute")
LocationAttr = AttrConstraint("location", "location attribute")
Dims = AttrConstraint("dims", "dimensions: integers, names or expressions of names", python="dims")


def _typed(kind: str, type_: TypeConstraint, python: str) -> AttrConstraint:
    return AttrConstraint(kind, f"{type_.summary} attribute", children=(type_,), python=python)


I1Attr = _typed("integer", I1, "bool")
I8Attr, I16Attr, I32Attr, I64Attr = (_typed("integer", t, "int") for t in (I8, I16, I32, I64))
SI32Attr, SI64Attr, UI32Attr, UI64Attr = (_typed("integer", t, "int") for t in (SI32, SI64, UI32, UI64))
IndexAttr = _typed("integer", Index, "int")
F32Attr, F64Attr = (_typed("float", t, "float") for t in (F32, F64))


def IntAttr(
    base: AttrConstraint = I64Attr, *, minimum: int | None = None, maximum: int | None = None
) -> AttrConstraint:
    """An integer attribute within bounds, both included."""
    bounds = [(name, value) for name, value in (("min", minimum), ("max", maximum)) if value is not None]
    words = " and ".join(f"{'at least' if name == 'min' else 'at most'} {value}" for name, value in bounds)
    return replace(
        base,
        summary=f"{base.summary} of {words}" if words else base.summary,
        names=tuple(name for name, _ in bounds),
        numbers=tuple(value for _, value in bounds),
    )


def _dense(element: str, length: int | None = None) -> AttrConstraint:
    numbers = () if length is None else (length,)
    count = "" if length is None else f" of {length} elements"
    return AttrConstraint(
        f"dense_{element}_array", f"{element} dense array attribute{count}", numbers=numbers, python="array"
    )


DenseI8ArrayAttr, DenseI16ArrayAttr, DenseI32ArrayAttr, DenseI64ArrayAttr = (
    _dense(e) for e in ("i8", "i16", "i32", "i64")
)
DenseF32ArrayAttr, DenseF64ArrayAttr, DenseBoolArrayAttr = (_dense(e) for e in ("f32", "f64", "bool"))


def DenseI32ArrayOf(length: int) -> AttrConstraint:
    """A dense array of `length` 32-bit integers."""
    return _dense("i32", length)


def EnumAttr(*cases: str) -> AttrConstraint:
    """A string attribute that is one of `cases`; printed bare."""
    return AttrConstraint("enum", "one of " + ", ".join(cases), names=cases, python="str")


def TypeAttrOf(type_: Any) -> AttrConstraint:
    """A type attribute whose type satisfies a constraint."""
    inner = constraint_of(type_)
    return AttrConstraint("type", f"type attribute of {inner.summary}", children=(inner,), python="type")


TypeAttr = AttrConstraint("type", "any type attribute", python="type")


def ArrayAttrOf(element: Any) -> AttrConstraint:
    """An array attribute whose elements satisfy a constraint."""
    inner = constraint_of(element)
    return AttrConstraint("array", f"array attribute of {inner.summary}", children=(inner,), python="tuple")


ArrayAttr = AttrConstraint("array", "array attribute", python="tuple")
SymbolRefArrayAttr = ArrayAttrOf(SymbolRefAttr)
StrArrayAttr = ArrayAttrOf(StrAttr)
I64ArrayAttr = ArrayAttrOf(I64Attr)
TypeArrayAttr = ArrayAttrOf(TypeAttr)


def AnyAttrOf(*options: Any) -> AttrConstraint:
    """Any of the given constraints."""
    children = tuple(map(constraint_of, options))
    return AttrConstraint("any_of", " or ".join(child.summary for child in children), children=children)


# ---- Regions

AnyRegion = RegionConstraint()


def _region(terminator: str | Sequence[str], **rest: Any) -> RegionConstraint:
    names = (terminator,) if isinstance(terminator, str) else tuple(terminator)
    return RegionConstraint(terminators=tuple(filter(None, names)), **rest)


def Args(field: str, terminator: str | Sequence[str] = ()) -> RegionConstraint:
    """One block, whose arguments have the types of a field of operands or results."""
    return _region(terminator, single_block=True, arguments=field)


def SizedRegion(blocks: int = 1, terminator: str | Sequence[str] = ()) -> RegionConstraint:
    """One block. Raises ValueError for another number, which no constraint can express."""
    _one_block(blocks)
    return _region(terminator, single_block=True)


def NoArgs(terminator: str | Sequence[str] = ()) -> RegionConstraint:
    """One block without arguments."""
    return _region(terminator, single_block=True, arguments="")


def MaxSizedRegion(blocks: int = 1, terminator: str | Sequence[str] = ()) -> RegionConstraint:
    """One block, or none."""
    _one_block(blocks)
    return _region(terminator, single_block=True, may_be_empty=True)


def _one_block(blocks: int) -> None:
    if blocks != 1:
        raise ValueError(f"a region of a fixed number of blocks has 1, not {blocks}; AnyRegion has any number")
