# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Operations declared in Python. The class that declares an operation is also the view of its instances."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from mlir import ir

from mograph import _native
from mograph.dialects.kit import hooks, values
from mograph.dialects.kit.constraints import DenseI32ArrayOf
from mograph.dialects.kit.errors import DeclarationError, VerifyError
from mograph.dialects.kit.fields import MISSING, Field, declared_fields, word
from mograph.dialects.kit.interfaces import Call, Effect, Forwards, Function, LoopLike, RegionBranch
from mograph.dialects.kit.traits import Trait

if TYPE_CHECKING:
    from mograph.dialects.kit.dialect import Dialect

__all__ = ["OperationBase"]

_KINDS = ("operand", "result", "attribute", "region", "successor")
# What an OpView has already; `result` means there what it means here.
_RESERVED = frozenset(name for name in dir(ir.OpView) if not name.startswith("__")) | {"build", "error"}
_RESERVED |= {"infer", "check", "evaluate", "verify", "fold", "fold_with_constant", "speculatable", "folds", "call"}
_RESERVED |= {"loop", "branches", "forwards", "function", "effects", "directives", "canonicalizers", "assembly_format"}
_RESERVED -= {"result"}


class OperationBase(ir.OpView):
    """An operation that Python declares: `class While(Mo.Operation, name="while", traits=[SingleBlock])`.

    The annotations are its fields, `assembly_format` its syntax (ODS's; a plain one is made where it is absent). A
    class without `name` declares nothing, and gives its fields, traits and methods to those derived from it. Optional
    methods and values:

    - `infer(...)`, `check(...)`, `evaluate(...)`: static, with the fields they need as parameters; see the
      documentation of the kit.
    - `verify(self)`, `fold(op)`, `speculatable(self)`: over the operation itself. `fold_with_constant(op)` takes the
      place of `fold` where only a constant operand can make an operation fold; for others no Python runs.
    - `branches`, `loop`, `forwards`, `call`, `function`, `effects`: interfaces.
    - `directives`: custom directives of its format, `{"Name": class with static parse(parser) and print(printer,
      *arguments)}`. `parse` gives a value for each argument: an attribute or None, a type or a list of types, an
      operand of the parser's or a list of them.
    - `canonicalizers`: rewrite patterns that canonicalisation applies.
    - `folds`: constant operands fold through `evaluate`.
    """

    OPERATION_NAME: ClassVar[str] = ""
    DIALECT: "ClassVar[type[Dialect]]"
    TRAITS: ClassVar[tuple[Trait, ...]] = ()
    FIELDS: ClassVar[dict[str, Field]] = {}
    OPERANDS: ClassVar[list[Field]] = []
    RESULTS: ClassVar[list[Field]] = []
    ATTRIBUTES: ClassVar[list[Field]] = []
    REGIONS: ClassVar[list[Field]] = []
    SUCCESSORS: ClassVar[list[Field]] = []
    EVALUATE: ClassVar[tuple[str, ...] | None] = None
    assembly_format: ClassVar[str] = ""
    branches: ClassVar[RegionBranch | None] = None
    loop: ClassVar[LoopLike | None] = None
    forwards: ClassVar[Forwards | None] = None
    call: ClassVar[Call | None] = None
    function: ClassVar[Function | None] = None
    effects: ClassVar[Sequence[Effect] | None] = None
    folds: ClassVar[bool] = False
    directives: ClassVar[dict[str, Any]] = {}
    canonicalizers: ClassVar[Sequence[Any]] = ()

    def __init_subclass__(cls, *, name: str | None = None, traits: Sequence[Trait] = (), **rest: Any) -> None:
        super().__init_subclass__(**rest)
        cls.__kit_declaration__ = True
        for trait in traits:
            if not isinstance(trait, Trait):
                raise DeclarationError(f"{cls.__qualname__}: expected traits of the kit, found {trait!r}")
        cls.TRAITS = (*cls.TRAITS, *(trait for trait in traits if trait not in cls.TRAITS))
        if name is None:
            return
        dialect = cls.DIALECT
        cls.OPERATION_NAME = f"{dialect.NAME}.{word(cls, name)}"
        fields = declared_fields(cls, _KINDS, _RESERVED)
        cls.FIELDS = {field.name: field for field in fields}
        by_kind = {kind: [field for field in fields if field.kind == kind] for kind in _KINDS}
        cls.OPERANDS, cls.RESULTS, cls.ATTRIBUTES = by_kind["operand"], by_kind["result"], by_kind["attribute"]
        cls.REGIONS, cls.SUCCESSORS = by_kind["region"], by_kind["successor"]
        for field in fields:
            setattr(cls, field.name, _Accessor(field, by_kind[field.kind].index(field)))
        cls.EVALUATE = hooks.parameters_of(cls, "evaluate", ("result_shapes",))
        try:
            cls.SPEC = _native.make_op(_declaration(cls))
        except ValueError as error:
            raise DeclarationError(f"{cls.__qualname__}: {error}") from None
        dialect._add("ops", cls.OPERATION_NAME, cls)

    def __new__(cls, *arguments: Any, **attributes: Any) -> Any:
        """Wrap an operation; among the variables of a rewrite pattern, stand for an operation of the pattern."""
        for argument in arguments:
            make = getattr(argument, "pattern_op", None)
            if make is not None:
                return make(cls.OPERATION_NAME, arguments, attributes)
        return super().__new__(cls)

    @classmethod
    def names_of_others(cls) -> list[str]:
        """The operations that the declaration names: terminators and parents."""
        names = [name for field in cls.REGIONS for name in field.constraint.terminators]
        parents = [name for trait in cls.TRAITS if trait.name == "HasParent" for name in trait.arguments]
        return names + parents + cls.implicit_terminators()

    @classmethod
    def implicit_terminators(cls) -> list[str]:
        """The operation that ends regions whose text leaves their end out."""
        traits = [trait for trait in cls.TRAITS if trait.name == "SingleBlockImplicitTerminator"]
        return [name for trait in traits for name in trait.arguments]

    def error(self, message: str) -> VerifyError:
        """The error to raise from `verify`."""
        return VerifyError(message)

    @classmethod
    def build(
        cls,
        *operands: Any,
        results: Sequence[Any] | None = None,
        successors: Sequence[ir.Block] = (),
        regions: int | None = None,
        loc: ir.Location | None = None,
        ip: ir.InsertionPoint | None = None,
        **attributes: Any,
    ) -> Any:
        """Builds the operation at the insertion point.

        Operands come in the order of their fields: a value, a sequence of values for a variadic field, None for an
        absent optional one. Attributes are named, as attributes or Python values. `results` are the result types,
        needed where they are not inferred: one flat list, or, where several result fields can hold other than one, an
        entry for each field as for operands. Each region is there, with no block; `regions` says how many there are
        where a field holds any number. Raises TypeError for wrong arguments, and `mlir.ir.MLIRError` or ValueError
        where inference fails.
        """
        if len(operands) > len(cls.OPERANDS):
            raise TypeError(f"{cls.__name__}.build takes {len(cls.OPERANDS)} operands, got {len(operands)}")
        flat, segments = cls._flattened(cls.OPERANDS, operands)
        types, result_segments = list(results or ()), None
        if results is not None and _open(cls.RESULTS) > 1:
            types, result_segments = cls._flattened(cls.RESULTS, results)
        named: dict[str, ir.Attribute] = {}
        context = loc.context if loc is not None else ir.Context.current
        with context:
            for key, value in attributes.items():
                constraint = next((field.constraint for field in cls.ATTRIBUTES if field.name == key), None)
                if constraint is None:
                    raise TypeError(
                        f"{cls.__name__}.build: unknown attribute '{key}'; "
                        f"has {', '.join(f.name for f in cls.ATTRIBUTES)}"
                    )
                if value is not None and (value is not False or constraint.kind != "unit"):
                    named[key] = values.to_attribute(constraint, value)
            if _open(cls.OPERANDS) > 1:
                named["operandSegmentSizes"] = ir.DenseI32ArrayAttr.get(segments)
            if result_segments is not None:
                named["resultSegmentSizes"] = ir.DenseI32ArrayAttr.get(result_segments)
            operation = ir.Operation.create(
                cls.OPERATION_NAME,
                operands=flat,
                results=None if results is None and cls.RESULTS else types,
                infer_type=results is None and bool(cls.RESULTS),
                attributes=named,
                successors=list(successors),
                regions=len(cls.REGIONS) if regions is None else regions,
                loc=loc,
                ip=ip,
            )
            return cls(operation)

    @classmethod
    def _flattened(cls, fields: Sequence[Field], groups: Sequence[Any]) -> tuple[list[Any], list[int]]:
        """What is given for each field, in one list, and how much each got."""
        flat: list[Any] = []
        segments: list[int] = []
        for field, given in zip(fields, (*groups, *[None] * (len(fields) - len(groups))), strict=True):
            if given is None and field.arity == "one":
                raise TypeError(f"{cls.__name__}.build: {field.kind} '{field.name}' is missing")
            group = [] if given is None else ([given] if field.arity != "variadic" else list(given))
            flat.extend(group)
            segments.append(len(group))
        return flat, segments


def _open(fields: Sequence[Field]) -> int:
    return sum(field.arity != "one" for field in fields)


class _Accessor:
    """A field of an operation's instance."""

    def __init__(self, field: Field, index: int) -> None:
        self.field, self.index = field, index

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        operation, field = instance.operation, self.field
        if field.kind == "attribute":
            attributes = operation.attributes
            return values.from_attribute(field.constraint, attributes[field.name] if field.name in attributes else None)
        groups = _native.groups(operation)
        place = {"operand": 0, "result": 1, "region": 2, "successor": 3}[field.kind]
        start, size = groups[place][self.index]
        items = (operation.operands, operation.results, operation.regions, operation.successors)[place]
        if field.arity == "variadic":
            return [items[i] for i in range(start, start + size)]
        return items[start] if size else None

    def __set__(self, instance: Any, value: Any) -> None:
        if self.field.kind != "attribute":
            raise AttributeError(f"'{self.field.name}' is no attribute: set operands through operation.operands")
        operation = instance.operation
        if value is None or value is False and self.field.constraint.kind == "unit":
            if self.field.name in operation.attributes:
                del operation.attributes[self.field.name]
            return
        with operation.context:
            operation.attributes[self.field.name] = values.to_attribute(self.field.constraint, value)


def _declaration(cls: Any) -> dict[str, Any]:
    out: dict[str, Any] = {"name": cls.OPERATION_NAME, "assembly_format": cls.assembly_format}
    for key, fields in (("operands", cls.OPERANDS), ("results", cls.RESULTS)):
        out[key] = [{"name": f.name, "arity": f.arity, "constraint": f.constraint.declaration()} for f in fields]
    out["successors"] = [{"name": f.name, "arity": f.arity} for f in cls.SUCCESSORS]
    out["regions"] = [_region(f) for f in cls.REGIONS]
    out["attributes"] = [_attribute(cls, f) for f in cls.ATTRIBUTES]
    traits = {trait.name: list(trait.arguments) for trait in cls.TRAITS if trait.name != "AllTypesMatch"}
    matches = [argument for trait in cls.TRAITS if trait.name == "AllTypesMatch" for argument in trait.arguments]
    if matches:
        traits["AllTypesMatch"] = matches
    for fields, trait, attribute in (
        (cls.OPERANDS, "AttrSizedOperandSegments", "operandSegmentSizes"),
        (cls.RESULTS, "AttrSizedResultSegments", "resultSegmentSizes"),
    ):
        if _open(fields) > 1:
            traits[trait] = []
            out["attributes"].append({"name": attribute, "constraint": DenseI32ArrayOf(len(fields)).declaration()})
    out["traits"] = traits
    out |= _interfaces(cls, traits)
    out |= _hooks(cls)
    return out


def _region(field: Field) -> dict[str, Any]:
    constraint = field.constraint
    out = {
        "name": field.name,
        "arity": field.arity,
        "single_block": constraint.single_block,
        "may_be_empty": constraint.may_be_empty,
        "terminators": list(constraint.terminators),
    }
    return out if constraint.arguments is None else out | {"arguments": constraint.arguments}


def _attribute(cls: type, field: Field) -> dict[str, Any]:
    out = {"name": field.name, "constraint": field.constraint.declaration(), "optional": field.arity == "optional"}
    if field.default is not MISSING:
        try:
            out["default"] = values.attr_text(field.constraint, field.default)
        except TypeError as error:
            raise DeclarationError(f"{cls.__qualname__}.{field.name}: {error}") from None
    return out


def _interfaces(cls: Any, traits: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {"function": cls.function is not None}
    if cls.effects is not None or "Pure" in traits:
        out["effects"] = [(effect.kind, effect.resource, effect.on) for effect in cls.effects or ()]
        for effect in cls.effects or ():
            if effect.on and effect.on not in cls.FIELDS:
                raise DeclarationError(f"{cls.__qualname__}.effects: '{effect.on}' names no field")
    if "Pure" in traits or "AlwaysSpeculatable" in traits:
        out["speculation"] = "recursive" if "RecursiveMemoryEffects" in traits else "always"
    elif "RecursivelySpeculatable" in traits:
        out["speculation"] = "recursive"
    for name, kind in (("branches", RegionBranch), ("loop", LoopLike), ("forwards", Forwards), ("call", Call)):
        value = getattr(cls, name)
        if value is None:
            continue
        if not isinstance(value, kind):
            raise DeclarationError(f"{cls.__qualname__}.{name}: expected a {kind.__name__}, found {value!r}")
        out[name] = value.declaration()
    if cls.function is not None:
        for required in ("sym_name", "function_type", "sym_visibility", "arg_attrs", "res_attrs"):
            if required not in cls.FIELDS or cls.FIELDS[required].kind != "attribute":
                raise DeclarationError(f"{cls.__qualname__}: a function needs the attribute '{required}'")
        if len(cls.REGIONS) != 1:
            raise DeclarationError(f"{cls.__qualname__}: a function has one region")
    if cls.call is not None and cls.call.callee not in cls.FIELDS:
        raise DeclarationError(f"{cls.__qualname__}.call: '{cls.call.callee}' names no field")
    return out


def _hooks(cls: Any) -> dict[str, Callable[..., Any]]:
    out: dict[str, Callable[..., Any]] = {}
    if (names := hooks.parameters_of(cls, "infer")) is not None:
        out["infer"] = hooks.infer_hook(cls, names)
    if (names := hooks.parameters_of(cls, "check")) is not None:
        out["check"] = hooks.check_hook(cls, names)
    for name in ("verify", "speculatable"):
        own = getattr(cls, name, None)
        if own is not None and own is not getattr(ir.OpView, name, None):
            hooks.takes_operation(cls, name)
            out[name] = hooks.op_hook(cls, name)
    for name in ("fold", "fold_with_constant"):
        if hasattr(cls, name):
            hooks.takes_operation(cls, name, static=True)
    if cls.folds and cls.EVALUATE is not None and not any(trait.name == "Pure" for trait in cls.TRAITS):
        raise DeclarationError(f"{cls.__qualname__}.folds: only an operation with the trait Pure folds")
    for name, directive in cls.directives.items():
        if not callable(getattr(directive, "parse", None)) or not callable(getattr(directive, "print", None)):
            raise DeclarationError(
                f"{cls.__qualname__}.directives: '{name}' needs static methods parse and print, found {directive!r}"
            )
    if cls.directives:
        out["directives"] = {  # type: ignore[assignment]  # a table beside the hooks
            name: (hooks.directive_hook(each), each.print) for name, each in cls.directives.items()
        }
    if cls.canonicalizers:
        out["patterns"] = lambda: cls.canonicalizers[0].compile_set(cls.canonicalizers)
    if cls.folds and cls.EVALUATE is None:
        raise DeclarationError(f"{cls.__qualname__}.folds: there is no `evaluate` to fold with")
    own = [name for name in ("fold", "fold_with_constant") if hasattr(cls, name)]
    if len(own) == 2:
        raise DeclarationError(f"{cls.__qualname__}.fold_with_constant: there is `fold` already")
    if cls.folds or own:
        out["fold"] = hooks.fold_hook(cls)
        out["folds_constants"] = not own  # type: ignore[assignment]  # a flag beside the hooks
        out["folds_with_constants"] = own == ["fold_with_constant"]  # type: ignore[assignment]  # as above
    return out
