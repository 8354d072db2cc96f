# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions made from the declarations of operations, for `mo` and for any dialect that is declared with the kit."""

import __future__

import inspect
import json
import math
from collections.abc import Callable, Sequence
from typing import Any

from mlir import ir

from mograph.dialects.kit import Dialect
from mograph.dialects.kit.constraints import Constraint
from mograph.dialects.kit.fields import MISSING, Field
from mograph.graph.emit import Form, attempt, build, fail
from mograph.graph.names import function_name
from mograph.graph.scope import current
from mograph.graph.types import TensorSpec

__all__ = ["DialectFunctions", "documentation", "function_of", "signature"]


class DialectFunctions:
    """A function for each operation of a dialect: `demo = DialectFunctions(Demo)`, then `demo.swish(x)`.

    Operations with regions or successors have none: they are built with the `build` of their class.
    """

    def __init__(self, dialect: type[Dialect]) -> None:
        self._dialect = dialect
        self._ops = {
            function_name(name): op for name, op in dialect.ops.items() if not op.REGIONS and not op.SUCCESSORS
        }

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__") or name not in self._ops:
            raise AttributeError(f"dialect '{self._dialect.NAME}' has no function '{name}'; has {', '.join(self._ops)}")
        function = function_of(self._ops[name])
        setattr(self, name, function)
        return function

    def __dir__(self) -> list[str]:
        return sorted(self._ops)


def function_of(op: Any) -> Callable[..., Any]:
    """The function that builds an operation without regions, given its class; see `signature`."""
    form = Form.of(op)
    operands = "".join(f"{field.name}, " for field in op.OPERANDS)
    attributes = ", ".join(f"{field.name!r}: {field.name}" for field in op.ATTRIBUTES)
    written = "" if form.infers else ", ".join(map(_result, op.RESULTS))
    results = f", _types(_form.name, [{written}])" if written else ""
    # A signature that is written has Python check the arguments, with its own words and fast.
    name, parameters, returned = signature(op)
    header = f"def {name}({', '.join(parameters)}) -> {returned}:"
    source = f"{header}\n    return _build(_form, ({operands}), {{{attributes}}}{results})\n"
    namespace: dict[str, Any] = {"__name__": __name__, "_build": build, "_form": form, "_types": _types}
    unevaluated = __future__.annotations.compiler_flag
    exec(compile(source, f"<function of {form.name}>", "exec", flags=unevaluated, dont_inherit=True), namespace)
    function: Callable[..., Any] = namespace[name]
    function.__doc__ = documentation(op)
    return function


def signature(op: Any) -> tuple[str, list[str], str]:
    """Name, parameters and result of an operation's function: `gelu`, `input: TensorLike` and so on, `Tensor`.

    The parameters are the fields: operands, then attributes, then the types of results, where these are not inferred.
    """
    required = [f"{field.name}: {_operand(field)}" for field in op.OPERANDS if field.arity != "optional"]
    others = [f"{field.name}: {_operand(field)} | None = None" for field in op.OPERANDS if field.arity == "optional"]
    for field in op.ATTRIBUTES:
        parameter, default = f"{field.name}: {_attribute(field.constraint)}", _default(field)
        if default is None:
            required.append(parameter)
        else:
            others.append(f"{parameter} | None = None" if default == "None" else f"{parameter} = {default}")
    required += [f"{field.name}: {_written(field)}" for field in op.RESULTS if not Form.of(op).infers]
    return function_name(op.OPERATION_NAME), [*required, *others], _returned(op.RESULTS)


def documentation(op: Any) -> str:
    """The documentation of an operation's function: that of the operation."""
    return f"{inspect.getdoc(op) or ''}\n\nBuilds `{op.OPERATION_NAME}`.".lstrip()


def _is_tensor(constraint: Constraint) -> bool:
    return constraint.text.startswith(("mo.tensor", "!mo.tensor"))


def _operand(field: Field) -> str:
    item = "TensorLike" if _is_tensor(field.constraint) else "Value"
    if field.constraint.kind == "any":
        item = "TensorLike | Value"
    return f"Sequence[{item}]" if field.arity == "variadic" else item


def _default(field: Field) -> str | None:
    if field.default is MISSING:
        if field.arity == "optional":
            return "False" if field.constraint.python == "unit" else "None"
        return None
    if isinstance(field.default, float) and not math.isfinite(field.default):
        return f'float("{field.default}")'
    return _text(field.default)


def _text(value: Any) -> str:
    """The text of a default value, or of a case of an enumeration."""
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _attribute(constraint: Any) -> str:
    kind = constraint.python
    if constraint.kind == "enum":
        return f"Literal[{', '.join(map(_text, constraint.names))}]"
    if kind in ("int", "float", "str", "bool"):
        return str(kind)
    if kind == "tuple" and constraint.children:
        return f"Sequence[{_attribute(constraint.children[0])}]"
    if kind == "array" and constraint.kind.startswith("dense_i"):
        return "int | Sequence[int]"
    plain = {"unit": "bool", "symbol": "str", "dims": "ShapeLike", "array": "Sequence[Any]", "tuple": "Sequence[Any]"}
    return plain.get(kind, "str" if constraint.text == "mo.device" else "Any")


def _written(field: Field) -> str:
    return "Sequence[TensorSpec | ir.Type]" if field.arity == "variadic" else "TensorSpec | ir.Type"


def _result(field: Field) -> str:
    return f"*{field.name}" if field.arity == "variadic" else field.name


def _returned(results: Sequence[Field]) -> str:
    if [field.arity for field in results] == ["one"]:
        return "Tensor" if _is_tensor(results[0].constraint) else "Value"
    items = ["Tensor" if _is_tensor(field.constraint) else "Value" for field in results]
    if all(field.arity == "one" for field in results):
        return f"tuple[{', '.join(items) or '()'}]"
    return f"tuple[{items[0] if len(set(items)) == 1 else 'Value'}, ...]"


def _types(op: str, given: Sequence[TensorSpec | ir.Type]) -> list[ir.Type]:
    """The types of results as MLIR's."""
    context = current(f"'{op}' op").graph.program.context
    for item in given:
        if not isinstance(item, TensorSpec | ir.Type):
            fail(op, f"expected the type of a result, found {item!r}")
    return [attempt(op, "results", item.type, context) if isinstance(item, TensorSpec) else item for item in given]
