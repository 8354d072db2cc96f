# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What stands in the annotations of a declaration: `inits: Operands[AnyType]`."""

import inspect
from dataclasses import dataclass
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
        for name, annotation in inspect.get_annotations(base).items():
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
            if name in reserved:
                raise DeclarationError(
                    f"{where}: '{name}' means something else on every operation; choose another name"
                )
            field = Field(annotation.kind, annotation.arity, _checked(where, annotation), name)
            field.default = base.__dict__.get(name, MISSING)
            if field.default is not MISSING and (field.kind not in ("attribute", "parameter") or field.arity != "one"):
                raise DeclarationError(f"{where}: only a required attribute or parameter can have a default value")
            found[name] = field
    return list(found.values())


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
