# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles a declared pattern to the text of a pdl.pattern."""

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any

from .variables import Attribute, Computed, Constraint, Op, Operand, Operands, Result, Type, Types, Variable


class Emitter:
    """Writes one pattern. `name_function` gives each Python function of the pattern the name that PDL calls it by.

    A variable is written where it is first needed, and called by its field's name; what follows refers to it.
    Raises `TypeError` for a pattern that makes no sense.
    """

    def __init__(self, cls: Any, number: int, name_function: Callable[[Callable[..., Any], str, str], str]) -> None:
        self.cls = cls
        self.number = number
        self.name_function = name_function
        self.lines: list[str] = []
        self.names: dict[int, str] = {}
        self.matching = True

    def emit(self) -> str:
        """Return the pattern's text."""
        cls = self.cls
        label = re.sub(r"\W", "_", cls.label)
        self.write(f"pdl.pattern @{label}_{self.number} : benefit({cls.benefit}) {{")
        root = self.reference(cls.root)
        for field, value in fields(cls).items():
            if isinstance(value, Constraint):
                self.constrain(value.function, "constraint", field, "")
            elif isinstance(value, Computed):
                self.reference(value)
        self.matching = False
        self.write(f"pdl.rewrite {root} {{")
        self.write(f"%counter = pdl.attribute = {self.number} : i64")
        self.write('pdl.apply_native_rewrite "mograph.count"(%counter : !pdl.attribute)')
        self.rewrite(root)
        self.write("}")
        self.write("}")
        return "\n".join(self.lines)

    def rewrite(self, root: str) -> None:
        """Write what happens to the matched root."""
        cls = self.cls
        if cls.erase:
            self.write(f"pdl.erase {root}")
        elif cls.rewrite is not None:
            arguments = parameters(cls, cls.rewrite, "rewrite", skip=1)
            name = self.name_function(cls.rewrite, "rewrite", "rewrite")
            self.write(f'pdl.apply_native_rewrite "{name}"({self.list([cls.root, *arguments])})')
        elif isinstance(cls.replace, Op):
            self.write(f"pdl.replace {root} with {self.reference(cls.replace)}")
        else:
            given = cls.replace if isinstance(cls.replace, Sequence) else [cls.replace]
            for each in given:
                if not isinstance(each, Operand | Operands | Result | Op):
                    raise TypeError(f"{cls.__name__}.replace: expected a value or an op; found {each!r}")
            self.write(f"pdl.replace {root} with ({self.list([value(each) for each in given])})")

    def reference(self, variable: Variable) -> str:
        """Return the name of what stands for `variable`, writing it first if need be."""
        name = self.names.get(id(variable))
        if name is None:
            name = self.names[id(variable)] = f"%{variable.name or 'v'}_{len(self.names)}"
            self.define(name, variable)
        return name

    def define(self, name: str, variable: Variable) -> None:
        """Write what stands for a variable."""
        match variable:
            case Op():
                self.operation(name, variable)
            case Result():
                self.write(f"{name} = pdl.result {variable.index} of {self.reference(variable.op)}")
            case Computed():
                self.constrain(variable.function, variable.pdl_type, variable.name, f"{name} = ")
            case Type(constant=str(constant)):
                self.write(f"{name} = pdl.type : {constant}")
            case Attribute(constant=str(constant)):
                self.write(f"{name} = pdl.attribute = {constant}")
            case _ if not self.matching:
                who = f"the field {variable.name!r}" if variable.name else "something"
                raise TypeError(f"{self.cls.__name__}.replace uses {who} that the pattern does not match")
            case Operand(given_type=Type() as given) | Attribute(type=Type() as given):
                self.write(f"{name} = pdl.{variable.pdl_word} : {self.reference(given)}")
            case _:
                self.write(f"{name} = pdl.{variable.pdl_word}")

    def operation(self, name: str, op: Op) -> None:
        """Write an op: with all that matches it, or all that it is made of."""
        operands = self.list([value(each) for each in op.operands])
        attributes = ", ".join(f'"{key}" = {self.reference(each)}' for key, each in op.attributes.items())
        results: Sequence[Variable] = op.results if op.results is not None else [Types()] if self.matching else []
        types = self.list(results)
        text = f'{name} = pdl.operation "{op.op_name}"'
        text += f"({operands})" if operands else ""
        text += f" {{{attributes}}}" if attributes else ""
        self.write(text + (f" -> ({types})" if types else ""))

    def constrain(self, function: Callable[..., Any], kind: str, field: str, result: str) -> None:
        """Call a Python function while matching; the root comes first, for errors to be reported at."""
        arguments = parameters(self.cls, function, field)
        name = self.name_function(function, kind, field)
        type_ = f" : !pdl.{kind}" if result else ""
        self.write(f'{result}pdl.apply_native_constraint "{name}"({self.list([self.cls.root, *arguments])}){type_}')

    def list(self, variables: Sequence[Variable]) -> str:
        """Write `%a, %b : !pdl.value, !pdl.type`, or nothing."""
        if not variables:
            return ""
        names = [self.reference(each) for each in variables]
        return f"{', '.join(names)} : {', '.join(f'!pdl.{each.pdl_type}' for each in variables)}"

    def write(self, line: str) -> None:
        """Add a line."""
        self.lines.append(line)


def value(given: Variable) -> Variable:
    """The first result of an op, where a value is asked for."""
    return given.first if isinstance(given, Op) else given


def fields(cls: type) -> dict[str, Variable]:
    """The variables of a pattern by name, inherited ones first."""
    found: dict[str, Variable] = {}
    for base in reversed(cls.__mro__):
        found |= {name: each for name, each in vars(base).items() if isinstance(each, Variable)}
    return found


def parameters(cls: type, function: Callable[..., Any], field: str, skip: int = 0) -> list[Variable]:
    """The fields that a function's parameters name; raise `TypeError` for one that is no field."""
    known = {name: each for name, each in fields(cls).items() if not isinstance(each, Constraint)}
    names = list(inspect.signature(function).parameters)[skip:]
    for name in names:
        if name not in known:
            usable = ", ".join(known)
            raise TypeError(f"{cls.__name__}.{field}: the parameter {name!r} is no field; the fields are: {usable}")
    return [known[name] for name in names]
