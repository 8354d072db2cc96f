# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Types and attributes declared in Python."""

from typing import TYPE_CHECKING, Any, ClassVar

from mlir import ir

from mograph import _native
from mograph.dialects.kit import values
from mograph.dialects.kit.constraints import AttrConstraint, TypeConstraint
from mograph.dialects.kit.errors import DeclarationError
from mograph.dialects.kit.fields import MISSING, Field, declared_fields, word

if TYPE_CHECKING:
    from typing_extensions import Self

    from mograph.dialects.kit.dialect import Dialect

__all__ = ["AttributeBase", "TypeBase"]

# What a type or an attribute has already.
_RESERVED = frozenset(name for each in (ir.Type, ir.Attribute) for name in dir(each) if not name.startswith("__"))
_RESERVED |= {"get", "of", "isinstance", "constraint", "assembly_format"}


def declare(cls: Any, name: str, shaped: tuple[str, str] | None = None) -> None:
    """Reads the parameters and the format of a class, and gives it the accessors. Raises DeclarationError."""
    fields = declared_fields(cls, ("parameter",), _RESERVED)
    dialect = cls.DIALECT
    cls.NAME = f"{dialect.NAME}.{word(cls, name)}"
    cls.FIELDS = {field.name: field for field in fields}
    parameters = [_parameter(cls, field) for field in fields]
    for index, field in enumerate(fields):
        setattr(cls, field.name, _Accessor(index, field))
    declaration = {"name": name, "parameters": parameters, "assembly_format": cls.assembly_format}
    if shaped is not None:
        names = [field.name for field in fields]
        for part in shaped:
            if part not in names:
                raise DeclarationError(f"{cls.__qualname__}: shaped names '{part}', which is no parameter")
        kinds = [cls.FIELDS[part].constraint.kind for part in shaped]
        if kinds != ["dims", "type"]:
            raise DeclarationError(f"{cls.__qualname__}: shaped names parameters of the dims and of the element type")
        declaration["shaped"] = (names.index(shaped[0]), names.index(shaped[1]))
    try:
        cls.SPEC = _native.make_def(declaration)
    except ValueError as error:
        raise DeclarationError(f"{cls.__qualname__}: {error}") from None


def _parameter(cls: type, field: Field) -> dict[str, Any]:
    constraint = field.constraint
    if isinstance(constraint, TypeConstraint):  # a parameter is an attribute: a type stands in one
        constraint = AttrConstraint("type", constraint.summary, children=(constraint,), python="type")
        field.constraint = constraint
    out = {"name": field.name, "constraint": constraint.declaration(), "optional": field.arity == "optional"}
    if field.default is not MISSING:
        try:
            out["default"] = values.attr_text(constraint, field.default)
        except TypeError as error:
            raise DeclarationError(f"{cls.__qualname__}.{field.name}: {error}") from None
    return out


class _Accessor:
    """A parameter as a Python value. Once read, it is an attribute of the instance, which Python finds by itself."""

    def __init__(self, index: int, field: Field) -> None:
        self.index, self.field = index, field

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        value = instance.__dict__[self.field.name] = self.read(instance._raw_parameters()[self.index])
        return value

    def read(self, attribute: ir.Attribute) -> Any:
        attribute = attribute.maybe_downcast()
        if self.field.arity == "optional" and isinstance(attribute, ir.UnitAttr):
            return None
        return values.from_attribute(self.field.constraint, attribute)


def _parameters(cls: Any, positional: tuple[Any, ...], named: dict[str, Any]) -> list[ir.Attribute]:
    """Attributes for `cls.get(...)`, in order. Raises TypeError as a call of a function with these parameters would."""
    fields = list(cls.FIELDS.values())
    if len(positional) > len(fields):
        raise TypeError(f"{cls.__name__}.get takes {len(fields)} parameters, got {len(positional)}")
    given = dict(zip(cls.FIELDS, positional, strict=False))
    for name in named:
        if name in given or name not in cls.FIELDS:
            problem = "given twice" if name in given else "unknown"
            raise TypeError(f"{cls.__name__}.get: parameter '{name}' is {problem}; has {', '.join(cls.FIELDS)}")
    given |= named
    out: list[ir.Attribute] = []
    for field in fields:
        value = given.get(field.name, field.default)
        if field.arity == "optional" and (value is None or value is MISSING):
            out.append(ir.UnitAttr.get())
        elif value is MISSING:
            raise TypeError(f"{cls.__name__}.get: parameter '{field.name}' is missing")
        else:
            out.append(values.to_attribute(field.constraint, value))
    return out


class TypeBase(ir.Type):
    """A type that Python declares: `class Tensor(Mo.Type, name="tensor")`. Its parameters are attributes of the
    instance.

    `Tensor(type)` takes any `mlir.ir.Type` that is one; `Tensor.get(...)` makes one from its parameters, in the current
    context.
    """

    DIALECT: "ClassVar[type[Dialect]]"
    NAME: ClassVar[str] = ""
    FIELDS: ClassVar[dict[str, Field]] = {}
    assembly_format: ClassVar[str] = ""

    def __init_subclass__(cls, *, name: str | None = None, shaped: tuple[str, str] | None = None, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        cls.__kit_declaration__ = True
        if name is None:
            return
        declare(cls, name, shaped)
        cls.constraint = TypeConstraint("dynamic", cls.NAME, text=cls.NAME, names=tuple(cls.FIELDS))
        values.DECLARED_TYPES[cls.NAME] = cls
        cls.DIALECT._add("types", cls.NAME, cls)

    def __init__(self, type_: ir.Type) -> None:
        super().__init__(type_)
        name, _ = _native.type_parameters(type_)
        if name != self.NAME:
            raise ValueError(f"expected a type '!{self.NAME}', found '{type_}'")

    def _raw_parameters(self) -> list[ir.Attribute]:
        parameters: list[ir.Attribute] = _native.type_parameters(self)[1]
        return parameters

    @classmethod
    def get(cls, *positional: Any, **named: Any) -> "Self":
        """The type with these parameters, in the current context. Raises TypeError and ValueError for wrong ones."""
        context = ir.Context.current
        return cls(_native.get_type(context, cls.NAME, _parameters(cls, positional, named)))

    @classmethod
    def isinstance(cls, type_: ir.Type) -> bool:
        """Whether a type is one of these."""
        return bool(_native.type_parameters(type_)[0] == cls.NAME)

    @classmethod
    def of(cls, **parameters: Any) -> TypeConstraint:
        """The constraint that a type is one of these, and its named parameters satisfy the given constraints."""
        from mograph.dialects.kit.constraints import TypeAttrOf, constraint_of

        unknown = set(parameters) - set(cls.FIELDS)
        if unknown:
            raise DeclarationError(
                f"{cls.__qualname__}.of: no parameter '{unknown.pop()}'; has {', '.join(cls.FIELDS)}"
            )
        children = []
        for name in cls.FIELDS:
            child = constraint_of(parameters[name]) if name in parameters else None
            children.append(TypeAttrOf(child) if isinstance(child, TypeConstraint) else child)
        words = ", ".join(f"{name} {constraint_of(value).summary}" for name, value in parameters.items())
        return TypeConstraint(
            "dynamic", f"{cls.NAME} with {words}", text=cls.NAME, names=tuple(cls.FIELDS), children=tuple(children)
        )


class AttributeBase(ir.Attribute):
    """An attribute that Python declares: `class Device(Mo.Attribute, name="device")`."""

    DIALECT: "ClassVar[type[Dialect]]"
    NAME: ClassVar[str] = ""
    FIELDS: ClassVar[dict[str, Field]] = {}
    assembly_format: ClassVar[str] = ""

    def __init_subclass__(cls, *, name: str | None = None, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        cls.__kit_declaration__ = True
        if name is None:
            return
        declare(cls, name)
        cls.constraint = AttrConstraint("dynamic", f"'#{cls.NAME}' attribute", text=cls.NAME)
        values.DECLARED_ATTRIBUTES[cls.NAME] = cls
        cls.DIALECT._add("attributes", cls.NAME, cls)

    def __init__(self, attribute: ir.Attribute) -> None:
        super().__init__(attribute)
        name, _ = _native.attribute_parameters(attribute)
        if name != self.NAME:
            raise ValueError(f"expected an attribute '#{self.NAME}', found '{attribute}'")

    def _raw_parameters(self) -> list[ir.Attribute]:
        parameters: list[ir.Attribute] = _native.attribute_parameters(self)[1]
        return parameters

    @classmethod
    def get(cls, *positional: Any, **named: Any) -> "Self":
        """The attribute with these parameters, in the current context.

        Raises TypeError and ValueError for wrong ones.
        """
        context = ir.Context.current
        return cls(_native.get_attribute(context, cls.NAME, _parameters(cls, positional, named)))
