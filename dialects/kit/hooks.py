# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""An operation's methods as the native part calls them: with raw types and attributes, split into fields here."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from mlir import ir

from mograph.dialects.kit import values
from mograph.dialects.kit.errors import DeclarationError, VerifyError
from mograph.dialects.kit.fields import Field

__all__ = ["FOLD_LIMIT", "evaluate", "parameters_of"]

FOLD_LIMIT = 1 << 16
"""Elements of the largest result that folding makes a constant of.

Larger ones would only take memory and compile time.
"""


def parameters_of(cls: type, hook: str, extra: Sequence[str] = ()) -> tuple[str, ...] | None:
    """The parameter names of a static hook, None when the class has none.

    Raises DeclarationError for one that names no field.
    """
    function = getattr(cls, hook, None)
    if function is None:
        return None
    if not isinstance(next(base.__dict__[hook] for base in cls.__mro__ if hook in base.__dict__), staticmethod):
        raise DeclarationError(f"{cls.__qualname__}.{hook}: must be a @staticmethod of the fields that it needs")
    names = _parameters(function)
    known = (*cls.FIELDS, *extra)  # type: ignore[attr-defined]  # every declared operation has FIELDS
    for name in names:
        if name not in known:
            raise DeclarationError(
                f"{cls.__qualname__}.{hook}: parameter '{name}' names no field; has {', '.join(known)}"
            )
    return names


def _parameters(function: Any) -> tuple[str, ...]:
    """The names of a function's parameters."""
    code = _plain_code(function)
    if code is None:
        return tuple(inspect.signature(function).parameters)
    return tuple(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])


def _plain_code(function: Any) -> Any:
    """The code of a function whose parameters it tells. `inspect.signature` takes 20 microseconds, for each of 700
    hooks.
    """
    code, variadic = getattr(function, "__code__", None), inspect.CO_VARARGS | inspect.CO_VARKEYWORDS
    return None if code is None or hasattr(function, "__wrapped__") or code.co_flags & variadic else code


def takes_operation(cls: type, hook: str, static: bool = False) -> None:
    """Check a hook that gets the operation itself. Raises DeclarationError for one with other parameters."""
    function = next(base.__dict__[hook] for base in cls.__mro__ if hook in base.__dict__)
    if isinstance(function, staticmethod) and static:
        function = function.__func__
    code = _plain_code(function)
    if code is not None and code.co_argcount == 1 and not code.co_kwonlyargcount:
        return
    parameters = inspect.signature(function).parameters.values() if inspect.isfunction(function) else ()
    required = [each for each in parameters if each.default is each.empty]
    if not parameters or len(required) > 1 or any(each.kind is each.KEYWORD_ONLY for each in required):
        raise DeclarationError(f"{cls.__qualname__}.{hook}: must be a method that takes the operation and nothing else")


def split(fields: Sequence[Field], items: Sequence[Any], segments: Sequence[int] | None) -> dict[str, Any]:
    """Items by field: one, one or None, or a tuple."""
    open_fields = [field for field in fields if field.arity != "one"]
    rest = len(items) - (len(fields) - len(open_fields))
    out: dict[str, Any] = {}
    start = 0
    for index, field in enumerate(fields):
        size = 1 if field.arity == "one" else rest
        if segments is not None and len(open_fields) > 1:
            size = segments[index]
        group = items[start : start + size]
        start += size
        out[field.name] = tuple(group) if field.arity == "variadic" else (group[0] if group else None)
    return out


def split_attributes(cls: Any, names: Sequence[str], attributes: Any) -> dict[str, Any]:
    """Python values of the attributes among `names`."""
    out: dict[str, Any] = {}
    for field in cls.ATTRIBUTES:
        if field.name in names:
            value = attributes[field.name] if field.name in attributes else None
            out[field.name] = values.from_attribute(field.constraint, value)
    return out


def _segments(attributes: Any, name: str) -> list[int] | None:
    return list(attributes[name]) if name in attributes else None


def infer_hook(cls: Any, names: tuple[str, ...]) -> Callable[[list[ir.Type], ir.DictAttr], list[ir.Type]]:
    """`infer` of a class: result types, from operand types and attributes."""

    def infer(operands: list[ir.Type], attributes: ir.DictAttr) -> list[ir.Type]:
        with ir.Location.unknown(attributes.context):
            types = [values.wrap_type(type_) for type_ in operands]
            given = split(cls.OPERANDS, types, _segments(attributes, "operandSegmentSizes"))
            given |= split_attributes(cls, names, attributes)
            result = cls.infer(**{name: given[name] for name in names})
            return list(result) if isinstance(result, list | tuple) else [result]

    return infer


def check_hook(cls: Any, names: tuple[str, ...]) -> Callable[[list[ir.Type], list[ir.Type], ir.DictAttr], None]:
    """`check` of a class, over the types of operands and results, and the attributes."""

    def check(operands: list[ir.Type], results: list[ir.Type], attributes: ir.DictAttr) -> None:
        with ir.Location.unknown(attributes.context):
            inputs, outputs = ([values.wrap_type(type_) for type_ in types] for types in (operands, results))
            given = split(cls.OPERANDS, inputs, _segments(attributes, "operandSegmentSizes"))
            given |= split(cls.RESULTS, outputs, _segments(attributes, "resultSegmentSizes"))
            given |= split_attributes(cls, names, attributes)
            cls.check(**{name: given[name] for name in names})

    return check


def op_hook(cls: Any, hook: str) -> Callable[[ir.Operation], Any]:
    """A method that takes the operation itself: `verify`, `speculatable`."""

    def call(operation: ir.Operation) -> Any:
        with operation.location:
            return getattr(cls(operation), hook)()

    return call


def directive_hook(directive: Any) -> Callable[[Any], Any]:
    """`parse` of a custom directive, in the context of the parser."""

    def parse(parser: Any) -> Any:
        with ir.Location.unknown(parser.context):
            return directive.parse(parser)

    return parse


def fold_hook(cls: Any) -> Callable[[ir.Operation, list[ir.Attribute | None]], tuple[str, list[Any]] | None]:
    """What folds an operation: `evaluate` when all operands are constants and the class `folds`, else `fold`."""
    own = getattr(cls, "fold", None) or getattr(cls, "fold_with_constant", None)

    def fold(operation: ir.Operation, operands: list[ir.Attribute | None]) -> tuple[str, list[Any]] | None:
        with operation.location:
            if cls.folds and operands and all(operand is not None for operand in operands):
                folded = _fold_constants(cls, operation, operands)
                if folded is not None:
                    return "attributes", folded
            if own is None:
                return None
            result = own(cls(operation))
            if result is None:
                return None
            items = list(result) if isinstance(result, list | tuple) else [result]
            return ("attributes" if isinstance(items[0], ir.Attribute) else "values"), items

    return fold


def _fold_constants(cls: Any, operation: ir.Operation, operands: Sequence[Any]) -> list[ir.Attribute] | None:
    from mograph.dialects.kit.elements import from_numpy

    view = cls(operation)
    types = [values.wrap_type(result.type) for result in operation.results]
    shapes = [type_.shape for type_ in types]
    if any(not isinstance(extent, int) for shape in shapes for extent in shape):
        return None
    if any(_count(shape) > FOLD_LIMIT for shape in shapes):
        return None
    try:
        arrays = evaluate(cls, view, [_compact(operand) for operand in operands], types, shapes)
    except (ValueError, VerifyError):  # what is an error when it runs stays where it is
        return None
    return [from_numpy(array, type_.dtype) for array, type_ in zip(arrays, types, strict=True)]


def _compact(constant: Any) -> Any:
    """The elements of a constant; one that is large and all the same takes no memory."""
    import numpy as np

    from mograph.dialects.kit.elements import to_numpy

    shaped = ir.ShapedType(constant.type)
    if _count(shaped.shape) <= FOLD_LIMIT or not constant.is_splat:
        return to_numpy(constant)
    one = ir.DenseElementsAttr.get_splat(ir.RankedTensorType.get([], shaped.element_type), constant.get_splat_value())
    return np.broadcast_to(to_numpy(one), shaped.shape)


def _count(shape: Sequence[int]) -> int:
    count = 1
    for extent in shape:
        count *= extent
    return count


def evaluate(
    cls: Any,
    view: Any,
    operands: Sequence[Any],
    result_types: Sequence[Any],
    result_shapes: Sequence[Sequence[int]],
    regions: Sequence[Any] = (),
) -> list[Any]:
    """Runs an operation's numpy reference.

    `operands` are arrays (None for what is no tensor), `result_types` the declared types, `result_shapes` their extents
    (-1: not known yet), `regions` one callable for each region (None: empty). Gives one array a result, in the dtype of
    its type. Raises ValueError or VerifyError for what is an error when it runs, and VerifyError for an operation
    without a reference.
    """
    import numpy as np

    from mograph.dialects.kit.elements import numpy_dtype, to_numpy

    names = cls.EVALUATE
    if names is None:
        raise VerifyError(f"'{cls.OPERATION_NAME}' has no reference implementation")
    given = split(cls.OPERANDS, operands, _segments(view.operation.attributes, "operandSegmentSizes"))
    given = {name: list(value) if isinstance(value, tuple) else value for name, value in given.items()}
    given |= split_attributes(cls, names, view.operation.attributes)
    for field in cls.ATTRIBUTES:
        if field.name in names and getattr(field.constraint, "python", "") == "elements":
            given[field.name] = to_numpy(given[field.name])
    given |= split(cls.RESULTS, result_types, _segments(view.operation.attributes, "resultSegmentSizes"))
    given |= split(cls.REGIONS, regions, None) if regions else {}
    given["result_shapes"] = [tuple(shape) for shape in result_shapes]
    with np.errstate(all="ignore"):
        out = cls.evaluate(**{name: given[name] for name in names})
    arrays = out if isinstance(out, list | tuple) else [out]
    if len(arrays) != len(result_types):
        raise ValueError(f"'{cls.OPERATION_NAME}' gave {len(arrays)} results, not {len(result_types)}")
    return [
        np.asarray(array, numpy_dtype(type_.dtype)) if hasattr(type_, "dtype") else array
        for array, type_ in zip(arrays, result_types, strict=True)
    ]
