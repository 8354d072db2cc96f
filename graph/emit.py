# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Building one operation: operands from what users give, attributes, inference, verification, the location."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn, TypeVar

import numpy as np
from mlir import ir
from numpy.typing import NDArray

from mograph.dialects.kit import from_numpy, new_context
from mograph.dialects.kit.fields import MISSING
from mograph.dialects.mo import TensorType
from mograph.graph.errors import GraphError
from mograph.graph.literals import elements, is_literal
from mograph.graph.locations import place
from mograph.graph.scope import Scope, current
from mograph.graph.tensor import Tensor, Value
from mograph.graph.types import dtype_name

__all__ = ["Form", "as_value", "attempt", "build", "constant", "create", "dense", "fail", "failure", "verify", "wrap"]

R = TypeVar("R")


@dataclass(frozen=True, eq=False)
class Form:
    """What building an operation needs to know of its declaration."""

    name: str
    dialect: str
    operands: tuple[tuple[str, str], ...]
    """Name and arity (one, optional, variadic) of each operand field."""
    attributes: dict[str, Any]
    """The constraint of each attribute."""
    defaults: dict[str, Any]
    """The default of each attribute, None where it has none."""
    segments: bool
    """Whether the sizes of the operand groups are an attribute."""
    infers: bool
    """Whether there are results, and their types follow from operands and attributes."""
    several: bool
    """Whether there are other than one result."""

    @staticmethod
    @cache
    def of(op: Any) -> "Form":
        """The form of a declared operation, given its class."""
        return Form(
            name=op.OPERATION_NAME,
            dialect=op.DIALECT.NAME,
            operands=tuple((field.name, field.arity) for field in op.OPERANDS),
            attributes={field.name: field.constraint for field in op.ATTRIBUTES},
            defaults={field.name: None if field.default is MISSING else field.default for field in op.ATTRIBUTES},
            segments=sum(field.arity != "one" for field in op.OPERANDS) > 1,
            infers=_infers(op),
            several=[field.arity for field in op.RESULTS] != ["one"],
        )


def _infers(op: Any) -> bool:
    if hasattr(op, "infer") or not op.RESULTS:
        return bool(op.RESULTS)
    with new_context(op.DIALECT.NAME):
        try:  # traits may say what the types of results are
            ir.InferTypeOpInterface(op)
        except ValueError:
            return False
    return True


def build(
    form: Form, operands: Sequence[Any], attributes: dict[str, Any], results: Sequence[ir.Type] | None = None
) -> Any:
    """Builds an operation where operations are being built; gives its result, or a tuple where there is not just one.

    `operands` are given by field, in order: one, a sequence for a variadic field, None for an absent one. Attributes
    that are None are absent. `results` are the types of results where they are not inferred. Raises GraphError.
    """
    scope = current(f"'{form.name}' op")
    if form.dialect not in scope.graph.program.dialects:
        attempt(form.name, "dialect", scope.graph.program.load, form.dialect)
    operation = create(form, scope, operands, attributes, results)
    if form.several:
        return tuple(wrap(scope, value) for value in operation.results)
    return wrap(scope, operation.result)


def create(
    form: Form,
    scope: Scope,
    operands: Sequence[Any],
    attributes: dict[str, Any],
    results: Sequence[ir.Type] | None = None,
    regions: int = 0,
    complete: bool = True,
) -> ir.Operation:
    """Creates an operation at the end of a scope's block, and verifies it if it is complete. Raises GraphError."""
    location = scope.graph.locations.here()
    values, sizes = _flattened(form, scope, operands, location)
    named: dict[str, ir.Attribute] = {}
    for name, value in attributes.items():
        constraint = form.attributes[name]
        if value is not None and (value is not False or constraint.python != "unit"):
            named[name] = attempt(form.name, name, scope.graph.program.attribute, constraint, value)
    if form.segments:
        named["operandSegmentSizes"] = ir.DenseI32ArrayAttr.get(sizes, context=scope.graph.program.context)
    try:
        # By position, which the bindings take in less time than by name: results, operands, attributes, successors,
        # regions, location, insertion point, inference.
        infer = results is None and form.infers
        operation = ir.Operation.create(
            form.name, results, values, named or None, None, regions, location, scope.ip, infer
        )
    except ir.MLIRError as error:
        raise failure(form.name, error) from None
    if complete:
        try:
            verify(operation)
        except GraphError:
            operation.erase()  # nobody has its results
            raise
    return operation


def verify(operation: ir.Operation) -> None:
    """Verifies an operation that has just been built. Raises GraphError."""
    try:
        operation.verify()
    except ir.MLIRError as error:
        raise failure(operation.name, error) from None


def failure(op: str, error: ir.MLIRError) -> GraphError:
    """The error for what MLIR says of an operation."""
    said = "; ".join(diagnostic.message.strip() for diagnostic in error.error_diagnostics) or str(error)
    return GraphError(said if said.startswith("'") else f"'{op}' op {said}", place())


def fail(op: str, message: str) -> NoReturn:
    """Raises the error that an operation cannot be built."""
    raise GraphError(f"'{op}' op {message}", place())


def attempt(op: str, field: str, function: Callable[..., R], *arguments: Any) -> R:
    """What a function gives; what it raises becomes the error that a parameter of an operation is wrong."""
    try:
        return function(*arguments)
    except (TypeError, ValueError, OverflowError) as error:
        raise GraphError(f"'{op}' op {field}: {error}", place()) from None


def wrap(scope: Scope, value: ir.Value) -> Any:
    """A value for users: a Tensor when it is one."""
    is_tensor = isinstance(scope.graph.program.wrapped(value.type), TensorType)
    return Tensor(value, scope) if is_tensor else Value(value, scope)


def _flattened(
    form: Form, scope: Scope, operands: Sequence[Any], location: ir.Location
) -> tuple[list[ir.Value], list[int]]:
    """The operands as one list, and the size of each field's group."""
    values: list[ir.Value] = []
    sizes: list[int] = []
    for (name, arity), given in zip(form.operands, operands, strict=True):
        if arity == "variadic":
            if isinstance(given, Value | str) or not isinstance(given, Iterable):
                fail(form.name, f"expected {name} to be a sequence, found {given!r}")
            group = list(given)
            values += [
                as_value(form.name, f"{name}[{index}]", scope, item, operands, location)
                for index, item in enumerate(group)
            ]
            sizes.append(len(group))
        elif given is None and arity == "optional":
            sizes.append(0)
        else:
            values.append(as_value(form.name, name, scope, given, operands, location))
            sizes.append(1)
    return values, sizes


def as_value(
    op: str, field: str, scope: Scope, given: Any, others: Sequence[Any], location: ir.Location, dtype: str = ""
) -> ir.Value:
    """The value in MLIR for what a user gave as an operand.

    A number or an array becomes a constant, of `dtype`, or else of the dtype of the first tensor among `others`, and on
    its device; an array alone keeps its dtype. Raises GraphError.
    """
    if isinstance(given, Value):
        if given.scope is not scope and not scope.sees(given.scope):
            if given.scope.graph is scope.graph:
                fail(op, f"expected {field} to be a value that is known here, found one of a region that has ended")
            fail(op, f"expected {field} of graph '{scope.graph.name}', found one of graph '{given.scope.graph.name}'")
        return given.value
    if not is_literal(given):
        fail(op, f"expected {field} to be a tensor, an array or a number, found {given!r}")
    like = _first_tensor(others)
    made = None
    if type(given) in (bool, int, float):  # often the same ones, which would be dear to make each time
        known = scope.graph.program.numbers
        key = (repr(given), dtype, None if like is None else like.value.type)  # as a text, for 1 is 1.0 and 0.0 is -0.0
        made = known.get(key)
        if made is None:
            made = known[key] = _of_literal(op, field, scope, given, like, dtype, location)
    return constant(scope, *(made or _of_literal(op, field, scope, given, like, dtype, location)), location)


def _of_literal(
    op: str, field: str, scope: Scope, given: Any, like: Tensor | None, dtype: str, location: ir.Location
) -> tuple[ir.Type, ir.Attribute]:
    """The type and the value of the constant for a number or an array."""
    if not dtype and like is not None:
        dtype = like.dtype
    if not dtype:
        if not isinstance(given, np.ndarray | np.generic):
            fail(op, f"expected {field} to have a dtype, found the number {given}; ops.constant gives it one")
        dtype = attempt(op, field, dtype_name, given.dtype)
    array = attempt(op, field, elements, given, dtype)
    return dense(scope, array, dtype, like.device if like is not None else "cpu", location)


def _first_tensor(items: Iterable[Any]) -> Tensor | None:
    for item in items:
        if isinstance(item, Tensor):
            return item
        if isinstance(item, list | tuple) and (found := _first_tensor(item)) is not None:
            return found
    return None


def dense(
    scope: Scope, array: NDArray[Any], dtype: str, device: str, location: ir.Location
) -> tuple[ir.Type, ir.Attribute]:
    """The type and the value of a constant, for an array that is of numpy's dtype for `dtype`."""
    type_ = scope.graph.program.tensor_type(array.shape, dtype, device)
    with location:  # and so in its context
        return type_, from_numpy(array, type_.dtype)


def constant(scope: Scope, type_: ir.Type, value: ir.Attribute, location: ir.Location) -> ir.Value:
    """Builds a `mo.constant`."""
    return ir.Operation.create("mo.constant", [type_], None, {"value": value}, None, 0, location, scope.ip).result
