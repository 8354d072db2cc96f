# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What declared patterns are made of: variables for operands, attributes and types, and trees of ops over them.

All of it is plain data, made in the body of a `Pattern` class before there is any context.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any


class Variable:
    """Something that a pattern names: `name` is its field in the class, if it has one."""

    name = ""
    pdl_type = ""  # its type in PDL: value, attribute, type, operation, range<value> …
    pdl_word = ""  # the PDL op that matches any of it

    def pattern_op(self, op_name: str, operands: Sequence[Any], attributes: Mapping[str, Any]) -> "Op":
        """Make an op of a pattern: what the class of an op does when it is called with such as this among its operands.

        The arguments are those of `ops[op_name]`: `attributes` may hold `results` too.
        """
        return OpMaker(op_name)(*operands, **attributes)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = self.name or name


class Type(Variable):
    """A type: any, or the one of that text."""

    pdl_type = pdl_word = "type"

    def __init__(self, constant: str | None = None) -> None:
        self.constant = constant


class Types(Variable):
    """The types of any number of results."""

    pdl_type = "range<type>"
    pdl_word = "types"


class Operand(Variable):
    """An operand: any value of the type."""

    pdl_type = "value"
    pdl_word = "operand"

    def __init__(self, type: Type | None = None) -> None:
        self.given_type = type

    @property
    def type(self) -> Type:
        """Its type, to be used elsewhere in the pattern."""
        self.given_type = self.given_type or Type()
        return self.given_type


class Operands(Variable):
    """Any number of operands."""

    pdl_type = "range<value>"
    pdl_word = "operands"


class Attribute(Variable):
    """An attribute: any (of a type), or the one of that text."""

    pdl_type = pdl_word = "attribute"

    def __init__(self, constant: str | None = None, type: Type | None = None) -> None:
        self.constant = constant
        self.type = type


class Computed(Variable):
    """An attribute or type that a Python function gives when the rest has matched."""

    def __init__(self, function: Callable[..., Any], pdl_type: str) -> None:
        self.function = function
        self.pdl_type = pdl_type


class Constraint(Variable):
    """A Python function that says whether what has matched so far will do."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function


class Result(Variable):
    """One result of an op of the pattern."""

    pdl_type = "value"

    def __init__(self, op: "Op", index: int) -> None:
        self.op = op
        self.index = index


class Op(Variable):
    """An op to match, or to make: with all its operands, some attributes, and its results' types if they matter."""

    pdl_type = "operation"

    def __init__(
        self,
        op_name: str,
        operands: Sequence["Operand | Operands | Result | Op"],
        attributes: Mapping[str, Attribute | Computed],
        results: Sequence[Type | Computed] | None,
    ) -> None:
        self.op_name = op_name
        self.operands = operands
        self.attributes = attributes
        self.results = results
        self.first = Result(self, 0)

    def __getitem__(self, index: int) -> Result:
        return Result(self, index) if index else self.first

    @property
    def type(self) -> Type | Computed:
        """The type of its only result, to be used elsewhere in the pattern."""
        if self.results is None:
            self.results = [Type()]
        return self.results[0]


class OpMaker:
    """Makes ops of one name: `ops["arith.addi"](x, y, overflowFlags=flags, results=[t])`."""

    def __init__(self, op_name: str) -> None:
        self.op_name = op_name

    def __call__(
        self,
        *operands: Any,
        results: Sequence[Any] | None = None,
        attributes: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> Op:
        """Make an op of operands (variables, ops: their first result, or `...` for any number more) and attributes.

        Attributes are variables or Python values (see `constant`), by keyword or, whatever their names, in
        `attributes`. `results` are types, as variables or texts; without it they may be any when an op is matched, and
        are inferred when one is made.
        """
        given = {**(attributes or {}), **more}
        return Op(
            self.op_name,
            [self._operand(each) for each in operands],
            {key: each if isinstance(each, Attribute | Computed) else constant(each) for key, each in given.items()},
            None if results is None else [Type(each) if isinstance(each, str) else each for each in results],
        )

    def _operand(self, given: Any) -> Any:
        if given is ...:
            return Operands()
        if isinstance(given, Operand | Operands | Result | Op):
            return given
        raise TypeError(f"an operand of '{self.op_name}' is a variable, an op or ...; found {given!r}")


class _Ops:
    """Ops by name, for patterns: `ops["arith.addi"]`."""

    def __getitem__(self, op_name: str) -> OpMaker:
        return OpMaker(op_name)


ops = _Ops()


def operand(type: Type | str | None = None) -> Operand:
    """Declare an operand: any value, or any of a type (a variable or a text). Used twice, it must be the same value."""
    return Operand(Type(type) if isinstance(type, str) else type)


def operands() -> Operands:
    """Declare any number of operands, as the last ones of an op."""
    return Operands()


def attribute(constant: str | None = None, type: Type | str | None = None) -> Attribute:
    """Declare an attribute: any, any of a type, or the one that the text says: `attribute("2 : i32")`."""
    return Attribute(constant, Type(type) if isinstance(type, str) else type)


def type_(constant: str | None = None) -> Type:
    """Declare a type: any, or the one that the text says: `type_("f32")`."""
    return Type(constant)


def constant(value: object) -> Attribute:
    """Turn a Python value into an attribute: bool, int (i64), float (f64), str (a string), or a list of these."""
    return Attribute(_text(value))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value} : i64"
    if isinstance(value, float):
        return f"{value!r} : f64" if "." in repr(value) else f"{value:.17e} : f64"
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_text, value))}]"
    raise TypeError(f"an attribute is a variable, a bool, int, float, str or a list of these; found {value!r}")


def constraint(function: Callable[..., Any]) -> Constraint:
    """Make a constraint of a function whose parameters are named as fields: it returns whether they match."""
    return Constraint(function)


def computed_attribute(function: Callable[..., Any]) -> Any:
    """Make an attribute of a function whose parameters are named as fields; what returns None does not match."""
    return Computed(function, "attribute")


def computed_type(function: Callable[..., Any]) -> Any:
    """Make a type of a function whose parameters are named as fields; what returns None does not match."""
    return Computed(function, "type")
