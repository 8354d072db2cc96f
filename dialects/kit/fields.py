# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What stands in the annotations of a declaration: `inits: Operands[AnyType]`."""

import re
from dataclasses import dataclass, replace
from typing import Any

from mograph.dialects.kit.constraints import AnyAttr, AnyRegion, AnyType, RegionConstraint, constraint_of
from mograph.dialects.kit.errors import DeclarationError

__all__ = [
    "Attribute",
    "Field",
    "Operand",
    "Operands",
    "OptionalAttribute",
    "OptionalOperand",
    "OptionalParameter",
    "OptionalResult",
    "Parameter",
    "Region",
    "Regions",
    "Result",
    "Results",
    "Successor",
    "Successors",
    "declared_fields",
    "word",
]

MISSING: Any = object()


@dataclass
class Field:
    """One declared field.

    `kind` is operand, result, attribute, region, successor or parameter; `arity` one, optional or variadic.
    """

    kind: str
    arity: str
    constraint: Any
    name: str = ""
    default: Any = MISSING


class _Marker:
    """`Marker[constraint]`, or the bare marker for any."""

    kind = ""
    arity = "one"
    otherwise: Any = None

    def __class_getitem__(cls, constraint: Any) -> Field:
        return Field(cls.kind, cls.arity, constraint)


class Operand(_Marker):
    """One operand."""

    kind, otherwise = "operand", AnyType


class OptionalOperand(Operand):
    """An operand that may be absent."""

    arity = "optional"


class Operands(Operand):
    """Any number of operands, each of its own type."""

    arity = "variadic"


class Result(_Marker):
    """One result."""

    kind, otherwise = "result", AnyType


class OptionalResult(Result):
    """A result that may be absent."""

    arity = "optional"


class Results(Result):
    """Any number of results, each of its own type."""

    arity = "variadic"


class Attribute(_Marker):
    """An attribute, required unless the class gives it a value: `axis: Attribute[I64Attr] = -1`."""

    kind, otherwise = "attribute", AnyAttr


class OptionalAttribute(Attribute):
    """An attribute that may be absent."""

    arity = "optional"


class Region(_Marker):
    """One region."""

    kind, otherwise = "region", AnyRegion


class Regions(Region):
    """Any number of regions."""

    arity = "variadic"


class Successor(_Marker):
    """One successor block."""

    kind = "successor"


class Successors(Successor):
    """Any number of successor blocks."""

    arity = "variadic"


class Parameter(_Marker):
    """A parameter of a type or an attribute."""

    kind, otherwise = "parameter", AnyAttr


class OptionalParameter(Parameter):
    """A parameter that may be absent."""

    arity = "optional"


def declared_fields(cls: type, kinds: tuple[str, ...], reserved: frozenset[str] = frozenset()) -> list[Field]:
    """The fields that a class declares, its bases' first.

    Raises DeclarationError for an annotation that is none of `kinds`.
    """
    found: dict[str, Field] = {}
    for base in reversed(cls.__mro__):
        if "__kit_declaration__" not in base.__dict__:
            continue
        annotations = base.__annotations__  # its own
        for name, annotation in annotations.items():
            where = f"{cls.__qualname__}.{name}"
            if isinstance(annotation, str):
                raise DeclarationError(
                    f"{where}: the annotation is the text {annotation!r}; declarations are read when the class is "
                    "made, so the module cannot use `from __future__ import annotations` or quote its annotations"
                )
            if getattr(annotation, "__origin__", None) is _class_var():
                continue
            if isinstance(annotation, type) and issubclass(annotation, _Marker):
                annotation = Field(annotation.kind, annotation.arity, annotation.otherwise)
            if not isinstance(annotation, Field) or annotation.kind not in kinds:
                wanted = ", ".join(f"{kind.capitalize()}[...]" for kind in kinds)
                raise DeclarationError(f"{where}: expected one of {wanted}, found {annotation!r}")
            if name in reserved or name.startswith("_"):
                raise DeclarationError(f"{where}: '{name}' means something else on every one; choose another name")
            if name in found and found[name].kind != annotation.kind:
                raise DeclarationError(f"{where}: a base declares it as another kind of field, {found[name].kind}")
            field = Field(annotation.kind, annotation.arity, _checked(where, annotation), name)
            found[name] = _with_default(where, field, base.__dict__.get(name, MISSING))
        for name, field in found.items():
            if name not in annotations and name in base.__dict__:  # another default for the base's field
                found[name] = _with_default(f"{cls.__qualname__}.{name}", field, base.__dict__[name])
    return list(found.values())


def _with_default(where: str, field: Field, value: Any) -> Field:
    if hasattr(value, "__get__") and isinstance(getattr(value, "field", None), Field):
        value = value.field.default  # the class is an operation itself: an accessor took the default's place
    if value is not MISSING and (field.kind not in ("attribute", "parameter") or field.arity != "one"):
        raise DeclarationError(f"{where}: only a required attribute or parameter can have a default value")
    return field if value is MISSING else replace(field, default=value)


def word(cls: type, name: str) -> str:
    """The name that a class declares something by: words, with dots between. Raises DeclarationError."""
    if not re.fullmatch(r"[A-Za-z_][\w$]*(\.[A-Za-z_][\w$]*)*", name, re.ASCII):
        raise DeclarationError(f"{cls.__qualname__}: '{name}' is no name: expected words with dots between them")
    return name


def _class_var() -> Any:
    from typing import ClassVar

    return ClassVar


def _checked(where: str, field: Field) -> Any:
    if field.kind == "successor":
        return None
    if field.kind == "region":
        if isinstance(field.constraint, RegionConstraint):
            return field.constraint
        raise DeclarationError(f"{where}: expected a constraint of regions, found {field.constraint!r}")
    try:
        return constraint_of(field.constraint)
    except TypeError as error:
        raise DeclarationError(f"{where}: {error}") from None
